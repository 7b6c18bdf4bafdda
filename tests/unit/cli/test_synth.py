"""``overt synth`` at the command line: one command to episodes, and one more to a training set that says what it is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_one_command_makes_episodes_and_the_next_exports_them(overt: Callable[..., Any], tmp_path: Path) -> None:
    made = overt("synth", "--episodes", 2, "--seed", 1, "--out", tmp_path / "made", "--json")

    assert (made.code, made.said["episodes"], made.said["new"]) == (0, 2, 2)
    exported = overt(
        "export", "--home", tmp_path / "made", "--purpose", "model_training", "--out", tmp_path / "data", "--json"
    )
    assert (exported.code, exported.said["synthetic"], exported.said["skipped"]) == (0, True, [])
    assert "no person was recorded" in exported.err
    assert json.loads((tmp_path / "data/MANIFEST.json").read_text())["synthetic"] is True


def test_it_says_on_standard_error_that_nobody_was_recorded(overt: Callable[..., Any], tmp_path: Path) -> None:
    made = overt("synth", "--episodes", 1, "--seed", 1, "--out", tmp_path / "made")

    assert "1 synthetic episodes of 1 person" in made.out
    assert "nobody was recorded" in made.err


def test_the_next_command_that_it_names_works(overt: Callable[..., Any], tmp_path: Path) -> None:
    made = overt("synth", "--episodes", 1, "--seed", 1, "--out", tmp_path / "made")

    words = made.out.partition("next: overt ")[2].split()
    assert overt(*words[:-1], tmp_path / "data").code == 0


def test_every_episode_verifies(overt: Callable[..., Any], tmp_path: Path) -> None:
    overt("synth", "--episodes", 2, "--seed", 1, "--out", tmp_path / "made")

    assert overt("verify", tmp_path / "made/admin/submitted").code == 0


def test_wrong_numbers_are_wrong_use(overt: Callable[..., Any], tmp_path: Path) -> None:
    for words in (["--episodes", 0], ["--episodes", 1, "--contributors", 2]):
        outcome = overt("synth", *words, "--seed", 1, "--out", tmp_path / "made")

        assert outcome.code == 2
        assert not (tmp_path / "made").exists()


def test_a_place_that_holds_something_else_is_left_alone(overt: Callable[..., Any], tmp_path: Path) -> None:
    overt("init", "--all-in-one", "--home", tmp_path / "mine")

    outcome = overt("synth", "--episodes", 1, "--seed", 1, "--out", tmp_path / "mine")

    assert outcome.code == 9
