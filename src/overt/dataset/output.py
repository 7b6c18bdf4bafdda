"""The exported directory: complete under its own name, or not there at all."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from overt.errors import FormatError, UsageError
from overt.store.drafts import draft_beside
from overt.store.files import refusal

MANIFEST: Final = "MANIFEST.json"
NOTE: Final = "MANIFEST.note"
"""The signature of the manifest."""


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """Yield an empty private directory beside *path*, to be given to ``publish``; whatever is left of it vanishes.

    What an export of *path* that was killed has left, people's words in the clear, is removed first.

    Raises:
        UsageError: *path* holds something that is no export.
        StorageError: the directory cannot be made.
    """
    _check_free(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft_beside(path, f"{path.name}.tmp-") as draft:
            yield draft
    except OSError as problem:
        raise refusal("write", str(path), problem) from None


def publish(draft: Path, path: Path) -> bool:
    """Give *draft* the name *path* in one step; return ``False`` when the identical export is there already.

    Raises:
        UsageError: another export is there.
    """
    if not path.is_dir() or not any(path.iterdir()):
        synced(draft)
        draft.rename(path)
        sync(path.parent)
        return True
    if _alike(draft, path) and _holds(path):
        return False
    raise UsageError(
        f"{path} holds another export, or one that was changed", hint="nothing is overwritten: choose another --out"
    )


def hashed(directory: Path, names: Iterable[str] | None = None) -> dict[str, str]:
    """Return the SHA-256 of every file below *directory*, by its path with forward slashes, or of *names* alone.

    The manifest, and what signs it, are not among them: they cannot name themselves.
    """
    if names is not None:
        return {name: _sha256(directory / name) for name in names}
    files = sorted(entry for entry in directory.rglob("*") if entry.is_file() or entry.is_symlink())
    found = {file.relative_to(directory).as_posix(): file for file in files}
    return {name: _sha256(file) for name, file in found.items() if name not in {MANIFEST, NOTE}}


def manifest_sha256(directory: Path) -> str:
    """Return the hash by which the log names the export in *directory*."""
    return _sha256(directory / MANIFEST)


def read_manifest(directory: Path) -> dict[str, object]:
    """Return the manifest of the export in *directory*.

    Raises:
        FormatError: there is none, or it is malformed.
    """
    try:
        manifest = json.loads((directory / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        raise FormatError(f"{directory} has no readable {MANIFEST}") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise FormatError(f"the {MANIFEST} in {directory} is malformed")
    return manifest


def _holds(path: Path) -> bool:
    """Whether every file that the manifest names is there, unchanged, and no other."""
    return hashed(path) == read_manifest(path)["files"]


def _alike(draft: Path, path: Path) -> bool:
    """Whether both have the same manifest, and the same signature of it."""
    return all(_content(draft / name) == _content(path / name) for name in (MANIFEST, NOTE))


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _check_free(path: Path) -> None:
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise UsageError(f"{path} is no plain directory", hint="choose another --out")
    if path.is_dir() and any(path.iterdir()) and not (path / MANIFEST).is_file():
        raise UsageError(
            f"{path} is not empty and holds no export", hint="nothing is overwritten: choose another --out"
        )


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def synced(directory: Path) -> None:
    """Wait until everything below *directory* is on the disk; raises ``OSError``."""
    for entry in sorted(directory.rglob("*")):
        sync(entry)
    sync(directory)


def sync(path: Path) -> None:
    """Wait until the file or the directory *path* is on the disk; raises ``OSError``."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
