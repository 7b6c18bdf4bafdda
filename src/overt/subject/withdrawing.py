"""Withdraw: effective at once and with nothing at hand; destroys what it can reach and says what it could not."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from overt.consent.details import not_undone
from overt.consent.instants import whole_seconds
from overt.consent.withdrawal import Withdrawal, parse_withdrawal
from overt.consent.words import words
from overt.errors import FormatError, OvertError, StorageError
from overt.format.note import parse_note
from overt.format.walk import walk
from overt.keys.consent_files import read_text, withdrawal_path, withdrawn
from overt.keys.exchange.order import read_order
from overt.keys.rekey import rekey_due
from overt.keys.shred import shred_grant
from overt.keys.sign import sign_withdrawal
from overt.keys.vault import vault_at_hand
from overt.keys.vault_contract import Progress, unseen
from overt.keys.withdrawal_key import withdrawal_key
from overt.store import files
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.subject.deleting import write_request
from overt.subject.erasing import rekey_at_hand
from overt.subject.trace import trace_if_open

_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """What a withdrawal did: which grants it ended, and how many shares and episode files it destroyed.

    *before* is when the newest was withdrawn, where all had been before this. *vault_epoch* is the vault's new epoch
    when its master was replaced. *request* is the file that has exports deleted, if there was ever a grant. *unreached*
    says in words what is still to do.
    """

    grants: tuple[str, ...]
    shares: int
    episodes: int
    vault_epoch: int | None
    request: Path | None
    unreached: tuple[str, ...]
    before: datetime | None = None


def cannot_undo() -> tuple[str, ...]:
    """Return in plain words what taking a consent back cannot do."""
    return (*not_undone(words("en")), "Copies that somebody keeps without telling.")


def withdraw(home: Home, at: datetime, progress: Progress = unseen) -> Withdrawn:
    """Withdraw every grant in *home* as of *at* (aware). Repeating it only destroys what could not be reached before.

    On a full disk the grant itself is moved to where its withdrawal would be, which needs no space and ends it as well.

    Raises:
        StorageError: Not even that could be done; what was withdrawn before stands.
    """
    grants = _grants(home)
    fresh = tuple(grant for grant in grants if not withdrawn(home, grant))
    for grant in fresh:
        _write(home, grant, at)
    for grant in set(grants) - set(fresh):
        _mend(home, grant, at)
    done = _destroy(home, grants, fresh, at, progress)
    return done if fresh else replace(done, before=_withdrawn_at(home, grants))


def _grants(home: Home) -> tuple[str, ...]:
    """Return the id of every grant that was ever given, readable or not, withdrawn or not."""
    places = (home.grants_directory, home.withdrawals_directory)
    stems = {path.stem for place in places for path in place.glob("*.note")}
    return tuple(sorted(stem for stem in stems if _ID.fullmatch(stem)))


def _withdrawn_at(home: Home, grants: tuple[str, ...]) -> datetime | None:
    """Return when the newest of *grants* was withdrawn, of those that can be read."""
    told: list[datetime] = []
    for grant in grants:
        with suppress(OvertError, FileNotFoundError):
            lying = read_text(withdrawal_path(home, grant))
            told.append(parse_withdrawal(parse_note(lying).text if "\n\n" in lying else lying).at)
    return max(told, default=None)


def _write(home: Home, grant: str, at: datetime) -> None:
    withdrawal = Withdrawal(grant=grant, at=whole_seconds(at))
    note = sign_withdrawal(withdrawal, withdrawal_key(home, grant))
    try:
        files.create_exclusive(home.withdrawals_directory, f"{grant}.note", note.encode())
    except StorageError:
        _displace(home, grant)


def _mend(home: Home, grant: str, at: datetime) -> None:
    """Put a withdrawal, which others can take, where a full disk let nothing but the grant itself be moved to."""
    with suppress(OvertError):
        lying = read_text(withdrawal_path(home, grant))
        if _is_withdrawal(lying):
            return
        if not (home.grants_directory / f"{grant}.note").exists():
            files.create_exclusive(home.grants_directory, f"{grant}.note", lying.encode())
        note = sign_withdrawal(Withdrawal(grant=grant, at=whole_seconds(at)), withdrawal_key(home, grant))
        files.replace(home.withdrawals_directory, f"{grant}.note", note.encode())


def _is_withdrawal(note: str) -> bool:
    try:
        return read_order(note).episode is None
    except FormatError:
        return False


def _displace(home: Home, grant: str) -> None:
    try:
        (home.grants_directory / f"{grant}.note").replace(withdrawal_path(home, grant))
    except OSError as error:
        raise files.refusal("withdraw the grant", grant, error) from error


def _destroy(
    home: Home, grants: tuple[str, ...], fresh: tuple[str, ...], at: datetime, progress: Progress
) -> Withdrawn:
    unreached: list[str] = []
    shares = sum(_shred(place, grant, unreached) for place in home.shares_places for grant in grants)
    epoch = _rekey(home, at, unreached, progress) if grants else None
    episodes = _unlink_episodes(home, frozenset(grants), unreached)
    _trace(home, fresh, at, unreached)
    request = _request(home, unreached)
    return Withdrawn(
        grants=fresh,
        shares=shares,
        episodes=episodes,
        vault_epoch=epoch,
        request=request,
        unreached=tuple(dict.fromkeys(unreached)),
    )


def _request(home: Home, unreached: list[str]) -> Path | None:
    try:
        return write_request(home)
    except StorageError as problem:
        unreached.append(f"the request to delete what was exported is not written, run this again: {problem}")
        return None


def _trace(home: Home, fresh: tuple[str, ...], at: datetime, unreached: list[str]) -> None:
    try:
        for grant in fresh:
            trace_if_open(home, "withdraw", at, {"grant": grant})
    except OvertError as problem:
        unreached.append(f"the withdrawal is not in the log: {problem}")


def _shred(directory: Path, grant: str, unreached: list[str]) -> int:
    try:
        return shred_grant(directory, grant)
    except StorageError:
        unreached.append("the vault's shares could not be destroyed: run this again when the vault is at hand")
        return 0


def _rekey(home: Home, at: datetime, unreached: list[str], progress: Progress) -> int | None:
    epoch = rekey_at_hand(home, at, progress)
    if epoch is None and (left := _left_to_do(home)):
        unreached.append(left)
    return epoch


def _left_to_do(home: Home) -> str:
    """Say what the vault's keeper has still to do, if anything."""
    try:
        vault = vault_at_hand(home)
        if not rekey_due(vault):
            return ""
    except (OvertError, OSError):
        return (
            "the vault has not heard of it: give its keeper, and whoever has copies, the files in "
            f"{home.withdrawals_directory}, for overt vault shred"
        )
    return "the vault's master is still the old one: its keeper replaces it with overt keys rotate"


def _unlink_episodes(home: Home, grants: frozenset[str], unreached: list[str]) -> int:
    store = EpisodeStore(home.episodes_directory)
    removed = 0
    for episode_id in store.list():
        try:
            if walk(store.read(episode_id)).header.grant in grants:
                store.unlink(episode_id)
                files.unlink(home.approvals_directory, f"{episode_id}.note", missing_ok=True)
                removed += 1
        except OvertError:
            unreached.append(f"the file of the episode {episode_id} could not be removed; no key to it is left")
    return removed
