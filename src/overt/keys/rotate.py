"""Replace a role's age identity: the role stays the same, the old identity is kept for reading, nobody consents anew.

Broken off at any moment it is finished by the next one. In this order: the new identity is kept as ``<name>-next``, the
old one as ``<name>-<epoch>``; then the role states the new recipient, which is what counts; then it is logged; then the
new identity takes the old one's place.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from overt.consent.instants import instant_text, whole_seconds
from overt.errors import FormatError, KeyAccessError
from overt.format.age_write import Identity, new_identity, recipient_of
from overt.format.note import NoteSigner
from overt.keys.at_rest import (
    copy_secret,
    drop_secret,
    has_secret,
    keep_secret,
    load_secret,
    replace_public,
    replace_secret,
)
from overt.keys.identities import (
    IDENTITY_NAMES,
    SIGNING_NAMES,
    load_identity,
    load_signer,
    load_statement,
    publish_statement,
    signer_vkey,
    statement_note,
)
from overt.keys.passphrase import PassphraseSource, asked_once
from overt.keys.rotated import has_next, next_name, retired_epochs, retired_name
from overt.keys.statement import Statement, open_statement
from overt.ledger.log import Ledger
from overt.policy.canonical import JsonValue
from overt.store import files
from overt.store.home import Home, Role

KEYS_OF_HOME: Final = "the keys of this home"
_LIMIT: Final = 64_000


def rotate_identity(home: Home, passphrases: PassphraseSource, at: datetime) -> Statement:
    """Give *home*'s role, any but the vault's, a new age identity as of *at*, and return what is stated of it.

    Raises:
        KeyAccessError: A key stays locked, or the present identity is not the one that is stated.
        StorageError: The disk refused; what was begun is finished by the next call.
    """
    once = asked_once(passphrases, KEYS_OF_HOME)
    signer = load_signer(home, once)
    stated = load_statement(home)
    new = _next_identity(home, stated, once)
    if stated.recipient != new.recipient:
        _retire(home, stated.epoch)
        stated = Statement(epoch=stated.epoch + 1, recipient=new.recipient, role=stated.role)
        publish_statement(home, stated, signer)
    log_of(home, signer, at)(_rotated(stated.role, stated.epoch, statement_note(home)))
    _take_over(home, new)
    return stated


def adopt_identity(home: Home, identity: str, passphrases: PassphraseSource) -> bool:
    """Make *identity* the one that takes over in *home* at the next rotation; say no when *home* has it already.

    Raises:
        KeyAccessError: A rotation that was broken off is to be finished first, or a key stays locked.
        StorageError: The disk refused.
    """
    if has_next(home):
        if load_secret(home, next_name(home), passphrases) == identity:
            return True
        raise KeyAccessError("another new key waits in this home", hint="finish that first: overt keys rotate")
    present = load_identity(home, passphrases)
    kept = [load_secret(home, retired_name(home, epoch), passphrases) for epoch in retired_epochs(home)]
    if identity in (present, *kept):
        return False
    keep_secret(home, next_name(home), identity, passphrases)
    return True


def rotate_witness(officer: Home, passphrases: PassphraseSource) -> NoteSigner:
    """Give the officer's home a new signing key, under a new name, let it state the present recipient, and return it.

    The organisation knows the officer by the old key, which is destroyed here: it needs a new bundle, and everybody's
    consent anew. Broken off at any moment it is finished by the next call.

    Raises:
        KeyAccessError: The old key stays locked.
        StorageError: The disk refused.
    """
    once = asked_once(passphrases, KEYS_OF_HOME)
    name = SIGNING_NAMES[officer.role]
    new = _next_signer(officer, name, once)
    stated = _stated_by_either(officer, new.vkey)
    publish_statement(officer, stated, new)
    replace_secret(officer, name, new.seed().hex(), once)
    replace_public(officer, name, new.vkey)
    drop_secret(officer, f"{name}-next")
    return new


def log_of(home: Home, signer: NoteSigner, at: datetime) -> Callable[[Mapping[str, JsonValue]], object]:
    """Return what logs an act in *home*, as of *at*, by the role's *signer*; an officer keeps no log.

    Raises:
        VerificationError: The log was changed.
        StorageError: The disk refused; what is returned raises the same.
    """
    if home.role is Role.OFFICER:
        return lambda _: None
    instant = instant_text(whole_seconds(at))
    # A device's log says the day and no more: hours of work are nobody's business.
    when = {"day": instant[:10]} if home.role is Role.EMPLOYEE else {"at": instant}
    log = Ledger(home.log_directory, signer)
    return lambda act: log.append({**act, **when})


def _rotated(role: str, epoch: int, note: str) -> dict[str, JsonValue]:
    return {"type": "rotate", "role": role, "epoch": epoch, "sha256": hashlib.sha256(note.encode()).hexdigest()}


def _next_identity(home: Home, stated: Statement, passphrases: PassphraseSource) -> Identity:
    """Return the identity that takes over: what a call that was broken off has left, or a fresh one."""
    if has_next(home):
        text = load_secret(home, next_name(home), passphrases)
        return Identity(text, recipient_of(text))
    # It is opened so that a mistyped passphrase is not the new one's.
    if recipient_of(load_identity(home, passphrases)) != stated.recipient:
        raise KeyAccessError(
            f"the {stated.role} key is not the one that is stated", hint="restore both from the same backup"
        )
    identity = new_identity()
    keep_secret(home, next_name(home), identity.text, passphrases)
    return identity


def _retire(home: Home, epoch: int) -> None:
    copy_secret(home, IDENTITY_NAMES[home.role], retired_name(home, epoch))


def _take_over(home: Home, new: Identity) -> None:
    name = IDENTITY_NAMES[home.role]
    replace_public(home, name, new.recipient)
    copy_secret(home, next_name(home), name)
    drop_secret(home, next_name(home))


def _next_signer(officer: Home, name: str, passphrases: PassphraseSource) -> NoteSigner:
    """Return the signer that takes over. Name and seed are in one file: neither is there without the other."""
    if not has_secret(officer, f"{name}-next"):
        load_signer(officer, passphrases)
        fresh = NoteSigner.generate(f"{name}-{secrets.token_hex(8)}")
        keep_secret(officer, f"{name}-next", f"{fresh.name} {fresh.seed().hex()}", passphrases)
        return fresh
    called, _, seed = load_secret(officer, f"{name}-next", passphrases).partition(" ")
    try:
        return NoteSigner.from_seed(called, bytes.fromhex(seed))
    except (ValueError, FormatError):
        raise KeyAccessError(f"the new {name} key is damaged", hint=f"remove {name}-next and begin again") from None


def _stated_by_either(officer: Home, new_vkey: str) -> Statement:
    """Return what the old signing key states of the recipient, or the new one when a call was broken off."""
    role = IDENTITY_NAMES[officer.role]
    note = files.read(officer.keys_directory, f"{role}.note", limit=_LIMIT).decode(errors="replace")
    try:
        return open_statement(note, new_vkey, role)
    except KeyAccessError:
        return open_statement(note, signer_vkey(officer), role)
