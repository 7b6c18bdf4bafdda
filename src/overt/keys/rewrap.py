"""Wrap the keys of stored episodes for those who may read them now. No byte of an episode is ever touched.

The outer layer of a ``.keys`` file is opened and made anew; the inner one, for the vault's share, stays closed. So it
needs neither the vault nor the episode's content, and whoever can open a section's outer layer can do it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from overt.errors import ConsentError, FormatError, KeyAccessError, StorageError, VerificationError
from overt.format import age_write, section_keys
from overt.format.container import read_member
from overt.format.episode import EPISODE, OPENING, SECTIONS, EpisodeHeader, SectionName
from overt.format.note import verify_note
from overt.keys.consent_files import load_organisation
from overt.keys.device import device_vkey
from overt.keys.handover import GRANTS, PEOPLE
from overt.keys.identities import load_recipient, load_signer, load_statement, signer_vkey
from overt.keys.passphrase import PassphraseSource, asked_once
from overt.keys.recipients import RoleRecipients
from overt.keys.rotate import KEYS_OF_HOME, log_of
from overt.keys.rotated import Keyring
from overt.keys.sign import claimed_device, open_grant
from overt.keys.statement import Statement, open_statement
from overt.store import files
from overt.store.episodes import EpisodeStore
from overt.store.home import Home, Role

_LIMIT: Final = 1 << 20
_DONE: Final = "rewrapped.json"
_ROLES: Final[tuple[Literal["auditor", "exporter"], ...]] = ("auditor", "exporter")
_BATCH: Final = 32
"""After how many episodes the progress is written down: a kill repeats at most so many."""
_MOST: Final = 1 << 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrapped:
    """What became of one episode's keys: the *sections* wrapped anew, those *left* as they were, and why if any.

    *already* says that an earlier call had done this one.
    """

    episode_id: str
    sections: tuple[SectionName, ...] = ()
    left: tuple[SectionName, ...] = ()
    reason: str = ""
    already: bool = False


class Rewrapper:
    """Wraps keys for the present recipients, as the roles of *home*'s organisation state them."""

    def __init__(self, home: Home, directory: Path | None, passphrases: PassphraseSource, at: datetime) -> None:
        """Look at the hand-over *directory*, or at the employee's own episodes when there is none.

        Raises:
            KeyAccessError: The role of *home* reads no episodes, or a key stays locked.
            PolicyError: *home* has joined no organisation.
            StorageError: *directory* or the log cannot be read.
        """
        _check_place(home, directory)
        once = asked_once(passphrases, KEYS_OF_HOME)
        self._keyring = Keyring(home, once)
        self._keyring.unlock()
        self._log = log_of(home, load_signer(home, once), at)
        self._present = _present_recipients(home)
        self._own = (device_vkey(home), load_recipient(home)) if directory is None else None
        self._directory = directory or home.episodes_directory
        self._store = EpisodeStore(self._directory)
        self._there = frozenset(self._store.list_keys())
        self._progress = _Progress(home)

    def ids(self) -> list[str]:
        """Return the ids of the episodes, sorted; raises ``StorageError``."""
        return self._store.list()

    def run(self, ids: list[str]) -> Iterator[Rewrapped]:
        """Wrap the keys of *ids* one by one, and yield what became of each; stop at any point and call it again.

        Raises:
            StorageError: The disk refused; the files are whole, each of them old or new.
        """
        try:
            for number, episode_id in enumerate(ids, start=1):
                yield self._one(episode_id)
                if number % _BATCH == 0:
                    self._progress.save()
        finally:
            self._progress.save()

    def _one(self, episode_id: str) -> Rewrapped:
        if episode_id not in self._there:
            return Rewrapped(episode_id=episode_id, reason="it has no .keys file")
        stored = self._store.read_keys(episode_id)
        try:
            roles = RoleRecipients(**self._present, employee=self._employee(episode_id))
            done = self._progress.sections(episode_id, stored, roles)
            if done is not None:
                return _outcome(episode_id, done, already=True)
            return self._rewrap(episode_id, section_keys.parse_keys(stored), roles)
        except (FormatError, VerificationError, ConsentError, KeyAccessError) as problem:
            return Rewrapped(episode_id=episode_id, left=SECTIONS, reason=str(problem))

    def _rewrap(self, episode_id: str, wrapped: Mapping[SectionName, bytes], roles: RoleRecipients) -> Rewrapped:
        inner = {section: self._keyring.unsealed(wrapped[section]) for section in SECTIONS}
        renewed = {
            section: age_write.encrypt(opened, roles.of(section))
            for section, opened in inner.items()
            if opened is not None
        }
        done = tuple(section for section in SECTIONS if section in renewed)
        if done:
            data = section_keys.render_keys({**wrapped, **renewed})
            # Logged first: no file is ever there that the log does not know.
            self._log({"type": "rewrap", "id": episode_id, "sha256": hashlib.sha256(data).hexdigest()})
            self._store.replace_keys(episode_id, data)
            self._progress.add(episode_id, data, roles, done)
        return _outcome(episode_id, done, already=False)

    def _employee(self, episode_id: str) -> str:
        """Return the recipient of who recorded the episode, as the device that signed its opening states it."""
        header, opening = _opening(self._store.read(episode_id))
        if self._own is not None:
            device, recipient = self._own
        else:
            device = _grant_device(self._directory, header.grant)
            recipient = self._progress.newest(device, _stated_employee(self._directory, device))
        if header.id != episode_id or verify_note(opening, device) != header.opening_text():
            raise VerificationError("it is not an episode of the device that its grant names")
        return recipient


class _Progress:
    """What earlier calls have wrapped, and for whom, so that it is not done twice; losing it costs time alone."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._done: dict[str, str] = {}
        with suppress(StorageError, ValueError, RecursionError):
            known = json.loads(files.read(home.path, _DONE, limit=_MOST))
            self._done = {str(name): str(value) for name, value in dict(known).items()}
        self._saved = dict(self._done)

    def sections(self, episode_id: str, stored: bytes, roles: RoleRecipients) -> tuple[SectionName, ...] | None:
        """Return the sections that are wrapped for *roles* in just these *stored* bytes, or nothing."""
        digest, _, sections = self._done.get(episode_id, "").partition(" ")
        if digest != _digest(stored, roles):
            return None
        return tuple(section for section in SECTIONS if section in sections)

    def add(self, episode_id: str, stored: bytes, roles: RoleRecipients, sections: tuple[SectionName, ...]) -> None:
        self._done[episode_id] = f"{_digest(stored, roles)} {''.join(sections)}"

    def newest(self, device: str, stated: Statement) -> str:
        """Return the recipient that is *stated* by *device*; raises ``KeyAccessError`` if a newer one was seen."""
        name, known = f"device {device}", f"{stated.epoch} {hashlib.sha256(stated.recipient.encode()).hexdigest()}"
        seen = self._done.setdefault(name, known)
        number = seen.partition(" ")[0]
        epoch = int(number) if number.isdecimal() else 0
        if stated.epoch < epoch or (stated.epoch == epoch and seen != known):
            raise KeyAccessError(f"the statement of its person's key (epoch {stated.epoch}) is not the newest, {epoch}")
        self._done[name] = known
        return stated.recipient

    def save(self) -> None:
        if self._done != self._saved:
            files.replace(self._home.path, _DONE, json.dumps(self._done, sort_keys=True).encode())
            self._saved = dict(self._done)


def _digest(stored: bytes, roles: RoleRecipients) -> str:
    whom = f"{roles.auditor}\n{roles.exporter}\n{roles.employee}".encode()
    return hashlib.sha256(hashlib.sha256(stored).digest() + hashlib.sha256(whom).digest()).hexdigest()


def _outcome(episode_id: str, done: tuple[SectionName, ...], *, already: bool) -> Rewrapped:
    left = tuple(section for section in SECTIONS if section not in done)
    reason = {SECTIONS: "no identity of this home opens it", ("c",): "this key opens none of them"}.get(left, "")
    if left == ("m",):
        reason = "its metadata keys open for nobody here"
    return Rewrapped(episode_id=episode_id, sections=() if already else done, left=left, reason=reason, already=already)


def _check_place(home: Home, directory: Path | None) -> None:
    if home.role is Role.VAULT:
        raise KeyAccessError("the vault's key opens no .keys file", hint="for its shares: overt keys rotate")
    if directory is None and home.role is not Role.EMPLOYEE:
        raise KeyAccessError("this home holds no episodes", hint="name the directory that they were handed over to")


def _present_recipients(home: Home) -> dict[Literal["auditor", "exporter"], str]:
    """Return what auditor and exporter state: in the bundle, or newer in *home* itself."""
    organisation = load_organisation(home)
    stated = {role: organisation.statement_of(role) for role in _ROLES}
    own = load_statement(home)
    for role in _ROLES:
        ours = own.role == role and signer_vkey(home) == getattr(organisation.recipients, role)
        if ours and own.epoch > stated[role].epoch:
            stated[role] = own
    return {role: stated[role].recipient for role in _ROLES}


def _opening(episode: bytes) -> tuple[EpisodeHeader, str]:
    first = read_member(episode, 0)
    second = read_member(episode, first.end)
    if (first.name, second.name) != (EPISODE, OPENING):
        raise FormatError("it does not begin like an episode")
    try:
        return EpisodeHeader.parse(first.data), second.data.decode()
    except UnicodeDecodeError:
        raise FormatError("its opening is not text") from None


def _grant_device(directory: Path, grant_id: str) -> str:
    note = _note(directory / GRANTS, f"{grant_id}.note", "grant")
    device = claimed_device(note)
    if open_grant(note, device).id != grant_id:
        raise ConsentError("a grant lies under the name of another")
    return device


def _stated_employee(directory: Path, device: str) -> Statement:
    note = _note(directory / PEOPLE, f"{device.partition('+')[0]}.note", "statement of its person's key")
    return open_statement(note, device, "employee")


def _note(directory: Path, name: str, what: str) -> str:
    try:
        return files.read(directory, name, limit=_LIMIT).decode()
    except (StorageError, UnicodeDecodeError):
        raise ConsentError(f"there is no {what} beside it") from None
