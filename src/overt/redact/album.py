"""Which frames are kept: each picture once in a visit, and no more bytes in an hour than the budget has."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from overt.events.geometry import Rect
from overt.events.raw import RawFrame
from overt.redact import pixels

_HOUR_NS: Final = 3_600_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Picture:
    """A masked frame as a PNG *file*, its size in pixels, and how many *masks* touched it."""

    file: bytes
    width: int
    height: int
    masks: int


class Album:
    """Masks, compares and encodes frames, and keeps account of their bytes; it holds none of them."""

    def __init__(self, *, started_ns: int, bytes_per_hour: int) -> None:
        """Begin at *started_ns* with a quarter of an hour's bytes in hand; at most an hour's are ever saved up."""
        self._rate = bytes_per_hour
        self._left = bytes_per_hour / 4
        self._at_ns = started_ns
        self._last: bytes | None = None
        self.spent = 0
        """How many frames the budget has refused."""

    def turn(self) -> None:
        """Begin another visit: a frame belongs to one visit, so its first picture is kept, known or not."""
        self._last = None

    def take(self, frame: RawFrame, masks: Iterable[Rect], content: Rect) -> Picture | None:
        """Mask *frame* in its own pixels, and return its picture; ``None`` when it is not to be kept.

        That is when it has no content, when it is what the visit's last picture showed (a caret that blinks in a masked
        field makes no other), or when the hour's bytes are used up. All boxes are root pixels.
        """
        touched = pixels.mask(frame, masks)
        shown = _digest(frame, content)
        if shown == self._last:
            return None
        self._earn(frame.at_ns)
        if self._left <= 0:
            self.spent += 1
            return None
        made = pixels.png(frame, content)
        if made is None:
            return None
        self._last = shown
        self._left -= len(made[0])
        return Picture(file=made[0], width=made[1], height=made[2], masks=touched)

    def _earn(self, at_ns: int) -> None:
        self._left = min(self._rate, self._left + max(0, at_ns - self._at_ns) * self._rate / _HOUR_NS)
        self._at_ns = max(at_ns, self._at_ns)


def _digest(frame: RawFrame, content: Rect) -> bytes:
    shown = hashlib.sha256(f"{content} {frame.rect}".encode())
    shown.update(frame.pixels)
    return shown.digest()
