"""A focus source that a test scripts: set what has the focus, and say that it changed."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from overt.events.context import (
    Absence,
    Change,
    Context,
    Document,
    FieldChange,
    FieldInfo,
    Focus,
    NoContext,
    Window,
)
from overt.events.geometry import Rect
from overt.focus.contract import Find

if TYPE_CHECKING:
    from overt.errors import DesktopError

SCREEN = Rect(x=0, y=0, width=1280, height=800)
WINDOW = Rect(x=40, y=30, width=1180, height=740)
PAGE = Rect(x=40, y=110, width=1180, height=660)


def a_field(**facts: object) -> FieldInfo:
    """Return an ordinary search field, with *facts* in place of its own."""
    usual = FieldInfo(
        key=":1.0/field", role="entry", input_type="search", tag="input", name="q", html_id="q", label="Search",
        editable=True, rect=Rect(x=100, y=150, width=300, height=24),
    )  # fmt: skip
    return replace(usual, **facts)  # type: ignore[arg-type] # the test says which facts


def a_context(
    *uris: str, field: FieldInfo | None = None, window: Window | None = None, generation: int = 1, taken_ns: int = 0
) -> Context:
    """Return a context on the documents *uris*, innermost first, in an ordinary Chromium window."""
    documents = tuple(
        Document(key=f":1.0/document/{uri}", uri=uri, rect=PAGE) for uri in uris or ("https://en.wikipedia.org/",)
    )
    return Context(
        window=window or Window(xid=1, pid=2, browser="chromium", rect=WINDOW),
        documents=documents,
        field=field,
        generation=generation,
        taken_ns=taken_ns,
        title="A page",
    )


class FakeFocus:
    """Answers what the test set last; implements ``FocusSource``."""

    def __init__(self, focus: Focus | None = None, now: Callable[[], int] = time.monotonic_ns) -> None:
        """Have *focus*, or no window."""
        self._focus: Focus = focus or NoContext(absence=Absence.NO_WINDOW, taken_ns=0)
        self._now = now
        self._callbacks: list[Callable[[], None]] = []
        self.refuses: DesktopError | None = None
        """What ``start`` raises."""
        self.boxes: tuple[Rect, ...] | None = ()
        """What ``masks`` answers."""
        self.hits: dict[tuple[int, int], tuple[str, str, Rect | None]] = {}
        """What ``target`` answers, by root pixel."""
        self.covered: list[Rect] = []
        """Where another window lies above the page."""
        self.listened: str | None = None
        """The key of the field whose text is listened to."""
        self.changes_lost = 0
        self._texts: list[Callable[[], None]] = []
        self._changes: list[FieldChange] = []
        self.started = False
        self.closed = False
        self.checks = 0
        self.generation = 1

    def set(self, focus: Focus, *, fire: bool = True) -> None:
        """Give the focus to *focus* and, unless *fire* is false (an event that is late or lost), say so."""
        self._focus = focus
        self.generation += 1
        if fire:
            self.fire()

    def fire(self) -> None:
        """Say that something may have changed."""
        for callback in self._callbacks:
            callback()

    async def start(self) -> None:
        """Start, or raise what the test set."""
        if self.refuses is not None:
            raise self.refuses
        self.started = True

    async def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call *callback* on ``fire``."""
        self._callbacks.append(callback)

    async def check(self) -> Focus:
        """Return what the test set, taken now, with the generation of the last change."""
        self.checks += 1
        if isinstance(self._focus, NoContext):
            return replace(self._focus, taken_ns=self._now())
        return replace(self._focus, taken_ns=self._now(), generation=self.generation)

    async def masks(self, context: Context, find: Find | None = None) -> tuple[Rect, ...] | None:
        """Return ``boxes``."""
        del context, find
        return self.boxes

    def owns(self, context: Context, x: int, y: int) -> bool:
        """Say whether the pixel is in the window and not in ``covered``."""
        return context.window.rect.contains(x, y) and not any(box.contains(x, y) for box in self.covered)

    async def target(self, context: Context, x: int, y: int) -> tuple[str, str, Rect | None] | None:
        """Return what the test put at the pixel."""
        del context
        return self.hits.get((x, y))

    def listen(self, field: FieldInfo | None) -> None:
        """Remember which field is listened to; a ``say`` of another one is not heard."""
        self.listened = None if field is None else field.key

    def hush(self) -> None:
        """Listen to nothing and drop what waits."""
        self.listened = None
        self._changes.clear()

    def on_text(self, callback: Callable[[], None]) -> None:
        """Call *callback* on ``say``."""
        self._texts.append(callback)

    def say(self, key: str, change: Change, at: int = 0, text: str = "") -> None:
        """Have the field *key* report *change*; heard only if it is listened to."""
        if key == self.listened:
            self._changes.append(FieldChange(field=key, at_ns=self._now(), change=change, at=at, text=text))
            for callback in self._texts:
                callback()

    def changes(self) -> list[FieldChange]:
        """Return what was said since the last call."""
        taken, self._changes = self._changes, []
        return taken
