"""``overt verify`` in a home: the person's own episodes against their own log, as typed."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.format.container import read_member
from overt.keys.device import load_device
from overt.keys.passphrase import no_passphrase
from overt.ledger.log import Ledger
from overt.store.home import Home, Role, open_home
from overt.verify import UnsafeAnyDevice, verify_episode

Overt = Callable[..., Any]


@pytest.fixture
def home(episode: str, tmp_path: Path) -> Home:
    del episode
    return open_home(tmp_path / "home", Role.EMPLOYEE)


@pytest.fixture
def logged(home: Home, episode: str) -> Path:
    """Log the episode as the recorder does, and return its file."""
    file = home.episodes_directory / f"{episode}.ep"
    data, end = file.read_bytes(), 0
    for _ in range(3):
        end = read_member(data, end).end
    verdict = verify_episode(data, trust=UnsafeAnyDevice())
    ledger = Ledger(home.log_directory, load_device(home, no_passphrase))
    opening = hashlib.sha256(data[:end]).hexdigest()
    ledger.append({"type": "episode-open", "id": episode, "grant": verdict.grant, "sha256": opening})
    ledger.append({"type": "episode-close", "id": episode, "size": verdict.size, "root": verdict.root})
    return file


def codes(outcome: Any) -> list[str]:
    said = outcome.said
    return [*(code for row in said["episodes"] for code in row["codes"]), *(each["code"] for each in said["findings"])]


def test_an_honest_home_is_proven_without_naming_anything(overt: Overt, logged: Path) -> None:
    by_itself, by_path, one = overt("verify"), overt("verify", logged.parent), overt("verify", logged)

    assert [each.code for each in (by_itself, by_path, one)] == [0, 0, 0]
    assert by_itself.out == by_path.out
    assert by_itself.err == ""
    assert "entries under" in by_itself.out
    assert "not witnessed" in by_itself.out


def test_an_episode_that_the_log_does_not_know_is_a_finding(overt: Overt, home: Home) -> None:
    assert home.trial
    outcome = overt("verify", "--json")

    assert (outcome.code, codes(outcome)) == (1, ["not-logged"])
    assert "1 of 1 episodes with a finding" in outcome.err


def test_a_deleted_file_is_a_finding_and_an_erased_one_is_not(overt: Overt, logged: Path, episode: str) -> None:
    kept = logged.read_bytes()
    logged.unlink()
    deleted = overt("verify", "--json")
    logged.write_bytes(kept)
    logged.chmod(0o600)
    erased = overt("episodes", "erase", episode, "--yes")
    after = overt("verify", "--json")

    assert (deleted.code, codes(deleted)) == (1, ["deleted"])
    assert deleted.said["findings"][0]["episode_id"] == episode
    assert (erased.code, after.code, codes(after)) == (0, 0, [])


def test_withdrawing_leaves_no_finding(overt: Overt, logged: Path) -> None:
    withdrawn = overt("consent", "withdraw")
    after = overt("verify", "--json")

    assert withdrawn.code == 0
    assert not logged.exists()
    assert (after.code, codes(after)) == (0, [])


def test_a_cut_back_file_is_a_finding_that_only_the_log_can_make(overt: Overt, logged: Path) -> None:
    data, end = logged.read_bytes(), 0
    for _ in range(3):
        end = read_member(data, end).end
    logged.write_bytes(data[:end])

    assert codes(overt("verify", "--json")) == ["rolled-back"]
    assert overt("verify", logged, "--json").code == 1
    alone = logged.parents[2] / "elsewhere"
    alone.mkdir(mode=0o700)
    (alone / logged.name).write_bytes(data[:end])
    assert overt("verify", alone).code == 0


def test_a_home_where_nothing_happened_has_no_log_and_no_finding(overt: Overt) -> None:
    overt("init", "--all-in-one")

    outcome = overt("verify")

    assert outcome.code == 2
    assert "there is no episode" in outcome.err


def test_a_lost_log_of_a_home_is_a_finding(overt: Overt, logged: Path, home: Home) -> None:
    for path in sorted(home.log_directory.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    home.log_directory.rmdir()

    assert (codes(overt("verify", "--json")), logged.exists()) == (["log-missing"], True)


def test_what_was_handed_over_is_held_against_the_log_of_its_device(
    overt: Overt, logged: Path, home: Home, episode: str, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    assert overt("episodes", "approve", episode, "--yes").code == 0
    assert overt("episodes", "submit", inbox).code == 0
    vkey = overt("log", "show", "--json").said["log"]
    words = ("verify", inbox, "--log", home.log_directory, "--device", vkey, "--submitted", "--json")
    fine = overt(*words)
    receipt = overt("verify", inbox / f"{episode}.tlog-proof", "--key", vkey, "--json")
    (inbox / f"{episode}.ep").unlink()

    gone = overt(*words)

    assert (fine.code, codes(fine)) == (0, [])
    assert receipt.said["entry"] | {"size": 0, "root": ""} == {
        "type": "episode-close", "id": episode, "size": 0, "root": "",
    }  # fmt: skip
    assert (gone.code, codes(gone)) == (1, ["deleted"])
    assert logged.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--seen", "x"), "no log to hold"), (("--witness", "x"), "no log to hold")],
    ids=["seen", "witness"],
)
def test_what_only_a_log_can_answer_needs_one(
    overt: Overt, logged: Path, tmp_path: Path, words: Any, said: str
) -> None:
    (tmp_path / "copy.ep").write_bytes(logged.read_bytes())

    outcome = overt("verify", tmp_path / "copy.ep", *words)

    assert (outcome.code, said in outcome.err) == (2, True)


def test_a_log_that_others_may_write_to_is_unreadable_and_no_finding(overt: Overt, logged: Path, home: Home) -> None:
    home.log_directory.chmod(0o770)

    outcome = overt("verify")

    assert (outcome.code, outcome.out) == (7, "")
    assert "chmod" in outcome.err
    assert os.access(logged, os.R_OK)
