"""Recording is possible inside the hours and under the cap; each boundary belongs to one side."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from overt.policy.schedule import Permission, in_hours, minutes_open, permission
from overt.policy.tables import Day, Window

MORNING = Window(days=(Day.MONDAY, Day.TUESDAY), begin="09:00", end="12:00")
NIGHT = Window(days=(Day.SUNDAY,), begin="22:00", end="24:00")
HOURS = (MORNING, NIGHT)


def at(text: str) -> datetime:
    """Return an instant of the week that begins on Monday, 2026-11-23."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "inside"),
    [
        ("2026-11-23T08:59:59.999999", False),
        ("2026-11-23T09:00:00", True),
        ("2026-11-23T11:59:59.999999", True),
        ("2026-11-23T12:00:00", False),
        ("2026-11-24T09:00:00", True),
        ("2026-11-25T09:00:00", False),
        ("2026-11-29T21:59:59", False),
        ("2026-11-29T22:00:00", True),
        ("2026-11-29T23:59:59.999999", True),
        ("2026-11-30T00:00:00", False),
        ("2026-11-28T22:30:00", False),
    ],
)
def test_a_window_holds_its_begin_and_not_its_end(instant: str, inside: bool) -> None:
    assert in_hours(HOURS, at(instant)) is inside


@pytest.mark.parametrize("instant", ["2026-11-23T00:00:00", "2026-11-29T23:59:59"])
def test_without_windows_every_hour_is_open(instant: str) -> None:
    assert in_hours((), at(instant))


def test_the_clock_on_the_wall_counts_and_not_utc() -> None:
    kolkata = timezone(timedelta(hours=5, minutes=30))

    assert in_hours(HOURS, datetime(2026, 11, 23, 9, tzinfo=kolkata))
    assert not in_hours(HOURS, datetime(2026, 11, 23, 9, tzinfo=UTC).astimezone(kolkata))


@pytest.mark.parametrize(
    ("used", "said"),
    [
        (timedelta(0), Permission.OPEN),
        (timedelta(minutes=100, microseconds=-1), Permission.OPEN),
        (timedelta(minutes=100), Permission.CAP_USED_UP),
        (timedelta(minutes=101), Permission.CAP_USED_UP),
    ],
)
def test_at_the_cap_itself_it_is_used_up(used: timedelta, said: Permission) -> None:
    assert permission(HOURS, 100, at("2026-11-23T10:00:00"), used) is said


def test_outside_the_hours_the_cap_does_not_matter() -> None:
    assert permission(HOURS, 100, at("2026-11-25T10:00:00"), timedelta(days=1)) is Permission.OUTSIDE_HOURS


def test_the_open_minutes_are_those_that_the_windows_hold() -> None:
    minutes = minutes_open((Window(days=(Day.FRIDAY,), begin="23:58", end="24:00"),))

    assert minutes == {(Day.FRIDAY, 1438), (Day.FRIDAY, 1439)}
    assert len(minutes_open(())) == 7 * 24 * 60
    assert min(minute for _, minute in minutes_open((MORNING,))) == 9 * 60
