"""Role identities: stock age identities, each in its own role's home."""

from dataclasses import dataclass
from typing import Final

from overt.errors import FormatError, KeyAccessError
from overt.format.age_write import check_recipient, new_identity
from overt.format.note import NoteSigner
from overt.keys.at_rest import keep_public, keep_secret, load_public, load_secret
from overt.keys.passphrase import PassphraseSource
from overt.store.home import Home, Role

IDENTITY_NAMES: Final = {
    Role.ADMIN: "exporter",
    Role.OFFICER: "auditor",
    Role.EMPLOYEE: "employee",
    Role.VAULT: "vault",
}
"""What the age identity of each role's home is called."""

SIGNING_NAMES: Final = {Role.ADMIN: "admin", Role.VAULT: "vault-log"}
"""What the signing key of a role's home is called; the employee's is the device key, which has a room of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A key of a home as anybody may see it: its *name*, its *kind* (``age`` or ``signing``) and the public text."""

    name: str
    kind: str
    public: str


def new_role_identity(home: Home, passphrases: PassphraseSource) -> PublicKey:
    """Make the identity of *home*'s role and keep it; raises ``KeyAccessError`` or ``StorageError``."""
    name = IDENTITY_NAMES[home.role]
    identity = new_identity()
    keep_secret(home, name, identity.text, passphrases)
    keep_public(home, name, identity.recipient)
    return PublicKey(name=name, kind="age", public=identity.recipient)


def new_signing_key(home: Home, key_name: str, passphrases: PassphraseSource) -> PublicKey:
    """Make the signing key of *home*'s role, which signs as *key_name*, and keep it."""
    name = SIGNING_NAMES[home.role]
    signer = NoteSigner.generate(key_name)
    keep_secret(home, name, signer.seed().hex(), passphrases)
    keep_public(home, name, signer.vkey)
    return PublicKey(name=name, kind="signing", public=signer.vkey)


def load_identity(home: Home, passphrases: PassphraseSource) -> str:
    """Return the age identity of *home*'s role (``AGE-SECRET-KEY-PQ-1…``); raises ``KeyAccessError``."""
    return load_secret(home, IDENTITY_NAMES[home.role], passphrases)


def load_recipient(home: Home) -> str:
    """Return the age recipient of *home*'s role; raises ``KeyAccessError``."""
    recipient = load_public(home, IDENTITY_NAMES[home.role])
    try:
        return check_recipient(recipient)
    except FormatError:
        raise KeyAccessError("the public key of this home is damaged", hint="see: overt keys list") from None


def load_signer(home: Home, passphrases: PassphraseSource) -> NoteSigner:
    """Return the signing key of *home*'s role; raises ``KeyAccessError``."""
    name = SIGNING_NAMES[home.role]
    return signer_of(load_public(home, name), load_secret(home, name, passphrases))


def signer_of(vkey: str, seed_hex: str) -> NoteSigner:
    """Return the signer with the seed *seed_hex* if *vkey* is its public half; raises ``KeyAccessError``."""
    try:
        signer = NoteSigner.from_seed(vkey.partition("+")[0], bytes.fromhex(seed_hex))
    except (ValueError, FormatError):
        raise KeyAccessError("the stored signing key is damaged", hint="restore it from your own backup") from None
    if signer.vkey != vkey:
        raise KeyAccessError("the stored signing key does not belong to its public half")
    return signer


def public_keys(home: Home) -> tuple[PublicKey, ...]:
    """Return the public halves of all keys in *home*, by name; raises ``KeyAccessError``."""
    names = sorted(path.stem for path in home.keys_directory.glob("*.pub"))
    return tuple(_public(name, load_public(home, name)) for name in names)


def _public(name: str, public: str) -> PublicKey:
    return PublicKey(name=name, kind="age" if public.startswith("age1") else "signing", public=public)
