"""Proofs about a log as files: that it holds an entry (C2SP tlog-proof), that it only grew (C2SP tlog-witness)."""

import re
from dataclasses import dataclass
from typing import Final, Self

from overt.errors import FormatError
from overt.format import text64
from overt.format.merkle import HASH_BYTES

PROOF_HEADER: Final = "c2sp.org/tlog-proof@v1"
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_MAX_HASHES: Final = 63
_MAX_CHARACTERS: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionFile:
    """The claim that entry *index* is in the log of the note *checkpoint*; *extra* is the entry. Nothing is checked."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes

    def text(self) -> str:
        """Return the file's text."""
        head = [PROOF_HEADER, f"extra {text64.encode(self.extra)}", f"index {self.index}"]
        return "\n".join([*head, *map(text64.encode, self.hashes), "", self.checkpoint])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a file's *text*, with its ``extra`` line: without the entry there would be nothing to prove.

        Raises:
            FormatError: it is malformed.
        """
        lines, checkpoint = _split(text)
        if len(lines) < 3 or lines[0] != PROOF_HEADER or not lines[1].startswith("extra "):  # noqa: PLR2004
            raise FormatError("not a log proof that carries its entry")
        extra = text64.decode(lines[1].removeprefix("extra "))
        return cls(index=_number(lines[2], "index"), hashes=_hashes(lines[3:]), checkpoint=checkpoint, extra=extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthFile:
    """The claim that the log of the note *checkpoint* grew from its first *old* entries. Nothing is checked."""

    old: int
    hashes: tuple[bytes, ...]
    checkpoint: str

    def text(self) -> str:
        """Return the file's text: the body of a witness's ``add-checkpoint``."""
        return "\n".join([f"old {self.old}", *map(text64.encode, self.hashes), "", self.checkpoint])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a file's *text*.

        Raises:
            FormatError: it is malformed.
        """
        lines, checkpoint = _split(text)
        return cls(old=_number(lines[0], "old"), hashes=_hashes(lines[1:]), checkpoint=checkpoint)


def _split(text: str) -> tuple[list[str], str]:
    head, blank, checkpoint = text.partition("\n\n")
    if not blank or len(text) > _MAX_CHARACTERS:
        raise FormatError("not a proof about a log")
    return head.split("\n"), checkpoint


def _number(line: str, word: str) -> int:
    name, _, digits = line.partition(" ")
    if name != word or not _DECIMAL.fullmatch(digits):
        raise FormatError(f"a proof about a log has no line that says {word}")
    return int(digits)


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    hashes = tuple(map(text64.decode, lines))
    if len(hashes) > _MAX_HASHES or any(len(each) != HASH_BYTES for each in hashes):
        raise FormatError(f"a proof about a log has at most {_MAX_HASHES} hashes of {HASH_BYTES} bytes")
    return hashes
