"""RE2 with types: it is linear in the text and never backtracks, whatever a person or a page writes."""

from collections.abc import Sequence
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

    def within(self, text: str) -> bool:
        """Say whether the pattern matches anywhere in *text*."""
        return self._compiled.search(text) is not None

    def whole(self, text: str) -> tuple[str, ...] | None:
        """Return the groups of a match of the whole *text*, or ``None``."""
        match = self._compiled.fullmatch(text)
        return None if match is None else tuple(match.groups())


class Table:
    """Many patterns in one automaton: a single pass says which of them match at all."""

    __slots__ = ("_set",)

    def __init__(self, patterns: Sequence[str]) -> None:
        """Compile *patterns* together."""
        self._set: Any = _RE2.Set.SearchSet()
        for pattern in patterns:
            self._set.Add(pattern)
        self._set.Compile()

    def matching(self, text: str) -> list[int]:
        """Return the places in the table of the patterns that match somewhere in *text*."""
        return list(self._set.Match(text) or ())
