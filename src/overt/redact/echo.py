"""Remembers, in memory alone, what was withheld, so that its repetition elsewhere is withheld too."""

from typing import Final

from overt.redact.engine import Pattern
from overt.redact.kinds import Kind, Span
from overt.redact.lexicon import Lexicon

LIKENESS: Final = 5
"""Letters and digits in a row that make a repetition: no run of more than four may ever get out."""

_FEWEST: Final = 3
_MOST: Final = 200_000
_WORD: Final = Pattern(r"[\pL\pN]+")


class Echo:
    """The letters and digits of withheld texts, cut into overlapping pieces; case and signs do not count.

    *lexicon* is the person's own list, which holds from the start and is never forgotten.
    """

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        """Know *lexicon*, and remember nothing yet."""
        self.lexicon = lexicon or Lexicon()
        self._pieces: set[str] = set()
        self._words: set[str] = set()

    def add(self, secret: str) -> None:
        """Remember *secret*; it is never given back."""
        plain = "".join(char for char in secret.casefold() if char.isalnum())
        if len(plain) >= LIKENESS and len(self._pieces) < _MOST:
            self._pieces.update(plain[at : at + LIKENESS] for at in range(len(plain) - LIKENESS + 1))
        elif len(plain) >= _FEWEST:
            self._words.add(plain)

    def spans(self, text: str) -> list[Span]:
        """Return the parts of *text* that repeat a secret, or are words of the lexicon."""
        own = self.lexicon.spans(text)
        if not self._pieces and not self._words:
            return own
        places = [(at, low) for at, char in enumerate(text) for low in char.casefold() if low.isalnum()]
        plain = "".join(char for _, char in places)
        pieces = [at for at in range(len(plain) - LIKENESS + 1) if plain[at : at + LIKENESS] in self._pieces]
        ends = [(places[at][0], places[at + LIKENESS - 1][0] + 1) for at in pieces]
        ends += [(a, b) for a, b in _WORD.spans(text) if text[a:b].casefold() in self._words]
        return [*own, *(Span(start=start, end=end, kind=Kind.REPEATED) for start, end in ends)]

    def forget(self) -> None:
        """Remember nothing any more but the lexicon."""
        self._pieces.clear()
        self._words.clear()
