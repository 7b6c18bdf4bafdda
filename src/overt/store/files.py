"""Durable, safe file primitives: no symbolic link is followed, nothing is half-written, every refusal has a remedy.

A directory is opened once, without following a link, and checked: it must belong to this user and nobody else may
write to it. Files are then named relative to that descriptor, so that a swapped path changes nothing.
"""

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from overt.errors import StorageError

FILE_MODE: Final = 0o600
_WRITABLE_BY_OTHERS: Final = 0o022
_BLOCK: Final = 1 << 20
_MAX_BYTES: Final = 1 << 32
_DEAD_NS: Final = 10_000_000_000
"""Whoever has not put a file into its place after this long was killed."""
_HINTS: Final = {
    errno.ENOSPC: "free some disk space and try again; nothing was half-written",
    errno.EDQUOT: "your disk quota is used up: free some space and try again; nothing was half-written",
    errno.EFBIG: "a file size limit is set for this process: raise it and try again",
    errno.EACCES: "check the permissions of the directory and of those above it",
    errno.EPERM: "check who owns the file and the directory",
    errno.EROFS: "the file system is mounted read-only: choose another place",
    errno.EEXIST: "a file of that name is already there: it is never overwritten",
    errno.ELOOP: "a symbolic link stands where a file or a directory belongs: remove it",
    errno.ENOENT: "check the path: the file or its directory does not exist",
    errno.ENOTDIR: "a directory belongs there, but it is a file or a symbolic link",
    errno.EISDIR: "a file belongs there, but it is a directory",
    errno.EIO: "the disk reports errors: check it, and the rest of what it holds",
}


def refusal(action: str, name: str, error: OSError) -> StorageError:
    """Return the error that says that the system refused *action* on the file or directory *name*, and what to do."""
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return StorageError(f"cannot {action} {name}: {reason.lower()}", hint=_HINTS.get(error.errno or 0, ""))


def ensure_directory(path: Path, mode: int = 0o700) -> Path:
    """Make the directory *path* and those above it that are missing; check it, and return it.

    Raises:
        StorageError: it cannot be made, is no directory, belongs to somebody else, or others may write to it.
    """
    try:
        if not path.parent.exists():
            ensure_directory(path.parent, mode)
        with suppress(FileExistsError):
            path.mkdir(mode=mode)
            _sync_directory(path.parent)
    except OSError as error:
        raise refusal("make the directory", str(path), error) from error
    with opened_directory(path):
        return path


@contextmanager
def opened_directory(path: Path) -> Iterator[int]:
    """Open the directory *path* without following a link, check that it is safe, and yield its descriptor.

    Raises:
        StorageError: it is missing, no directory, belongs to somebody else, or others may write to it.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise refusal("open the directory", str(path), error) from error
    try:
        _check_directory(path, os.fstat(descriptor))
        yield descriptor
    finally:
        os.close(descriptor)


def create_exclusive(directory: Path, name: str, data: bytes) -> None:
    """Write *data* durably to a new file *name* in *directory*, readable by this user only.

    Raises:
        StorageError: something of that name exists, or the system refused; then no such file is left behind.
    """
    with opened_directory(directory) as parent:
        os.close(create_open(parent, name, data))


def create_open(parent: int, name: str, data: bytes, *, called: str = "") -> int:
    """Write *data* durably to a new file *name* in the open directory *parent*; return its append-only descriptor.

    A refusal names the file that is *called* so, where *name* means nothing to anybody.

    Raises:
        StorageError: as :func:`create_exclusive`.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(checked_name(name), flags, FILE_MODE, dir_fd=parent)
    except OSError as error:
        raise refusal("create", called or name, error) from error
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
        os.fsync(parent)
    except OSError as error:
        _discard(descriptor, name, parent)
        raise refusal("write", called or name, error) from error
    except BaseException:
        # Ctrl+C leaves no half of a file either.
        _discard(descriptor, name, parent)
        raise
    return descriptor


def replace(directory: Path, name: str, data: bytes) -> None:
    """Put *data* durably in the place of the file *name* in *directory*: either the old bytes are there, or the new.

    Raises:
        StorageError: the system refused; then the old file is untouched.
    """
    temporary = f".{checked_name(name)}.{secrets.token_hex(8)}.tmp"
    with opened_directory(directory) as parent:
        os.close(create_open(parent, temporary, data, called=name))
        _sweep(parent, name, temporary)
        try:
            os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
            os.fsync(parent)
        except OSError as error:
            with suppress(OSError):
                os.unlink(temporary, dir_fd=parent)
            raise refusal("replace", name, error) from error


def read(directory: Path, name: str, *, limit: int = _MAX_BYTES) -> bytes:
    """Return the bytes of the regular file *name* in *directory*.

    Raises:
        StorageError: it is missing, a link, no regular file, longer than *limit* bytes, or the system refused.
    """
    with opened_directory(directory) as parent:
        try:
            # Without O_NONBLOCK a planted named pipe would hang the reader.
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
            descriptor = os.open(checked_name(name), flags, dir_fd=parent)
        except OSError as error:
            raise refusal("read", name, error) from error
    try:
        return _read_regular(descriptor, name, limit)
    except OSError as error:
        raise refusal("read", name, error) from error
    finally:
        os.close(descriptor)


def read_anywhere(path: Path, *, limit: int = _MAX_BYTES) -> bytes:
    """Return the bytes of the regular file *path* that a person named, wherever it lies: to look at, not to trust.

    Raises:
        StorageError: it is missing, no regular file, longer than *limit* bytes, or the system refused.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise refusal("read", str(path), error) from error
    try:
        return _read_regular(descriptor, str(path), limit)
    except OSError as error:
        raise refusal("read", str(path), error) from error
    finally:
        os.close(descriptor)


def unlink(directory: Path, name: str, *, missing_ok: bool = False) -> None:
    """Remove the file *name* from *directory*, durably.

    Raises:
        StorageError: it is missing (unless *missing_ok*), or the system refused.
    """
    with opened_directory(directory) as parent:
        try:
            os.unlink(checked_name(name), dir_fd=parent)
            os.fsync(parent)
        except FileNotFoundError as error:
            if not missing_ok:
                raise refusal("remove", name, error) from error
        except OSError as error:
            raise refusal("remove", name, error) from error


def names(directory: Path) -> list[str]:
    """Return the names in *directory*, sorted, without temporary and other hidden ones.

    Raises:
        StorageError: it cannot be listed safely.
    """
    with opened_directory(directory) as parent:
        try:
            return sorted(name for name in os.listdir(parent) if not name.startswith("."))  # noqa: PTH208 - a path could be swapped
        except OSError as error:
            raise refusal("list", str(directory), error) from error


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of *data*; a short write is continued, so that the system says why it was short."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def checked_name(name: str) -> str:
    """Return *name* if it is one plain component of a path.

    Raises:
        StorageError: it is empty, too long, a dot, or has a separator or a control character.
    """
    if name in {"", ".", ".."} or "/" in name or not name.isprintable() or len(name.encode()) > 255:  # noqa: PLR2004
        raise StorageError("a file name must be one plain component of at most 255 bytes")
    return name


def sync_data(descriptor: int) -> None:
    """Wait until the data of the open file is on the disk."""
    if hasattr(os, "fdatasync"):
        os.fdatasync(descriptor)
    else:
        os.fsync(descriptor)


def _check_directory(path: Path, status: os.stat_result) -> None:
    if status.st_uid != os.geteuid():
        raise StorageError(f"the directory {path} belongs to another user", hint="choose a directory of your own")
    if status.st_mode & _WRITABLE_BY_OTHERS:
        raise StorageError(f"others may write to the directory {path}", hint=f"run: chmod go-w '{path}'")


def _read_regular(descriptor: int, name: str, limit: int) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise StorageError(f"{name} is not a regular file")
    if status.st_size > limit:
        raise StorageError(f"{name} is longer than the limit of {limit:,} bytes")
    blocks = []
    while block := os.read(descriptor, _BLOCK):
        blocks.append(block)
    return b"".join(blocks)


def _discard(descriptor: int, name: str, parent: int) -> None:
    os.close(descriptor)
    with suppress(OSError):
        os.unlink(name, dir_fd=parent)


def _sweep(parent: int, name: str, temporary: str) -> None:
    """Remove what replacements of *name* that were killed have left: it may be an old key."""
    ours = re.compile(rf"\.{re.escape(name)}\.[0-9a-f]{{16}}\.tmp")
    with suppress(OSError):
        now_ns = os.stat(temporary, dir_fd=parent).st_mtime_ns
        for each in filter(ours.fullmatch, os.listdir(parent)):
            if now_ns - os.stat(each, dir_fd=parent, follow_symlinks=False).st_mtime_ns > _DEAD_NS:
                os.unlink(each, dir_fd=parent)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
