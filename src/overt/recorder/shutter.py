"""Keeps a settled frame of the page at hand, so that every action has the picture from before it."""

import asyncio
import zlib
from collections.abc import Callable
from typing import Final

from overt.capture.contract import FrameSource
from overt.events.context import Context, Focus
from overt.events.geometry import Rect
from overt.events.raw import RawFrame
from overt.focus.contract import FocusSource
from overt.redact.clean import telling
from overt.redact.pixels import wipe

SETTLE_NS: Final = 350_000_000
"""A page is taken to have settled this long after the last input or page turn."""

_REST: Final = 10
"""After a look for masks that took long (a page of thousands of objects), rest this many times as long: while it looks,
the browser answers nobody else."""

LAG_S: Final = 0.15
"""A browser shows a change before it tells of it: a page must tell the same for this long after its picture."""

_SLOWER: Final = 3
"""On a busy machine it tells later: so many times as long as the look at the page took is waited as well."""

REFRESH_NS: Final = 2_000_000_000
"""While the person works on a page, its picture is renewed this often at most."""

_ACTIVE_NS: Final = 10_000_000_000


class Shutter:
    """Decides when to take a frame, takes it between two equal contexts, and skips pictures that did not change."""

    def __init__(self, *, focus: FocusSource, frames: FrameSource, now: Callable[[], int]) -> None:
        """Look through *focus* and *frames*; *now* is monotonic ns."""
        self._focus = focus
        self._frames = frames
        self._now = now
        self.stirred_ns: int | None = None
        """When the person last acted or the page last changed."""
        self._taken_ns = 0
        self._rests_until_ns = 0
        self._last: tuple[str, int] | None = None

    def stir(self) -> None:
        """Note that the person acted or the page changed: what is on the screen is about to be another picture."""
        self.stirred_ns = self._now()
        self._last = None  # the picture before may have been thrown away for this

    def turn(self) -> None:
        """Note that another page came into view."""
        self.stir()

    def due_ns(self) -> int | None:
        """Return when the next frame should be taken, or ``None`` while nothing happens."""
        if self.stirred_ns is None:
            return None
        if self._taken_ns < self.stirred_ns:
            return max(self.stirred_ns + SETTLE_NS, self._rests_until_ns)
        if self._now() - self.stirred_ns < _ACTIVE_NS:
            return max(self._taken_ns + REFRESH_NS, self._rests_until_ns)
        return None

    async def take(self, context: Context) -> tuple[RawFrame, tuple[Rect, ...], Rect] | None:
        """Return a frame of *context*'s page with the boxes to mask and the content area, or ``None``.

        ``None`` when the context or the boxes are unknown or changed while the picture was taken, and when the picture
        is the one that was taken last. What of the content area is off the screen is not in the frame.
        """
        self._taken_ns = self._now()
        content = context.page.rect
        before = await self._focus.masks(context, telling)
        took_ns = self._now() - self._taken_ns
        self._rests_until_ns = self._now() + _REST * took_ns
        if content is None or before is None:
            return None
        frame = self._frames.grab(content)
        try:
            whole = await self._unchanged(context, before, frame, LAG_S + _SLOWER * took_ns / 1e9)
        except BaseException:
            wipe(frame)
            raise
        if not whole:
            wipe(frame)
            return None
        return frame, before, content

    async def _unchanged(self, context: Context, before: tuple[Rect, ...], frame: RawFrame, lag_s: float) -> bool:
        """Say whether *frame* is a new picture, of a page that told the same before it and *lag_s* seconds after."""
        picture = (context.page.key, zlib.crc32(frame.pixels))
        if picture == self._last:
            return False
        stirred = self.stirred_ns
        await asyncio.sleep(lag_s)
        after = await self._focus.masks(context, telling)
        if after is None or set(after) != set(before) or not _same(context, await self._focus.check()):
            return False
        if self.stirred_ns != stirred:
            return False
        self._last = picture
        return True


def _same(one: Context, other: Focus) -> bool:
    return (
        isinstance(other, Context)
        and one.window == other.window
        and [(d.key, d.uri, d.rect) for d in one.documents] == [(d.key, d.uri, d.rect) for d in other.documents]
    )
