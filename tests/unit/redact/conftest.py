"""A person at a desk: pages, keys, clicks and frames fed to a redactor, with the clock in their own hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest

from overt.events.context import Change, Context, Document, FieldChange, FieldInfo, Window
from overt.events.geometry import Rect
from overt.events.raw import Admitted, RawButton, RawEvent, RawFrame, RawKey, RawMove, RawScroll
from overt.events.redacted import RedactedEvent, RedactedFrame
from overt.events.verdict import DropReason
from overt.policy.signals import Signal
from overt.redact.limits import Limits
from overt.redact.redactor import Arrival, Redactor

MS = 1_000_000
AREA = Rect(x=10, y=80, width=1200, height=700)
GOOGLE = "https://www.google.com/"


def entry(key: str = "q", **more: object) -> FieldInfo:
    """Return an ordinary search field, changed by *more*."""
    shape: dict[str, object] = {
        "role": "entry",
        "label": "Search",
        "editable": True,
        "rect": Rect(x=110, y=180, width=400, height=40),
    }
    return FieldInfo(key=key, **(shape | more))  # type: ignore[arg-type]


@dataclass
class Desk:
    """Feeds a redactor; times are in ms and pass only when told to."""

    signals: frozenset[Signal] = frozenset(Signal)
    limits: Limits = field(default_factory=Limits)
    at_ms: int = 0
    focused: FieldInfo | None = None
    uri: str = GOOGLE
    title: str = "Google"
    seq: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.redactor = Redactor(started_ns=0, signals=self.signals, limits=self.limits)

    def context(self) -> Context:
        window = Window(xid=1, pid=2, browser="chromium", rect=AREA)
        page = Document(key="page", uri=self.uri, rect=AREA)
        return Context(
            window=window, documents=(page,), field=self.focused, generation=1, taken_ns=self.ns, title=self.title
        )

    @property
    def ns(self) -> int:
        return self.at_ms * MS

    def enter(self, uri: str = GOOGLE, title: str = "Google", arrived: Arrival = "start") -> "Desk":
        self.uri, self.title, self.focused = uri, title, None
        self.redactor.enter_page(self.context(), "google/search", at_ns=self.ns, arrived=arrived)
        return self

    def feed(self, event: RawEvent) -> None:
        self.redactor.feed(Admitted(event=event, context=self.context(), area="google/search"))

    def key(self, name: str, *modifiers: str) -> None:
        text, named = (name, None) if len(name) == 1 else (None, name)
        held = frozenset(modifiers)
        for pressed in (True, False):
            self.feed(RawKey(seq=next(self.seq), at_ns=self.ns, pressed=pressed, text=text, name=named, modifiers=held))

    def type(self, text: str, into: FieldInfo | None = None) -> None:
        self.focused = into or self.focused or entry()
        for char in text:
            self.key(char)

    def button(self, x: int, y: int, *, pressed: bool, button: str = "left", modifiers: tuple[str, ...] = ()) -> int:
        seq = next(self.seq)
        event = RawButton(
            seq=seq, at_ns=self.ns, pressed=pressed, button=button, x=x, y=y, modifiers=frozenset(modifiers)
        )
        self.feed(event)
        return seq

    def click(self, x: int = 900, y: int = 600, button: str = "left") -> int:
        seq = self.button(x, y, pressed=True, button=button)
        self.button(x, y, pressed=False, button=button)
        return seq

    def scroll(self, dy: int, dx: int = 0) -> None:
        self.feed(RawScroll(seq=next(self.seq), at_ns=self.ns, x=310, y=280, dx=dx, dy=dy))

    def move(self, x: int, y: int) -> None:
        self.feed(RawMove(seq=next(self.seq), at_ns=self.ns, x=x, y=y))

    def frame(self, *masks: Rect) -> RawFrame:
        shot = RawFrame(at_ns=self.ns, rect=AREA, pixels=bytearray(b"\x01\x02\x03\xff") * (AREA.width * AREA.height))
        shot.pixels[-4:] = self.at_ms.to_bytes(4)  # no two pictures of one page are the same
        self.redactor.hold_frame(shot, masks, content=AREA)
        return shot

    def report(self, field: str, change: Change, at: int, text: str, whole: bool) -> None:
        said = FieldChange(field=field, at_ns=self.ns, change=change, at=at, text=text, whole=whole)
        self.redactor.change(said, self.context())

    def withhold(self) -> None:
        self.redactor.withhold(self.context(), at_ns=self.ns, reason=DropReason.SECRET_FIELD)

    def wait(self, ms: int) -> None:
        self.at_ms += ms
        self.redactor.tick(self.ns)

    def take(self) -> list[RedactedEvent | RedactedFrame]:
        return self.redactor.take()

    def leave(self) -> list[RedactedEvent | RedactedFrame]:
        """Leave the page and return all that it left behind."""
        self.redactor.leave_page(at_ns=self.ns, off_list=True)
        return self.take()


@pytest.fixture
def desk() -> Desk:
    """Return a person who has just opened the search page."""
    return Desk().enter()


@pytest.fixture
def box() -> Callable[..., FieldInfo]:
    """Return the maker of fields."""
    return entry


@pytest.fixture
def desks() -> type[Desk]:
    """Return the maker of desks, for those with limits or signals of their own."""
    return Desk
