"""Secrets at rest in a home: under a passphrase as stock age files, or plain (0600) where the home is a trial."""

import os
from typing import Final

from overt.errors import FormatError, KeyAccessError, StorageError
from overt.format.age_passphrase import DEFAULT_LOG_N, decrypt_with_passphrase, encrypt_with_passphrase
from overt.format.note import NoteSigner
from overt.keys.passphrase import PassphraseSource
from overt.store import files
from overt.store.home import Home

_LIMIT: Final = 64_000
WORK_FACTOR: int = DEFAULT_LOG_N
"""scrypt's, as a power of two; tests lower it."""


def keep_secret(home: Home, name: str, secret: str, passphrases: PassphraseSource) -> None:
    """Keep *secret*, one line of text, as the key *name* of *home*.

    Raises:
        KeyAccessError: No passphrase could be had.
        StorageError: There is a key of that name, or the disk refused.
    """
    files.create_exclusive(home.keys_directory, secret_file(home, name), _locked(home, name, secret, passphrases))


def replace_secret(home: Home, name: str, secret: str, passphrases: PassphraseSource) -> None:
    """Keep *secret* in the place of what the key *name* of *home* was; raises as :func:`keep_secret`."""
    files.replace(home.keys_directory, secret_file(home, name), _locked(home, name, secret, passphrases))


def copy_secret(home: Home, name: str, to: str) -> None:
    """Keep the key *name* of *home* as the key *to* as well, still under its passphrase; raises ``StorageError``."""
    stored = files.read(home.keys_directory, secret_file(home, name), limit=_LIMIT)
    files.replace(home.keys_directory, secret_file(home, to), stored)


def drop_secret(home: Home, name: str) -> None:
    """Unlink the secret half of the key *name* of *home*, if it is there; raises ``StorageError``."""
    files.unlink(home.keys_directory, secret_file(home, name), missing_ok=True)


def has_secret(home: Home, name: str) -> bool:
    """Say whether *home* keeps the secret half of the key *name* in a file."""
    return os.path.lexists(home.keys_directory / secret_file(home, name))


def secret_file(home: Home, name: str) -> str:
    """Return the name of the file of the secret half of the key *name* of *home*."""
    return f"{name}.txt" if home.trial else f"{name}.age"


def load_secret(home: Home, name: str, passphrases: PassphraseSource) -> str:
    """Return the secret that is kept as the key *name*. A plain file counts in a trial home only.

    Raises:
        KeyAccessError: There is no such key, the passphrase is wrong or missing, or others may read the file.
    """
    stored = read_key_file(home, secret_file(home, name))
    try:
        line = stored if home.trial else decrypt_with_passphrase(stored, passphrases(f"the {name} key"))
        return line.decode("ascii").strip()
    except KeyAccessError as problem:
        raise type(problem)(f"the {name} key stays locked: {problem}", hint=problem.hint) from None
    except (FormatError, UnicodeDecodeError):
        raise KeyAccessError(f"the file of the {name} key is damaged", hint="restore it from your own backup") from None


def signer_of(vkey: str, seed_hex: str) -> NoteSigner:
    """Return the signer with the seed *seed_hex* if *vkey* is its public half; raises ``KeyAccessError``."""
    try:
        signer = NoteSigner.from_seed(vkey.partition("+")[0], bytes.fromhex(seed_hex))
    except (ValueError, FormatError):
        raise KeyAccessError("the stored signing key is damaged", hint="restore it from your own backup") from None
    if signer.vkey != vkey:
        raise KeyAccessError("the stored signing key does not belong to its public half")
    return signer


def keep_public(home: Home, name: str, public: str) -> None:
    """Keep the *public* half of the key *name*, one line; raises ``StorageError``."""
    files.create_exclusive(home.keys_directory, f"{name}.pub", f"{public}\n".encode())


def replace_public(home: Home, name: str, public: str) -> None:
    """Keep *public* in the place of the public half of the key *name*; raises ``StorageError``."""
    files.replace(home.keys_directory, f"{name}.pub", f"{public}\n".encode())


def load_public(home: Home, name: str) -> str:
    """Return the public half of the key *name*; raises ``KeyAccessError`` when there is none."""
    try:
        return read_key_file(home, f"{name}.pub").decode("ascii").strip()
    except UnicodeDecodeError:
        raise KeyAccessError(f"the file {name}.pub is damaged") from None


def read_key_file(home: Home, file_name: str) -> bytes:
    """Return the bytes of *file_name* among *home*'s keys; raises ``KeyAccessError`` when missing or open to others."""
    path = home.keys_directory / file_name
    if not path.exists():
        raise KeyAccessError(
            f"there is no key file {file_name} in {home.keys_directory}", hint="restore it from your own backup"
        )
    if not path.is_symlink() and path.stat().st_mode & 0o077:
        raise KeyAccessError(f"the key file {path} is open to other users", hint=f"close it: chmod 600 {path}")
    try:
        return files.read(home.keys_directory, file_name, limit=_LIMIT)
    except StorageError as problem:
        raise KeyAccessError(f"the key file {file_name} cannot be read: {problem}", hint=problem.hint) from None


def _locked(home: Home, name: str, secret: str, passphrases: PassphraseSource) -> bytes:
    line = f"{secret}\n".encode()
    if home.trial:
        return line
    return encrypt_with_passphrase(line, passphrases(f"the {name} key", new=True), log_n=WORK_FACTOR)
