"""The only place that speaks python-xlib for the indicator: its windows, and the server's word on what is shown."""

import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, cast

from Xlib import X, Xatom
from Xlib import display as xlib_display
from Xlib import error as xlib_error
from Xlib.ext import shape
from Xlib.protocol import request

from overt.errors import DesktopError
from overt.events.geometry import Rect

BROKEN = (xlib_error.XError, xlib_error.ConnectionClosedError, xlib_error.DisplayError, OSError)
"""What python-xlib raises when the server refuses or goes away."""
COLOUR = (0xFF, 0x45, 0x00)
"""Orange red: no desktop theme frames its windows in it."""
MARK = "_OVERT_INDICATOR"
"""A property of each side, by which other programs know it."""
_WM_CLASS = ("overt-indicator", "Overt")
_Untyped = Callable[..., Any]
"""python-xlib has no types at all: what is called here is given one."""


class XWindow(Protocol):
    """python-xlib's ``Window``, as far as we use it."""

    id: int

    def map(self) -> None: ...
    def unmap(self) -> None: ...
    def destroy(self) -> None: ...
    def configure(self, **keys: int) -> None: ...
    def create_window(self, *place: int, **keys: Any) -> "XWindow": ...  # noqa: ANN401
    def set_wm_class(self, inst: str, cls: str) -> None: ...
    def set_wm_name(self, name: str) -> None: ...
    def change_property(self, name: int, kind: int, size: int, data: Sequence[int]) -> None: ...
    def shape_rectangles(self, *operation: object) -> None: ...


class XDisplay(Protocol):
    """python-xlib's ``Display``, as far as we use it."""

    display: Any

    def screen(self) -> Any: ...  # noqa: ANN401
    def set_error_handler(self, handler: Callable[..., object]) -> None: ...
    def intern_atom(self, name: str) -> int: ...
    def sync(self) -> None: ...
    def query_extension(self, name: str) -> object: ...


@dataclass(frozen=True, slots=True)
class Placed:
    """A window as the server has it: on the screen or not, and where, its own border included."""

    shown: bool
    rect: Rect


def _connect(name: str) -> XDisplay:
    """Connect to *name* over its local socket alone; python-xlib would go on to try TCP for a bare ``:0``."""
    local = f"unix{name}" if name.startswith(":") else name
    display = None
    with warnings.catch_warnings():
        # python-xlib forgets to close a socket that did not connect.
        warnings.simplefilter("ignore", ResourceWarning)
        with suppress(*BROKEN):
            display = cast("Callable[[str], XDisplay]", xlib_display.Display)(local)
    if display is None:
        raise DesktopError(f"no connection to the display {name}", hint="check DISPLAY, and that the X server runs")
    return display


class Screen:
    """One connection to the server, for one thread."""

    def __init__(self, name: str) -> None:
        """Connect to the display *name*; raises ``DesktopError`` when it cannot be reached or lacks SHAPE."""
        self._display = _connect(name)
        self._display.set_error_handler(lambda *_: None)
        if self._display.query_extension(shape.extname) is None:
            self.close()
            raise DesktopError(f"the display {name} lacks SHAPE", hint="start the X server with this extension")
        self._root: XWindow = self._display.screen().root

    def new_side(self) -> XWindow:
        """Create one side of the border: unmanaged, coloured, marked, and open to clicks."""
        screen = self._display.screen()
        red, green, blue = (0x101 * part for part in COLOUR)
        pixel = screen.default_colormap.alloc_color(red, green, blue).pixel
        keys = {"background_pixel": pixel, "override_redirect": True}
        side = self._root.create_window(0, 0, 1, 1, 0, X.CopyFromParent, X.InputOutput, X.CopyFromParent, **keys)
        # An empty input region: the pointer meets the window beneath.
        side.shape_rectangles(shape.SO.Set, shape.SK.Input, 0, 0, 0, [])
        side.set_wm_class(*_WM_CLASS)
        side.set_wm_name("Overt is recording")
        side.change_property(self._display.intern_atom(MARK), Xatom.CARDINAL, 32, [1])
        return side

    def place(self, side: XWindow, rect: Rect) -> None:
        """Put *side* at *rect*, above every other window."""
        side.configure(x=rect.x, y=rect.y, width=rect.width, height=rect.height, stack_mode=X.Above)
        side.map()

    def lift(self, side: XWindow) -> None:
        """Put *side* above every other window; the server does so with the next request that is waited for."""
        side.configure(stack_mode=X.Above)

    def sync(self) -> None:
        """Wait until the server has done everything that was asked."""
        self._display.sync()

    def extent(self) -> Rect:
        """Return the whole screen."""
        return _rect(self._ask(request.GetGeometry, drawable=self._root.id))

    def stack(self) -> list[int]:
        """Return the top-level windows, lowest first."""
        return [window.id for window in self._ask(request.QueryTree, window=self._root.id).children]

    def look(self, windows: Sequence[int]) -> list[Placed]:
        """Return where *windows* are, asking for all at once; a window that has gone is not shown."""
        asked = [
            (
                self._later(request.GetWindowAttributes, window=window),
                self._later(request.GetGeometry, drawable=window),
            )
            for window in windows
        ]
        return [_placed(attributes, geometry) for attributes, geometry in asked]

    def _later(self, kind: object, **keys: int) -> Any:  # noqa: ANN401
        return cast("_Untyped", kind)(display=self._display.display, defer=True, **keys)

    def _ask(self, kind: object, **keys: int) -> Any:  # noqa: ANN401
        return cast("_Untyped", kind)(display=self._display.display, **keys)

    def close(self) -> None:
        """Close the connection, with which the server destroys the windows; harmless when called twice."""
        with suppress(*BROKEN):
            self._display.display.socket.close()


def _placed(attributes: Any, geometry: Any) -> Placed:  # noqa: ANN401
    try:
        attributes.reply()
        geometry.reply()
    except xlib_error.XError:
        return Placed(shown=False, rect=Rect(x=0, y=0, width=0, height=0))
    shown = attributes.map_state == X.IsViewable and attributes.win_class == X.InputOutput
    return Placed(shown=shown, rect=_rect(geometry))


def _rect(geometry: Any) -> Rect:  # noqa: ANN401
    edge = 2 * geometry.border_width
    return Rect(x=geometry.x, y=geometry.y, width=geometry.width + edge, height=geometry.height + edge)
