"""For how long what was recorded may be used for a purpose, and when it must be gone."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from overt.policy.purposes import Purpose


def usable(retention: Mapping[Purpose, int], purpose: Purpose, recorded: date, on: date) -> bool:
    """Say whether what was recorded on the day *recorded* may be used for *purpose* on the day *on* (both UTC).

    *retention* has the days for each purpose, and at least one. A purpose that is not offered may not be used at all.
    """
    return purpose in retention and on < _end(retention, purpose, recorded)


def gone_on(retention: Mapping[Purpose, int], purposes: Collection[Purpose], recorded: date) -> date:
    """Return the day (UTC) on which an episode that was recorded for *purposes* on the day *recorded* must be gone.

    It is the end of the purpose that lasts longest. One that is no longer offered counts with the shortest retention.
    """
    shortest = _later(recorded, min(retention.values()))
    return max((_end(retention, purpose, recorded) for purpose in purposes), default=shortest)


def review_ends(recorded: date, days: int) -> date:
    """Return the day on which an episode of the day *recorded* must be gone if it is not approved within *days*."""
    return _later(recorded, days)


def _end(retention: Mapping[Purpose, int], purpose: Purpose, recorded: date) -> date:
    return _later(recorded, retention.get(purpose, min(retention.values())))


def _later(day: date, days: int) -> date:
    """Return the day *days* after *day*, or the last that the calendar has."""
    return date.max if (date.max - day).days < days else day + timedelta(days=days)
