"""Listens to the text of one field of one browser, by a match rule that lets no other object's text in."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from dbus_fast import Variant

from overt.events.context import Change, FieldChange
from overt.focus._backends._absence import AbsenceError
from overt.focus._backends._bus import DAEMON, REGISTRY, Bus, Node, swallow
from overt.focus._backends._nodes import DEFUNCT, EDITABLE, Nodes

CHANGED: Final = "Object.TextChanged"
CARET: Final = "Object.TextCaretMoved"
SIGNALS: Final = frozenset({CHANGED, CARET})

_EVENTS: Final = ("object:text-changed", "object:text-caret-moved")
_RULE: Final = "type='signal',sender='{owner}',path='{path}',interface='org.a11y.atspi.Event.Object',member='{member}'"
"""One object of one bus name: the address bar's and every other field's text stays outside this process."""

_ADD: Final = "org.freedesktop.DBus.AddMatch"
_REMOVE: Final = "org.freedesktop.DBus.RemoveMatch"

LONGEST: Final = 8192
"""Characters; of a longer text only the beginning is read."""
MOST: Final = 4096
"""Reports that wait to be fetched; beyond it they are dropped, and the loss is reported."""
_QUIET_S: Final = 0.7
"""How long nothing must have changed before the field is asked for all that it holds."""
_AGAIN_S: Final = 0.15
_OBJECT: Final = "\ufffc"


class TextFeed:
    """Queues the changes of one field at a time, in the order in which the browser told them.

    What it held at the beginning, and what it says that it holds, is asked on the same connection, so that it has its
    place among the changes. Replies and signals both take one turn of the loop to get here.
    """

    def __init__(self, bus: Bus, now: Callable[[], int], stir: Callable[[], None]) -> None:
        """Listen on *bus*; *now* is monotonic ns and *stir* is called when there is something to fetch."""
        self._bus = bus
        self._now = now
        self._stir = stir
        self._loop = asyncio.get_running_loop()
        self._queue: deque[FieldChange] = deque()
        self._node: Node | None = None
        self._matched: set[Node] = set()
        self._heard: set[Node] = set()
        self._dirty = False
        self._full = False
        self._registered = False
        self._quiet: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.lost = 0

    def listen(self, node: Node | None) -> None:
        """Listen to *node* alone from now on, or to nothing."""
        if node == self._node:
            return
        left, self._node = self._node, node
        if left is not None:
            self._run(self._leave(left, ask=self._dirty and left in self._heard))
        self._dirty = False
        if node is not None:
            self._heard.discard(node)  # what it tells from here on is part of what it will say that it holds
            self._run(self._enter(node))

    def hush(self) -> None:
        """Stop at once, drop what waits, and let browsers be silent about texts again."""
        for task in self._tasks:
            task.cancel()
        if self._quiet is not None:
            self._quiet.cancel()
        for node in list(self._matched):
            self._unmatch(node)
        self._node, self._dirty = None, False
        self._heard.clear()
        self._queue.clear()
        if self._registered:
            self._registered = False
            for name in _EVENTS:
                self._bus.call(REGISTRY, "Registry.DeregisterEvent", "s", (name,)).add_done_callback(swallow)

    def take(self) -> list[FieldChange]:
        """Return what was reported since the last call."""
        taken = list(self._queue)
        self._queue.clear()
        self._full = False
        return taken

    def on_signal(self, node: Node, name: str, body: list[object]) -> None:
        """Take a signal of *node*."""
        if node == self._node or node in self._heard:
            self._loop.call_soon(self._accept, node, name, body)

    def _accept(self, node: Node, name: str, body: list[object]) -> None:
        if node not in self._heard:
            return  # it is part of what the field will say that it held at the beginning
        match name, body:
            case _, [str(), int(at), int(), *_] if name == CARET:
                self._add(node, Change.CARET, at)
            case _, [str(kind), int(at), int(), Variant(value=str(text)), *_]:
                deleted = kind.startswith("delete")
                self._add(node, Change.DELETE if deleted else Change.INSERT, at, text)
                self._later(node)
            case _:
                self._add(node, Change.LOST)

    def _later(self, node: Node) -> None:
        """Ask for the field's value once it has been quiet for a while: once for a burst, never for each key."""
        if node != self._node:
            return
        self._dirty = True
        if self._quiet is not None:
            self._quiet.cancel()
        self._quiet = self._loop.call_later(_QUIET_S, lambda: self._run(self._ask(node)))

    def _add(self, node: Node, change: Change, at: int = 0, text: str = "", *, whole: bool = True) -> None:
        if len(self._queue) >= MOST:
            self.lost += 1
            if self._full:
                return
            self._full, change, text = True, Change.LOST, ""
        self._queue.append(FieldChange(field=node.key, at_ns=self._now(), change=change, at=at, text=text, whole=whole))
        self._stir()

    def _run(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _enter(self, node: Node) -> None:
        try:
            if not self._registered:
                self._registered = True
                # Awaited, so that the browser learns of it before it is asked for the text.
                for name in _EVENTS:
                    await self._bus.call(REGISTRY, "Registry.RegisterEvent", "s", (name,))
            if node != self._node:
                return
            if node not in self._matched:  # a rule that is added twice would outlive its removal
                self._matched.add(node)
                for matched in [self._bus.call(DAEMON, _ADD, "s", (rule,)) for rule in _rules(node)]:
                    await matched
            await self._read(node, Change.START)
        except AbsenceError:
            return  # the field is gone, or has no text: its keys stand alone

    async def _ask(self, node: Node) -> None:
        if node != self._node:
            return
        try:
            await self._read(node, Change.VALUE)
        except AbsenceError:
            return

    async def _leave(self, node: Node, *, ask: bool) -> None:
        """Hear *node* out, then let its rule go."""
        try:
            if ask and node != self._node:  # listened to anew, because the page turned, it will be asked anyway
                await self._read(node, Change.VALUE)
        except AbsenceError:
            pass
        finally:
            if node != self._node:
                self._heard.discard(node)
                self._unmatch(node)

    async def _read(self, node: Node, change: Change) -> None:
        body = await self._told(node)
        if change is Change.VALUE and body == [""]:
            # A field whose page goes says that it is empty, and a moment later that it is none.
            await asyncio.sleep(_AGAIN_S)
            body = await self._told(node)
        match body:
            case [str(text)] if node in self._matched:
                whole = len(text) <= LONGEST and _OBJECT not in text
                self._heard.add(node)
                self._dirty = self._dirty and node != self._node
                self._add(node, change, text=text[:LONGEST], whole=whole)
            case _:
                return

    async def _told(self, node: Node) -> list[object]:
        """Return what *node* says that it holds; nothing if it says right after it that it is no field any more."""
        asked = self._bus.call(node, "Text.GetText", "ii", (0, LONGEST + 1))
        body, state = await asyncio.gather(asked, Nodes(self._bus).state(node))
        return body if state & EDITABLE and not state & DEFUNCT else []

    def _unmatch(self, node: Node) -> None:
        if node in self._matched:
            self._matched.discard(node)
            for rule in _rules(node):
                self._bus.call(DAEMON, _REMOVE, "s", (rule,)).add_done_callback(swallow)


def _rules(node: Node) -> tuple[str, ...]:
    return tuple(
        _RULE.format(owner=node.owner, path=node.path, member=name.partition(".")[2]) for name in sorted(SIGNALS)
    )
