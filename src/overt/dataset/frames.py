"""What is wrong with a frame that is about to be exported, if anything is."""

import hashlib
import struct
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

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
