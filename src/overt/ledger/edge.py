"""The right edge of a log: the last tiles, which are all that is needed to add to it and to know its root."""

from collections.abc import Sequence
from typing import Final, Self

from overt.errors import VerificationError
from overt.format import merkle
from overt.ledger import tiles
from overt.ledger.tiles import Tile

_BITS: Final = 8


class Edge:
    """What is in the last, partial tile of each level; full tiles are left behind on the disk."""

    def __init__(self, size: int, entries: Sequence[bytes], levels: Sequence[Sequence[bytes]]) -> None:
        """Take the edge of a log of *size* entries: the last *entries*, and the last hashes of each level, from 0 up.

        Raises:
            VerificationError: they are not as many as that size says, or the hashes are not those of the entries.
        """
        self.size = size
        self._entries = list(entries)
        self._levels = [list(hashes) for hashes in levels]
        widths = [len(hashes) for hashes in self._levels]
        if widths != partial_widths(size) or self._leaf_hashes() != self._level(0):
            raise VerificationError("the last tiles of the log do not belong together")

    @classmethod
    def empty(cls) -> Self:
        """Return the edge of a log without entries."""
        return cls(0, [], [])

    def append(self, entry: bytes) -> list[tuple[Tile, bytes]]:
        """Add *entry*, and return each tile that changed with its bytes, in the order in which they are to be written.

        Whoever fails to write one has to take the edge from the disk again.
        """
        index = self.size // tiles.WIDTH
        self._entries.append(entry)
        width = len(self._entries)
        changed = [(Tile(level="entries", index=index, width=width), tiles.render_entries(self._entries))]
        if width == tiles.WIDTH:
            self._entries.clear()
        self.size += 1
        return changed + self._add(merkle.leaf_hash(entry))

    def root(self) -> bytes:
        """Return the root of the whole log."""
        root = b""
        for hashes in self._levels:
            end = len(hashes)
            for bit in range(_BITS):
                if len(hashes) >> bit & 1:
                    part = merkle.perfect_root(hashes[end - (1 << bit) : end])
                    root = merkle.node_hash(part, root) if root else part
                    end -= 1 << bit
        return root or merkle.EMPTY_ROOT

    def _add(self, value: bytes) -> list[tuple[Tile, bytes]]:
        changed, level = [], 0
        while True:
            hashes = self._level(level)
            hashes.append(value)
            width = len(hashes)
            index = ((self.size >> _BITS * level) - 1) // tiles.WIDTH
            changed.append((Tile(level=level, index=index, width=width), b"".join(hashes)))
            if width < tiles.WIDTH:
                return changed
            value = merkle.perfect_root(hashes)
            hashes.clear()
            level += 1

    def _level(self, level: int) -> list[bytes]:
        while len(self._levels) <= level:
            self._levels.append([])
        return self._levels[level]

    def _leaf_hashes(self) -> list[bytes]:
        return [merkle.leaf_hash(entry) for entry in self._entries]


def partial_widths(size: int) -> list[int]:
    """Return how many hashes the partial tile of each level has in a log of *size* entries, from level 0 up."""
    widths = []
    while size:
        widths.append(size % tiles.WIDTH)
        size //= tiles.WIDTH
    return widths
