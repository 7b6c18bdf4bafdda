"""Heartbeats: one entry for each UTC day on which somebody looked after the log, so that silence shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from overt.ledger.entry import entry_day
from overt.ledger.log import Ledger
from overt.policy.canonical import JsonValue

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The log says nothing of the UTC days from *first* to *last*, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days that are."""
        return (self.last - self.first).days + 1


def beat(ledger: Ledger, day: date) -> bool:
    """Log the heartbeat of *day* (UTC), and return whether it was not there already.

    Raises:
        VerificationError: the log was changed.
        StorageError: the system refused.
    """
    entry: dict[str, JsonValue] = {"type": "heartbeat", "day": day.isoformat()}
    if entry in ledger.entries():
        return False
    ledger.append(entry)
    return True


def silences(entries: Iterable[Mapping[str, JsonValue]], today: date) -> list[Silence]:
    """Return the silences between the first day that *entries* name and *today*, which is not over yet."""
    spoken = {day for day in map(entry_day, entries) if day is not None and day < today}
    days = [*sorted(spoken), today]
    return [
        Silence(first=before + _DAY, last=after - _DAY) for before, after in pairwise(days) if after - before > _DAY
    ]
