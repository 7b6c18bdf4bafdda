"""The indicator on X11: four coloured windows around what is recorded."""

import time

from overt.errors import DesktopError
from overt.events.geometry import Rect
from overt.indicator._backends._sides import border, shown_share
from overt.indicator._backends._x11_screen import BROKEN, Screen, XWindow

ENOUGH = 0.5
"""A side counts as seen while half of it can be seen: a menu or a tooltip over a part of it hides nothing."""
LIFT_APART_NS = 500_000_000
"""Do not fight with another window that raises itself."""


class X11Indicator:
    """See ``Indicator``. It has its own connection to the display; use it in the thread that made it."""

    def __init__(self, display: str) -> None:
        """Connect to *display*; raises ``DesktopError`` if nothing can be shown there."""
        self._screen = Screen(display)
        self._sides: list[XWindow] = []
        self._wanted: tuple[Rect, ...] = ()
        self._lifted_ns = 0
        self._closed = False

    def show(self, rect: Rect) -> None:
        """Draw the border around *rect* (root pixels), above other windows, and wait until it is mapped.

        Raises:
            DesktopError: the display is gone, or *rect* is off the screen or too small for a border.
        """
        if self._closed:
            raise DesktopError("the indicator is closed")
        try:
            self._show(rect)
        except BROKEN:
            self._wanted = ()
            raise DesktopError("the indicator has lost its display", hint="start again on a live desktop") from None

    def _show(self, rect: Rect) -> None:
        places = border(rect, self._screen.extent())
        if places is None:
            self.hide()
            raise DesktopError("no border fits around this window", hint="move the window onto the screen")
        if len(self._sides) != len(places) or not {side.id for side in self._sides} <= set(self._screen.stack()):
            # The first time, or somebody destroyed a side: begin anew.
            for side in self._sides:
                side.destroy()
            self._sides = [self._screen.new_side() for _ in places]
        for side, place in zip(self._sides, places, strict=True):
            self._screen.place(side, place)
        self._screen.sync()
        self._wanted = places

    def _lift(self) -> None:
        """Outrank other windows, but do not fight with one that does the same."""
        now_ns = time.monotonic_ns()
        if now_ns - self._lifted_ns > LIFT_APART_NS:
            self._lifted_ns = now_ns
            for side in self._sides:
                self._screen.lift(side)

    def hide(self) -> None:
        """Take the border off the screen; a display that is gone shows none anyway."""
        self._wanted = ()
        try:
            for side in self._sides:
                side.unmap()
            self._screen.sync()
        except BROKEN:
            return

    def visible(self) -> bool:
        """Ask the display server whether every side is mapped, in its place and at least half to be seen; never raises.

        Windows that have come to lie above a side are outranked again, at most twice a second.
        """
        if self._closed or not self._wanted:
            return False
        try:
            return self._seen()
        except BROKEN:
            return False

    def _seen(self) -> bool:
        ours = [side.id for side in self._sides]
        stack = self._screen.stack()
        if not set(ours) <= set(stack):
            return False
        upper = stack[min(stack.index(side) for side in ours) :]
        placed = dict(zip(upper, self._screen.look(upper), strict=True))
        screen = self._screen.extent()
        seen = True
        for side, wanted in zip(ours, self._wanted, strict=True):
            higher = [window for window in upper[upper.index(side) :] if window not in ours]
            covers = [placed[window].rect for window in higher if placed[window].shown]
            if any(wanted.intersection(cover) for cover in covers):
                self._lift()
            in_place = placed[side].shown and placed[side].rect == wanted
            seen = seen and in_place and shown_share(wanted, screen, covers) >= ENOUGH
        return seen

    def close(self) -> None:
        """Destroy the border; harmless when called twice."""
        if not self._closed:
            self._closed = True
            self._wanted = ()
            self._screen.close()
