"""``overt log`` and ``overt audit cosign``: the files that pass between a person and their officer, as typed."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.keys.device import load_device
from overt.keys.passphrase import no_passphrase
from overt.ledger.log import Ledger
from overt.store.home import Role, open_home

Overt = Callable[..., Any]
GIVE = ("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training", "--yes")


@pytest.fixture
def exchange(tmp_path: Path) -> Path:
    place = tmp_path / "exchange"
    place.mkdir(mode=0o700)
    return place


@pytest.fixture
def vkey(overt: Overt) -> str:
    """Set up a trial in which consent was given, and return the key of the person's log."""
    overt("init", "--all-in-one")
    assert overt(*GIVE).code == 0
    return str(overt("log", "show", "--json").said["log"])


@pytest.fixture
def log(tmp_path: Path, vkey: str) -> Path:
    del vkey
    return tmp_path / "home/employee/log"


def test_a_log_is_offered_cosigned_accepted_proven_and_verified(overt: Overt, vkey: str, exchange: Path) -> None:
    size = len(overt("log", "show", "--json").said["entries"])
    offered = overt("log", "offer", "--out", exchange / "a.offer", "--json")
    cosigned = overt("audit", "cosign", exchange / "a.offer", "--out", exchange / "a.cosigned", "--log", vkey, "--json")
    accepted = overt("log", "accept", exchange / "a.cosigned", "--json")
    proven = overt("log", "prove", size - 1, "--out", exchange / "r.tlog-proof", "--json")
    witness = cosigned.said["witness"]
    checked = overt("verify", exchange / "r.tlog-proof", "--key", vkey, "--witness", witness, "--json")
    verified = overt("verify", "--seen", exchange / "a.cosigned", "--witness", witness, "--json")
    shown = overt("log", "show", "--json")

    codes = [each.code for each in (offered, cosigned, accepted, proven, checked, verified, shown)]
    assert codes == [0] * 7
    assert (cosigned.said["old"], cosigned.said["size"]) == (0, size)
    assert checked.said["entry"]["type"] == "grant"
    assert checked.said["witness"] == accepted.said["witness"] == witness.split("+")[0]
    assert checked.said["witnessed_at"] == accepted.said["at"]
    assert verified.said["log"]["size"] == shown.said["witnessed"] == size
    assert verified.said["findings"] == []


def test_a_log_written_anew_is_refused_by_the_officer_and_found_by_what_was_kept(
    overt: Overt, vkey: str, log: Path, exchange: Path
) -> None:
    size = len(overt("log", "show", "--json").said["entries"])
    overt("log", "offer", "--out", exchange / "a.offer")
    overt("audit", "cosign", exchange / "a.offer", "--out", exchange / "a.cosigned", "--log", vkey)
    shutil.rmtree(log)
    overt("log", "heartbeat")
    ledger = Ledger(log, load_device(open_home(log.parent, Role.EMPLOYEE), no_passphrase))
    while ledger.size < size:
        ledger.append({"type": "erase", "id": "ab" * 16})
    overt("log", "offer", "--out", exchange / "b.offer")

    refused = overt("audit", "cosign", exchange / "b.offer", "--out", exchange / "b.cosigned")
    verified = overt("verify", "--seen", exchange / "a.cosigned", "--json")

    assert (refused.code, refused.out) == (1, "")
    assert "rewritten" in refused.err
    assert not (exchange / "b.cosigned").exists()
    assert verified.code == 1
    assert [each["code"] for each in verified.said["findings"]] == ["log-rewritten"]


def test_an_unknown_log_is_cosigned_only_when_its_key_is_named(overt: Overt, vkey: str, exchange: Path) -> None:
    overt("log", "offer", "--out", exchange / "a.offer")

    outcome = overt("audit", "cosign", exchange / "a.offer", "--out", exchange / "a.cosigned")

    assert (outcome.code, vkey in outcome.err) == (2, False)
    assert "--log VKEY" in outcome.err


def test_a_heartbeat_is_logged_once_a_day(overt: Overt, vkey: str) -> None:
    first, second = overt("log", "heartbeat", "--json"), overt("log", "heartbeat", "--json")

    assert [first.said["new"], second.said["new"]] == [True, False]
    assert [entry["type"] for entry in overt("log", "show", "--json").said["entries"]][-2:] == ["grant", "heartbeat"]
    assert overt("log", "heartbeat").out.endswith("is in the log already\n")
    assert vkey


def test_the_log_of_each_role_can_be_shown(overt: Overt, vkey: str) -> None:
    del vkey
    overt("log", "heartbeat", "--role", "vault")

    assert overt("log", "show", "--role", "vault", "--json").said["entries"][-1]["type"] == "heartbeat"
    assert overt("log", "show").code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("prove", "7"), 2, "entries, numbered from 0"),
        (("prove", "ab" * 16), 2, "no entry about the episode"),
        (("prove", "Jane"), 2, "by its number, or by the id"),
        (("offer", "--from", "9"), 2, "fewer than 9"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(
    overt: Overt, vkey: str, exchange: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    del vkey
    outcome = overt("log", *words, "--out", exchange / "x")

    assert (outcome.code, outcome.out) == (code, "")
    assert said in outcome.err
    assert not (exchange / "x").exists()


@pytest.mark.parametrize("words", [("accept",), ("cosign",)])
def test_junk_is_no_file_of_ours(overt: Overt, vkey: str, exchange: Path, words: tuple[str, ...]) -> None:
    (exchange / "junk").write_bytes(b"junk\n\njunk")
    commands = {
        "accept": ("log", "accept", exchange / "junk"),
        "cosign": ("audit", "cosign", exchange / "junk", "--out", exchange / "x", "--log", vkey),
    }

    outcome = overt(*commands[words[0]])

    assert (outcome.code, outcome.out) == (8, "")
    assert not (exchange / "x").exists()


def test_a_changed_log_is_neither_shown_nor_offered(overt: Overt, vkey: str, log: Path, exchange: Path) -> None:
    last = len(overt("log", "show", "--json").said["entries"]) - 1
    (tile,) = (path for path in (log / "tile/entries").rglob("*") if path.is_file())
    tile.write_bytes(tile.read_bytes().replace(b"grant", b"GRANT"))

    shown = overt("log", "show")
    verified = overt("verify", "--json")

    assert (shown.code, shown.out) == (1, "")
    assert verified.code == 1
    assert [each["code"] for each in verified.said["findings"]] == ["log-invalid"]
    assert overt("log", "prove", last, "--out", exchange / "x").code == 1
    assert vkey


def test_a_home_without_a_log_says_so(overt: Overt, exchange: Path) -> None:
    overt("init", "--all-in-one")

    outcome = overt("log", "offer", "--out", exchange / "x")

    assert outcome.code == 7
    assert "no log" in outcome.err


def test_a_log_is_verified_by_itself(overt: Overt, vkey: str, log: Path) -> None:
    assert overt("verify", "--log", log, "--device", vkey).code == 0
    assert overt("verify", "--log", log).code == 2
    assert overt("verify", "--log", log.parent / "keys", "--device", vkey, "--json").said["findings"][0]["code"] == (
        "log-missing"
    )


@pytest.mark.parametrize("words", [("log", "show"), ("log", "prove"), ("log", "offer"), ("log", "accept"),
                                   ("log", "heartbeat"), ("audit", "cosign")])  # fmt: skip
def test_help_ends_in_an_example_with_the_exit_codes(overt: Overt, words: tuple[str, ...]) -> None:
    told = " ".join(overt(*words, "--help").out.split())

    assert "Exit: 0" in told
    assert f"Example: overt {words[0]} {words[1]}" in told


def test_a_receipt_needs_the_key_of_its_log(overt: Overt, vkey: str, exchange: Path) -> None:
    overt("log", "prove", 0, "--out", exchange / "r.tlog-proof")

    assert overt("verify", exchange / "r.tlog-proof").code == 2
    assert overt("verify", exchange / "r.tlog-proof", "--key", vkey).code == 0
    (exchange / "r.tlog-proof").write_text((exchange / "r.tlog-proof").read_text().replace("index 0", "index 1"))
    assert overt("verify", exchange / "r.tlog-proof", "--key", vkey).code == 1
