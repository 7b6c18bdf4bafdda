"""Frames between reading and writing: checked, kept once each, and gone when the export ends."""

import hashlib
import struct
import tempfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from overt.errors import FormatError
from overt.events.redacted import RedactedFrame

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER_BYTES: Final = 13


class FrameFault(StrEnum):
    """Why a frame is left out of an export."""

    MISSING = "missing"
    WRONG_HASH = "wrong_hash"
    MALFORMED = "malformed"
    EXTRA_CHUNK = "extra_chunk"
    """The PNG holds more than pixels: a text, a time or a profile says where it was made."""
    WRONG_SIZE = "wrong_size"


def fault_of(frame: RedactedFrame) -> FrameFault | None:
    """Return what is wrong with the bytes of *frame*, or ``None``."""
    if hashlib.sha256(frame.png).hexdigest() != frame.event.sha256:
        return FrameFault.WRONG_HASH
    try:
        kinds = list(_chunks(frame.png))
    except FormatError:
        return FrameFault.MALFORMED
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or b"IDAT" not in kinds:
        return FrameFault.MALFORMED
    if set(kinds[1:-1]) != {b"IDAT"}:
        return FrameFault.EXTRA_CHUNK
    size = struct.unpack_from(">II", frame.png, len(_SIGNATURE) + 8)
    return None if size == (frame.event.width, frame.event.height) else FrameFault.WRONG_SIZE


def _chunks(png: bytes) -> Iterator[bytes]:
    """Yield the kind of each chunk; checksums need no check, since the whole file's hash was compared."""
    if not png.startswith(_SIGNATURE):
        raise FormatError("a frame is no PNG file")
    offset = len(_SIGNATURE)
    while offset < len(png):
        if offset + 12 > len(png):
            raise FormatError("a frame ends inside a chunk")
        length, kind = struct.unpack_from(">I4s", png, offset)
        if kind == b"IHDR" and length != _HEADER_BYTES:
            raise FormatError("a frame has a malformed header")
        offset += 12 + length
        yield kind
    if offset != len(png):
        raise FormatError("a frame ends inside a chunk")


class FrameSpool:
    """Keeps the frames of one episode in a file without a name, so that memory stays small; closing it frees them."""

    def __init__(self, directory: Path) -> None:
        """Keep frames on the disk of *directory*, where the export will hold them anyway."""
        self._file = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115 - closed by close() and by the block
        self._where: dict[str, tuple[int, int]] = {}
        self._end = 0

    def put(self, frame: RedactedFrame) -> None:
        """Keep the PNG file of *frame*, once."""
        if frame.event.sha256 in self._where:
            return
        self._file.seek(self._end)
        self._file.write(frame.png)
        self._where[frame.event.sha256] = (self._end, len(frame.png))
        self._end += len(frame.png)

    def get(self, sha256: str) -> bytes:
        """Return the PNG file with this SHA-256, which must have been put."""
        offset, length = self._where[sha256]
        self._file.seek(offset)
        return self._file.read(length)

    def close(self) -> None:
        """Free everything that was kept."""
        self._file.close()

    def __enter__(self) -> Self:
        """Return this spool; leaving the block closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free everything that was kept."""
        self.close()
