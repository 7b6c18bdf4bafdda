"""Destroy shares, and with them every copy of what they open; destroying needs no key."""

import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from overt.errors import StorageError
from overt.format.episode import SECTIONS
from overt.keys.put import share_name
from overt.store import files

_ATTEMPTS: Final = 3


def shred_grant(directory: Path, grant_id: str) -> int:
    """Destroy every share under *grant_id* in the vault's *directory*, and return how many there were.

    A file takes the place of the grant's directory, so that a recorder that has not yet noticed can put nothing there.

    Raises:
        StorageError: The disk refused; what is left is unreadable only once this succeeds.
    """
    place = directory / files.checked_name(grant_id)
    for left_over in directory.glob(f".{grant_id}.*"):
        _destroy(left_over)
    destroyed = sum(_shred_directory(place) for _ in range(_ATTEMPTS) if not _closed(place))
    if not place.is_file():
        raise StorageError("the shares of a withdrawn grant keep coming back", hint="stop the recorder, then try again")
    return destroyed


def shred_episode(directory: Path, grant_id: str, episode_id: str) -> int:
    """Destroy the shares of one episode, and return how many there were; raises ``StorageError``."""
    place = directory / files.checked_name(grant_id)
    if not place.is_dir():
        return 0
    names = [share_name(episode_id, section) for section in SECTIONS]
    there = [name for name in names if (place / name).exists()]
    for name in there:
        files.unlink(place, name, missing_ok=True)
    return len(there)


def _closed(place: Path) -> bool:
    """Put the tombstone there, if nothing else is; say whether it stands."""
    if place.is_file():
        return True
    if place.is_dir():
        return False
    with suppress(StorageError):
        files.create_exclusive(place.parent, place.name, b"")
    return place.is_file()


def _shred_directory(place: Path) -> int:
    """Move the directory out of the way in one step, close its place, then unlink what it held."""
    doomed = place.with_name(f".{place.name}.{secrets.token_hex(8)}")
    try:
        place.rename(doomed)
    except FileNotFoundError:
        return 0
    except OSError as problem:
        raise files.refusal("destroy the shares in", place.name, problem) from None
    _closed(place)
    return _destroy(doomed)


def _destroy(doomed: Path) -> int:
    held = files.names(doomed)
    for name in held:
        files.unlink(doomed, name, missing_ok=True)
    shutil.rmtree(doomed, ignore_errors=True)
    return len(held)
