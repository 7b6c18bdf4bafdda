"""Small pictures of made-up pages: boxes where elements are, bars for text, and SYNTHETIC written across the top."""

import hashlib
import struct
import zlib
from functools import lru_cache
from typing import Final

from overt.events.geometry import Rect
from overt.events.redacted import FrameTaken, RedactedFrame
from overt.synth.pages import ROW, Page

_Colour = tuple[int, int, int]

_PAPER: Final = (255, 255, 255)
_INK: Final = (206, 208, 212)
_COLOURS: Final = {"link": (51, 102, 204), "heading": (32, 33, 36), "push button": (218, 220, 224)}
_MASK: Final = (0x30, 0x30, 0x30)
"""The recorder's colour for what it paints over: every field that can be typed into."""
_GROWN: Final = 4
_STRIPE: Final = (200, 30, 90)
_DOT: Final = 2
"""Pixels of a dot of the letters on the stripe."""

_LETTERS: Final = {
    "S": "01110 10001 10000 01110 00001 10001 01110",
    "Y": "10001 10001 01010 00100 00100 00100 00100",
    "N": "10001 11001 10101 10011 10001 10001 10001",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    "H": "10001 10001 10001 11111 10001 10001 10001",
    "E": "11111 10000 10000 11110 10000 10000 11111",
    "I": "01110 00100 00100 00100 00100 00100 01110",
    "C": "01110 10001 10000 10000 10000 10001 01110",
}
"""Seven rows of five dots each."""

_LEVEL: Final = 1
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def photograph(page: Page, seen: Rect, at_ms: int, visit: int, number: int) -> RedactedFrame:
    """Return the frame *number* of the part of *page* that is *seen*, taken at *at_ms* on *visit*."""
    fields = tuple(each.box for each in page.inputs())
    shown = tuple((each.role, each.box) for each in page.elements)
    png = _drawn(shown, page.height, seen)
    masks = sum(_grown(box).intersection(seen) is not None for box in fields)
    event = FrameTaken(
        synthetic=True,
        at_ms=at_ms,
        visit=visit,
        frame=number,
        width=seen.width,
        height=seen.height,
        sha256=hashlib.sha256(png).hexdigest(),
        masks=masks,
    )
    return RedactedFrame(event=event, png=png)


@lru_cache(maxsize=64)
def _drawn(elements: tuple[tuple[str, Rect], ...], height: int, seen: Rect) -> bytes:
    canvas = _Canvas(seen)
    for top in range(290, height - ROW, ROW):
        for line in range(3):
            canvas.fill(Rect(x=180, y=top + 18 * line, width=620 - 90 * line, height=8), _INK)
    for role, box in elements:
        canvas.fill(_grown(box) if role == "entry" else box, _MASK if role == "entry" else _COLOURS.get(role, _INK))
    canvas.stamp("SYNTHETIC")
    return canvas.png()


def _grown(box: Rect) -> Rect:
    return box.grown(_GROWN)


class _Canvas:
    """The pixels of what is seen, in rows of RGB after PNG's byte for no filter; boxes are in pixels of the page."""

    def __init__(self, seen: Rect) -> None:
        self._seen = seen
        self._rows = [bytearray(b"\0" + bytes(_PAPER) * seen.width) for _ in range(seen.height)]

    def fill(self, box: Rect, colour: _Colour) -> None:
        inside = box.intersection(self._seen)
        if inside is None:
            return
        line = bytes(colour) * inside.width
        left = 1 + (inside.x - self._seen.x) * 3
        for row in self._rows[inside.y - self._seen.y : inside.y - self._seen.y + inside.height]:
            row[left : left + len(line)] = line

    def stamp(self, word: str) -> None:
        """Write *word* on a stripe along the top edge, over whatever is there."""
        x, y = self._seen.x, self._seen.y
        self.fill(Rect(x=x, y=y, width=self._seen.width, height=9 * _DOT), _STRIPE)
        for place, letter in enumerate(word):
            for row, dots in enumerate(_LETTERS[letter].split()):
                for column in (number for number, dot in enumerate(dots) if dot == "1"):
                    left = x + (4 + 6 * place + column) * _DOT
                    self.fill(Rect(x=left, y=y + (1 + row) * _DOT, width=_DOT, height=_DOT), _PAPER)

    def png(self) -> bytes:
        """Return a PNG file with the chunks IHDR, IDAT and IEND and no other."""
        size = struct.pack(">IIBBBBB", self._seen.width, self._seen.height, 8, 2, 0, 0, 0)
        body = zlib.compress(b"".join(self._rows), _LEVEL)
        return _SIGNATURE + _chunk(b"IHDR", size) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
