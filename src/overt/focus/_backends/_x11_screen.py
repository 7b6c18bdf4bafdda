"""What the X server knows: the active window, whose it is, where it is, and what lies above it."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from Xlib import X, Xatom, error
from Xlib import display as xdisplay
from Xlib.ext import res

from overt.errors import DesktopError
from overt.events.context import Absence
from overt.events.geometry import Rect
from overt.focus._backends._absence import AbsenceError

_OPEN: Any = xdisplay.Display  # python-xlib has no types

INDICATOR: Final = "overt-indicator"
"""The WM_CLASS of our own border: it lies above the page on purpose and covers nothing of it."""

_LOST: Final = (error.ConnectionClosedError, error.DisplayError, OSError)
_BAD: Final = (error.XError, error.XResourceError)
_MANY: Final = 64
"""More windows than this above the page: too many to look at, so nothing is known."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TopWindow:
    """The active top-level window: X id, owner's process, title and client area in root pixels."""

    xid: int
    pid: int
    title: str
    rect: Rect


class Screen:
    """One connection of its own to the X server; every question is a short round trip that cannot block for long."""

    def __init__(self, display: str | None, on_event: Callable[[], None]) -> None:
        """Connect to *display* (default: the environment's); *on_event* is called for each change of interest."""
        try:
            self._display: Any = _OPEN(display)
        except (*_LOST, error.XauthError, error.XNoAuthError) as problem:
            raise DesktopError("the X display cannot be reached", hint="check DISPLAY and the X authority") from problem
        self._descriptor = int(self._display.fileno())  # asked now: a dead connection does not tell it any more
        self._display.set_error_handler(lambda *_: None)
        self._root: Any = self._display.screen().root
        self._atoms: dict[str, int] = {}
        self._on_event = on_event
        self._xres = bool(self._display.has_extension(res.extname))
        self._watched = 0
        self._current: TopWindow | None = None
        self._tops: dict[int, int] = {}
        self.dead = False

    def fileno(self) -> int:
        """Return the descriptor that is readable when an event waits."""
        return self._descriptor

    def follow(self) -> None:
        """Ask for events of the active window; raises ``DesktopError`` when nothing says which one that is."""
        try:
            known = self.manager_known()
            self._root.change_attributes(event_mask=X.PropertyChangeMask)
            self._display.flush()
        except (AbsenceError, *_LOST):
            raise DesktopError("the X display broke off", hint="check DISPLAY") from None
        if not known:
            raise DesktopError(
                "no window manager says which window is active", hint="start one that follows EWMH, such as openbox"
            )

    def close(self) -> None:
        """Break the connection off; harmless when called twice."""
        self.dead = True
        with contextlib.suppress(*_LOST):
            self._display.close()

    def manager_known(self) -> bool:
        """Say whether a window manager runs that tells which window is active."""
        with self._asking():
            check = self._property(self._root, "_NET_SUPPORTING_WM_CHECK")
            supported = self._property(self._root, "_NET_SUPPORTED")
            return check is not None and supported is not None and self._atom("_NET_ACTIVE_WINDOW") in supported

    def dispatch(self) -> None:
        """Take every event that waits and pass on that something changed."""
        changed = False
        try:
            while self._display.pending_events():
                changed |= self._matters(self._display.next_event())
        except _LOST:
            self.dead = changed = True
        if changed:
            self._current = None
            self._on_event()

    def active(self) -> TopWindow:
        """Read the active window; raises ``AbsenceError``: ``NO_WINDOW``, or ``BUS_DEAD`` when the server is gone."""
        with self._asking():
            found = self._property(self._root, "_NET_ACTIVE_WINDOW")
            self.dispatch()  # what the answer overtook may say that the window moved or changed its title
            xid = int(found[0]) if found is not None else 0
            if not xid:
                raise AbsenceError(Absence.NO_WINDOW)
            if self._current is None or self._current.xid != xid:
                self._watch(xid)
                self._current = self._describe(xid)
            return self._current

    def clients(self) -> list[TopWindow]:
        """Return every top-level window that the window manager knows."""
        with self._asking():
            found = self._property(self._root, "_NET_CLIENT_LIST")
            return [self._describe(int(xid)) for xid in (found if found is not None else [])]

    def owns(self, xid: int, x: int, y: int) -> bool:
        """Say whether the window *xid* is the topmost at root pixel *x*, *y*; windows without input do not count."""
        try:
            with self._asking():
                hit = self._root.translate_coords(self._root, x, y).child
                return bool(hit) and hit.id == self._top(xid)
        except AbsenceError:
            return False

    def covering(self, xid: int, rect: Rect) -> list[Rect] | None:
        """Return the boxes of all windows above *xid* that meet *rect*, or ``None`` when that is not known."""
        try:
            with self._asking():
                top = self._top(xid)
                stack = self._root.query_tree().children
                above = stack[[each.id for each in stack].index(top) + 1 :]
                if len(above) > _MANY:
                    return None
                boxes = [self._box_if_seen(each) for each in above]
        except (AbsenceError, ValueError):
            return None
        return [shared for box in boxes if box is not None and (shared := box.intersection(rect))]

    def _matters(self, event: Any) -> bool:  # noqa: ANN401 - python-xlib has no types
        if event.type == X.PropertyNotify and event.window.id == self._root.id:
            return bool(event.atom == self._atom("_NET_ACTIVE_WINDOW"))
        if event.type == X.PropertyNotify:
            return event.atom in {self._atom("_NET_WM_NAME"), self._atom("_NET_WM_STATE")}
        if event.type == X.ReparentNotify:
            self._tops.clear()
        return event.type in {X.ConfigureNotify, X.UnmapNotify, X.DestroyNotify, X.MapNotify, X.ReparentNotify}

    def _watch(self, xid: int) -> None:
        if self._watched == xid:
            return
        if self._watched:
            former = self._display.create_resource_object("window", self._watched)
            former.change_attributes(event_mask=0)
        window = self._display.create_resource_object("window", xid)
        window.change_attributes(event_mask=X.PropertyChangeMask | X.StructureNotifyMask)
        self._watched = xid
        self._tops.clear()

    def _describe(self, xid: int) -> TopWindow:
        window = self._display.create_resource_object("window", xid)
        size = window.get_geometry()
        corner = self._root.translate_coords(window, 0, 0)
        title = window.get_full_property(self._atom("_NET_WM_NAME"), X.AnyPropertyType)
        raw = title.value if title is not None else b""
        return TopWindow(
            xid=xid,
            pid=self._pid(window),
            title=raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw),
            rect=Rect(x=corner.x, y=corner.y, width=size.width, height=size.height),
        )

    def _pid(self, window: Any) -> int:  # noqa: ANN401 - python-xlib has no types
        """Return the owner's process: as the server saw it connect, or else as the window claims."""
        claimed = window.get_full_property(self._atom("_NET_WM_PID"), Xatom.CARDINAL)
        said = int(claimed.value[0]) if claimed is not None and len(claimed.value) else 0
        if not self._xres:
            return said
        spec = [{"client": window.id, "mask": res.LocalClientPIDMask}]
        for found in self._display.res_query_client_ids(spec).ids:
            if found.spec.mask & res.LocalClientPIDMask and len(found.value):
                return int(found.value[0])
        return said

    def _top(self, xid: int) -> int:
        """Return the child of the root that holds *xid*: the window manager's frame, or the window itself."""
        if xid not in self._tops:
            window = self._display.create_resource_object("window", xid)
            while (parent := window.query_tree().parent) and parent.id != self._root.id:
                window = parent
            self._tops[xid] = window.id
        return self._tops[xid]

    def _box_if_seen(self, window: Any) -> Rect | None:  # noqa: ANN401 - python-xlib has no types
        try:
            attributes = window.get_attributes()
            if attributes.map_state != X.IsViewable or attributes.win_class != X.InputOutput:
                return None
            if INDICATOR in (window.get_wm_class() or ()):
                return None
            box = window.get_geometry()
        except _BAD:
            return None  # it has closed since the list was read: nothing to see there
        border = 2 * box.border_width
        return Rect(x=box.x, y=box.y, width=box.width + border, height=box.height + border)

    def _property(self, window: Any, name: str) -> Any:  # noqa: ANN401 - python-xlib has no types
        found = window.get_full_property(self._atom(name), X.AnyPropertyType)
        return found.value if found is not None and len(found.value) else None

    def _atom(self, name: str) -> int:
        if name not in self._atoms:
            self._atoms[name] = self._display.intern_atom(name)
        return self._atoms[name]

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        """Turn what python-xlib raises into an absence: a lost server is a dead bus, a lost window no window."""
        if self.dead:
            raise AbsenceError(Absence.BUS_DEAD)
        try:
            yield
        except _LOST:
            self.dead = True
            raise AbsenceError(Absence.BUS_DEAD) from None
        except _BAD:
            self._current = None
            raise AbsenceError(Absence.NO_WINDOW) from None
