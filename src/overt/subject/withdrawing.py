"""Withdraw: effective at once and with nothing at hand; destroys what it can reach and says what it could not."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from overt.consent.instants import whole_seconds
from overt.consent.withdrawal import Withdrawal
from overt.errors import FormatError, KeyAccessError, OvertError, StorageError
from overt.format.walk import walk
from overt.keys.consent_files import withdrawn
from overt.keys.passphrase import no_passphrase
from overt.keys.rekey import rekey_vault
from overt.keys.shred import shred_grant
from overt.keys.sign import sign_withdrawal
from overt.keys.vault import vault_at_hand
from overt.keys.withdrawal_key import withdrawal_key
from overt.store import files
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.subject.trace import trace_if_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """What a withdrawal did: which grants it ended, and how many shares and episode files it destroyed.

    *vault_epoch* is the vault's new epoch when its master was replaced. *unreached* says in words what is still to do.
    """

    grants: tuple[str, ...]
    shares: int
    episodes: int
    vault_epoch: int | None
    unreached: tuple[str, ...]


def withdraw(home: Home, at: datetime) -> Withdrawn:
    """Withdraw every grant in *home* as of *at* (aware). Repeating it only destroys what could not be reached before.

    Raises:
        StorageError: A withdrawal could not be written; everything that could be written stands.
    """
    grants = tuple(sorted(path.stem for path in home.grants_directory.glob("*.note")))
    fresh = tuple(grant for grant in grants if not withdrawn(home, grant))
    for grant in fresh:
        _write(home, grant, at)
    for grant in fresh:
        trace_if_open(home, "withdraw", at, {"grant": grant})
    return _destroy(home, grants, fresh, at)


def _write(home: Home, grant: str, at: datetime) -> None:
    withdrawal = Withdrawal(grant=grant, at=whole_seconds(at))
    note = sign_withdrawal(withdrawal, withdrawal_key(home, grant))
    files.create_exclusive(home.withdrawals_directory, f"{grant}.note", note.encode())


def _destroy(home: Home, grants: tuple[str, ...], fresh: tuple[str, ...], at: datetime) -> Withdrawn:
    unreached: list[str] = []
    shares = sum(_shred(home.shares_directory, grant, unreached) for grant in grants)
    epoch = _rekey(home, at, unreached) if shares or fresh else None
    episodes = _unlink_episodes(home, frozenset(grants), unreached)
    return Withdrawn(
        grants=fresh, shares=shares, episodes=episodes, vault_epoch=epoch, unreached=tuple(dict.fromkeys(unreached))
    )


def _shred(directory: Path, grant: str, unreached: list[str]) -> int:
    try:
        return shred_grant(directory, grant)
    except StorageError:
        unreached.append("the vault's shares could not be destroyed: run this again when the vault is at hand")
        return 0


def _rekey(home: Home, at: datetime, unreached: list[str]) -> int | None:
    try:
        vault = vault_at_hand(home)
        if vault.trial:
            return rekey_vault(vault, no_passphrase, at)
    except (KeyAccessError, OvertError):
        pass
    unreached.append("the vault's master is still the old one: its keeper replaces it with overt keys rotate")
    return None


def _unlink_episodes(home: Home, grants: frozenset[str], unreached: list[str]) -> int:
    store = EpisodeStore(home.episodes_directory)
    removed = 0
    for episode_id in store.list():
        try:
            if walk(store.read(episode_id)).header.grant in grants:
                store.unlink(episode_id)
                files.unlink(home.approvals_directory, f"{episode_id}.note", missing_ok=True)
                removed += 1
        except (OvertError, FormatError):
            unreached.append(f"the file of the episode {episode_id} could not be removed; no key to it is left")
    return removed
