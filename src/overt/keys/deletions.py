"""A store of submitted episodes: who asked for deletion by handle, and everything that was asked for in one list."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.consent.deletion import DeletionRequest, request_text
from overt.consent.grant import Grant
from overt.errors import ConsentError, FormatError, StorageError, VerificationError
from overt.format.walk import walk
from overt.keys.handover import GRANTS, parcel_names
from overt.keys.sign import claimed_device, open_grant
from overt.keys.tombstones import ERASURES, WITHDRAWALS, Unlinked
from overt.store import files
from overt.store.episodes import EpisodeStore

DELETIONS: Final = "deletions"
_LIMIT: Final = 1 << 20
_HANDLE: Final = re.compile(r"([0-9a-f]{32})\.json")
_WITHDRAWAL: Final = re.compile(r"([0-9a-f]{32})\.note")
_ERASURE: Final = re.compile(r"[0-9a-f]{32}\.([0-9a-f]{32})\.note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What people have asked to be deleted, as stores know it: deletion *handles*, and ids of single *episodes*.

    *unknown* are withdrawn grants of which no store has the grant and so no handle: their people's own requests do.
    """

    handles: tuple[str, ...]
    episodes: tuple[str, ...]
    unknown: tuple[str, ...]


def keep_request(store: Path, request: DeletionRequest) -> Unlinked:
    """Keep *request* in *store* and unlink the episodes that it is about; the same request may come again.

    Whoever knows a handle may ask: it is in the person's home and beside what they handed over, and nowhere else.

    Raises:
        StorageError: The disk refused; what was unlinked stays so, and the request may come again.
    """
    place = files.ensure_directory(store / DELETIONS)
    for handle in request.handles:
        files.replace(place, f"{handle}.json", request_text(DeletionRequest(handles=(handle,))).encode())
    meant = {grant.id for grant in _grants(store) if grant.parties.deletion_handle in request.handles}
    episodes = EpisodeStore(store)
    doomed = [each for each in episodes.list() if _grant_of(episodes, each) in meant]
    for episode_id in doomed:
        for name in parcel_names(episode_id):
            files.unlink(store, name, missing_ok=True)
        episodes.unlink(episode_id)
    return Unlinked(episodes=tuple(doomed))


def asked_for(store: Path, handle: str) -> bool:
    """Say whether *store* was asked to delete what bears *handle*: whatever lies in the request's place counts."""
    return os.path.lexists(store / DELETIONS / f"{handle}.json")


def asked(stores: Sequence[Path]) -> Asked:
    """Return everything that any of *stores* was ever asked to delete; raises ``StorageError``."""
    handles = {grant.id: grant.parties.deletion_handle for store in stores for grant in _grants(store)}
    withdrawn = _all_named(stores, WITHDRAWALS, _WITHDRAWAL)
    by_order = {handles[grant] for grant in withdrawn if grant in handles}
    return Asked(
        handles=tuple(sorted(by_order | _all_named(stores, DELETIONS, _HANDLE))),
        episodes=tuple(sorted(_all_named(stores, ERASURES, _ERASURE))),
        unknown=tuple(sorted(withdrawn - handles.keys())),
    )


def _all_named(stores: Sequence[Path], folder: str, pattern: re.Pattern[str]) -> set[str]:
    return {name for store in stores for name in _named(store / folder, pattern)}


def _named(place: Path, pattern: re.Pattern[str]) -> set[str]:
    """Return what *pattern* finds in the names of the files in *place*, if there is such a place."""
    names = files.names(place) if place.is_dir() else []
    return {match[1] for match in map(pattern.fullmatch, names) if match}


def _grants(store: Path) -> Iterator[Grant]:
    place = store / GRANTS
    for grant_id in _named(place, _WITHDRAWAL):
        try:
            note = files.read(place, f"{grant_id}.note", limit=_LIMIT).decode()
            grant = open_grant(note, claimed_device(note))
        except (ConsentError, UnicodeDecodeError):
            continue
        if grant.id == grant_id:
            yield grant


def _grant_of(episodes: EpisodeStore, episode_id: str) -> str:
    try:
        return walk(episodes.read(episode_id)).header.grant
    except (FormatError, VerificationError, StorageError):
        return ""
