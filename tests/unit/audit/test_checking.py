"""Files against the log, the log against its witness: each attack has its finding, and honest acts have none."""

import hashlib
import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from overt.audit.checking import LogClaim, check_file, check_log, missing
from overt.events.redacted import Typed
from overt.format.note import NoteSigner
from overt.ledger.log import Ledger
from overt.ledger.reconcile import Account
from overt.ledger.waiting import wait_for_key
from overt.ledger.witness import Witness, accept, make_offer
from overt.verify import TrustDevice, verify_episode

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = AT.date()


class Place:
    """A directory of episodes and the log that knows them, as one device's home has it."""

    def __init__(self, path: Path, desk: Any) -> None:
        self.desk, self.device = desk, desk.device
        self.episodes, self.log = path / "episodes", path / "log"
        self.episodes.mkdir(parents=True)
        self.witness = Witness(path / "memory", NoteSigner.generate("witness-1"))
        self.kept: dict[str, list[bytes]] = {}

    def append(self, **entry: Any) -> None:
        Ledger(self.log, self.device).append(entry)

    def record(self, *, end: str = "close") -> str:
        sealed = self.desk.episode(*[([], [self.typed()]) for _ in range(2)])
        episode_id = sealed.opening.episode_id
        parts = sealed.parts if end == "close" else sealed.parts[:-1]
        data = b"".join(parts)
        self.kept[episode_id] = sealed.parts
        self.file(episode_id).write_bytes(data)
        opening = hashlib.sha256(parts[0]).hexdigest()
        self.append(type="episode-open", id=episode_id, grant="0123456789abcdef" * 2, sha256=opening)
        verdict = verify_episode(data, trust=TrustDevice(self.device.vkey))
        if end == "close":
            self.append(type="episode-close", id=episode_id, size=verdict.size, root=verdict.root)
        elif end == "crash":
            self.append(type="recovered", id=episode_id, size=verdict.size, root=verdict.root, reason="open")
        return str(episode_id)

    def typed(self) -> Any:
        return Typed(at_ms=100, visit=1, text="hello")

    def file(self, episode_id: str) -> Path:
        return self.episodes / f"{episode_id}.ep"

    def claim(self, **more: Any) -> LogClaim:
        return LogClaim(directory=self.log, vkey=self.device.vkey, **more)

    def codes(self, *, handed_over: bool = False, **more: Any) -> list[str]:
        report = check_log(self.claim(**more), today=TODAY)
        findings = list(report.findings)
        if report.root:
            account = Account(report.entries)
            trust = TrustDevice(self.device.vkey)
            files = [check_file(file, trust, account) for file in sorted(self.episodes.glob("*.ep"))]
            findings += [finding for file in files for finding in file.findings]
            findings += missing(files, account, handed_over=handed_over)
        return sorted(finding.code.value for finding in findings)

    def witnessed(self) -> str:
        known = self.witness.remembered(self.device.name)
        offer = make_offer(self.log, self.device.vkey, old=known.size if known else 0)
        answer = self.witness.cosign(offer, AT, vkey=self.device.vkey).note
        accept(self.log, self.device.vkey, answer, self.witness_vkey)
        return answer

    @property
    def witness_vkey(self) -> str:
        return self.witness._signer.vkey


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def place(tmp_path: Path, desk: Any) -> Place:
    return Place(tmp_path / "home", desk)


@pytest.fixture
def three(place: Place) -> list[str]:
    return [place.record() for _ in range(3)]


def test_an_honest_home_has_no_finding(place: Place, three: list[str]) -> None:
    place.record(end="crash")
    place.record(end="never")
    place.append(type="submit", id=three[0])
    place.witnessed()

    assert place.codes(witness=place.witness_vkey) == []


def test_a_deleted_file_is_found(place: Place, three: list[str]) -> None:
    place.file(three[1]).unlink()

    assert place.codes() == ["deleted"]


@pytest.mark.parametrize(
    "how",
    [
        lambda place, one: place.append(type="erase", id=one),
        lambda place, one: place.append(type="reseal", id="ab" * 16, **{"from": one}),
        lambda place, _: place.append(type="withdraw", grant="0123456789abcdef" * 2),
        lambda place, one: wait_for_key(place.log, {"type": "erase", "id": one, "day": "2026-11-23"}),
        lambda place, _: wait_for_key(place.log, {"type": "withdraw", "grant": "0123456789abcdef" * 2}),
    ],
    ids=["erased", "resealed", "withdrawn", "erased without key", "withdrawn without key"],
)
def test_an_episode_that_is_rightly_gone_is_no_finding(
    place: Place, three: list[str], how: Callable[[Place, str], None]
) -> None:
    how(place, three[0])
    place.file(three[0]).unlink()

    assert place.codes(own=True) == []


def test_what_only_waits_to_be_logged_convinces_nobody_else(place: Place, three: list[str]) -> None:
    """Whoever can plant a file beside the log can delete one, too."""
    wait_for_key(place.log, {"type": "erase", "id": three[0], "day": "2026-11-23"})
    place.file(three[0]).unlink()

    assert (place.codes(own=True), place.codes()) == ([], ["deleted"])


def test_a_file_that_was_cut_back_to_a_whole_flush_is_found(place: Place, three: list[str]) -> None:
    """By itself it is a sound open episode: only the log knows better."""
    place.file(three[0]).write_bytes(b"".join(place.kept[three[0]][:2]))

    assert check_file(place.file(three[0]), TrustDevice(place.device.vkey)).findings == ()
    assert place.codes() == ["rolled-back"]


def test_a_file_that_the_device_key_sealed_anew_is_found(place: Place, three: list[str]) -> None:
    """The thief has the device key, so the file proves itself; the log has another root."""
    other = place.desk.episode(([], [place.typed()]))
    place.file(three[0]).unlink()
    place.file(other.opening.episode_id).write_bytes(other.data)

    assert place.codes() == ["deleted", "not-logged"]


def test_an_episode_under_the_name_of_another_is_found(place: Place, three: list[str]) -> None:
    shutil.copy(place.file(three[1]), place.file(three[0]))

    assert place.codes() == ["misnamed"]


def test_another_root_or_opening_than_the_log_says_is_found(place: Place) -> None:
    sealed = place.desk.episode(([], [place.typed()]))
    one = sealed.opening.episode_id
    size = len(sealed.data)
    place.file(one).write_bytes(sealed.data)
    place.append(type="episode-close", id=one, size=size, root="ab" * 32)
    assert place.codes() == ["replaced"]

    two = place.record(end="never")
    place.append(type="episode-open", id=one, grant="ab" * 16, sha256="cd" * 32)
    assert place.codes() == ["replaced"]
    assert place.file(two).exists()


def test_a_file_that_differs_from_what_the_crash_left_is_found(place: Place) -> None:
    one = place.record(end="crash")
    place.file(one).write_bytes(b"".join(place.kept[one]))

    assert place.codes() == ["recovered-mismatch"]


def test_a_damaged_tail_that_the_log_tells_of_is_no_finding(place: Place, three: list[str]) -> None:
    one = place.record(end="crash")
    place.file(one).write_bytes(place.file(one).read_bytes() + b"torn")
    place.file(three[0]).write_bytes(place.file(three[0]).read_bytes() + b"torn")

    assert place.codes() == ["damaged-tail"]


def test_a_second_close_does_not_excuse_a_rollback(place: Place, three: list[str]) -> None:
    """The thief of the device key logs the shorter file as closed: the first close counts."""
    short = b"".join(place.kept[three[0]][:2])
    place.file(three[0]).write_bytes(short)
    verdict = verify_episode(short, trust=TrustDevice(place.device.vkey))
    place.append(type="episode-close", id=three[0], size=verdict.size, root=verdict.root)

    assert place.codes() == ["contradicted", "rolled-back"]


def test_where_files_were_handed_over_only_those_submitted_must_be_there(place: Place, three: list[str]) -> None:
    place.append(type="submit", id=three[0])
    for each in three[1:]:
        place.file(each).unlink()
    assert place.codes(handed_over=True) == []

    place.file(three[0]).unlink()

    assert place.codes(handed_over=True) == ["deleted"]


def test_a_log_rewritten_with_the_stolen_device_key_is_found_by_what_the_witness_saw(
    place: Place, three: list[str]
) -> None:
    seen = place.witnessed()
    for numbers in (3, 30):
        shutil.rmtree(place.log)
        for _ in range(numbers):
            place.append(type="erase", id=three[0])
        code = "log-rolled-back" if numbers == 3 else "log-rewritten"
        assert code in place.codes(seen=seen)
        assert code in place.codes(seen=seen, witness=place.witness_vkey)
    assert "log-rewritten" not in place.codes()


def test_reordered_entries_are_found(place: Place, three: list[str]) -> None:
    entries = check_log(place.claim(), today=TODAY).entries
    seen = place.witnessed()
    shutil.rmtree(place.log)
    for entry in [*entries[2:4], *entries[:2], *entries[4:]]:
        Ledger(place.log, place.device).append(entry)
    assert len(three) == 3

    assert place.codes() == []
    assert place.codes(seen=seen) == ["log-rewritten"]


def test_the_log_is_held_against_its_own_witnessed_checkpoint_too(place: Place, three: list[str]) -> None:
    place.witnessed()
    kept = (place.log / "witnessed").read_bytes()
    shutil.rmtree(place.log)
    place.append(type="erase", id=three[0])
    (place.log / "witnessed").write_bytes(kept)

    assert "log-rolled-back" in place.codes()


def test_a_forged_witnessed_checkpoint_counts_for_nothing(place: Place, three: list[str]) -> None:
    assert len(three) == 3
    forged = (place.log / "checkpoint").read_text()
    (place.log / "witnessed").write_text(forged)

    assert place.codes(witness=place.witness_vkey) == ["not-witnessed"]
    assert place.codes(seen="junk") == ["not-witnessed"]
    assert place.codes(seen="") == ["not-witnessed"]
    assert place.codes(seen=forged, witness=place.witness_vkey) == ["not-witnessed", "not-witnessed"]


@pytest.mark.parametrize("name", ["checkpoint", "tile/0/000.p/6", "tile/entries/000.p/6"])
def test_a_changed_or_lost_file_of_the_log_is_a_finding(place: Place, three: list[str], name: str) -> None:
    assert len(three) == 3
    path = place.log / name
    data = path.read_bytes()
    path.write_bytes(data[:-1])
    assert place.codes() == ["log-invalid"]

    path.unlink()

    assert place.codes() == ["log-missing" if name == "checkpoint" else "log-invalid"]


def test_a_lost_log_is_a_finding(place: Place, three: list[str]) -> None:
    assert len(three) == 3
    shutil.rmtree(place.log)

    assert place.codes() == ["log-missing"]


def test_the_log_of_another_device_is_a_finding(place: Place, three: list[str]) -> None:
    assert len(three) == 3
    claim = LogClaim(directory=place.log, vkey=NoteSigner.generate("device-9").vkey)

    assert [each.code for each in check_log(claim, today=TODAY).findings] == ["log-invalid"]


def test_silence_is_named_and_a_long_one_is_a_finding(place: Place) -> None:
    for day in ("2026-11-01", "2026-11-05", "2026-11-20"):
        place.append(type="heartbeat", day=day)

    report = check_log(place.claim(), today=date(2026, 11, 23))

    assert [(str(each.first), each.days) for each in report.silences] == [
        ("2026-11-02", 3), ("2026-11-06", 14), ("2026-11-21", 2),
    ]  # fmt: skip
    assert [each.text for each in report.findings] == ["silent from 2026-11-06 to 2026-11-19 (14 days)"]
    assert len(check_log(place.claim(), today=date(2026, 11, 23), quiet_days=0).findings) == 3


def test_an_invalid_file_is_a_finding_and_is_not_called_deleted_too(place: Place, three: list[str]) -> None:
    place.file(three[0]).write_bytes(b"junk")

    assert place.codes() == ["invalid"]


def test_a_log_without_its_witnessed_checkpoint_is_found_where_a_witness_is_named(
    place: Place, three: list[str]
) -> None:
    """The thief of a device key wrote another log and unlinked one file: nothing was left to speak against it."""
    place.witnessed()
    shutil.rmtree(place.log)
    place.file(three[0]).unlink()
    for episode_id in three[1:]:
        verdict = verify_episode(place.file(episode_id).read_bytes(), trust=TrustDevice(place.device.vkey))
        place.append(type="episode-close", id=episode_id, size=verdict.size, root=verdict.root)

    assert place.codes() == []
    assert place.codes(witness=place.witness_vkey) == ["not-witnessed"]
