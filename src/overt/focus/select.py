"""Chooses the focus source of this desktop, when asked and never at import."""

import os
import sys
from collections.abc import Mapping
from typing import Final

from overt.errors import BackendUnavailableError, DesktopError
from overt.focus.contract import FocusSource

WAYLAND_HINT: Final = "log out and choose an X11 (Xorg) session, or try `overt demo`, which brings a desktop of its own"
DISPLAY_HINT: Final = "run it in a graphical X11 session, or try `overt demo`, which brings a desktop of its own"
PLATFORM_HINT: Final = "Overt records Linux desktops on X11 so far; every other command works here"


def open_focus(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> FocusSource:
    """Return the source for *platform* and *environment*, not yet started.

    Raises ``DesktopError`` with a remedy when this desktop cannot be followed, and ``BackendUnavailableError`` when
    the libraries for it are not installed.
    """
    require_x11(platform, environment)
    try:
        from overt.focus._backends._x11 import X11Focus  # noqa: PLC0415 - only a desktop that has it loads it
    except ImportError as error:
        raise BackendUnavailableError(
            "the libraries of the X11 desktop are not installed", hint="install overt again: pip install overt"
        ) from error
    return X11Focus(display=environment["DISPLAY"], session_bus=environment.get("DBUS_SESSION_BUS_ADDRESS"))


def require_x11(platform: str, environment: Mapping[str, str]) -> None:
    """Raise ``DesktopError`` unless *platform* and *environment* are those of a Linux desktop on X11."""
    if not platform.startswith("linux"):
        raise DesktopError(f"this platform ({platform}) cannot be recorded yet", hint=PLATFORM_HINT)
    if is_wayland(environment):
        # An X display there is Xwayland's: it does not know which window has the focus, nor see the other windows.
        raise DesktopError("a Wayland session cannot be recorded", hint=WAYLAND_HINT)
    if not environment.get("DISPLAY"):
        raise DesktopError("there is no display", hint=DISPLAY_HINT)


def is_wayland(environment: Mapping[str, str]) -> bool:
    """Say whether *environment* is that of a Wayland session, also one with an X display beside it."""
    session = environment.get("XDG_SESSION_TYPE", "").lower()
    return session == "wayland" or (bool(environment.get("WAYLAND_DISPLAY")) and session != "x11")
