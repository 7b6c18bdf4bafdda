"""Every act is traced: at once where the device key is open, else as soon as it is used again."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from overt.errors import FormatError, VerificationError
from overt.format.note import NoteSigner
from overt.keys import at_rest
from overt.keys.device import DeviceStorage, device_vkey, load_device
from overt.keys.founding import found_home
from overt.ledger.log import read_entries
from overt.ledger.waiting import waiting
from overt.store.home import Home, Role
from overt.subject.trace import trace, trace_if_open

ID = "0123456789abcdef" * 2
LATE = datetime(2026, 1, 31, 23, 30, tzinfo=timezone(timedelta(hours=-5)))


def knows(what: str, *, new: bool = False) -> str:
    del what, new
    return "correct"


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return a home whose device key lies under a passphrase."""
    monkeypatch.setattr(at_rest, "WORK_FACTOR", 2)
    return found_home(tmp_path / "home", Role.EMPLOYEE, knows, device_storage=DeviceStorage.PASSPHRASE)


def test_an_act_without_the_key_waits_and_is_logged_before_the_next_one(locked: Home) -> None:
    assert not trace_if_open(locked, "erase", LATE, {"id": ID})
    assert not trace_if_open(locked, "submit", None, {"id": ID})
    assert not locked.log_directory.exists()
    assert [entry["type"] for entry in waiting(locked.log_directory)] == ["erase", "submit"]

    trace(locked, load_device(locked, knows), "withdraw", LATE, {"grant": ID})

    logged = read_entries(locked.log_directory, device_vkey(locked))
    assert [entry["type"] for entry in logged] == ["erase", "submit", "withdraw"]
    assert waiting(locked.log_directory) == []


def test_a_trace_says_the_day_in_utc_and_no_hour(employee: Home) -> None:
    assert trace_if_open(employee, "erase", LATE, {"id": ID})

    (entry,) = (each for each in read_entries(employee.log_directory, device_vkey(employee)) if each["type"] == "erase")
    assert entry == {"type": "erase", "id": ID, "day": LATE.astimezone(UTC).date().isoformat()}
    assert entry["day"] == "2026-02-01"


def test_what_may_not_be_logged_is_refused_before_it_waits(locked: Home, employee: Home) -> None:
    for home in (locked, employee):
        with pytest.raises(FormatError):
            trace_if_open(home, "erase", LATE, {"id": "jane"})

    assert waiting(locked.log_directory) == []


def test_a_trace_with_a_foreign_key_is_refused(employee: Home) -> None:
    trace_if_open(employee, "erase", LATE, {"id": ID})

    with pytest.raises(VerificationError):
        trace(employee, NoteSigner.generate("device-x"), "erase", LATE, {"id": ID})
