"""Rows taken out by hand are nowhere any more, and everything else is still proven."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Overt = Callable[..., Any]


def rows(overt: Overt, episode: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = overt("episodes", "show", episode, "--json").said["events"]
    return found


def test_what_is_taken_out_is_gone_and_what_stays_is_a_new_proven_episode(
    overt: Overt, episode: str, tmp_path: Path
) -> None:
    overt("episodes", "approve", episode, "--yes")

    done = overt("episodes", "redact", episode, "--rows", "2", "--yes", "--json")

    new = done.said["new"]
    assert (done.code, done.said["rows"], done.said["kept"], done.said["erased"]["shares"]) == (0, [2], 1, 2)
    assert [row["kind"] for row in rows(overt, new)] == ["page_entered"]
    assert overt("episodes", "show", episode).code == 2
    (listed,) = overt("episodes", "list", "--json").said["episodes"]
    assert (listed["episode_id"], listed["state"], listed["approved"]) == (new, "closed", False)
    kinds = [json.loads(line)["type"] for line in _log(overt)]
    assert [kind for kind in kinds if kind in {"episode-open", "reseal", "erase"}] == [
        "episode-open",
        "reseal",
        "erase",
    ]
    assert not list(tmp_path.rglob(f"*{episode}*.ep"))
    assert overt("episodes", "approve", new, "--yes").code == 0
    assert overt("verify", tmp_path / "home/employee/episodes" / f"{new}.ep").code == 0


def _log(overt: Overt) -> list[str]:
    entries = overt("log", "show", "--json").said["entries"]
    return [json.dumps(entry.get("entry", entry)) for entry in entries]


def test_a_dry_run_changes_nothing(overt: Overt, episode: str) -> None:
    told = overt("episodes", "redact", episode, "--visits", "1", "--dry-run", "--json")

    assert (told.code, told.said["rows"]) == (0, [1, 2])
    assert "new" not in told.said
    assert len(rows(overt, episode)) == 2


def test_a_word_is_looked_for_without_being_an_argument(
    overt: Overt, episode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("ZÉBRA\n".encode())))

    done = overt("episodes", "redact", episode, "--match", "--yes", "--json")

    assert (done.code, done.said["rows"]) == (0, [2])


@pytest.mark.parametrize(
    "words",
    [
        ("--rows", "1,2"),
        ("--rows", "3"),
        ("--rows", "0"),
        ("--rows", "2-1"),
        ("--rows", "x"),
        ("--rows", "-"),
        ("--visits", "9"),
        (),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_leaves_the_episode_as_it_was(overt: Overt, episode: str, words: tuple[str, ...]) -> None:
    refused = overt("episodes", "redact", episode, *words, "--yes")

    assert refused.code == 2
    assert "Traceback" not in refused.err
    assert len(rows(overt, episode)) == 2


def test_without_a_yes_nothing_is_destroyed(overt: Overt, episode: str) -> None:
    assert overt("episodes", "redact", episode, "--rows", "2").code == 2
    assert len(rows(overt, episode)) == 2


def test_a_log_that_was_changed_leaves_the_old_episode_and_nothing_of_a_new_one(
    overt: Overt, episode: str, tmp_path: Path
) -> None:
    home = tmp_path / "home/employee"
    (home / "log/checkpoint").write_text("rubbish")

    refused = overt("episodes", "redact", episode, "--rows", "2", "--yes")

    assert refused.code == 1
    assert [path.stem for path in (home / "episodes").glob("*.ep")] == [episode]
    assert [path.stem for path in (home / "episodes").glob("*.keys")] == [episode]


def test_no_byte_of_the_home_tells_what_was_taken_out(overt: Overt, episode: str, tmp_path: Path) -> None:
    overt("episodes", "redact", episode, "--rows", "2", "--yes")

    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"zebra" not in held
