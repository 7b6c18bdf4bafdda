"""The person's own list of pages that are never recorded: one file of their home that nobody else reads."""

import json
import os
from pathlib import Path
from typing import Final

from overt.errors import FormatError, PolicyError, StorageError
from overt.policy.never import NeverList, prefix_of
from overt.store import files
from overt.store.home import Home

MOST: Final = 500
_NAME: Final = "never.json"
_FORMAT: Final = "overt-never/1"
_LIMIT: Final = 1 << 20
_Look = tuple[int, ...] | None


def read_never(home: Home) -> tuple[str, ...]:
    """Return the prefixes in *home*, sorted.

    Raises:
        FormatError: the file is not one of ours.
        StorageError: the disk refused.
    """
    if not os.path.lexists(home.path / _NAME):
        return ()
    try:
        kept = json.loads(files.read(home.path, _NAME, limit=_LIMIT))
        if set(kept) != {"format", "prefixes"} or kept["format"] != _FORMAT:
            raise _malformed()
        return tuple(sorted(prefix_of(text).text for text in kept["prefixes"]))
    except (ValueError, TypeError, AttributeError, RecursionError, PolicyError):
        raise _malformed() from None


def write_never(home: Home, prefixes: tuple[str, ...]) -> None:
    """Keep *prefixes* in *home*; raises ``StorageError``."""
    document = {"format": _FORMAT, "prefixes": sorted(set(prefixes))}
    files.replace(home.path, _NAME, (json.dumps(document, ensure_ascii=False) + "\n").encode())


class NeverWatch:
    """Asks the list anew whenever its file has changed; what cannot be read covers every page."""

    def __init__(self, home: Home) -> None:
        """Watch the list of *home*."""
        self._home = home
        self._seen: _Look = None
        self._list: NeverList | None = NeverList()
        self._known = False

    def __call__(self, url: str) -> bool:
        """Say whether nothing of the page at *url* may be recorded now."""
        look = _look(self._home.path / _NAME)
        if look != self._seen or not self._known:
            # A list that was there and is gone was not emptied by us: that leaves an empty one.
            self._list = None if look is None and self._seen is not None else self._read()
            self._seen, self._known = look or self._seen, True
        return self._list is None or self._list.covers(url)

    def _read(self) -> NeverList | None:
        try:
            return NeverList(read_never(self._home))
        except (FormatError, StorageError, PolicyError):
            return None


def _look(path: Path) -> _Look:
    try:
        seen = os.lstat(path)
    except OSError:
        return None
    return seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_mode


def _malformed() -> FormatError:
    return FormatError(
        f"the list of what is never recorded ({_NAME}) is malformed", hint="empty it: overt never remove --all"
    )
