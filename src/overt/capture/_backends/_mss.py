"""Frames of the screen with mss."""

import time
from contextlib import suppress

import mss

from overt.errors import DesktopError
from overt.events.geometry import Rect
from overt.events.raw import RawFrame

_MSS_FAILS = (mss.ScreenShotError, AssertionError, OSError)
"""What mss raises when the display is gone; the assertion is how it notices a missing answer."""
_HINT = "check that the desktop is still there"


class MssFrames:
    """See ``FrameSource``. mss keeps a connection to the display per instance: use it in one thread only.

    It holds one buffer of the size of the screen; each frame is a buffer of its own, and the caller bounds how many it
    keeps.
    """

    def __init__(self, display: str) -> None:
        """Connect to *display*; raises ``DesktopError`` when it cannot be reached."""
        self._display = display
        self._screens: mss.MSS | None = None
        self._connect()

    def grab(self, rect: Rect) -> RawFrame:
        """Return the pixels of *rect*, clipped to the screen.

        Raises:
            DesktopError: the display is gone, or *rect* lies outside the screen.
        """
        try:
            return self._grab(rect)
        except _MSS_FAILS:
            # The screen's size may have changed, which mss learns only by connecting anew.
            self.close()
            self._connect()
        try:
            return self._grab(rect)
        except _MSS_FAILS:
            raise DesktopError("no picture of the screen could be taken", hint=_HINT) from None

    def _connect(self) -> None:
        try:
            self._screens = screens = mss.MSS(display=self._display)
            whole = screens.monitors[0]
        except _MSS_FAILS:
            raise DesktopError(f"no pictures from the display {self._display}", hint=_HINT) from None
        self._screen = Rect(x=whole["left"], y=whole["top"], width=whole["width"], height=whole["height"])

    def _grab(self, rect: Rect) -> RawFrame:
        clipped = rect.intersection(self._screen)
        if clipped is None:
            raise DesktopError("the rectangle lies outside the screen")
        if self._screens is None:
            raise DesktopError("the frame source is closed")
        at_ns = time.monotonic_ns()
        taken = self._screens.grab((clipped.x, clipped.y, clipped.x + clipped.width, clipped.y + clipped.height))
        return RawFrame(at_ns=at_ns, rect=clipped, pixels=taken.raw)

    def close(self) -> None:
        """Release the display connection; harmless when called twice."""
        # A broken connection says so once more when it is closed, and mss would then free it a second time.
        screens, self._screens = self._screens, None
        with suppress(*_MSS_FAILS):
            if screens is not None:
                screens.close()
