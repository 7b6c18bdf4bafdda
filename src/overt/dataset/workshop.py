"""Where the parts of an export lie until it is complete: sealed, so that one that was killed can be gone on with."""

import hashlib
import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from overt import __version__
from overt.dataset.eligible import Eligible
from overt.dataset.part import KEY_BYTES, part_key
from overt.errors import ConsentError, FormatError, PolicyError, StorageError, UsageError
from overt.format import age_write
from overt.redact.version import REDACTOR_VERSION
from overt.store import files
from overt.store.lock import LockedError, locked
from overt.trajectory.build import Rules

PART_VERSION: Final = 1
_KEY: Final = "key.age"
_PART: Final = ".part"


class Opener(Protocol):
    """Opens what was sealed for the exporter (``overt.keys.rotated.Keyring``)."""

    def unsealed(self, sealed: bytes) -> bytes | None:
        """Return what is in the age file *sealed*, or nothing when no identity opens it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Workshop:
    """A private *directory* of parts under *key*, which is nowhere in it in the clear."""

    directory: Path
    key: bytes

    def name(self, each: Eligible, rules: Rules, judges: Mapping[str, str]) -> str:
        """Return the name of *each*'s part: it follows from everything that decides what will be in it."""
        told = {
            "part": PART_VERSION,
            "overt": __version__,
            "redactor": REDACTOR_VERSION,
            "source": each.source_sha256,
            "episode": each.episode_id,
            "synthetic": each.session.synthetic,
            "split_after_ms": rules.split_after_ms,
            "gaps": rules.gaps,
            "judges": dict(judges),
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def path(self, name: str) -> Path:
        """Return where the part *name* is, or will be."""
        return self.directory / f"{name}{_PART}"

    def part_key(self, name: str) -> bytes:
        """Return the key of the part *name*."""
        return part_key(self.key, name)

    def keep_only(self, names: set[str]) -> None:
        """Remove every part that is not one of *names*: of episodes that may not be exported any more, for example."""
        wanted = {self.path(name).name for name in names} | {_KEY}
        for each in self.directory.iterdir():
            if each.name not in wanted:
                each.unlink()


@contextmanager
def passing(directory: Path) -> Iterator[Workshop]:
    """Yield a workshop in *directory*, under a key that nobody keeps; it is gone when the block ends."""
    directory.mkdir(mode=0o700)
    try:
        yield Workshop(directory=directory, key=secrets.token_bytes(KEY_BYTES))
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def lasting(directory: Path, opener: Opener, recipient: str) -> Iterator[Workshop]:
    """Yield the workshop in *directory*, where an export that was killed may have left parts.

    Its key is sealed for *recipient*, whose identities *opener* has; if it cannot be opened the parts are worth
    nothing and are removed. The directory goes when the block ends well, or with a refusal that would come again.

    Raises:
        StorageError: another export works there, or the disk refused.
    """
    files.ensure_directory(directory)
    try:
        with locked(directory, wait=False):
            yield from _used(directory, opener, recipient)
    except LockedError:
        raise StorageError(f"another export works in {directory}", hint="wait until that has ended") from None


def _used(directory: Path, opener: Opener, recipient: str) -> Iterator[Workshop]:
    try:
        yield Workshop(directory=directory, key=_known_key(directory, opener) or _new_key(directory, recipient))
    except (ConsentError, FormatError, PolicyError, UsageError):
        shutil.rmtree(directory, ignore_errors=True)
        raise
    shutil.rmtree(directory, ignore_errors=True)


def _known_key(directory: Path, opener: Opener) -> bytes | None:
    if not (directory / _KEY).exists():
        return None
    key = opener.unsealed(files.read(directory, _KEY))
    return key if key is not None and len(key) == KEY_BYTES else None


def _new_key(directory: Path, recipient: str) -> bytes:
    for each in directory.iterdir():
        each.unlink()
    key = secrets.token_bytes(KEY_BYTES)
    files.replace(directory, _KEY, age_write.encrypt(key, [recipient]))
    return key
