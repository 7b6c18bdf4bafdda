"""The keys of a role: the one it signs with, and a stock age identity, about which the first one makes a statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.errors import KeyAccessError, StorageError
from overt.format.age_write import new_identity
from overt.format.note import NoteSigner
from overt.keys.at_rest import keep_public, keep_secret, load_public, load_secret, signer_of
from overt.keys.device import load_device
from overt.keys.passphrase import PassphraseSource
from overt.keys.put import STATE
from overt.keys.statement import StatedRole, Statement, open_statement, sign_statement
from overt.store import files
from overt.store.home import Home, Role

IDENTITY_NAMES: Final[Mapping[Role, StatedRole]] = {
    Role.ADMIN: "exporter",
    Role.OFFICER: "auditor",
    Role.EMPLOYEE: "employee",
    Role.VAULT: "vault",
}
"""What the age identity of each role's home is called."""

SIGNING_NAMES: Final[Mapping[Role, str]] = {
    Role.ADMIN: "admin",
    Role.OFFICER: "witness",
    Role.EMPLOYEE: "device",
    Role.VAULT: "vault-log",
}
"""What the signing key of each role's home is called; the employee's is the device key, which has a room of its own."""

_LIMIT: Final = 64_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A key of a home as anybody may see it: its *name*, its *kind* (``age`` or ``signing``) and the public text.

    Of an age key *statement* is the note about it; a signing key has none.
    """

    name: str
    kind: str
    public: str
    statement: str = ""


def new_role_identity(home: Home, signer: NoteSigner, passphrases: PassphraseSource) -> PublicKey:
    """Make the identity of *home*'s role, keep it, and state its recipient, signed by the role's *signer*.

    Raises:
        KeyAccessError: No passphrase could be had.
        StorageError: There is an identity already, or the disk refused.
    """
    name = IDENTITY_NAMES[home.role]
    identity = new_identity()
    keep_secret(home, name, identity.text, passphrases)
    keep_public(home, name, identity.recipient)
    note = publish_statement(home, Statement(epoch=1, recipient=identity.recipient, role=name), signer)
    return PublicKey(name=name, kind="age", public=identity.recipient, statement=note)


def new_signing_key(home: Home, key_name: str, passphrases: PassphraseSource) -> NoteSigner:
    """Make the signing key of *home*'s role, which signs as *key_name*, keep it, and return it."""
    name = SIGNING_NAMES[home.role]
    signer = NoteSigner.generate(key_name)
    keep_secret(home, name, signer.seed().hex(), passphrases)
    keep_public(home, name, signer.vkey)
    return signer


def publish_statement(home: Home, statement: Statement, signer: NoteSigner) -> str:
    """Put *statement*, signed by *signer*, in the place of an older one in *home*, and return the note."""
    note = sign_statement(statement, signer)
    directory, name = _statement_place(home)
    files.replace(directory, name, note.encode())
    return note


def statement_note(home: Home) -> str:
    """Return the note in which *home*'s role states its present recipient; raises ``KeyAccessError``."""
    directory, name = _statement_place(home)
    try:
        note = files.read(directory, name, limit=_LIMIT).decode()
    except (StorageError, UnicodeDecodeError):
        raise KeyAccessError(
            f"the statement about the {IDENTITY_NAMES[home.role]} key cannot be read",
            hint="restore it from your own backup",
        ) from None
    open_statement(note, signer_vkey(home), IDENTITY_NAMES[home.role])
    return note


def load_statement(home: Home) -> Statement:
    """Return what *home*'s role states of its present recipient; raises ``KeyAccessError``."""
    return open_statement(statement_note(home), signer_vkey(home), IDENTITY_NAMES[home.role])


def signer_vkey(home: Home) -> str:
    """Return the verifier key with which *home*'s role signs; its name is what comes before the first ``+``."""
    return load_public(home, SIGNING_NAMES[home.role])


def load_identity(home: Home, passphrases: PassphraseSource) -> str:
    """Return the age identity of *home*'s role (``AGE-SECRET-KEY-PQ-1…``); raises ``KeyAccessError``."""
    return load_secret(home, IDENTITY_NAMES[home.role], passphrases)


def load_recipient(home: Home) -> str:
    """Return the age recipient that *home*'s role states; raises ``KeyAccessError``."""
    return load_statement(home).recipient


def load_signer(home: Home, passphrases: PassphraseSource) -> NoteSigner:
    """Return the signing key of *home*'s role, the employee's device key included; raises ``KeyAccessError``."""
    if home.role is Role.EMPLOYEE:
        return load_device(home, passphrases)
    name = SIGNING_NAMES[home.role]
    return signer_of(load_public(home, name), load_secret(home, name, passphrases))


def public_keys(home: Home) -> tuple[PublicKey, ...]:
    """Return the public halves of all keys in *home*, by name; raises ``KeyAccessError``."""
    names = sorted(path.stem for path in home.keys_directory.glob("*.pub"))
    return tuple(_public(home, name) for name in names)


def _public(home: Home, name: str) -> PublicKey:
    public = load_public(home, name)
    if name != IDENTITY_NAMES[home.role]:
        return PublicKey(name=name, kind="signing", public=public)
    return PublicKey(name=name, kind="age", public=public, statement=statement_note(home))


def _statement_place(home: Home) -> tuple[Path, str]:
    if home.role is Role.VAULT:
        return home.shares_directory, STATE
    return home.keys_directory, f"{IDENTITY_NAMES[home.role]}.note"
