"""Erase own episodes: their shares first, so that no copy can be read, then the files."""

from dataclasses import dataclass
from datetime import datetime

from overt.errors import FormatError, VerificationError
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
        StorageError: There is no such episode, or the disk refused.
    """
    store = EpisodeStore(home.episodes_directory)
    grants = _grants(home, store.read(episode_id))
    shares = sum(shred_episode(home.shares_directory, grant, episode_id) for grant in grants)
    trace_if_open(home, "erase", at, {"id": episode_id})
    files.unlink(home.approvals_directory, f"{episode_id}.note", missing_ok=True)
    store.unlink(episode_id)
    return Erased(episode_id=episode_id, shares=shares)


def _grants(home: Home, data: bytes) -> list[str]:
    """Return the grant that the episode names, or every grant there is when the file is too damaged to say."""
    try:
        return [walk(data).header.grant]
    except (FormatError, VerificationError):
        return [path.stem for path in home.grants_directory.glob("*.note")]
