"""Tokens too random to be words: letters and digits that keep changing places, or a word dressed up with signs."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from overt.redact.engine import Pattern

_TOKEN: Final = Pattern(r"[A-Za-z0-9_+=~!@^*#$&%/-]{8,}")
_PART: Final = Pattern(r"[^/]{8,}")
_LONG: Final = 16
_LONG_CHANGES: Final = 3
_SHORT_CHANGES: Final = 4
_DRESSED: Final = frozenset("!@^*~")


def random_tokens(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every token of a folded *text* that looks like a key or a password."""
    for start, end in _TOKEN.spans(text):
        for first, last in _PART.spans(text[start:end]):
            if _random(text[start + first : start + last].strip("-_=+")):
                yield start + first, start + last


def _random(token: str) -> bool:
    letters, digits = any(char.isalpha() for char in token), any(char.isdigit() for char in token)
    if not letters:
        return False
    flips = _case_flips(token)
    if not digits:
        return len(token) >= _LONG and flips >= 2 * _LONG_CHANGES and "-" not in token
    changes = _changes(token)
    if changes >= _SHORT_CHANGES or not _DRESSED.isdisjoint(token[1:]):
        return True
    return len(token) >= _LONG and changes + flips >= _LONG_CHANGES


def _changes(token: str) -> int:
    """Count how often letters and digits take turns, whatever signs stand between them."""
    classes = [char.isdigit() for char in token if char.isalnum()]
    return sum(left != right for left, right in pairwise(classes))


def _case_flips(token: str) -> int:
    """Count the turns from small to capital letters."""
    return sum(left.islower() and right.isupper() for left, right in pairwise(token))
