"""Where the tiles of a log lie and what they hold: the names and bytes of C2SP tlog-tiles, no I/O."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from overt.errors import FormatError
from overt.format import merkle

WIDTH: Final = 256
_LEVEL_BITS: Final = 8
_LENGTH_BYTES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One tile: *level* is a number or ``entries``, *index* its place, *width* how much of it is filled."""

    level: int | str
    index: int
    width: int

    @property
    def directory(self) -> tuple[str, ...]:
        """The directories below the log's own, outermost first."""
        *groups, last = self._groups()
        partial = (f"{last}.p",) if self.width < WIDTH else ()
        return ("tile", str(self.level), *groups, *partial)

    @property
    def name(self) -> str:
        """The file's name in that directory."""
        return str(self.width) if self.width < WIDTH else self._groups()[-1]

    def _groups(self) -> list[str]:
        digits = str(self.index)
        digits = digits.rjust(-(-len(digits) // 3) * 3, "0")
        groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
        return [f"x{group}" for group in groups[:-1]] + groups[-1:]


def entry_tiles(size: int) -> Iterator[Tile]:
    """Yield the entry tiles of a log of *size* entries, in order."""
    return _tiles("entries", size)


def hash_tiles(size: int) -> Iterator[Tile]:
    """Yield the hash tiles of a log of *size* entries, level by level."""
    level = 0
    while count := size >> _LEVEL_BITS * level:
        yield from _tiles(level, count)
        level += 1


def changed_tiles(old: int, new: int) -> list[Tile]:
    """Return the tiles that a log of *new* entries has and one with one more or less, *old*, has not; entries first."""
    return [tile for tile in _last_tiles(new) if tile not in set(_last_tiles(old))]


def _last_tiles(size: int) -> Iterator[Tile]:
    """Yield the last tile of each level: no other one changes when an entry is added."""
    level: int | str = "entries"
    count = size
    while count:
        index = (count - 1) // WIDTH
        yield Tile(level=level, index=index, width=count - index * WIDTH)
        level = 0 if level == "entries" else int(level) + 1
        count = size >> _LEVEL_BITS * level


def render_entries(entries: Sequence[bytes]) -> bytes:
    """Return an entry tile: each entry behind its length."""
    return b"".join(len(entry).to_bytes(_LENGTH_BYTES, "big") + entry for entry in entries)


def parse_entries(data: bytes, width: int) -> list[bytes]:
    """Return the *width* entries of an entry tile.

    Raises:
        FormatError: it holds another number, or is cut off.
    """
    entries: list[bytes] = []
    offset = 0
    while offset < len(data):
        start = offset + _LENGTH_BYTES
        offset = start + int.from_bytes(data[offset:start], "big")
        entries.append(data[start:offset])
    if offset != len(data) or len(entries) != width or not all(entries):
        raise FormatError("an entry tile of the log is malformed")
    return entries


def render_hashes(tree: merkle.Tree, tile: Tile) -> bytes:
    """Return the hash tile *tile* of *tree*."""
    assert isinstance(tile.level, int)
    start = tile.index * WIDTH
    return b"".join(tree.levels[_LEVEL_BITS * tile.level][start : start + tile.width])


def _tiles(level: int | str, count: int, first: int = 0) -> Iterator[Tile]:
    for index in range(first, -(-count // WIDTH)):
        yield Tile(level=level, index=index, width=min(WIDTH, count - index * WIDTH))
