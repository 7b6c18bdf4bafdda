"""The identities that a home has: the present one, and former ones, which still open what was sealed for them."""

import re
from collections.abc import Iterator
from typing import Final

from overt.errors import KeyAccessError
from overt.format.age_read import decrypt
from overt.keys.at_rest import load_secret
from overt.keys.identities import IDENTITY_NAMES
from overt.keys.passphrase import PassphraseSource
from overt.store import files
from overt.store.home import Home

_RETIRED: Final = re.compile(r"(?P<name>[a-z]+)-(?P<epoch>[1-9][0-9]{0,8})\.(?:age|txt)")


def next_name(home: Home) -> str:
    """Return the name of the identity that takes over in *home*, while it is being replaced."""
    return f"{IDENTITY_NAMES[home.role]}-next"


def retired_name(home: Home, epoch: int) -> str:
    """Return the name under which *home* keeps the identity that it had in *epoch*."""
    return f"{IDENTITY_NAMES[home.role]}-{epoch}"


def retired_epochs(home: Home) -> tuple[int, ...]:
    """Return the epochs of the identities that *home* has retired and still keeps, newest first."""
    found = [_RETIRED.fullmatch(name) for name in files.names(home.keys_directory)]
    ours = [match for match in found if match and match["name"] == IDENTITY_NAMES[home.role]]
    return tuple(sorted({int(match["epoch"]) for match in ours}, reverse=True))


def has_next(home: Home) -> bool:
    """Say whether a replacement of *home*'s identity was begun and not finished."""
    return any(home.keys_directory.glob(f"{next_name(home)}.[ta]*"))


def identities(home: Home, passphrases: PassphraseSource) -> Iterator[str]:
    """Yield the age identities of *home*'s role, the present one first; each is unlocked only when it is asked for.

    Raises:
        KeyAccessError: One is missing, damaged or stays locked.
    """
    yield load_secret(home, IDENTITY_NAMES[home.role], passphrases)
    if has_next(home):
        yield load_secret(home, next_name(home), passphrases)
    for epoch in retired_epochs(home):
        yield load_secret(home, retired_name(home, epoch), passphrases)


class Keyring:
    """The identities of a home, unlocked one after the other as they are needed, each of them once."""

    def __init__(self, home: Home, passphrases: PassphraseSource) -> None:
        """Unlock nothing yet."""
        self._locked = identities(home, passphrases)
        self._open: list[str] = []

    def unlock(self) -> None:
        """Unlock all of them now; raises ``KeyAccessError``."""
        for _ in self._each():
            pass

    def opening(self, sealed: bytes) -> str:
        """Return the identity that opens the age file *sealed*.

        Raises:
            KeyAccessError: None does, or the one that might stays locked.
            FormatError: It is malformed.
        """
        for identity in self._each():
            if _unsealed(sealed, identity) is not None:
                return identity
        raise KeyAccessError("no identity of this home opens it", hint="it was sealed for others")

    def unsealed(self, sealed: bytes) -> bytes | None:
        """Return what is in the age file *sealed*, or nothing when no identity opens it; raises ``FormatError``."""
        opened = (_unsealed(sealed, identity) for identity in self._each())
        return next((plain for plain in opened if plain is not None), None)

    def _each(self) -> Iterator[str]:
        yield from list(self._open)
        for identity in self._locked:
            self._open.append(identity)
            yield identity


def _unsealed(sealed: bytes, identity: str) -> bytes | None:
    try:
        return decrypt(sealed, [identity])
    except KeyAccessError:
        return None
