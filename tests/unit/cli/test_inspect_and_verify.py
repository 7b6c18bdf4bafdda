"""``overt inspect`` and ``overt verify`` as a person meets them: words, exit codes, JSON."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from overt.cli.app import main
from overt.format.note import NoteSigner


@dataclass
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def overt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    def run(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["overt", *map(str, arguments)])
        monkeypatch.setattr("overt.cli.app.harden", lambda: None)
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run


@pytest.fixture
def file(sealed: Any, tmp_path: Path) -> Path:
    path = tmp_path / f"{sealed.opening.episode_id}.ep"
    path.write_bytes(sealed.data)
    return path


def test_a_sound_episode_is_proven(overt: Any, file: Path, desk: Any) -> None:
    outcome = overt("verify", file, "--device-key", desk.device.vkey)

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("closed ")
    assert "3 flushes" in outcome.out
    assert "ended: stopped" in outcome.out


def test_without_a_device_key_it_says_what_is_not_proven(overt: Any, file: Path) -> None:
    outcome = overt("verify", file)

    assert outcome.code == 0
    assert "who recorded this is not proven" in outcome.err


def test_a_damaged_tail_is_a_finding_with_its_reason(overt: Any, file: Path, desk: Any) -> None:
    file.write_bytes(file.read_bytes()[:-700])

    outcome = overt("verify", file, "--device-key", desk.device.vkey)

    assert outcome.code == 1
    assert "damaged-tail" in outcome.out
    assert "cut off inside a header" in outcome.out
    assert "1 of 1 episodes with a finding" in outcome.err


def test_an_unclosed_episode_is_said_to_be_open(overt: Any, file: Path, sealed: Any, desk: Any) -> None:
    file.write_bytes(b"".join(sealed.parts[:3]))

    outcome = overt("verify", file, "--device-key", desk.device.vkey)

    assert (outcome.code, outcome.out.split()[0]) == (0, "open")
    assert "not closed" in outcome.out


def test_another_device_is_invalid(overt: Any, file: Path) -> None:
    outcome = overt("verify", file, "--device-key", NoteSigner.generate("dev-0a1b2c3d").vkey)

    assert (outcome.code, outcome.out.split()[0]) == (1, "invalid")


def test_a_directory_is_proven_file_by_file(overt: Any, file: Path, desk: Any) -> None:
    (file.parent / "broken.ep").write_bytes(b"x")
    (file.parent / "other.txt").write_bytes(b"x")

    outcome = overt("verify", file.parent, "--device-key", desk.device.vkey, "--json")

    report = json.loads(outcome.out)
    assert outcome.code == 1
    assert {row["state"] for row in report["episodes"]} == {"closed", "invalid"}
    assert "1 of 2 episodes with a finding" in outcome.err


def test_a_file_named_after_another_episode_is_a_finding(overt: Any, file: Path, desk: Any) -> None:
    other = file.with_name("0" * 32 + ".ep")
    file.rename(other)

    outcome = overt("verify", other, "--device-key", desk.device.vkey)

    assert outcome.code == 1
    assert "named after another episode" in outcome.out


def test_the_json_of_a_verdict_is_stable(overt: Any, file: Path, desk: Any) -> None:
    outcome = overt("verify", file, "--device-key", desk.device.vkey, "--json")

    (row,) = json.loads(outcome.out)["episodes"]
    assert sorted(row) == [
        "codes", "device", "device_trusted", "end_reason", "episode_id", "file", "finding", "flushes", "grant",
        "leaves", "policy_sha256", "reason", "root", "rule", "sealed_bytes", "segments", "size", "state", "total",
        "trial", "vkey",
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["verify", "inspect"])
def test_a_missing_file_is_unreadable(overt: Any, tmp_path: Path, command: str) -> None:
    outcome = overt(command, tmp_path / "nowhere.ep")

    assert (outcome.code, outcome.out) == (7, "")
    assert "no such file" in outcome.err


def test_an_empty_directory_proves_nothing(overt: Any, tmp_path: Path) -> None:
    assert overt("verify", tmp_path).code == 2


def test_a_malformed_device_key_is_told_apart_from_a_bad_episode(overt: Any, file: Path) -> None:
    outcome = overt("verify", file, "--device-key", "nonsense")

    assert (outcome.code, outcome.out) == (8, "")


def test_inspect_says_what_needs_no_key(overt: Any, file: Path, sealed: Any) -> None:
    outcome = overt("inspect", file)

    assert outcome.code == 0
    for words in (sealed.opening.episode_id, "closed", "stopped", "not checked here", "2 segments"):
        assert words in outcome.out


def test_inspect_tells_json(overt: Any, file: Path, sealed: Any) -> None:
    told = json.loads(overt("inspect", file, "--json").out)

    assert (told["episode_id"], told["state"]) == (sealed.opening.episode_id, "closed")


def test_inspecting_what_is_no_episode_fails_in_one_line(overt: Any, tmp_path: Path) -> None:
    (tmp_path / "x.ep").write_bytes(b"junk")

    outcome = overt("inspect", tmp_path / "x.ep")

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith(f"overt: error: {tmp_path}/x.ep is invalid: ")


@pytest.mark.parametrize("command", ["verify", "inspect"])
def test_help_ends_in_an_example_with_the_exit_codes(overt: Any, command: str) -> None:
    outcome = overt(command, "--help")

    assert "Example: overt " + command in " ".join(outcome.out.split())
    assert "Exit: 0" in " ".join(outcome.out.split())
