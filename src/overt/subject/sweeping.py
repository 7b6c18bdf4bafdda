"""Erase what has been kept for as long as was promised, and leave a trace of it in the log."""

from dataclasses import dataclass
from datetime import datetime

from overt.keys.vault_contract import Progress, unseen
from overt.store.home import Home
from overt.subject.erasing import Erased, erase
from overt.subject.keeping import Kept, overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What was *erased*, and what the clock alone says is *doubted*: it waits for another day."""

    erased: tuple[Erased, ...]
    doubted: tuple[Kept, ...]


def sweep(home: Home, at: datetime, *, trusted: bool = False, progress: Progress = unseen) -> Swept:
    """Erase every own episode that must be gone at the instant *at* (aware), as ``overdue`` says, and return them.

    Each leaves the entry ``erase`` with its day in the person's log.

    Raises:
        ConsentError: A grant was changed, so that its promise cannot be believed.
        StorageError: The disk refused; what was erased so far stays erased.
    """
    found = overdue(home, at, trusted=trusted)
    done = erase(home, [each.episode_id for each in found.due], at, progress)
    return Swept(erased=tuple(done), doubted=found.doubted)
