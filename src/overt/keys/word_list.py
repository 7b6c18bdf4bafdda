"""The person's own words, in their keychain alone; a marker in the home says that there are some, and nothing of them.

The marker is written first: where it stands and the words cannot be read, nothing may be recorded.
"""

import json
import re
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from overt.errors import BackendUnavailableError, FormatError, KeyAccessError, StorageError
from overt.keys.keychain import Keychain, forget, system_keychain
from overt.store import files
from overt.store.home import Home

MOST: Final = 200
LONGEST: Final = 200
_NAME: Final = "lexicon"
_MARKER: Final = re.compile(r"lexicon-[0-9a-f]{32}\n?")
_LIMIT: Final = 100

Open = Callable[[], Keychain]


def has_words(home: Home) -> bool:
    """Say whether *home* has a word list."""
    return (home.path / _NAME).exists() or (home.path / _NAME).is_symlink()


def read_words(home: Home, keychain: Open = system_keychain) -> tuple[str, ...]:
    """Return the words of *home*, sorted; none where there is no list.

    Raises:
        KeyAccessError: there is a list and it cannot be read: no keychain, a locked one, or another user's.
    """
    if not has_words(home):
        return ()
    try:
        words = json.loads(keychain().get(_marker(home)))
    except (KeyAccessError, BackendUnavailableError, StorageError, FormatError, ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise _unreadable()
    return tuple(sorted(words))


def write_words(home: Home, words: Iterable[str], keychain: Open = system_keychain) -> None:
    """Keep *words* in the keychain; without any the list ends.

    Raises:
        BackendUnavailableError: the ``keyring`` package is not installed.
        KeyAccessError: there is no keychain, or it is locked.
        StorageError: the disk refused.
    """
    place = _opened(keychain)
    kept = sorted(set(words))
    if not kept:
        clear_words(home)
        return
    new = not has_words(home)
    if new:
        files.create_exclusive(home.path, _NAME, f"lexicon-{secrets.token_hex(16)}\n".encode())
    try:
        place.put(_marker(home), json.dumps(kept, ensure_ascii=False))
    except KeyAccessError:
        if new:
            files.unlink(home.path, _NAME, missing_ok=True)
        raise


def clear_words(home: Home, *, anyway: bool = False, remove: Callable[[str], None] = forget) -> bool:
    """End the list of *home*: the words, then the marker; return whether the keychain let go of the words.

    *anyway* removes the marker also where the keychain cannot be reached.

    Raises:
        BackendUnavailableError: the ``keyring`` package is not installed.
        KeyAccessError: there is no keychain, or it is locked.
        StorageError: the disk refused.
    """
    if not has_words(home):
        return True
    gone = True
    try:
        remove(_marker(home))
    except (KeyAccessError, BackendUnavailableError, FormatError, StorageError):
        if not anyway:
            raise
        gone = False
    files.unlink(home.path, _NAME, missing_ok=True)
    return gone


def _marker(home: Home) -> str:
    """Return the name under which the keychain has the words of *home*."""
    name = ""
    with suppress(UnicodeDecodeError):
        name = files.read(home.path, _NAME, limit=_LIMIT).decode("ascii")
    if not _MARKER.fullmatch(name):
        raise FormatError("the marker of your word list is damaged", hint="end the list: overt lexicon clear --anyway")
    return name.strip()


def _unreadable() -> KeyAccessError:
    return KeyAccessError(
        "your word list is in a keychain that cannot be read",
        hint="unlock it and try again, or end the list: overt lexicon clear --anyway",
    )


def _opened(keychain: Open) -> Keychain:
    """Return the keychain, or say of which there is none that a word list never lies in a file instead."""
    try:
        return keychain()
    except BackendUnavailableError as problem:
        raise BackendUnavailableError(str(problem), hint="pip install 'overt[keychain]'") from None
    except KeyAccessError as problem:
        raise KeyAccessError(
            str(problem), hint="a word list is kept in a keychain or not at all: start one, and unlock it"
        ) from None
