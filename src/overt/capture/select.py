"""Choose the hook and the frame source for this desktop, when asked and never at import."""

import os
import re
import sys
from collections.abc import Mapping

from overt.capture.contract import FrameSource, InputHook
from overt.errors import DesktopError

_LOCAL = re.compile(r"(?:unix)?:[0-9]{1,5}(?:\.[0-9])?", re.ASCII)
"""A display of another machine is reached over the network, which nothing that records ever uses."""


def open_hook(*, moves: bool, environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> InputHook:
    """Return this desktop's input hook, not yet started.

    Args:
        moves: whether pointer moves are wanted; without it the display server is not even asked for them.
        environ: the environment that names the desktop.
        platform: as ``sys.platform``.

    Raises:
        DesktopError: this desktop cannot be hooked; the hint says what to do.
    """
    display = _x11_display(environ, platform)
    from overt.capture._backends._x11 import X11Hook  # noqa: PLC0415 - only where python-xlib is installed

    return X11Hook(display, moves=moves)


def open_frames(*, environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> FrameSource:
    """Return this desktop's frame source, to be used by the thread that opened it.

    Raises:
        DesktopError: this desktop gives no pictures; the hint says what to do.
    """
    display = _x11_display(environ, platform)
    from overt.capture._backends._mss import MssFrames  # noqa: PLC0415 - only where mss has a display

    return MssFrames(display)


def _x11_display(environ: Mapping[str, str], platform: str) -> str:
    """Return the name of the X11 display, or raise ``DesktopError`` saying why there is none that can be recorded."""
    if platform != "linux":
        raise DesktopError(f"no recording on {platform} yet", hint="record on Linux with an X11 session")
    if environ.get("WAYLAND_DISPLAY") or environ.get("XDG_SESSION_TYPE") == "wayland":
        raise DesktopError(
            "a Wayland session lets no program see where input goes", hint="log in to an X11 (Xorg) session"
        )
    display = environ.get("DISPLAY", "")
    if not display:
        raise DesktopError("no display: DISPLAY is not set", hint="run inside an X11 session")
    if not _LOCAL.fullmatch(display):
        raise DesktopError("DISPLAY does not name a display of this machine", hint="run inside a local X11 session")
    return display
