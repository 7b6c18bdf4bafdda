"""Keep two processes of one user out of each other's way in a directory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overt.errors import StorageError
from overt.store import files


class LockedError(StorageError):
    """Somebody else holds the lock."""


@contextmanager
def locked(directory: Path, *, shared: bool = False, wait: bool = True) -> Iterator[None]:
    """Hold the lock of *directory* for the length of the block, alone or *shared* with other readers.

    Raises:
        LockedError: somebody else holds it, and we do not *wait*.
        StorageError: the directory is missing or not safe, or the file system has no locks.
    """
    import fcntl  # noqa: PLC0415 - absent on Windows, where importing this module must not fail

    with files.opened_directory(directory) as descriptor:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise LockedError(f"{directory} is in use by another process") from None
        except OSError as error:
            raise files.refusal("lock", str(directory), error) from error
        # Closing the descriptor gives the lock back, whatever becomes of this process.
        yield
