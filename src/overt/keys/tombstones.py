"""A store of submitted episodes: an order to destroy is kept there as a tombstone, and the copies are unlinked."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.consent.grant import Grant
from overt.errors import ConsentError, FormatError, StorageError, VerificationError
from overt.format.walk import walk
from overt.keys.exchange.order import Order, check_order
from overt.keys.handover import GRANTS, parcel_names
from overt.keys.sign import claimed_device, open_grant
from overt.store import files
from overt.store.episodes import EpisodeStore

WITHDRAWALS: Final = "withdrawals"
ERASURES: Final = "erasures"
_LIMIT: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinked:
    """Which episodes' copies an order removed from a store, by id."""

    episodes: tuple[str, ...]


def apply_order(store: Path, order: Order, *, unsigned: bool) -> Unlinked:
    """Keep *order* in *store* and unlink what it names; the same order may come again.

    Raises:
        VerificationError: It is not signed by the person whose grant it is, and *unsigned* does not say to do without.
        StorageError: The disk refused; what was unlinked stays so, and the order may be applied again.
    """
    grant = _grant(store, order.grant)
    check_order(order, None if grant is None else grant.parties.withdrawal, unsigned=unsigned)
    _bury(store, order)
    episodes = EpisodeStore(store)
    doomed = [each for each in episodes.list() if _is_meant(episodes, each, order)]
    for episode_id in doomed:
        for name in parcel_names(episode_id):
            files.unlink(store, name, missing_ok=True)
        episodes.unlink(episode_id)
    return Unlinked(episodes=tuple(doomed))


def stands(store: Path, grant_id: str, episode_id: str) -> bool:
    """Say whether a tombstone of the episode or of its grant stands in *store*: whatever lies there counts."""
    withdrawal, erasure = store / WITHDRAWALS / f"{grant_id}.note", store / ERASURES / _erasure(grant_id, episode_id)
    return os.path.lexists(withdrawal) or os.path.lexists(erasure)


def _bury(store: Path, order: Order) -> None:
    if order.episode is None:
        directory, name = WITHDRAWALS, f"{order.grant}.note"
    else:
        directory, name = ERASURES, _erasure(order.grant, order.episode)
    files.replace(files.ensure_directory(store / directory), name, order.note.encode())


def _erasure(grant_id: str, episode_id: str) -> str:
    return f"{grant_id}.{episode_id}.note"


def _is_meant(episodes: EpisodeStore, episode_id: str, order: Order) -> bool:
    if order.episode not in {None, episode_id}:
        return False
    try:
        return walk(episodes.read(episode_id)).header.grant == order.grant
    except (FormatError, VerificationError, StorageError):
        return False


def _grant(store: Path, grant_id: str) -> Grant | None:
    place = store / GRANTS
    if not (place / f"{grant_id}.note").exists():
        return None
    try:
        note = files.read(place, f"{grant_id}.note", limit=_LIMIT).decode()
        grant = open_grant(note, claimed_device(note))
    except (ConsentError, UnicodeDecodeError):
        return None
    return grant if grant.id == grant_id else None
