"""Whether recording is possible at an instant: inside the hours of the week, and within the day's cap."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from overt.policy.tables import Day, Window

_WEEK: Final = tuple(Day)
_ALWAYS: Final = frozenset((day, minute) for day in _WEEK for minute in range(24 * 60))


class Permission(StrEnum):
    """What hours and cap say of an instant."""

    OPEN = "open"
    OUTSIDE_HOURS = "outside_hours"
    CAP_USED_UP = "cap_used_up"


def permission(windows: Iterable[Window], cap_minutes: int, local: datetime, used: timedelta) -> Permission:
    """Say whether recording is possible at *local* after *used* of recording on that day.

    *local* is the clock on the person's wall; its own offset from UTC counts for nothing. Without windows every hour is
    open. ``begin`` is inside and ``end`` is not; at the cap itself it is used up.
    """
    if not in_hours(windows, local):
        return Permission.OUTSIDE_HOURS
    return Permission.CAP_USED_UP if used >= timedelta(minutes=cap_minutes) else Permission.OPEN


def in_hours(windows: Iterable[Window], local: datetime) -> bool:
    """Say whether *local* lies in one of *windows*, or there are none."""
    every = tuple(windows)
    day, clock = _WEEK[local.weekday()], f"{local:%H:%M}"
    return not every or any(day in window.days and window.begin <= clock < window.end for window in every)


def minutes_open(windows: Iterable[Window]) -> frozenset[tuple[Day, int]]:
    """Return the minutes of the week that *windows* leave open, each as its day and its minute from 0 to 1439."""
    every = tuple(windows)
    if not every:
        return _ALWAYS
    return frozenset(
        (day, minute)
        for window in every
        for day in window.days
        for minute in range(_minute(window.begin), _minute(window.end))
    )


def _minute(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
