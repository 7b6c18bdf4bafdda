"""On which line each entry of a TOML document stands; for documents that a real parser has already accepted."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping
from typing import Final

Path = tuple[str | int, ...]
"""Keys, and indices from 0 for elements of arrays."""

_STRING: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}' + r"|'''.*?'{3,5}" + r'|"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'", re.DOTALL
)
_SKIPPED: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)+")
_PLAIN: Final = re.compile(r"[^,\]}#\r\n]+")
_PART: Final = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_KEY: Final = re.compile(rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*")


def positions(text: str) -> dict[Path, int]:
    """Return the line, from 1, on which each table, entry and element of the TOML document *text* begins.

    What cannot be found is left out; nothing is raised.
    """
    scan = _Scan(text)
    try:
        scan.run()
    except RecursionError:
        return {}
    return scan.found


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of the entry *path*, or of the nearest table or entry around it, or 0."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 0)


class _Scan:
    """One pass over *text*, which a parser has accepted: so there is no need to refuse anything here."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._ends = [place for place, char in enumerate(text) if char == "\n"]
        self.found: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}
        """How many tables each array of tables has had so far."""

    def run(self) -> None:
        table: Path = ()
        while self._skip():
            before = self._at
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._entry(table)
            if self._at == before:
                break

    def _header(self) -> Path:
        line = self._line()
        many = self._text.startswith("[[", self._at)
        self._at += 2 if many else 1
        self._skip()
        path = self._resolved(self._key())
        self._skip()
        self._at += 2 if many else 1
        if many:
            self._tables[path] = self._tables.get(path, -1) + 1
            self.found.setdefault(path, line)
            path = (*path, self._tables[path])
        for end in range(1, len(path) + 1):
            self.found.setdefault(path[:end], line)
        return path

    def _resolved(self, keys: Path) -> Path:
        """Put the index of the last table wherever *keys* pass through an array of tables; but not at their end."""
        path: Path = ()
        for key in keys[:-1]:
            path = (*path, key)
            if path in self._tables:
                path = (*path, self._tables[path])
        return (*path, *keys[-1:])

    def _entry(self, table: Path) -> None:
        line = self._line()
        path = (*table, *self._key())
        for end in range(len(table) + 1, len(path) + 1):
            self.found.setdefault(path[:end], line)
        self._skip()
        self._at += 1
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip()
        opening = self._text[self._at : self._at + 1]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline(path)
        else:
            self._scalar()

    def _array(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._skip() and self._text[self._at] != "]":
            self.found[*path, index] = self._line()
            self._value((*path, index))
            index += 1
            self._comma()
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while self._skip() and self._text[self._at] != "}":
            self._entry(path)
            self._comma()
        self._at += 1

    def _scalar(self) -> None:
        found = _STRING.match(self._text, self._at) or _PLAIN.match(self._text, self._at)
        self._at = found.end() if found else len(self._text)

    def _key(self) -> Path:
        found = _KEY.match(self._text, self._at)
        if found is None:
            self._at = len(self._text)
            return ()
        self._at = found.end()
        return _keys(found[0])

    def _comma(self) -> None:
        self._skip()
        if self._text.startswith(",", self._at):
            self._at += 1

    def _skip(self) -> bool:
        """Pass over spaces, line ends and comments; say whether anything is left."""
        found = _SKIPPED.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at < len(self._text)

    def _line(self) -> int:
        return bisect_left(self._ends, self._at) + 1


def _keys(written: str) -> Path:
    """Read a key as the parser does, quotes and dots included."""
    try:
        inner: object = tomllib.loads(f"{written} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    path: Path = ()
    while isinstance(inner, dict):
        ((key, inner),) = inner.items()
        path = (*path, key)
    return path
