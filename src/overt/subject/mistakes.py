"""What the person says was withheld by mistake: counts by kind and detector, on their machine, and for their eyes."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Final

from overt.errors import FormatError
from overt.store import files
from overt.store.home import Home

_NAME: Final = "mistakes.json"
_FORMAT: Final = "overt-mistakes/1"
_LIMIT: Final = 1 << 16

Mistake = tuple[str, str]
"""The kind of what was withheld, and the detector that found it. Never a text, nor anything made of one."""


def note_mistakes(home: Home, found: Iterable[Mistake]) -> int:
    """Count each of *found* in *home*, and return how many there were; nothing is withheld less for it.

    Raises:
        FormatError: the file is damaged.
        StorageError: the disk refused.
    """
    new = Counter(found)
    known = mistakes(home)
    known.update(new)
    if new:
        counts = [[kind, by, count] for (kind, by), count in sorted(known.items())]
        files.replace(home.path, _NAME, (json.dumps({"counts": counts, "format": _FORMAT}) + "\n").encode())
    return new.total()


def mistakes(home: Home) -> Counter[Mistake]:
    """Return what was noted so far in *home*; raises ``FormatError`` or ``StorageError``."""
    if not (home.path / _NAME).exists():
        return Counter()
    try:
        kept = json.loads(files.read(home.path, _NAME, limit=_LIMIT))
        if kept["format"] != _FORMAT:
            raise _malformed()
        return Counter({(str(kind), str(by)): int(count) for kind, by, count in kept["counts"]})
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _malformed() from None


def _malformed() -> FormatError:
    return FormatError(f"the counts of mistakes ({_NAME}) are damaged", hint="remove that file: it counts, and no more")
