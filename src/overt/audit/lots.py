"""The lot of a store: what each proven episode puts into it, read without any key."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.audit.drawing import Lot, Piece
from overt.audit.papers import stems
from overt.errors import StorageError, UsageError
from overt.format.episode import SectionName
from overt.keys.vault_contract import Progress
from overt.store.files import read_anywhere
from overt.verify import InvalidEpisodeError, UnsafeAnyDevice, verify_episode

_EPISODE: Final = ".ep"
_CONTENT: Final[SectionName] = "c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """The *lot* of a store, and how many files there prove nothing and are therefore in no lot."""

    lot: Lot
    unproven: int


def stock(store: Path, progress: Progress) -> Stock:
    """Return the lot of the episodes in the directory *store*.

    Who vouches for their devices is a matter of ``audit run``: what is drawn here need only be whole.

    Raises:
        UsageError: there is no such directory, or an episode is in it under two names.
    """
    if not store.is_dir():
        raise UsageError(f"there is no directory {store}", hint="name the store of submitted episodes: --from")
    names = list(stems(store, _EPISODE))
    found: list[Piece | None] = []
    for name in names:
        found.append(_piece(store / f"{name}{_EPISODE}"))
        progress(len(found), len(names))
    return Stock(lot=Lot.of(piece for piece in found if piece is not None), unproven=found.count(None))


def _piece(path: Path) -> Piece | None:
    try:
        verdict = verify_episode(read_anywhere(path), trust=UnsafeAnyDevice())
    except (InvalidEpisodeError, StorageError):
        return None
    return Piece(
        episode=verdict.episode_id,
        contributor=verdict.device,
        root=verdict.root,
        units=verdict.segments[_CONTENT],
    )
