"""May the session go on? Every edge of the answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from overt.consent.grant import Grant
from overt.errors import ConsentError, PolicyError
from overt.events.verdict import EndReason
from overt.keys.consent_files import load_organisation
from overt.keys.founding import found_all_in_one
from overt.keys.passphrase import no_passphrase
from overt.policy.effective import EffectivePolicy, effective
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.signals import Signal
from overt.policy.tables import Day, Window
from overt.recorder.usage import NS_PER_MINUTE, DayUse, read_use, write_use
from overt.recorder.warrant import Clocks, ConsentWarrant
from overt.store.home import Home
from overt.subject.consenting import Choice, give
from overt.subject.withdrawing import withdraw

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Watch:
    """A wall clock that can be set, one that only runs, and how far the person's own is from UTC."""

    wall: datetime = NOON
    ns: int = 5_000_000_000
    zone: timezone = UTC

    def pass_(self, time: timedelta) -> None:
        self.wall += time
        self.ns += int(time.total_seconds() * 1e9)


@pytest.fixture
def clocks() -> Watch:
    return Watch()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return found_all_in_one(tmp_path / "trial")


@pytest.fixture
def grant(home: Home) -> Grant:
    choice = Choice(sites=("google",), signals=("text",), purposes=("model_training",), days=1)
    return give(home, choice, no_passphrase, NOON)


@pytest.fixture
def lawful(home: Home) -> EffectivePolicy:
    return effective(load_organisation(home).policy, PROFILES, NOON.date())


@pytest.fixture
def warrant(home: Home, grant: Grant, clocks: Watch, lawful: EffectivePolicy) -> Callable[..., ConsentWarrant]:
    def make(minutes: int | None = None, **limits: object) -> ConsentWarrant:
        return ConsentWarrant(
            home=home,
            grant=grant,
            lawful=replace(lawful, **limits),
            clocks=Clocks(
                wall=lambda: clocks.wall, running=lambda: clocks.ns, local=lambda at: at.astimezone(clocks.zone)
            ),
            minutes=minutes,
        )

    return make


def test_a_grant_in_force_lets_the_session_go_on(warrant: Callable[..., ConsentWarrant]) -> None:
    assert warrant()(0) is None


def test_it_ends_at_the_very_instant_of_expiry_and_not_before(
    warrant: Callable[..., ConsentWarrant], clocks: Watch
) -> None:
    made = warrant()
    clocks.pass_(DAY - timedelta(seconds=1))
    before = made(0)
    clocks.pass_(timedelta(seconds=1))

    assert (before, made(0)) == (None, EndReason.EXPIRED)


def test_setting_the_clock_back_wins_no_time(warrant: Callable[..., ConsentWarrant], clocks: Watch) -> None:
    made = warrant()
    clocks.pass_(DAY)
    clocks.wall = NOON

    assert made(0) is EndReason.EXPIRED


def test_setting_the_clock_forward_ends_it(warrant: Callable[..., ConsentWarrant], clocks: Watch) -> None:
    made = warrant()
    clocks.wall = NOON + DAY

    assert made(0) is EndReason.EXPIRED


def test_withdrawal_ends_it_before_anything_else(
    warrant: Callable[..., ConsentWarrant], clocks: Watch, home: Home
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

    with pytest.raises(PolicyError, match=r"^the \d+ minutes of today are used up$") as caught:
        warrant().require()

    assert caught.value.hint == "the policy's daily cap starts anew at midnight, UTC"


def test_with_a_moment_left_of_the_day_it_may_begin(warrant: Callable[..., ConsentWarrant], grant: Grant) -> None:
    made = warrant()
    made.save(grant.promises.daily_cap_minutes * NS_PER_MINUTE - 1)

    warrant().require()

    assert warrant()(1) is EndReason.DAILY_CAP


def test_a_day_whose_use_cannot_be_read_counts_as_used_up(warrant: Callable[..., ConsentWarrant], home: Home) -> None:
    warrant().save(1)
    (home.path / "today.json").write_text("x")

    assert warrant()(0) is EndReason.DAILY_CAP


def test_a_withdrawn_consent_is_refused_at_the_start_by_its_name(
    warrant: Callable[..., ConsentWarrant], home: Home
) -> None:
    made = warrant()
    withdraw(home, NOON)

    with pytest.raises(ConsentError, match=r"^no recording can begin: withdrawn$") as caught:
        made.require()

    assert caught.value.hint == "overt consent status"


def test_what_was_used_is_written_every_15_seconds(warrant: Callable[..., ConsentWarrant], home: Home) -> None:
    made = warrant()
    kept = []

    for seconds in (14.9, 15, 29.9, 30):
        made(int(seconds * 1e9))
        kept.append(read_use(home, NOON.date(), cap_ns=0).armed_ns // 10**9)

    assert kept == [0, 15, 15, 30]


def test_the_persons_own_limit_ends_it_as_a_stop(warrant: Callable[..., ConsentWarrant], clocks: Watch) -> None:
    made = warrant(minutes=1)
    clocks.pass_(timedelta(seconds=59))
    before = made(0)
    clocks.pass_(timedelta(seconds=1))

    assert (before, made(0)) == (None, EndReason.STOPPED)


def test_another_day_begins_with_nothing_used(home: Home) -> None:
    write_use(home, DayUse(day=date(2026, 1, 1), armed_ns=99))

    assert read_use(home, date(2026, 1, 2), cap_ns=1000).armed_ns == 0
    assert read_use(home, date(2026, 1, 1), cap_ns=1000).armed_ns == 99


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"day":"x","armed_ns":1}', '{"day":"2026-01-02"}', "\0" * 5])
def test_a_record_of_use_that_cannot_be_understood_counts_as_the_whole_cap(home: Home, damage: str) -> None:
    (home.path / "today.json").write_text(damage)
    (home.path / "today.json").chmod(0o600)

    assert read_use(home, date(2026, 1, 2), cap_ns=1000).armed_ns == 1000


def test_a_day_is_counted_anew_only_once_both_clocks_say_that_it_has_come(
    warrant: Callable[..., ConsentWarrant], clocks: Watch
) -> None:
    """What was recorded after midnight was counted to the day before, so that a new session had a whole cap again."""
    made = warrant(daily_cap_minutes=1)
    clocks.wall += timedelta(hours=13)
    jumped = made(NS_PER_MINUTE)
    clocks.wall = NOON
    clocks.pass_(timedelta(hours=13))
    next_day = made(NS_PER_MINUTE)

    assert (jumped, next_day) == (EndReason.DAILY_CAP, None)
    assert made(2 * NS_PER_MINUTE - 1) is None
    assert made(2 * NS_PER_MINUTE) is EndReason.DAILY_CAP


def test_setting_the_clock_back_a_day_gives_no_minute_back(home: Home) -> None:
    write_use(home, DayUse(day=date(2026, 1, 3), armed_ns=99))

    assert read_use(home, date(2026, 1, 2), cap_ns=1000).armed_ns == 99


AFTERNOON = Window(days=(Day.FRIDAY,), begin="12:00", end="13:00")
"""NOON is a Friday."""


@pytest.mark.parametrize(
    ("minutes", "zone", "reason"),
    [
        (0, 0, None),
        (59, 0, None),
        (60, 0, EndReason.OUTSIDE_HOURS),
        (0, -1, EndReason.OUTSIDE_HOURS),
        (60, -1, None),
        (0, 1, EndReason.OUTSIDE_HOURS),
        (0, 24, EndReason.OUTSIDE_HOURS),
    ],
)
def test_outside_the_hours_by_the_persons_own_clock_it_ends(
    warrant: Callable[..., ConsentWarrant], clocks: Watch, minutes: int, zone: int, reason: EndReason | None
) -> None:
    clocks.zone = timezone(min(timedelta(hours=zone), timedelta(hours=23, minutes=59)))
    made = warrant(schedule=(AFTERNOON,))
    clocks.pass_(timedelta(minutes=minutes))

    assert made(0) is reason


@pytest.mark.parametrize("set_to", [timedelta(0), timedelta(minutes=90)])
def test_setting_the_clock_opens_no_hour(
    warrant: Callable[..., ConsentWarrant], clocks: Watch, set_to: timedelta
) -> None:
    made = warrant(schedule=(AFTERNOON,))
    clocks.pass_(timedelta(minutes=61) if not set_to else timedelta(minutes=10))
    clocks.wall = NOON + set_to

    assert made(0) is EndReason.OUTSIDE_HOURS


def test_an_hour_at_which_nothing_may_be_recorded_is_refused_at_the_start(
    warrant: Callable[..., ConsentWarrant], clocks: Watch
) -> None:
    clocks.zone = timezone(timedelta(hours=-1))

    with pytest.raises(PolicyError, match=r"^the policy permits no recording at this hour$") as caught:
        warrant(schedule=(AFTERNOON,)).require()

    assert caught.value.hint == "see its hours: overt consent notice --layer 2"


def test_the_days_cap_is_the_one_that_the_law_leaves(warrant: Callable[..., ConsentWarrant]) -> None:
    made = warrant(daily_cap_minutes=1)

    assert (made(NS_PER_MINUTE - 1), made(NS_PER_MINUTE)) == (None, EndReason.DAILY_CAP)


@pytest.mark.parametrize(("hours", "reason"), [(11, None), (12, EndReason.LAW)])
def test_on_the_day_that_the_law_is_no_longer_believed_it_ends(
    warrant: Callable[..., ConsentWarrant], clocks: Watch, hours: int, reason: EndReason | None
) -> None:
    made = warrant(holds_until=date(2026, 1, 3))
    clocks.pass_(timedelta(hours=hours))

    assert made(0) is reason


def test_setting_the_clock_back_keeps_no_law_alive(warrant: Callable[..., ConsentWarrant], clocks: Watch) -> None:
    made = warrant(holds_until=date(2026, 1, 3))
    clocks.pass_(timedelta(hours=12))
    clocks.wall = NOON

    assert made(0) is EndReason.LAW


def test_the_kinds_of_keys_alone_are_refused_and_never_recorded_as_text(
    home: Home, clocks: Watch, lawful: EffectivePolicy, grant: Grant
) -> None:
    scope = grant.scope.model_copy(update={"signals": (Signal.CLASSES,)})
    made = ConsentWarrant(
        home=home,
        grant=grant.model_copy(update={"scope": scope}),
        lawful=lawful,
        clocks=Clocks(wall=lambda: clocks.wall, running=lambda: clocks.ns, local=lambda at: at),
        minutes=None,
    )

    with pytest.raises(PolicyError, match=r"^this version cannot record the kinds of keys alone, and") as caught:
        made.require()

    assert caught.value.hint == "consent without classes: overt consent give"
