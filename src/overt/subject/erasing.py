"""Erase own episodes: their shares first, so that no copy can be read, then the files."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from overt.errors import FormatError, OvertError, StorageError, VerificationError
from overt.format.walk import walk
from overt.keys.exchange.order import write_erasure
from overt.keys.passphrase import no_passphrase
from overt.keys.rekey import rekey_due, rekey_vault
from overt.keys.shred import shred_episode
from overt.keys.tombstones import ERASURES
from overt.keys.vault import vault_at_hand
from overt.keys.vault_contract import Progress, unseen
from overt.keys.withdrawal_key import withdrawal_key
from overt.store import files
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.subject.trace import trace_if_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """One episode was erased; *shares* were destroyed for it: none when the vault was not at hand or had none.

    *order* is the signed note that the vault, and whoever has a copy, need from elsewhere; none when the disk was full.
    *settled* says that the vault at hand has a new master since, so that no old copy of a share opens either.
    """

    episode_id: str
    shares: int
    order: Path | None
    settled: bool


def erase(home: Home, episode_ids: Sequence[str], at: datetime, progress: Progress = unseen) -> list[Erased]:
    """Destroy the episodes' shares, then their files, whatever state they are in; needs no key.

    A vault at hand gets a new master once, after the last of them.

    Raises:
        StorageError: The disk refused; what was erased so far stays so.
    """
    erased = [_erase(home, episode_id, at) for episode_id in episode_ids]
    settled = bool(erased) and rekey_at_hand(home, at, progress) is not None
    return [replace(each, settled=settled) for each in erased]


def rekey_at_hand(home: Home, at: datetime, progress: Progress = unseen) -> int | None:
    """Replace the master of the vault at hand if that is due and needs no passphrase, and return its new epoch."""
    try:
        vault = vault_at_hand(home)
        if vault.trial and rekey_due(vault):
            return rekey_vault(vault, no_passphrase, at, progress)
    except (OvertError, OSError):
        pass
    return None


def _erase(home: Home, episode_id: str, at: datetime) -> Erased:
    grants = _grants(home, episode_id)
    orders = [_order(home, grant, episode_id, at) for grant in grants]
    try:
        shares = _shred_all(home, grants, episode_id)
    except StorageError:
        # On a full disk there is room for the tombstone only when the files are gone.
        _unlink(home, episode_id)
        shares = _shred_all(home, grants, episode_id)
    try:
        _trace(home, episode_id, at)
        _unlink(home, episode_id)
    except OvertError:
        # On a full disk the log has room only when the files are gone; and a broken log keeps nothing alive.
        _unlink(home, episode_id)
        _trace(home, episode_id, at)
    return Erased(episode_id=episode_id, shares=shares, order=next(iter(filter(None, orders)), None), settled=False)


def _shred_all(home: Home, grants: list[str], episode_id: str) -> int:
    return sum(_shred(place, grant, episode_id) for place in home.shares_places for grant in grants)


def _shred(place: Path, grant: str, episode_id: str) -> int:
    """Destroy the shares in *place*, if it can be reached: the vault's may not be at hand."""
    return shred_episode(place, grant, episode_id) if place.is_dir() else 0


def _order(home: Home, grant: str, episode_id: str, at: datetime) -> Path | None:
    """Keep the note that orders others to destroy their copies; on a full disk there is none, and it counts here."""
    directory = home.path / ERASURES
    name = f"{grant}.{episode_id}.note"
    with suppress(StorageError):
        if not (directory / name).exists():
            note = write_erasure(grant, episode_id, at, withdrawal_key(home, grant))
            files.replace(files.ensure_directory(directory), name, note.encode())
        return directory / name
    return None


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
