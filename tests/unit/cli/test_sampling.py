"""``overt audit sample``: planned, drawn and bounded, without a key and without a home."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Overt = Callable[..., Any]
CLAIM = ("--claim", "10%")


@pytest.fixture
def submitted(episode: str, tmp_path: Path) -> Path:
    """A store with one episode, and a file that is none; the homes are gone."""
    place = tmp_path / "submitted"
    place.mkdir()
    shutil.copy(tmp_path / f"home/employee/episodes/{episode}.ep", place)
    (place / "torn.ep").write_bytes(b"torn")
    shutil.rmtree(tmp_path / "home")
    return place


def test_a_plan_says_what_to_publish_and_how_many_to_look_at(overt: Overt, submitted: Path) -> None:
    told = overt("audit", "sample", "plan", "--from", submitted, *CLAIM, "--json")

    assert told.code == 0
    assert {name: told.said[name] for name in ("episodes", "unproven", "segments", "size", "contributors")} == {
        "episodes": 1, "unproven": 1, "segments": 1, "size": 1, "contributors": 1,
    }  # fmt: skip


def test_a_draw_is_the_same_for_everybody(overt: Overt, submitted: Path, episode: str, tmp_path: Path) -> None:
    root = overt("audit", "sample", "plan", "--from", submitted, *CLAIM, "--json").said["root"]
    words = ("audit", "sample", "draw", "--from", submitted, *CLAIM, "--root", root.upper(), "--nonce", "4 8 15")

    first, second = overt(*words, "--out", tmp_path / "drawn.json", "--json"), overt(*words)

    assert first.said["drawn"] == [[episode, 0]]
    assert json.loads((tmp_path / "drawn.json").read_text()) == first.said
    assert second.out.splitlines()[-1] == f"{episode}  0"


def test_a_store_that_changed_since_its_root_was_published_is_not_drawn_from(overt: Overt, submitted: Path) -> None:
    refused = overt("audit", "sample", "draw", "--from", submitted, *CLAIM, "--root", "00" * 32, "--nonce", "n")

    assert (refused.code, refused.out) == (1, "")
    assert "root was published" in refused.err


def test_the_bound_after_looking_is_told(overt: Overt) -> None:
    told = overt("audit", "sample", "bound", "--looked", 299, "--found", 0, "--json").said

    assert told["upper_bound"] == pytest.approx(0.009969, abs=1e-6)
    assert told["recall_bound"] == pytest.approx(0.990031, abs=1e-6)


@pytest.mark.parametrize("wrong", ["", "one", "1/0", "150%", "0", "nan%"])
def test_a_claim_that_is_no_share_is_refused_in_one_line(overt: Overt, submitted: Path, wrong: str) -> None:
    refused = overt("audit", "sample", "plan", "--from", submitted, "--claim", wrong)

    assert (refused.code, refused.out) == (2, "")
    assert "Traceback" not in refused.err


def test_a_store_that_is_not_there_is_refused(overt: Overt, tmp_path: Path) -> None:
    refused = overt("audit", "sample", "plan", "--from", tmp_path / "nowhere", *CLAIM)

    assert refused.code == 2
    assert "nowhere" in refused.err
