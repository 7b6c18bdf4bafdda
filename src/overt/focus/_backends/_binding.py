"""Ties the active X window to one window of the accessibility tree, and learns what kind of window it is."""

import asyncio
from dataclasses import dataclass
from typing import Final

from overt.events.context import Absence
from overt.events.geometry import Rect
from overt.focus._backends import _languages, _process
from overt.focus._backends._absence import AbsenceError
from overt.focus._backends._bus import DAEMON, DESKTOP, REGISTRY, Bus, Node, swallow
from overt.focus._backends._languages import Kind
from overt.focus._backends._nodes import ACTIVE, Nodes
from overt.focus._backends._x11_screen import TopWindow

EVENTS: Final = (
    "object:state-changed:focused",
    "window:activate",
    "window:deactivate",
    "document:load-complete",
)
"""What the browser is asked to tell; never text."""

_RULES: Final = (
    "type='signal',sender='{owner}',interface='org.a11y.atspi.Event.Object',member='StateChanged',arg0='focused'",
    "type='signal',sender='{owner}',interface='org.a11y.atspi.Event.Window',member='Activate'",
    "type='signal',sender='{owner}',interface='org.a11y.atspi.Event.Window',member='Deactivate'",
    "type='signal',sender='{owner}',interface='org.a11y.atspi.Event.Document',member='LoadComplete'",
    "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{owner}'",
)
"""What is let through to this process: the events of one browser's bus name, and news of its end."""

_REFUSED: Final = {Kind.PRIVATE: Absence.PRIVATE, Kind.UNKNOWN_LANGUAGE: Absence.LANGUAGE}

_SMALLEST: Final = 0.5
_LARGEST: Final = 4.0
_SLACK: Final = 40
"""Pixels by which a browser's own shadow may stand out of what it tells as its box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A browser on the accessibility bus."""

    root: Node
    pid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """The frame that is an X window, and its address bar (Chromium), which may have the focus without the page."""

    frame: Node
    bar: Node | None


class Bindings:
    """Finds and remembers applications by process and frames by X window."""

    def __init__(self, bus: Bus) -> None:
        """Look on *bus*."""
        self._bus = bus
        self._nodes = Nodes(bus)
        self._application: Application | None = None
        self._ties: dict[int, Tie] = {}

    async def register(self) -> None:
        """Ask for the events that every application shall send, and for news of the registry."""
        await asyncio.gather(*(self._bus.call(REGISTRY, "Registry.RegisterEvent", "s", (name,)) for name in EVENTS))
        news = "type='signal',sender='org.a11y.atspi.Registry',interface='org.a11y.atspi.Event.Object'"
        await self._match(f"{news},member='ChildrenChanged'")

    async def application(self, pid: int) -> Application:
        """Return the application of process *pid*; raises ``AbsenceError(NO_ACCESSIBLE)`` when there is none."""
        if self._application is None or self._application.pid != pid:
            self._leave()
            found = await self.find(pid)
            if found is None:
                raise AbsenceError(Absence.NO_ACCESSIBLE)
            await self._listen(found)
        assert self._application is not None
        return self._application

    def forget(self, owner: str) -> bool:
        """Forget the application with the bus name *owner*, which has gone; say whether it was known."""
        if self._application is None or self._application.root.owner != owner:
            return False
        self._application = None
        self._ties.clear()
        return True

    def frame_of(self, xid: int) -> Node | None:
        """Return the frame that is known to be the X window *xid*."""
        known = self._ties.get(xid)
        return known.frame if known is not None else None

    @property
    def owner(self) -> str:
        """The bus name of the browser that is listened to, or ""."""
        return self._application.root.owner if self._application else ""

    async def tie(self, window: TopWindow, application: Application, browser: str) -> Tie:
        """Return the frame that is *window*, once it is known to be an ordinary one.

        Raises ``AbsenceError``: ``PRIVATE``, ``LANGUAGE``, ``CHROME`` (another window of the browser is active, such
        as a menu), ``STALE`` (not clear yet).
        """
        known = self._ties.get(window.xid)
        if known is not None:
            return known
        frame = await self._active_frame(application, window.rect)
        if any(frame == tie.frame for tie in self._ties.values()):
            # Two X windows cannot be one frame: one of the two ties was made in a moment of change.
            self._ties.clear()
            raise AbsenceError(Absence.STALE)
        bar, kind = await self.kind(frame, window, browser)
        if kind is not Kind.ORDINARY:
            raise AbsenceError(_REFUSED.get(kind, Absence.STALE))
        self._ties[window.xid] = Tie(frame=frame, bar=bar)
        return self._ties[window.xid]

    async def kind(self, frame: Node, window: TopWindow, browser: str) -> tuple[Node | None, Kind]:
        """Return the address bar of *frame* (Chromium) and what kind of window it is."""
        name = await self._nodes.name(frame)
        if browser == _process.FIREFOX:
            language = _languages.firefox_language(_process.environment_of(window.pid))
            return None, _languages.firefox_window(accessible_name=name, title=window.title, language=language)
        found = await self._nodes.matches(frame, attributes={"class": "OmniboxViewViews"}, limit=1)
        label = await self._nodes.name(found[0]) if found else ""
        kind = _languages.chromium_window(accessible_name=name, title=window.title, address_bar=label)
        return (found[0] if found else None), kind

    async def _active_frame(self, application: Application, rect: Rect) -> Node:
        frames = await self._nodes.children(application.root)
        states = await asyncio.gather(*(self._nodes.state(frame) for frame in frames))
        active = [frame for frame, state in zip(frames, states, strict=True) if state & ACTIVE]
        if not active:
            active = await self._only_browser_window(frames)
        if len(active) != 1:
            raise AbsenceError(Absence.STALE)
        # Chromium's tree is empty until some client reads an object's attributes.
        _, box = await asyncio.gather(self._nodes.attributes(active[0]), self._nodes.extents(active[0]))
        if box is None or not fits(box, rect):
            raise AbsenceError(Absence.CHROME)
        return active[0]

    async def _only_browser_window(self, frames: list[Node]) -> list[Node]:
        """Return the one window with a page: a browser that saw no client before marks none as active."""
        shown = await asyncio.gather(*(self._nodes.embedded(frame) for frame in frames))
        return [frame for frame, page in zip(frames, shown, strict=True) if page is not None]

    async def find(self, pid: int) -> Application | None:
        """Return the application of process *pid*, or ``None`` when it is not on the bus."""
        roots = await self._nodes.children(DESKTOP)
        pids = await asyncio.gather(*(self._pid(root.owner) for root in roots))
        return next(
            (Application(root=root, pid=pid) for root, each in zip(roots, pids, strict=True) if each == pid), None
        )

    async def _pid(self, owner: str) -> int:
        """Ask the bus itself, which knows from the kernel; 0 when the application has just gone."""
        try:
            question = "org.freedesktop.DBus.GetConnectionUnixProcessID"
            body = await self._bus.call(DAEMON, question, "s", (owner,))
        except AbsenceError as error:
            if error.absence is Absence.STALE:
                return 0
            raise
        return body[0] if body and isinstance(body[0], int) else 0

    async def _listen(self, application: Application) -> None:
        """Ask for the events of this one bus name; what other programs tell never reaches this process."""
        await asyncio.gather(*(self._match(rule.format(owner=application.root.owner)) for rule in _RULES))
        self._application = application
        await self._nodes.attributes(application.root)

    def _leave(self) -> None:
        if self._application is None:
            return
        for rule in _RULES:
            text = rule.format(owner=self._application.root.owner)
            self._bus.call(DAEMON, "org.freedesktop.DBus.RemoveMatch", "s", (text,)).add_done_callback(swallow)
        self._application = None
        self._ties.clear()

    async def _match(self, rule: str) -> None:
        await self._bus.call(DAEMON, "org.freedesktop.DBus.AddMatch", "s", (rule,))


def fits(box: Rect, rect: Rect) -> bool:
    """Say whether the frame's *box* can be the X window at *rect*: the same, give or take the browser's own shadow.

    On a screen of high density Chromium tells its window's box in larger units than pixels, but its page's in pixels.
    """
    if not box.width:
        return False
    scale = rect.width / box.width
    return _same(box, rect, 1.0) or (_SMALLEST <= scale <= _LARGEST and _same(box, rect, scale))


def _same(box: Rect, rect: Rect, scale: float) -> bool:
    return all(
        abs(one * scale - other) <= _SLACK
        for one, other in (
            (box.x, rect.x),
            (box.y, rect.y),
            (box.x + box.width, rect.x + rect.width),
            (box.y + box.height, rect.y + rect.height),
        )
    )
