"""RE2 with types: it is linear in the text and never backtracks, whatever a person or a page writes."""

from collections.abc import Iterable
from typing import Any, Final

import re2

_RE2: Final[Any] = re2


class Pattern:
    """One compiled pattern."""

    __slots__ = ("_compiled",)

    def __init__(self, pattern: str) -> None:
        """Compile *pattern*, which is in RE2's syntax."""
        self._compiled: Any = _RE2.compile(pattern)

    def spans(self, text: str, group: int = 0) -> list[tuple[int, int]]:
        """Return start and end of *group* in every match, those left out in which it takes no part."""
        found: list[tuple[int, int]] = [match.span(group) for match in self._compiled.finditer(text)]
        return [(start, end) for start, end in found if 0 <= start < end]

    def finds(self, text: str) -> list[tuple[int, int]]:
        """Return start and end of every match, or of its first group that took part, if the pattern has groups."""
        found: list[tuple[int, int]] = []
        for match in self._compiled.finditer(text):
            places = (match.span(number) for number in range(1, 1 + self._compiled.groups))
            start, end = next((place for place in places if place[0] >= 0), match.span())
            if start < end:
                found.append((start, end))
        return found

    def within(self, text: str) -> bool:
        """Say whether the pattern matches anywhere in *text*."""
        return self._compiled.search(text) is not None

    def whole(self, text: str) -> tuple[str, ...] | None:
        """Return the groups of a match of the whole *text*, or ``None``."""
        match = self._compiled.fullmatch(text)
        return None if match is None else tuple(match.groups())


class Words:
    """Many sets of plain words in one automaton: a single pass says of which sets any word is in a text."""

    __slots__ = ("_all", "_set")

    def __init__(self, sets: Iterable[Iterable[str]]) -> None:
        """Compile *sets*, in whose words letter case does not count; an empty set is in every text."""
        patterns = ["|".join(map(_RE2.escape, words)) for words in sets]
        self._all = list(range(len(patterns)))
        self._set: Any = _RE2.Set.SearchSet()
        for pattern in patterns:
            self._set.Add(f"(?i)(?:{pattern})")
        # The last one is in every text: where it is not found the engine has failed, and everything counts as found.
        self._set.Add("")
        self._set.Compile()

    def within(self, text: str) -> list[int]:
        """Return the places of the sets of which a word is in *text*, in ascending order."""
        found: list[int] = sorted(self._set.Match(text) or ())
        return found[:-1] if found[-1:] == [len(self._all)] else self._all
