"""The canonical ``ustar`` container: one possible header for each name and size, zero padding, nothing else."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from overt.errors import FormatError
from overt.format.rules import BrokenRuleError, Rule

BLOCK: Final = 512
MAX_DATA_BYTES: Final = 1 << 26
_NAME: Final = re.compile(r"[a-z0-9]+(?:[./][a-z0-9]+)*")
_NAME_BYTES: Final = 100
_SIZE: Final = slice(124, 135)
_OCTAL: Final = re.compile(rb"[0-7]{11}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member: its *name*, and the *start* and *size* of its data in *archive*, which is not copied."""

    name: str
    archive: bytes = field(repr=False)
    start: int
    size: int

    @property
    def data(self) -> bytes:
        """A copy of the data."""
        return bytes(self.view)

    @property
    def view(self) -> memoryview:
        """The data where it lies."""
        return memoryview(self.archive)[self.start : self.start + self.size]

    @property
    def end(self) -> int:
        """The offset of the first byte after the padding."""
        return self.start + self.size + -self.size % BLOCK


def render_member(name: str, data: bytes) -> bytes:
    """Return the member *name* with *data*: header, data, padding.

    Raises:
        FormatError: the name is not one of ours, or the data is over 64 MiB.
    """
    if len(data) > MAX_DATA_BYTES:
        raise FormatError(f"{name} would hold {len(data):,} bytes, over the limit of {MAX_DATA_BYTES:,}")
    if not _is_name(name):
        raise FormatError("a member's name is not one of ours")
    return _header(name, len(data)) + data + bytes(-len(data) % BLOCK)


def read_member(archive: bytes, offset: int) -> Member:
    """Read the member of *archive* that starts at *offset*.

    Raises:
        BrokenRuleError: it is cut off or in any way different from what :func:`render_member` would have written.
    """
    header = archive[offset : offset + BLOCK]
    if len(header) < BLOCK:
        raise BrokenRuleError(Rule.HEADER_CUT if header else Rule.GROUP_CUT)
    name = header[:_NAME_BYTES].rstrip(b"\0").decode("ascii", errors="replace")
    if not _is_name(name) or not _OCTAL.fullmatch(header[_SIZE]) or header != _header(name, int(header[_SIZE], 8)):
        raise BrokenRuleError(Rule.HEADER_NOT_CANONICAL)
    member = Member(name=name, archive=archive, start=offset + BLOCK, size=int(header[_SIZE], 8))
    if member.size > MAX_DATA_BYTES:
        raise BrokenRuleError(Rule.MEMBER_TOO_LONG)
    if member.end > len(archive):
        raise BrokenRuleError(Rule.MEMBER_CUT)
    if archive[member.start + member.size : member.end].strip(b"\0"):
        raise BrokenRuleError(Rule.PADDING_NOT_ZERO)
    return member


def read_members(archive: bytes) -> Iterator[Member]:
    """Yield all members of *archive*.

    Raises:
        BrokenRuleError: a byte does not conform.
    """
    offset = 0
    while offset < len(archive):
        member = read_member(archive, offset)
        offset = member.end
        yield member


def leaf(name: str, data: bytes | memoryview) -> bytes:
    """Return the Merkle leaf of the member *name* with *data*: it covers every byte."""
    return f"v1 {name} {len(data)} {hashlib.sha256(data).hexdigest()}".encode("ascii")


def _is_name(name: str) -> bool:
    return len(name) <= _NAME_BYTES and _NAME.fullmatch(name) is not None


def _header(name: str, size: int) -> bytes:
    before = name.encode("ascii").ljust(_NAME_BYTES, b"\0") + b"0000600\0" + b"0000000\0" * 2 + b"%011o\0" % size
    after = (b"0" + bytes(100) + b"ustar\x0000").ljust(BLOCK - 156, b"\0")
    before += b"0" * 11 + b"\0"
    # The checksum counts its own eight bytes as spaces.
    checksum = sum(before) + 8 * 0x20 + sum(after)
    return before + b"%06o\0 " % checksum + after
