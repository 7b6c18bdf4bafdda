"""Destroy shares, and with them every copy of what they open; destroying needs no key.

What was destroyed leaves an empty file in its place, a tombstone, so that nothing can be put there again. It is settled
once the master was replaced, and says since which epoch: until then an old copy of the entry could still be opened.
"""

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.errors import StorageError
from overt.format.episode import SECTIONS
from overt.keys.put import share_name
from overt.store import files

_ATTEMPTS: Final = 3
_ID: Final = re.compile(r"[0-9a-f]{32}")
_DOOMED: Final = re.compile(r"\.([0-9a-f]{32})\.[0-9a-f]{16}")
_SHARE: Final = ".age"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What was destroyed: everything under *grant*, or one *episode* of it; *settled* once the master was replaced."""

    grant: str
    episode: str | None
    settled: bool

    @property
    def entry(self) -> dict[str, str]:
        """What a log says was destroyed."""
        return {"grant": self.grant} if self.episode is None else {"id": self.episode}


def shred_grant(directory: Path, grant_id: str) -> int:
    """Destroy every share under *grant_id* in the vault's *directory*, and return how many there were.

    A file takes the place of the grant's directory, so that a recorder that has not yet noticed can put nothing there.

    Raises:
        StorageError: The disk refused; what is left is unreadable only once this succeeds.
    """
    place = directory / files.checked_name(grant_id)
    left_over = sum(_destroy(each) for each in directory.glob(f".{grant_id}.*"))
    destroyed = sum(_shred_directory(place) for _ in range(_ATTEMPTS) if not _closed(place))
    if not place.is_file():
        raise StorageError("the shares of a withdrawn grant keep coming back", hint="stop the recorder, then try again")
    return left_over + destroyed


def shred_episode(directory: Path, grant_id: str, episode_id: str) -> int:
    """Destroy the shares of one episode, and return how many there were.

    Raises:
        StorageError: The disk refused.
    """
    place = directory / files.checked_name(grant_id)
    if place.is_file():
        return 0
    files.ensure_directory(place)
    tombstone = files.checked_name(episode_id)
    with suppress(StorageError):
        # On a full disk there is room only once the shares are gone.
        _bury(place, tombstone)
    destroyed = _unlink_shares(place, episode_id)
    _bury(place, tombstone)
    return destroyed


def finish_shreds(directory: Path) -> None:
    """Finish what was being destroyed when its process died; raises ``StorageError``."""
    for doomed in sorted(directory.glob(".*")):
        if (match := _DOOMED.fullmatch(doomed.name)) and doomed.is_dir():
            shred_grant(directory, match[1])
    for tombstone in tombstones(directory):
        if tombstone.episode is not None:
            _unlink_shares(directory / tombstone.grant, tombstone.episode)


def tombstones(directory: Path) -> list[Tombstone]:
    """Return what was destroyed in the vault's *directory*, by grant and episode; raises ``StorageError``."""
    return [
        Tombstone(grant=grant, episode=episode, settled=path.stat().st_size > 0)
        for grant, episode, path in _stones(directory)
    ]


def settle(directory: Path, settled: list[Tombstone], epoch: int) -> None:
    """Note on each of *settled* that the master was replaced since, and is in *epoch* now; raises ``StorageError``."""
    for each in settled:
        place = directory if each.episode is None else directory / each.grant
        files.replace(place, each.episode or each.grant, f"{epoch}\n".encode())


def _stones(directory: Path) -> Iterator[tuple[str, str | None, Path]]:
    for place in sorted(directory.iterdir()):
        if not _ID.fullmatch(place.name):
            continue
        if place.is_file():
            yield place.name, None, place
        elif place.is_dir():
            for path in sorted(place.iterdir()):
                if _ID.fullmatch(path.name):
                    yield place.name, path.name, path


def _bury(place: Path, name: str) -> None:
    if not (place / name).exists():
        files.create_exclusive(place, name, b"")


def _unlink_shares(place: Path, episode_id: str) -> int:
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
    # Shares first: they are what must go.
    for name in sorted(held, key=lambda name: not name.endswith(_SHARE)):
        files.unlink(doomed, name, missing_ok=True)
    shutil.rmtree(doomed, ignore_errors=True)
    return sum(name.endswith(_SHARE) and name != "intake.age" for name in held)
