"""C2SP checkpoints: what a tree of a given origin and size commits to."""

import re
from dataclasses import dataclass
from typing import Final, Self

from overt.errors import FormatError
from overt.format import text64

_ROOT_BYTES: Final = 32
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_LINES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The *root* over the first *size* leaves of the tree named *origin*."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{text64.encode(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the *text* of a checkpoint without extension lines.

        Raises:
            FormatError: it is anything else.
        """
        lines = text.split("\n")
        if len(lines) != _LINES + 1 or lines[-1] or not lines[0] or not _DECIMAL.fullmatch(lines[1]):
            raise FormatError("malformed checkpoint")
        root = text64.decode(lines[2])
        if len(root) != _ROOT_BYTES:
            raise FormatError("the root of a checkpoint holds 32 bytes")
        return cls(origin=lines[0], size=int(lines[1]), root=root)
