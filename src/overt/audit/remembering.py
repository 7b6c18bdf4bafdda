"""What earlier audits have proven, by hash, in the officer's home: what is not there is proven again."""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from overt.errors import StorageError
from overt.store import files

DIRECTORY: Final = "audit"
NAME: Final = "proofs.sqlite3"
_TOGETHER: Final = 500
_MAKE: Final = "CREATE TABLE IF NOT EXISTS proofs (key TEXT PRIMARY KEY, proof TEXT NOT NULL) WITHOUT ROWID"


class Memory:
    """Proofs by key in one file. Whatever is wrong with it, the only harm is that something is proven again."""

    def __init__(self, path: Path | None) -> None:
        """Open the file *path*, or remember nothing when there is none or it cannot be used."""
        self.path = path
        self._database = _opened(path)
        self._waiting: list[tuple[str, str]] = []

    def recall(self, key: str) -> str | None:
        """Return what is remembered under *key*, if anything."""
        try:
            found = self._database.execute("SELECT proof FROM proofs WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error:
            return None
        return str(found[0]) if found is not None else None

    def remember(self, key: str, proof: str) -> None:
        """Keep *proof* under *key*, some time before this is closed."""
        self._waiting.append((key, proof))
        if len(self._waiting) >= _TOGETHER:
            self._write()

    def close(self) -> None:
        """Write what waits; never an error."""
        self._write()
        self._database.close()

    def __enter__(self) -> Self:
        """Return this."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close this."""
        self.close()

    def _write(self) -> None:
        with contextlib.suppress(sqlite3.Error), self._database:
            self._database.executemany("INSERT OR REPLACE INTO proofs VALUES (?, ?)", self._waiting)
        self._waiting.clear()


@contextmanager
def remembered(home: Path, *, full: bool) -> Iterator[Memory]:
    """Yield the memory in the officer's *home*; with *full*, an empty one that replaces what was remembered."""
    path: Path | None = None
    with contextlib.suppress(OSError, StorageError):
        place = files.ensure_directory(home / DIRECTORY) / NAME
        if full:
            place.unlink(missing_ok=True)
        path = place
    with Memory(path) as memory:
        yield memory


def _opened(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        try:
            return _made(path)
        except sqlite3.DatabaseError:
            # Not a database any more: it held nothing that cannot be proven again.
            with contextlib.suppress(sqlite3.Error, OSError):
                path.unlink(missing_ok=True)
                return _made(path)
    return _made(None)


def _made(path: Path | None) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:" if path is None else path)
    try:
        if path is not None:
            path.chmod(files.FILE_MODE)
        database.execute(_MAKE)
        database.commit()
    except (sqlite3.Error, OSError):
        database.close()
        raise
    return database
