"""Frames: masked with one solid colour in place, cut to the content area, and written as a bare PNG."""

import struct
import zlib
from collections.abc import Iterable
from typing import Final

from overt.events.geometry import Rect
from overt.events.raw import RawFrame

FILL: Final = bytes((0x30, 0x30, 0x30, 0xFF))
"""The one colour of every mask, as BGRX."""

MARGIN: Final = 4
"""Pixels by which a mask is grown on every side: boxes are told in whole pixels, and glyphs are smoothed."""

_BYTES: Final = 4
_LEVEL: Final = 1
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def mask(frame: RawFrame, masks: Iterable[Rect]) -> int:
    """Fill each of *masks* (root pixels) in the pixels of *frame* itself, and return how many touched it."""
    touched = 0
    for box in masks:
        inside = box.grown(MARGIN).intersection(frame.rect)
        if inside is None:
            continue
        touched += 1
        line = FILL * inside.width
        for row in range(inside.y - frame.rect.y, inside.y - frame.rect.y + inside.height):
            start = (row * frame.rect.width + inside.x - frame.rect.x) * _BYTES
            frame.pixels[start : start + len(line)] = line
    return touched


def png(frame: RawFrame, content: Rect) -> tuple[bytes, int, int] | None:
    """Write the part of *frame* in *content* (root pixels) as PNG; with its width and height, or ``None`` if empty.

    The file has the chunks IHDR, IDAT and IEND and no other: nothing of the machine or the moment.
    """
    kept = content.intersection(frame.rect)
    if kept is None or len(frame.pixels) != frame.rect.width * frame.rect.height * _BYTES:
        return None
    size = struct.pack(">IIBBBBB", kept.width, kept.height, 8, 2, 0, 0, 0)
    lines = _scanlines(frame, kept)
    body = zlib.compress(lines, _LEVEL)
    _clear(lines)
    return _SIGNATURE + _chunk(b"IHDR", size) + _chunk(b"IDAT", body) + _chunk(b"IEND", b""), kept.width, kept.height


def wipe(frame: RawFrame) -> None:
    """Overwrite the pixels of *frame*, which is of no more use: Python frees memory without clearing it."""
    _clear(frame.pixels)


def _clear(buffer: bytearray) -> None:
    buffer[:] = bytes(len(buffer))


def _scanlines(frame: RawFrame, kept: Rect) -> bytearray:
    """Turn BGRX rows into RGB rows, each after the byte that says that it is not filtered."""
    rgb = bytearray(kept.width * 3)
    # Of its whole size at once: a buffer that grows leaves copies of itself behind.
    lines = bytearray((1 + len(rgb)) * kept.height)
    for row in range(kept.y - frame.rect.y, kept.y - frame.rect.y + kept.height):
        start = (row * frame.rect.width + kept.x - frame.rect.x) * _BYTES
        line = memoryview(frame.pixels)[start : start + kept.width * _BYTES]
        rgb[0::3], rgb[1::3], rgb[2::3] = line[2::_BYTES], line[1::_BYTES], line[0::_BYTES]
        at = (row - (kept.y - frame.rect.y)) * (1 + len(rgb)) + 1
        lines[at : at + len(rgb)] = rgb
    _clear(rgb)
    return lines


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
