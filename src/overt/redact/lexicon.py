"""The person's own words: names, addresses and numbers that are withheld wherever they stand, however they are written.

Case, accents, spaces and signs do not count. What follows from a word (initials, nicknames) is not guessed.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from overt.redact.engine import Pattern
from overt.redact.fold import fold
from overt.redact.kinds import Kind, Span

FEWEST: Final = 2
"""Letters and digits that a word must have: of a single one every text is full."""

LONG: Final = 6
"""Letters and digits from which on a word is looked for inside other words, and with its letters spaced out."""

_FEWEST_INSIDE: Final = 3
_ADDRESS: Final = Pattern(r"\S*[@/\\_=&%]\S*|\S*\w[.:]\w\S*")
"""What may be an e-mail address, a web address, a path or the name of an account: words run together there."""
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i", "ŋ": "n"}  # noqa: RUF001 - a letter of Turkish
)
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True, slots=True, repr=False)
class _Word:
    """A word without its signs. *cuts* are the places in it at which the original has any; *anywhere*: see ``LONG``."""

    plain: str
    cuts: frozenset[int]
    anywhere: bool


class Lexicon:
    """Finds the words of one person's list in texts."""

    __slots__ = ("_words",)

    def __init__(self, entries: Iterable[str] = ()) -> None:
        """Know *entries*; those with fewer than ``FEWEST`` letters and digits are left out."""
        known = {_word(form) for entry in entries for form in _forms(entry)}
        self._words = tuple(sorted((each for each in known if len(each.plain) >= FEWEST), key=lambda each: each.plain))

    def __bool__(self) -> bool:
        """Say whether any word is known."""
        return bool(self._words)

    def spans(self, text: str) -> list[Span]:
        """Return where a word stands in *text*; spans may overlap."""
        if not self._words:
            return []
        plain, places = _squashed(text)
        addresses: list[tuple[int, int]] | None = None
        found: list[Span] = []
        for word in self._words:
            at = plain.find(word.plain)
            while at >= 0:
                addresses = _ADDRESS.spans(text) if addresses is None else addresses
                start, end = places[at], places[at + len(word.plain) - 1] + 1
                if _meant(word, text, places[at : at + len(word.plain)], addresses):
                    found.append(Span(start=start, end=end, kind=Kind.PERSONAL))
                at = plain.find(word.plain, at + 1)
        return found


def plain_form(text: str) -> str:
    """Return the letters and digits of *text*, without case and accents: what two ways to write a word share."""
    return _squashed(text)[0]


def _meant(word: _Word, text: str, places: list[int], addresses: list[tuple[int, int]]) -> bool:
    """Say whether the letters at *places* are *word*, and not by chance a part of others."""
    if word.anywhere:
        return True
    start, end = places[0], places[-1] + 1
    if len(word.plain) >= _FEWEST_INSIDE and any(a <= start and end <= b for a, b in addresses):
        return True
    cuts = {number for number in range(1, len(places)) if places[number] - places[number - 1] > 1}
    return _ends(text, start) and _ends(text, end) and cuts <= word.cuts


def _ends(text: str, at: int) -> bool:
    """Say whether a word may begin or end before the character *at*: at a sign, a digit or a change of case."""
    if at in {0, len(text)}:
        return True
    before, after = text[at - 1], text[at]
    if not (before.isalnum() and after.isalnum()):
        return True
    return before.isdigit() != after.isdigit() or (before.islower() and after.isupper())


def _forms(entry: str) -> tuple[str, ...]:
    """Return *entry* also as it is written where keys for its umlauts are missing, and the other way round."""
    low = unicodedata.normalize("NFC", entry).casefold()
    bare = low.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return tuple(dict.fromkeys((low, low.translate(_UMLAUTS), bare)))


def _word(form: str) -> _Word:
    plain, places = _squashed(form)
    cuts = frozenset(number for number in range(1, len(places)) if places[number] - places[number - 1] > 1)
    # Scripts without case write words together, with a particle, or without any space.
    caseless = any(unicodedata.category(char) == "Lo" for char in plain)
    return _Word(plain, cuts, anywhere=len(plain) >= LONG or caseless)


def _squashed(text: str) -> tuple[str, list[int]]:
    """Return the plain letters and digits of *text*, and the place in it of each."""
    if text.isascii():
        places = [at for at, char in enumerate(text) if char.isalnum()]
        return "".join([text[at] for at in places]).lower(), places
    folded, origins = fold(text)
    pairs = [
        (low, at if origins is None else origins[at])
        for at, char in enumerate(folded)
        for low in (char.lower() if char.isascii() else _plain(char))
        if low.isalnum()
    ]
    return "".join([low for low, _ in pairs]), [place for _, place in pairs]


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    bare = unicodedata.normalize("NFKD", char.casefold())
    return "".join(each for each in bare if unicodedata.category(each) != "Mn").translate(_LETTERS)
