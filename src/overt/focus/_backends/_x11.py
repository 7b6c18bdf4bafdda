"""The focus on an X11 desktop: the X server says which window, the accessibility bus says which page and field."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from overt.errors import DesktopError
from overt.events.context import Absence, Context, Document, FieldChange, FieldInfo, Focus, NoContext, Window
from overt.events.geometry import Rect
from overt.focus._backends import _above, _masks, _process, _secrets, _target, _text
from overt.focus._backends._absence import AbsenceError
from overt.focus._backends._binding import Bindings, Tie
from overt.focus._backends._bus import Bus, Node, Signal, open_bus
from overt.focus._backends._chain import Chain, Chains, Reading
from overt.focus._backends._nodes import EDITABLE, MULTI_LINE, Nodes, uri_of
from overt.focus._backends._secrets import Secrets, Survey
from overt.focus._backends._text import TextFeed
from overt.focus._backends._x11_screen import Screen, TopWindow
from overt.focus.contract import Find

CHECK_S: Final = 0.15
"""A look at the focus takes 2 ms; whoever needs this long (a stopped browser) is not to be waited for."""

MASKS_S: Final = 1.0
TARGET_S: Final = 0.15
REGISTER_S: Final = 3.0

_DASH: Final = " \u2014 "
"""What Firefox puts between the page's title, which its document does not tell, and its own name."""

_SOURCE: Final = "view-source:"

_LOADED: Final = "Document.LoadComplete"
_NEWS: Final = frozenset({"Window.Activate", "Window.Deactivate", _LOADED, "Object.ChildrenChanged"})
_OWNER_CHANGED: Final = "org.freedesktop.DBus.NameOwnerChanged"

_TRIES: Final = 3
"""How often a look begins again because the focus moved under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wired:
    """Everything that exists only while connected."""

    screen: Screen
    bus: Bus
    nodes: Nodes
    bindings: Bindings
    chains: Chains
    text: TextFeed


class X11Focus:
    """Follows the focus by events; implements ``FocusSource``."""

    def __init__(
        self,
        *,
        display: str | None = None,
        session_bus: str | None = None,
        now: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """Follow *display* and the accessibility bus of *session_bus* (default: the environment's); *now* is in ns."""
        self._display = display
        self._session_bus = session_bus
        self._now = now
        self._callbacks: list[Callable[[], None]] = []
        self._texts: list[Callable[[], None]] = []
        self._secrets = Secrets()
        self._survey = Survey(self._secrets, now, self._stir)
        self._wired: _Wired | None = None
        self._focused: Node | None = None
        self._focused_ns = 0
        self._chain: Chain | None = None
        self._moments = 0
        self._generation = 0
        self._seen: tuple[object, ...] = ()

    async def start(self) -> None:
        """Connect and begin to follow; raises ``DesktopError`` with a remedy."""
        screen = Screen(self._display, self._stir)
        try:
            screen.follow()
            bus = await open_bus(self._session_bus, self._on_signal, self._on_death)
        except DesktopError:
            screen.close()
            raise
        nodes = Nodes(bus)
        self._wired = _Wired(
            screen=screen,
            bus=bus,
            nodes=nodes,
            bindings=Bindings(bus),
            chains=Chains(nodes),
            text=TextFeed(bus, now=self._now, stir=self._on_text),
        )
        asyncio.get_running_loop().add_reader(screen.fileno(), self._on_readable)
        await self._register(self._wired.bindings)

    async def close(self) -> None:
        """Disconnect; harmless when called twice."""
        wired, self._wired, self._chain = self._wired, None, None
        if wired is not None:
            asyncio.get_running_loop().remove_reader(wired.screen.fileno())
            wired.screen.close()
            wired.text.hush()
            await self._survey.close()
            await wired.bus.close()

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call *callback* whenever window, document chain or field may have changed."""
        self._callbacks.append(callback)

    async def check(self) -> Focus:
        """Read the focus afresh; see ``FocusSource``."""
        taken = self._now()
        try:
            async with asyncio.timeout(CHECK_S):
                return await self._look(taken)
        except AbsenceError as error:
            self._note((error.absence,))
            return NoContext(absence=error.absence, taken_ns=taken)
        except TimeoutError:
            # Silence says nothing of a change, so the generation stays as it is.
            return NoContext(absence=Absence.TIMEOUT, taken_ns=taken)

    async def masks(self, context: Context, find: Find | None = None) -> tuple[Rect, ...] | None:
        """Return the boxes that must not be kept; see ``FocusSource``."""
        wired = self._wired
        frame = wired.bindings.frame_of(context.window.xid) if wired is not None else None
        if wired is None or frame is None or context.page.rect is None:
            return None
        covering = wired.screen.covering(context.window.xid, context.page.rect)
        if covering is None:
            return None
        try:
            async with asyncio.timeout(MASKS_S):
                above = await _above.boxes(wired.nodes, frame, context)
                inside = await _masks.boxes(wired.nodes, Node.of(context.page.key), context, self._secrets, find)
        except (AbsenceError, TimeoutError):
            return None
        return None if inside is None else (*inside, *above, *covering)

    def owns(self, context: Context, x: int, y: int) -> bool:
        """Say whether *context*'s window is the topmost one at root pixel *x*, *y*."""
        return self._wired is not None and self._wired.screen.owns(context.window.xid, x, y)

    async def target(self, context: Context, x: int, y: int) -> tuple[str, str, Rect | None] | None:
        """Return role, name and box of the page's element at root pixel *x*, *y*; see ``FocusSource``."""
        wired, page = self._wired, context.page
        if wired is None or page.rect is None or not page.rect.contains(x, y):
            return None  # the browser would name the page itself for a point on its own buttons
        try:
            async with asyncio.timeout(TARGET_S):
                return await _target.at(wired.nodes, Node.of(page.key), context, (x, y))
        except (AbsenceError, TimeoutError):
            return None

    # The text of one field

    def listen(self, field: FieldInfo | None) -> None:
        """Report the changes of the text of *field* and of no other object; see ``FocusSource``."""
        if self._wired is not None:
            self._wired.text.listen(None if field is None else Node.of(field.key))

    def hush(self) -> None:
        """Stop listening at once; see ``FocusSource``."""
        if self._wired is not None:
            self._wired.text.hush()

    def on_text(self, callback: Callable[[], None]) -> None:
        """Call *callback* when there are changes to fetch."""
        self._texts.append(callback)

    def changes(self) -> list[FieldChange]:
        """Return the changes since the last call."""
        return [] if self._wired is None else self._wired.text.take()

    @property
    def changes_lost(self) -> int:
        """How many changes found no room."""
        return 0 if self._wired is None else self._wired.text.lost

    def _on_text(self) -> None:
        for callback in self._texts:
            callback()

    # Events

    async def _register(self, bindings: Bindings) -> None:
        try:
            async with asyncio.timeout(REGISTER_S):
                await bindings.register()
        except (AbsenceError, TimeoutError):
            await self.close()
            raise DesktopError(
                "the accessibility registry does not answer", hint="install at-spi2-core and log in again"
            ) from None

    def _on_readable(self) -> None:
        if self._wired is None:
            return
        screen = self._wired.screen
        screen.dispatch()
        if screen.dead:
            asyncio.get_running_loop().remove_reader(screen.fileno())

    def _on_death(self) -> None:
        self._chain = self._focused = None
        self._stir()

    def _on_signal(self, signal: Signal) -> None:
        sender, path, name, body = signal
        if self._wired is None:
            return
        if name == "Object.StateChanged":
            self._on_state(Node(sender, path), body)
        elif name in _text.SIGNALS:
            self._wired.text.on_signal(Node(sender, path), name, body)
        elif name in _NEWS:
            if name == _LOADED:
                self._survey.reopen()
            self._stir()
        elif name == _OWNER_CHANGED and self._wired.bindings.forget(str(body[0]) if body else ""):
            self._on_death()

    def _on_state(self, node: Node, body: list[object]) -> None:
        match body:
            case ["focused", 1, *_]:
                self._focused = node
                self._focused_ns = self._now()
            case ["focused", 0, *_] if node == self._focused:
                self._focused = None
            case _:
                return
        self._chain = None
        self._stir()

    def _stir(self) -> None:
        """Note a moment of change: nothing that was read before it counts together with what is read after."""
        self._moments += 1
        self._generation += 1
        for callback in self._callbacks:
            callback()

    # Looks

    async def _look(self, taken: int) -> Context:
        for _ in range(_TRIES):
            moment = self._moments
            if self._wired is None or self._wired.bus.dead:
                raise AbsenceError(Absence.BUS_DEAD)
            try:
                context = await self._read(self._wired, taken)
            except AbsenceError as error:
                if error.absence is not Absence.STALE or moment == self._moments:
                    raise
                continue
            if moment == self._moments:
                return context
        raise AbsenceError(Absence.STALE)

    async def _read(self, wired: _Wired, taken: int) -> Context:
        window = wired.screen.active()
        browser = _process.browser_of(window.pid)
        if browser is None:
            raise AbsenceError(Absence.NOT_A_BROWSER)
        application = await wired.bindings.application(window.pid)
        tie = await wired.bindings.tie(window, application, browser)
        chain, reading = await self._prove(wired.chains, tie)
        if wired.screen.active().xid != window.xid:
            raise AbsenceError(Absence.STALE)
        self._survey.look(wired.nodes, (link.document for link in chain.links))
        return self._context(window, browser, chain, reading, taken)

    async def _prove(self, chains: Chains, tie: Tie) -> tuple[Chain, Reading]:
        """Read the known chain; when it does not hold any more, find the one that does, once."""
        chain = self._chain
        if chain is not None and chain.frame == tie.frame:
            try:
                return chain, await chains.read(chain, tie.bar)
            except AbsenceError as error:
                if error.absence is not Absence.STALE:
                    raise
        self._chain = None
        moment = self._moments
        chain = await chains.find(tie.frame, self._focused)
        reading = await chains.read(chain, tie.bar)
        if moment == self._moments:
            self._chain = chain
        return chain, reading

    def _context(self, window: TopWindow, browser: str, chain: Chain, reading: Reading, taken: int) -> Context:
        documents = tuple(
            Document(key=link.document.key, uri=uri_of(said), rect=_inside(box, window.rect))
            for link, said, box in zip(chain.links, reading.documents, reading.boxes, strict=True)
        )
        if not all(document.uri for document in documents) or _shows_source(window):
            raise AbsenceError(Absence.NO_DOCUMENT)
        field = self._field(chain, reading)
        top = Window(xid=window.xid, pid=window.pid, browser=browser, rect=window.rect)
        return Context(
            window=top,
            documents=documents,
            field=field,
            generation=self._note((top, [(each.key, each.uri) for each in documents], field)),
            taken_ns=taken,
            focused_ns=self._focused_ns,
            title=reading.documents[-1].get("Title") or window.title.rpartition(_DASH)[0],
        )

    def _field(self, chain: Chain, reading: Reading) -> FieldInfo | None:
        said = reading.element
        if said is None or chain.element is None:
            return None
        document = chain.links[0].document.key
        marks = _secrets.marks_of(chain.element.key, said.attributes, said.box, reading.boxes[0])
        secret = _secrets.is_password(said.role, said.attributes) or said.bullets
        if secret:
            self._secrets.remember(document, marks)
        return FieldInfo(
            key=chain.element.key,
            role=said.role,
            input_type=said.attributes.get("text-input-type", ""),
            tag=said.attributes.get("tag", ""),
            name=said.attributes.get("html-input-name", ""),
            html_id=said.attributes.get("id", ""),
            label=said.name,
            editable=bool(said.state & EDITABLE),
            multiline=bool(said.state & MULTI_LINE),
            secret=secret or self._secrets.known(document, marks),
            rect=said.box,
        )

    def _note(self, seen: tuple[object, ...]) -> int:
        """Return the generation of what was *seen*: it grows with every event and with every difference."""
        if seen != self._seen:
            self._seen = seen
            self._generation += 1
        return self._generation


def _shows_source(window: TopWindow) -> bool:
    """Say whether *window* shows a page's source, of which Chromium tells the address of the page itself.

    A source has no title, so that the window has its address for one. A page that calls itself so is refused as well.
    """
    return window.title.startswith(_SOURCE)


def _inside(box: Rect | None, window: Rect) -> Rect | None:
    """Return the part of *box* inside *window*; ``None``, which lets no click and no frame through, when it has none.

    A box that a browser tells in other units than pixels would otherwise stand for pixels of other windows.
    """
    return box.intersection(window) if box is not None else None
