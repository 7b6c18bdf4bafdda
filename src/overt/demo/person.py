"""The scripted person: real keys and a real pointer through the X server's test extension, at a person's pace."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from Xlib import XK, X, Xatom, error
from Xlib import display as xdisplay
from Xlib.ext import xtest
from Xlib.protocol import event as xevent

from overt.demo.layout import Layout
from overt.demo.site import LocalSite
from overt.errors import DesktopError
from overt.events.geometry import Rect

# python-xlib has no types.
_OPEN: Any = xdisplay.Display
_FAKE: Any = xtest.fake_input
_MESSAGE: Any = xevent.ClientMessage
_KEYSYM: Any = XK.string_to_keysym

BUTTONS: Final = {"left": 1, "middle": 2, "right": 3, "up": 4, "down": 5}

_NAMES: Final = {
    "enter": "Return",
    "tab": "Tab",
    "esc": "Escape",
    "backspace": "BackSpace",
    "delete": "Delete",
    "home": "Home",
    "end": "End",
    "left": "Left",
    "right": "Right",
    "up": "Up",
    "down": "Down",
    "pagedown": "Next",
    "pageup": "Prior",
    "ctrl": "Control_L",
    "shift": "Shift_L",
    "alt": "Alt_L",
    "space": "space",
}
"""PyAutoGUI's name of a key to the X server's."""


_TITLES: Final = ("_NET_WM_NAME", "WM_NAME")
_BLUR: Final = 3.0
"""Seconds to wait for a page to lose the focus; one that had none does not say that it lost it."""
_LATIN_1: Final = 0xFF
_UNICODE: Final = 0x01000000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds to wait: after each typed key, after each press of a button or named key, after a pointer move."""

    key: float = 0.045
    press: float = 0.06
    move: float = 0.05


class Person:
    """Types, clicks and scrolls on one display; every act is sent to the server before its method returns."""

    def __init__(self, display: str, site: LocalSite, pace: Pace | None = None) -> None:
        """Connect to *display*; the pages of *site* say where to click. Raises ``DesktopError`` if it is not there."""
        try:
            self._display: Any = _OPEN(display)
        except (error.DisplayError, OSError) as problem:
            raise DesktopError("the private screen cannot be reached") from problem
        self._site = site
        self._root = self._display.screen().root
        self._page = ""
        self.pace = pace or Pace()

    def __enter__(self) -> Self:
        """Return the person."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the display."""
        self._display.close()

    # Keys

    def type(self, text: str, pause: float | None = None) -> None:
        """Type *text*, waiting *pause* seconds after each key (default: the pace's); 0 sends all keys at once."""
        wait = self.pace.key if pause is None else pause
        for character in text:
            self._character(character)
            self._send(wait)

    def press(self, *names: str, pause: float | None = None) -> None:
        """Press and release the keys *names* together, the last one as the stroke: ``press("ctrl", "a")``."""
        codes = [self._code(name)[0] for name in names]
        for code in codes:
            _FAKE(self._display, X.KeyPress, code)
        for code in reversed(codes):
            _FAKE(self._display, X.KeyRelease, code)
        self._send(self.pace.press if pause is None else pause)

    def tab_and_type(self, text: str) -> None:
        """Press Tab and type *text* with nothing in between: one burst, faster than any accessibility event."""
        self.press("tab", pause=0)
        self.type(text, pause=0)

    # Pointer

    def move(self, x: int, y: int) -> None:
        """Put the pointer at root pixel *x*, *y*."""
        _FAKE(self._display, X.MotionNotify, x=x, y=y)
        self._send(self.pace.move)

    def click(self, x: int, y: int, *, button: str = "left", count: int = 1) -> None:
        """Click *count* times at root pixel *x*, *y*."""
        self.move(x, y)
        for _ in range(count):
            self._button(button)

    def drag(self, start: tuple[int, int], stop: tuple[int, int], steps: int = 8) -> None:
        """Press the left button at *start*, move to *stop* in *steps* moves, and let go (root pixels)."""
        self.move(*start)
        _FAKE(self._display, X.ButtonPress, BUTTONS["left"])
        self._send(self.pace.press)
        for step in range(1, steps + 1):
            self.move(*(round(a + (b - a) * step / steps) for a, b in zip(start, stop, strict=True)))
        _FAKE(self._display, X.ButtonRelease, BUTTONS["left"])
        self._send(self.pace.press)

    def scroll(self, clicks: int) -> None:
        """Turn the wheel by *clicks* where the pointer is; positive is up, as in PyAutoGUI."""
        for _ in range(abs(clicks)):
            self._button("up" if clicks > 0 else "down")

    # Pages

    def point(self, element: str, page: str = "") -> tuple[int, int]:
        """Return the root pixel in the middle of *element* on the page whose URL begins with *page*.

        The default is where ``go`` or ``arriving`` led last, or else the page that reported last.
        """
        box = self._measured(page).boxes.get(element)
        if box is None:
            raise DesktopError(f"the page has no element {element!r}")
        return centre(box)

    def click_on(self, element: str, page: str = "", *, button: str = "left", count: int = 1) -> tuple[int, int]:
        """Click *element*'s middle and return that root pixel."""
        where = self.point(element, page)
        self.click(*where, button=button, count=count)
        return where

    def enter_frame(self, element: str, page: str, inner: str) -> Layout:
        """Put the pointer on the frame *element* of *page* and return the layout of the page *inner* inside it."""
        mark = self._site.mark()
        self.move(*self.point(element, page))
        return self._site.wait(
            lambda each: each.page.startswith(inner) and each.exact, "the frame to see the pointer", since=mark
        )

    def go(self, url: str) -> Layout:
        """Type *url* into the omnibox, press Enter and wait for the page."""
        mark = self._site.mark()
        self.press("ctrl", "l")
        # A busy browser may take its time, and what is typed until then would land in the page.
        with suppress(DesktopError):
            self._site.wait(lambda each: each.why == "blur", "the page to lose the focus", since=mark, seconds=_BLUR)
        mark = self._site.mark()
        self.type(url, pause=0.004)
        self.press("enter")
        self._page = url
        return self._site.wait_for(url, since=mark)

    @contextmanager
    def arriving(self, url: str) -> Iterator[None]:
        """Act inside the block, then wait until a page whose URL begins with *url* says that it is laid out."""
        mark = self._site.mark()
        yield
        self._page = url
        self._site.wait_for(url, since=mark)

    def latest(self, page: str = "") -> Layout:
        """Return the newest report of the page whose URL begins with *page* (default: as for ``point``)."""
        # The page that reported last may be the one that was just left: its last words can come late.
        return self._site.latest(page or self._page)

    def until(self, holds: Callable[[Layout], bool], what: str) -> Layout:
        """Wait until some page's newest report satisfies *holds*."""
        return self._site.wait(holds, what)

    # Windows

    def screen(self) -> bytes:
        """Return the pixels of the whole screen: 4 bytes each (blue, green, red, 0), row after row."""
        size = self._root.get_geometry()
        shot = self._root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFF)
        return bytes(shot.data)

    def windows(self) -> list[tuple[int, str]]:
        """Return the id and the title of every top-level window, oldest first."""
        found = self._root.get_full_property(self._atom("_NET_CLIENT_LIST"), Xatom.WINDOW)
        return [(xid, self._title(xid)) for xid in (found.value if found else [])]

    def window(self, title: str, seconds: float = 10.0) -> int:
        """Return the id of the first window whose title contains *title*, waiting *seconds* for it to appear."""
        deadline = time.monotonic() + seconds
        while True:
            match = next((xid for xid, name in self.windows() if title in name), None)
            if match is not None:
                return match
            if time.monotonic() > deadline:
                raise DesktopError("the expected window did not appear")
            time.sleep(0.05)

    def active(self) -> int:
        """Return the id of the active window; 0 when there is none."""
        found = self._root.get_full_property(self._atom("_NET_ACTIVE_WINDOW"), Xatom.WINDOW)
        return int(found.value[0]) if found and len(found.value) else 0

    def activate(self, xid: int, seconds: float = 5.0) -> None:
        """Bring the window *xid* to the front by the window manager's protocol and wait until it is active."""
        target = self._display.create_resource_object("window", xid)
        request = _MESSAGE(
            window=target, client_type=self._atom("_NET_ACTIVE_WINDOW"), data=(32, [2, X.CurrentTime, 0, 0, 0])
        )
        self._root.send_event(request, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self._display.sync()
        deadline = time.monotonic() + seconds
        while self.active() != xid:
            if time.monotonic() > deadline:
                raise DesktopError("the window manager did not bring the window to the front")
            time.sleep(0.02)

    def _measured(self, page: str) -> Layout:
        """Return the page's layout, measured: a page that has not seen the pointer only derives where it is."""
        known = self.latest(page)
        if known.exact:
            return known
        middle = centre(known.content)
        deadline = time.monotonic() + 15.0
        while True:
            self.move(middle[0] + 1, middle[1])
            self.move(*middle)
            try:
                return self._site.wait(
                    lambda each: each.page == known.page and each.exact,
                    "the page to see the pointer",
                    since=known.number,
                    seconds=1.0,
                )
            except DesktopError:  # a page that has just loaded can miss the pointer: move it again
                if time.monotonic() > deadline:
                    raise

    def _title(self, xid: int) -> str:
        try:
            window = self._display.create_resource_object("window", xid)
            names = [window.get_full_property(self._atom(kind), X.AnyPropertyType) for kind in _TITLES]
        except error.XError:
            return ""
        return next((each.value.decode("utf-8", "replace") for each in names if each and each.value), "")

    def _atom(self, name: str) -> int:
        atom: int = self._display.intern_atom(name)
        return atom

    def _character(self, character: str) -> None:
        code, shifted = self._code(character)
        shift = self._code("shift")[0]
        if shifted:
            _FAKE(self._display, X.KeyPress, shift)
        _FAKE(self._display, X.KeyPress, code)
        _FAKE(self._display, X.KeyRelease, code)
        if shifted:
            _FAKE(self._display, X.KeyRelease, shift)

    def _code(self, name: str) -> tuple[int, bool]:
        symbol = _KEYSYM(_NAMES[name]) if name in _NAMES else _symbol(name)
        found: list[tuple[int, int]] = list(self._display.keysym_to_keycodes(symbol))
        best = min((each for each in found if each[1] in {0, 1}), key=lambda each: each[1], default=None)
        if best is None:
            raise DesktopError("the keyboard has no such key")
        return best[0], best[1] == 1

    def _button(self, name: str) -> None:
        _FAKE(self._display, X.ButtonPress, BUTTONS[name])
        _FAKE(self._display, X.ButtonRelease, BUTTONS[name])
        self._send(self.pace.press)

    def _send(self, pause: float) -> None:
        self._display.flush() if pause == 0 else self._display.sync()
        if pause:
            time.sleep(pause)


def centre(box: Rect) -> tuple[int, int]:
    """Return the pixel in the middle of *box*."""
    return box.x + box.width // 2, box.y + box.height // 2


def _symbol(name: str) -> int:
    # Latin-1 characters are their own keysyms; the rest of Unicode has an offset.
    if len(name) != 1:
        return int(_KEYSYM(name))
    return ord(name) if ord(name) <= _LATIN_1 else _UNICODE + ord(name)
