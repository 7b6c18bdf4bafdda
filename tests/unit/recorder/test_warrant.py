"""May the session go on? Every edge of the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from overt.consent.grant import Grant
from overt.errors import ConsentError
from overt.events.verdict import EndReason
from overt.keys.founding import found_all_in_one
from overt.keys.passphrase import no_passphrase
from overt.recorder.usage import NS_PER_MINUTE, DayUse, read_use, write_use
from overt.recorder.warrant import ConsentWarrant
from overt.store.home import Home
from overt.subject.consenting import Choice, give
from overt.subject.withdrawing import withdraw

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Clocks:
    """A wall clock that can be set, and one that only runs."""

    wall: datetime = NOON
    ns: int = 5_000_000_000

    def pass_(self, time: timedelta) -> None:
        self.wall += time
        self.ns += int(time.total_seconds() * 1e9)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return found_all_in_one(tmp_path / "trial")


@pytest.fixture
def grant(home: Home) -> Grant:
    choice = Choice(sites=("google",), signals=("text",), purposes=("model_training",), days=1)
    return give(home, choice, no_passphrase, NOON)


@pytest.fixture
def warrant(home: Home, grant: Grant, clocks: Clocks) -> Callable[..., ConsentWarrant]:
    def make(minutes: int | None = None) -> ConsentWarrant:
        return ConsentWarrant(home=home, grant=grant, wall=lambda: clocks.wall, now=lambda: clocks.ns, minutes=minutes)

    return make


def test_a_grant_in_force_lets_the_session_go_on(warrant: Callable[..., ConsentWarrant]) -> None:
    assert warrant()(0) is None


def test_it_ends_at_the_very_instant_of_expiry_and_not_before(
    warrant: Callable[..., ConsentWarrant], clocks: Clocks
) -> None:
    made = warrant()
    clocks.pass_(DAY - timedelta(seconds=1))
    before = made(0)
    clocks.pass_(timedelta(seconds=1))

    assert (before, made(0)) == (None, EndReason.EXPIRED)


def test_setting_the_clock_back_wins_no_time(warrant: Callable[..., ConsentWarrant], clocks: Clocks) -> None:
    made = warrant()
    clocks.pass_(DAY)
    clocks.wall = NOON

    assert made(0) is EndReason.EXPIRED


def test_setting_the_clock_forward_ends_it(warrant: Callable[..., ConsentWarrant], clocks: Clocks) -> None:
    made = warrant()
    clocks.wall = NOON + DAY

    assert made(0) is EndReason.EXPIRED


def test_withdrawal_ends_it_before_anything_else(
    warrant: Callable[..., ConsentWarrant], clocks: Clocks, home: Home
) -> None:
    made = warrant()
    clocks.pass_(DAY)
    withdraw(home, NOON)

    assert made(0) is EndReason.WITHDRAWN


def test_the_days_cap_ends_it_at_its_last_nanosecond(warrant: Callable[..., ConsentWarrant], grant: Grant) -> None:
    cap_ns = grant.promises.daily_cap_minutes * NS_PER_MINUTE
    made = warrant()

    assert made(cap_ns - 1) is None
    assert made(cap_ns) is EndReason.DAILY_CAP


def test_what_was_used_before_today_counts_after_a_restart(
    warrant: Callable[..., ConsentWarrant], grant: Grant
) -> None:
    cap_ns = grant.promises.daily_cap_minutes * NS_PER_MINUTE
    warrant().save(cap_ns - 10)

    assert warrant()(9) is None
    assert warrant()(10) is EndReason.DAILY_CAP


def test_a_day_that_is_used_up_is_refused_at_the_start_in_one_line(
    warrant: Callable[..., ConsentWarrant], grant: Grant
) -> None:
    warrant().save(grant.promises.daily_cap_minutes * NS_PER_MINUTE)

    with pytest.raises(ConsentError, match=r"\d+ minutes of today are used up"):
        warrant().require()


def test_the_persons_own_limit_ends_it_as_a_stop(warrant: Callable[..., ConsentWarrant], clocks: Clocks) -> None:
    made = warrant(minutes=1)
    clocks.pass_(timedelta(seconds=60))

    assert made(0) is EndReason.STOPPED


def test_another_day_begins_with_nothing_used(home: Home) -> None:
    write_use(home, DayUse(day=date(2026, 1, 1), armed_ns=99))

    assert read_use(home, date(2026, 1, 2), cap_ns=1000).armed_ns == 0
    assert read_use(home, date(2026, 1, 1), cap_ns=1000).armed_ns == 99


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"day":"x","armed_ns":1}', '{"day":"2026-01-02"}', "\0" * 5])
def test_a_record_of_use_that_cannot_be_understood_counts_as_the_whole_cap(home: Home, damage: str) -> None:
    (home.path / "today.json").write_text(damage)
    (home.path / "today.json").chmod(0o600)

    assert read_use(home, date(2026, 1, 2), cap_ns=1000).armed_ns == 1000
