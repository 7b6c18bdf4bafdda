"""Text of a data set as harmless HTML: escaped, cut, and with what cannot be seen made visible."""

import re
import unicodedata
from collections.abc import Collection
from html import escape
from typing import Final

from overt.redact.kinds import Kind

MOST: Final = 400
"""Characters of one text that are shown."""

_KINDS: Final = frozenset(kind.value for kind in Kind)
_MARKER: Final = re.compile(r"\[([A-Z][A-Z_]{1,40})\]")
_JOINERS: Final = "\u200c\u200d\u00ad"
"""Invisible too, but words and signs of many languages need them, and they move nothing."""
_MOST_MARKS: Final = 4
"""Combining marks on one letter: more would paint over the lines above and below."""


def harmless(text: str, kinds: Collection[str] = (), most: int = MOST) -> str:
    """Return *text* as HTML that cannot act, nor change how anything beside it reads.

    Markers of what was withheld (of the redactor's kinds, or of *kinds*) become chips, control characters and those
    that turn the direction of writing are shown by their number, and of more than *most* characters the rest is told.
    """
    rest = len(text) - most
    pieces = _MARKER.split(text[:most])
    parts = [
        _chip(piece, kinds) if number % 2 else "".join(map(_character, _thinned(piece)))
        for number, piece in enumerate(pieces)
    ]
    if rest > 0:
        parts.append(f'<span class="rest">… and {rest:,} more characters</span>')
    return f"<bdi>{''.join(parts)}</bdi>"


def plain(text: str, most: int) -> str:
    """Return *text* escaped, on one line, of at most *most* characters: for drawings and for attributes."""
    shown = "".join("·" if _odd(each) else each for each in _thinned(text[:most]))
    return escape(shown + "…" * (len(text) > most))


def marker(kind: str) -> str:
    """Return a chip that stands for what was withheld."""
    return f'<mark title="withheld">{plain(kind.replace("_", " ").lower(), 40)}</mark>'


def _chip(kind: str, kinds: Collection[str]) -> str:
    return marker(kind) if kind in _KINDS or kind in kinds else f"[{kind}]"


def _character(character: str) -> str:
    if _odd(character):
        return f'<i class="odd">U+{ord(character):04X}</i>'
    return escape(character)


def _odd(character: str) -> bool:
    """Whether *character* shows nothing of itself, and may change what does."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} and character not in _JOINERS


def _thinned(text: str) -> str:
    """Return *text* without the marks that pile up on one letter."""
    kept: list[str] = []
    marks = 0
    for each in text:
        marks = marks + 1 if unicodedata.combining(each) else 0
        if marks <= _MOST_MARKS:
            kept.append(each)
    return "".join(kept)
