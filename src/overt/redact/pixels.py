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
_LARGEST: Final = 1 << 26
"""Pixels of a picture: more than four screens of the highest density."""

_LEVEL: Final = 6
"""By measurement (``bench/frames.py``): a quarter smaller than at level 1 for 2 ms more; level 9 takes 15 ms more."""

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
    """Write *content* (root pixels) as *frame* shows it as PNG; with its width and height, or ``None`` if empty.

    What of *content* lies outside the frame, as of a window that stands half off the screen, is filled as a mask is:
    points of the page are pixels of the picture, wherever the window stands. The file has the chunks IHDR, IDAT and
    IEND and no other: nothing of the machine or the moment.
    """
    kept = content.intersection(frame.rect)
    if kept is None or content.width * content.height > _LARGEST:
        return None
    if len(frame.pixels) != frame.rect.width * frame.rect.height * _BYTES:
        return None
    size = struct.pack(">IIBBBBB", content.width, content.height, 8, 2, 0, 0, 0)
    lines = _scanlines(frame, kept, content)
    body = zlib.compress(lines, _LEVEL)
    _clear(lines)
    file = _SIGNATURE + _chunk(b"IHDR", size) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    return file, content.width, content.height


def wipe(frame: RawFrame) -> None:
    """Overwrite the pixels of *frame*, which is of no more use: Python frees memory without clearing it."""
    _clear(frame.pixels)


def _clear(buffer: bytearray) -> None:
    buffer[:] = bytes(len(buffer))


def _scanlines(frame: RawFrame, kept: Rect, content: Rect) -> bytearray:
    """Turn BGRX rows into RGB rows of *content*, each after the byte that says that it is not filtered."""
    rgb = bytearray(kept.width * 3)
    # Of its whole size at once: a buffer that grows leaves copies of itself behind.
    lines = bytearray((b"\0" + FILL[2::-1] * content.width) * content.height)
    left = 1 + (kept.x - content.x) * 3
    stride = 1 + content.width * 3
    for row in range(kept.y - frame.rect.y, kept.y - frame.rect.y + kept.height):
        start = (row * frame.rect.width + kept.x - frame.rect.x) * _BYTES
        line = memoryview(frame.pixels)[start : start + kept.width * _BYTES]
        rgb[0::3], rgb[1::3], rgb[2::3] = line[2::_BYTES], line[1::_BYTES], line[0::_BYTES]
        at = (row + frame.rect.y - content.y) * stride + left
        lines[at : at + len(rgb)] = rgb
    _clear(rgb)
    return lines


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
