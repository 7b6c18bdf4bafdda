"""Erase what has been kept for as long as was promised."""

from datetime import UTC, datetime, timedelta

from overt.errors import FormatError, StorageError, VerificationError
from overt.format.walk import walk
from overt.keys.consent_files import load_grants
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.subject.erasing import Erased, erase


def sweep(home: Home, at: datetime) -> list[Erased]:
    """Erase every own episode whose file was last written as long before *at* as its grant allows, and return them.

    An episode that names no known grant is measured by the shortest promise that was ever made.

    Raises:
        ConsentError: A grant was changed, so that its promise cannot be believed.
        StorageError: The disk refused; what was erased so far stays erased.
    """
    promises = {grant.id: timedelta(days=grant.promises.retention_days) for grant in load_grants(home)}
    if not promises:
        return []
    shortest = min(promises.values())
    store = EpisodeStore(home.episodes_directory)
    due = [
        episode_id
        for episode_id in store.list()
        if at - _written(home, episode_id) >= promises.get(_grant_of(store, episode_id), shortest)
    ]
    return erase(home, due, at)


def _written(home: Home, episode_id: str) -> datetime:
    modified = (home.episodes_directory / f"{episode_id}.ep").lstat().st_mtime
    return datetime.fromtimestamp(modified, UTC)


def _grant_of(store: EpisodeStore, episode_id: str) -> str:
    try:
        return walk(store.read(episode_id)).header.grant
    except (FormatError, VerificationError, StorageError):
        return ""
