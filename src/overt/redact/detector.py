"""The shape of a detector: one file of ``detectors/`` each, with the examples that prove it beside it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from overt.redact.engine import Pattern
from overt.redact.fold import fold
from overt.redact.kinds import Kind

WORD: Final = r"(?:^|[^\pL\pN])"
"""What stands before a label: the begin of the text, or neither letter nor digit (RE2 knows ASCII words alone)."""

SAYS: Final = (
    r"(?:\s*(?::=|=>|->|→|[:=：＝]|\.{2,})\s*"  # noqa: RUF001 - as East Asian keyboards write it
    r"|(?:\s+(?:is|are|was|were|be|(?:will|would|might|may|could|should|must|can) be|used to be|"
    r"has been|became|stays|remains|equals|bleibt|reste|ist|"
    r"lautet|"
    r"heißt|heisst|war|wäre|wird|est|c'est|sera|était|es|era|será|fue|sono|sarà|jest|je|er|är|este|eh|adalah|là)|'s)"
    r"\s*[:=]?\s+(?:(?:still|now|always|just|actually|currently|simply|probably|again|maybe|perhaps|"
    r"literally|basically|the word|set to|das wort|le mot|la palabra|la parola|noch|jetzt|immer|"
    r"schon|altijd|zawsze|siempre|sempre|"
    r"immer noch|vielleicht|toujours|maintenant|peut-être|ahora|todavía|ancora|ora|ainda|agora|nog|nu)\s+)?"
    r"|\s+(?:[éè-]|e')\s+|\s*[-–—]\s+|\s?(?:是|为|為|は|の?値は|은|는|이|가)\s?)"  # noqa: RUF001 - dashes of any length
)
"""What stands between a label and its value, in several languages."""


Judge = Callable[[str, int, int], Kind | None]
"""Looks closely at the characters of a folded text that a pattern found: their kind, or ``None`` to leave them."""
Search = Callable[[str], Iterable[tuple[int, int]]]
"""Finds start and end of what no pattern can tell, in a folded text."""


DIGITS: Final = tuple("0123456789")
"""Hints of what is about numbers."""
_LETTERS: Final = r"A-Za-z\x{80}-\x{10ffff}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """What finds one sort of secret, by rules from its published format.

    *hints* are plain words; where none of them is in a text nothing else of the detector is tried (without hints it
    always is). Letter case does not count in them. *patterns* find; a pattern with groups finds the first that took
    part. *judge* may refuse what was found, or name it better; *search* replaces the patterns.

    *gate* is a part of patterns: those that have it are tried only where that part is found, which costs one search.

    *found* and *kept* are its examples: a text with ``«»`` about each thing that it finds, and texts in which it finds
    nothing.
    """

    kind: Kind
    hints: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    gate: str = ""
    judge: Judge | None = None
    search: Search | None = None
    found: tuple[str, ...]
    kept: tuple[str, ...]

    def hinted(self) -> frozenset[str]:
        """Return the hints as they stand in a folded text."""
        return frozenset(map(folded, self.hints))

    def compiled(self) -> Search:
        """Return what finds start and end of each candidate."""
        if self.search is not None:
            return self.search
        gated = [pattern for pattern in self.patterns if self.gate and self.gate in pattern]
        free = [Pattern(folded(pattern)) for pattern in self.patterns if pattern not in gated]
        gate = Pattern(folded(f"(?i){self.gate}"))
        return _Patterns(free, gate, [Pattern(folded(pattern)) for pattern in gated])


class _Patterns:
    __slots__ = ("_free", "_gate", "_gated")

    def __init__(self, free: list[Pattern], gate: Pattern, gated: list[Pattern]) -> None:
        self._free, self._gate, self._gated = free, gate, gated

    def __call__(self, text: str) -> Iterable[tuple[int, int]]:
        for pattern in self._free:
            yield from pattern.finds(text)
        if self._gated and self._gate.within(text):
            for pattern in self._gated:
                yield from pattern.finds(text)


def folded(pattern: str) -> str:
    r"""Return *pattern* as the texts are in which it is looked for: look-alikes are folded in both.

    ``\pL`` and ``\pN`` stand in brackets alone. In a folded text other scripts have letters and no digits, so that all
    that is not ASCII can pass for a letter: the real classes are thousands of ranges, too many for a fast automaton.
    """
    return fold(pattern)[0].replace(r"\pL", _LETTERS).replace(r"\pN", "0-9")
