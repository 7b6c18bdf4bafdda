"""Choose the indicator for this desktop, when asked and never at import."""

import os
import re
import sys
from collections.abc import Mapping

from overt.errors import DesktopError
from overt.indicator.contract import Indicator

_LOCAL = re.compile(r"(?:unix)?:[0-9]{1,5}(?:\.[0-9])?", re.ASCII)
"""A display of another machine is reached over the network, which nothing that records ever uses."""


def open_indicator(*, environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Indicator:
    """Return this desktop's indicator, connected and off the screen, for the thread that opened it.

    Args:
        environ: the environment that names the desktop.
        platform: as ``sys.platform``.

    Raises:
        DesktopError: nothing can be shown on this desktop; the hint says what to do.
    """
    if platform != "linux":
        raise DesktopError(f"no indicator on {platform} yet", hint="record on Linux with an X11 session")
    if environ.get("WAYLAND_DISPLAY") or environ.get("XDG_SESSION_TYPE") == "wayland":
        raise DesktopError(
            "a Wayland session lets no program draw around another's window", hint="log in to an X11 (Xorg) session"
        )
    display = environ.get("DISPLAY", "")
    if not display:
        raise DesktopError("no display: DISPLAY is not set", hint="run inside an X11 session")
    if not _LOCAL.fullmatch(display):
        raise DesktopError("DISPLAY does not name a display of this machine", hint="run inside a local X11 session")
    from overt.indicator._backends._x11 import X11Indicator  # noqa: PLC0415 - only where python-xlib is installed

    return X11Indicator(display)
