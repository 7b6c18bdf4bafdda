"""Heartbeats make silence visible; acts that need no key are logged when the key is next at hand."""

from datetime import date
from pathlib import Path

import pytest

from overt.errors import FormatError
from overt.format.note import NoteSigner
from overt.ledger.entry import render_entry
from overt.ledger.heartbeat import Silence, beat, silences
from overt.ledger.log import Ledger, read_entries
from overt.ledger.waiting import wait_for_key, waiting
from overt.policy.canonical import JsonValue

ID = "0123456789abcdef" * 2
ERASE = {"type": "erase", "id": ID, "day": "2026-11-23"}


@pytest.fixture
def device() -> NoteSigner:
    return NoteSigner.generate("device-1")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "log"


def test_one_heartbeat_a_day(place: Path, device: NoteSigner) -> None:
    days = [date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 22), date(2026, 11, 24)]

    new = [beat(Ledger(place, device), day) for day in days]

    assert new == [True, True, False, False, True]
    assert [entry["day"] for entry in read_entries(place, device.vkey)] == ["2026-11-22", "2026-11-23", "2026-11-24"]


def test_a_clock_that_ran_ahead_once_does_not_silence_the_days_until_then(place: Path, device: NoteSigner) -> None:
    beat(Ledger(place, device), date(2030, 1, 1))

    assert beat(Ledger(place, device), date(2026, 11, 23))


def days(*numbers: int) -> list[dict[str, str]]:
    return [{"type": "heartbeat", "day": f"2026-11-{number:02}"} for number in numbers]


@pytest.mark.parametrize(
    ("said", "gaps"),
    [
        ((), []),
        ((23,), []),
        ((22,), []),
        ((20, 22), [(21, 21)]),
        ((18, 20, 19), [(21, 22)]),
        ((1, 10, 20), [(2, 9), (11, 19), (21, 22)]),
        ((20, 21, 22, 30), []),
    ],
    ids=str,
)
def test_the_days_that_no_entry_names_are_silences(said: tuple[int, ...], gaps: list[tuple[int, int]]) -> None:
    """Today, the 23rd, is not over."""
    found = silences(days(*said), date(2026, 11, 23))

    wanted = [Silence(first=date(2026, 11, first), last=date(2026, 11, last)) for first, last in gaps]
    assert found == wanted
    assert [each.days for each in found] == [last - first + 1 for first, last in gaps]


def test_any_entry_that_names_its_day_breaks_a_silence() -> None:
    entries = [*days(20), {**ERASE, "day": "2026-11-21"}, {"type": "x", "at": "2026-11-22T10:00:00Z"}, {"type": "x"}]

    assert silences(entries, date(2026, 11, 23)) == []


def test_what_waited_is_logged_in_order_when_the_log_is_opened_with_its_key(place: Path, device: NoteSigner) -> None:
    other = {**ERASE, "id": ID[::-1]}
    wait_for_key(place, ERASE)
    wait_for_key(place, other)
    assert waiting(place) == [ERASE, other]

    ledger = Ledger(place, device)

    assert ledger.entries() == [ERASE, other]
    assert waiting(place) == []


def test_what_may_not_be_logged_does_not_wait_and_what_is_planted_is_dropped(place: Path, device: NoteSigner) -> None:
    with pytest.raises(FormatError):
        wait_for_key(place, {"type": "erase", "id": "jane"})
    wait_for_key(place, ERASE)
    (place.with_name("log-waiting") / "000000-planted").write_bytes(b"junk")

    assert waiting(place) == [ERASE]
    assert Ledger(place, device).entries() == [ERASE]
    assert list(place.with_name("log-waiting").iterdir()) == []


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "episode-close", "id": ID, "size": 1024, "root": "0" * 64},
        {"type": "recovered", "id": ID, "size": 1024, "root": "0" * 64, "reason": "open"},
        {"type": "reseal", "id": ID, "from": ID[::-1]},
        {"type": "approve", "id": ID, "root": "0" * 64},
        {"type": "rotate", "role": "employee", "epoch": 9, "sha256": "0" * 64},
    ],
)
def test_the_key_does_not_sign_a_planted_entry_of_an_act_that_asks_for_it(
    place: Path, device: NoteSigner, entry: dict[str, JsonValue]
) -> None:
    """Who could write to a home, without any key, could let the log say that a cut episode had ended so."""
    with pytest.raises(FormatError, match="does not wait"):
        wait_for_key(place, entry)
    wait_for_key(place, ERASE)
    (place.with_name("log-waiting") / "000000-planted").write_bytes(render_entry(entry))

    assert waiting(place) == [ERASE]
    assert Ledger(place, device).entries() == [ERASE]
