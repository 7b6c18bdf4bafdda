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
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
_TEMPORARY: Final = re.compile(r"\..+\.[0-9a-f]{16}\.tmp")
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
    errno.ENAMETOOLONG: "choose a place with a shorter path",
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
    """Write *data* durably to a new file *name* in *directory*, readable by this user only: the whole, or nothing.

    Raises:
        StorageError: something of that name exists, or the system refused; then no such file is left behind.
    """
    with opened_directory(directory) as parent, _written(parent, name, data) as temporary:
        try:
            _link(temporary, name, parent)
        except OSError as error:
            raise refusal("create", name, error) from error
        _sync_or_remove(name, parent)


def create_open(parent: int, name: str, data: bytes) -> int:
    """Write *data* durably to a new file *name* in the open directory *parent*; return its append-only descriptor.

    Raises:
        StorageError: something of that name exists, or the system refused; then no such file is left behind, unless
            this process is killed meanwhile.
    """
    try:
        descriptor = os.open(checked_name(name), _new() | os.O_APPEND, FILE_MODE, dir_fd=parent)
    except OSError as error:
        raise refusal("create", name, error) from error
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
        os.fsync(parent)
    except OSError as error:
        _discard(descriptor, name, parent)
        raise refusal("write", name, error) from error
    except BaseException:
        # Ctrl+C leaves no half of a file either.
        _discard(descriptor, name, parent)
        raise
    return descriptor


def replace(directory: Path, name: str, data: bytes) -> None:
    """Put *data* durably in the place of the file *name* in *directory*: either the old bytes are there, or the new.

    Raises:
        StorageError: the system refused; the old file is then untouched, unless only the directory could not be synced.
    """
    with opened_directory(directory) as parent, _written(parent, name, data) as temporary:
        try:
            os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
            os.fsync(parent)
        except OSError as error:
            raise refusal("replace", name, error) from error


def sweep(directory: Path) -> None:
    """Remove what replacements in *directory* have left that were killed: it may be an old key; never an error."""
    with suppress(StorageError), opened_directory(directory) as parent:
        _sweep(parent)


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


def _new() -> int:
    return os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def _discard(descriptor: int, name: str, parent: int) -> None:
    os.close(descriptor)
    with suppress(OSError):
        os.unlink(name, dir_fd=parent)


@contextmanager
def _written(parent: int, name: str, data: bytes) -> Iterator[str]:
    """Yield the name of a hidden file that stands for *name* meanwhile and durably holds *data*; it goes in the end."""
    _sweep(parent)
    temporary, descriptor = _create_held(parent, checked_name(name))
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
        yield temporary
    except OSError as error:
        raise refusal("write", name, error) from error
    finally:
        os.close(descriptor)
        with suppress(OSError):
            os.unlink(temporary, dir_fd=parent)


def _create_held(parent: int, name: str) -> tuple[str, int]:
    """Make a hidden file that stands for *name*, and hold its lock for as long as it is open: nobody sweeps it then."""
    while True:
        temporary = f".{name}.{secrets.token_hex(8)}.tmp"
        try:
            descriptor = os.open(temporary, _new(), FILE_MODE, dir_fd=parent)
        except OSError as error:
            raise refusal("create", name, error) from error
        with suppress(OSError):
            _hold(descriptor)
        if os.fstat(descriptor).st_nlink:
            return temporary, descriptor
        # It was swept before it could be held.
        os.close(descriptor)


def _sweep(parent: int) -> None:
    """Remove each hidden file that nobody holds any more; where there are no locks, nothing is swept."""
    with suppress(OSError):
        for each in os.listdir(parent):
            if each.endswith(".tmp") and _TEMPORARY.fullmatch(each):
                _remove_if_dead(parent, each)


def _remove_if_dead(parent: int, name: str) -> None:
    with suppress(OSError):
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
        try:
            _hold(descriptor, wait=False)
            os.unlink(name, dir_fd=parent)
        finally:
            os.close(descriptor)


def _hold(descriptor: int, *, wait: bool = True) -> None:
    try:
        import fcntl  # noqa: PLC0415 - absent on Windows, where importing this module must not fail
    except ImportError:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK)) from None
    fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def _link(temporary: str, name: str, parent: int) -> None:
    """Give the file *temporary* the new *name* too; where there are no links, its only one."""
    try:
        os.link(temporary, name, src_dir_fd=parent, dst_dir_fd=parent, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # Taken first, so that of two who come at once one is refused.
        os.close(os.open(name, _new(), FILE_MODE, dir_fd=parent))
        os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)


def _sync_or_remove(name: str, parent: int) -> None:
    try:
        os.fsync(parent)
    except OSError as error:
        with suppress(OSError):
            os.unlink(name, dir_fd=parent)
        raise refusal("write", name, error) from error


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
