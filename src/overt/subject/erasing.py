"""Erase own episodes: their shares first, so that no copy can be read, then the files."""

from dataclasses import dataclass
from datetime import datetime

from overt.errors import FormatError, OvertError, StorageError, VerificationError
from overt.format.walk import walk
from overt.keys.shred import shred_episode
from overt.store import files
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.subject.trace import trace_if_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """One episode was erased; *shares* were destroyed for it: none when the vault was not at hand or had none."""

    episode_id: str
    shares: int


def erase(home: Home, episode_id: str, at: datetime) -> Erased:
    """Destroy the episode's shares, then its files, whatever state they are in; needs no key.

    Raises:
        StorageError: The disk refused.
    """
    grants = _grants(home, episode_id)
    shares = sum(shred_episode(place, grant, episode_id) for place in home.shares_places for grant in grants)
    try:
        _trace(home, episode_id, at)
        _unlink(home, episode_id)
    except OvertError:
        # On a full disk the log has room only when the files are gone; and a broken log keeps nothing alive.
        _unlink(home, episode_id)
        _trace(home, episode_id, at)
    return Erased(episode_id=episode_id, shares=shares)


def _trace(home: Home, episode_id: str, at: datetime) -> None:
    trace_if_open(home, "erase", at, {"id": episode_id})


def _unlink(home: Home, episode_id: str) -> None:
    files.unlink(home.approvals_directory, f"{episode_id}.note", missing_ok=True)
    EpisodeStore(home.episodes_directory).unlink(episode_id)


def _grants(home: Home, episode_id: str) -> list[str]:
    """Return the grant that the episode names, or every grant there is when the file is too damaged to say."""
    try:
        return [walk(EpisodeStore(home.episodes_directory).read(episode_id)).header.grant]
    except (FormatError, VerificationError, StorageError):
        return [path.stem for path in home.grants_directory.glob("*.note")]
