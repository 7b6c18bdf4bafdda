"""How long the recorder was armed today, so that the day's cap holds over restarts. Visible to the employee only."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Final

from overt.errors import StorageError
from overt.store import files
from overt.store.home import Home

_NAME: Final = "today.json"
_LIMIT: Final = 200
NS_PER_MINUTE: Final = 60_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DayUse:
    """The armed time of one *day* (UTC) before this session, in nanoseconds."""

    day: date
    armed_ns: int


def read_use(home: Home, today: date, *, cap_ns: int) -> DayUse:
    """Return what was used *today*; a file that cannot be understood counts as the whole *cap_ns*.

    What was used on a day that is still to come was used today: somebody has set the clock back.
    """
    if not (home.path / _NAME).exists():
        return DayUse(day=today, armed_ns=0)
    try:
        kept = json.loads(files.read(home.path, _NAME, limit=_LIMIT))
        day, armed_ns = date.fromisoformat(kept["day"]), int(kept["armed_ns"])
    except (StorageError, ValueError, KeyError, TypeError):
        return DayUse(day=today, armed_ns=cap_ns)
    return DayUse(day=today, armed_ns=max(0, armed_ns) if day >= today else 0)


def write_use(home: Home, use: DayUse) -> None:
    """Keep *use*, replacing what was kept before."""
    files.replace(home.path, _NAME, json.dumps({"day": use.day.isoformat(), "armed_ns": use.armed_ns}).encode())
