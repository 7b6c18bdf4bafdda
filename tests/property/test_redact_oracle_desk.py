"""Somebody at a desk: acts on the model's fields and tells the redactor what a recorder would have seen of it."""

import importlib.util
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, takewhile
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from overt.events.context import Change, Context, Document, FieldChange, FieldInfo, Window
from overt.events.geometry import Rect
from overt.events.raw import Admitted, RawButton, RawEvent, RawKey, RawMove
from overt.events.redacted import Typed
from overt.events.verdict import DropReason
from overt.policy.signals import Signal
from overt.redact.redactor import Redactor


def _beside(name: str) -> ModuleType:
    """Load a file of this folder, which is no package."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


editor: Any = _beside("test_redact_oracle_editor")
Box, Cell, cells = editor.Box, editor.Cell, editor.cells

MS: Final = 1_000_000
AREA: Final = Rect(x=0, y=80, width=1200, height=700)
HOME: Final = "https://www.google.com/"
FIELDS: Final = ("first", "second")


def rect(name: str) -> Rect:
    return Rect(x=100, y=200 + 100 * FIELDS.index(name), width=600, height=40)


def _shared(one: str, other: str) -> int:
    """Return how many characters *one* and *other* begin with alike."""
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(one, other, strict=False)))


@dataclass
class Desk:
    """Two fields of a page, a clipboard and a clock; two redactors see the same, and one is emptied often.

    *pace* is what one key takes; with 0 only ``act`` lets time pass, so that no length shows in it. *told* says how
    the accessibility tree reports a field's changes: ``agree`` at once, ``late`` by a few keys, ``missing`` altogether,
    or ``lie`` (reports are lost and garbled). *restless* takes what has settled after each key.
    """

    seed: int = 0
    pace: int = 90
    told: str = "missing"
    by_spaces: bool = False
    rtl: bool = False
    now: int = 0
    page: int = 0
    uri: str = HOME
    title: str = "Search"
    out: list[Any] = field(default_factory=list)
    clipboard: list[Any] = field(default_factory=list)
    seq: Iterator[int] = field(default_factory=lambda: count(1))
    log: list[Callable[[Redactor], Any]] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    queue: list[Any] = field(default_factory=list)
    abandoned: bool = False
    restless: bool = False

    def __post_init__(self) -> None:
        self.rnd = random.Random(self.seed)
        self.eager, self.patient = (Redactor(started_ns=0, signals=frozenset(Signal)) for _ in range(2))
        self.boxes: dict[str, Any] = {}
        self.focus: str | None = None
        self.enter("start")

    # What the recorder sees

    def _tell(self, call: Callable[[Redactor], Any]) -> None:
        self.log.append(call)
        call(self.eager)
        call(self.patient)

    def context(self) -> Context:
        name = self.focus
        focused = None if name is None else FieldInfo(
            key=f"{self.page}/{name}", role="entry", name="q", label=name, editable=True, rect=rect(name)
        )  # fmt: skip
        window = Window(xid=1, pid=2, browser="chromium", rect=AREA)
        page = Document(key=f"page {self.page}", uri=self.uri, rect=AREA)
        return Context(window=window, documents=(page,), field=focused, generation=1, taken_ns=0, title=self.title)

    def feed(self, event: RawEvent) -> None:
        admitted = Admitted(event=event, context=self.context(), area="google/search")
        self._tell(lambda redactor: redactor.feed(admitted))

    def flush(self) -> None:
        """Take from the one redactor what has settled; of the page in view no text may be among it."""
        new = self.eager.take()
        early = [event for event in new if isinstance(event, Typed) and event.visit == self.page]
        assert self.abandoned or not early, "before commit"
        self.out += new

    def act(self, ms: int = 400) -> None:
        """Let *ms* pass; a field that was left two minutes ago has ended its epoch."""
        self.deliver()
        self.now += ms * MS
        self.abandoned |= ms > 100_000
        at = self.now
        self._tell(lambda redactor: redactor.tick(at))

    def report(self) -> None:
        """Let the accessibility tree report how the field in focus has changed."""
        if self.focus is None or self.told == "missing":
            return
        old, new = self.shown.get(self.focus, ""), self.box.text
        start = _shared(old, new)
        rest = _shared(old[start:][::-1], new[start:][::-1])
        self.shown[self.focus] = new
        for change, text in (
            (Change.DELETE, old[start : len(old) - rest]),
            (Change.INSERT, new[start : len(new) - rest]),
        ):
            if text:
                self._queue(change, start, text)
        self._queue(Change.CARET, self.box.caret, "")

    def _queue(self, change: Change, at: int, text: str) -> None:
        if self.told == "lie" and self.rnd.random() < 0.15:
            change, text = self.rnd.choice(
                [(Change.LOST, ""), (change, text[:-1] + "s"), (Change.CARET, ""), (Change.DELETE, text)]
            )
        self.queue.append((f"{self.page}/{self.focus}", change, at, text, self.context()))
        if self.told != "late" or self.rnd.random() < 0.2:
            self.deliver()

    def deliver(self) -> None:
        """Hand over the reports that wait."""
        for key, change, at, text, context in self.queue:
            report = FieldChange(field=key, at_ns=self.now, change=change, at=at, text=text)
            self._tell(lambda redactor, report=report, context=context: redactor.change(report, context))
        self.queue.clear()

    def listen(self) -> None:
        """Begin to report on the field in focus."""
        if self.focus is not None and self.told != "missing":
            self.shown[self.focus] = self.box.text
            self._queue(Change.START, 0, self.box.text)

    def tell_value(self) -> None:
        """Ask the field in focus what it holds."""
        if self.focus is not None and self.told != "missing":
            self.report()
            self._queue(Change.VALUE, 0, self.box.text)
            self.deliver()

    # What the person does

    @property
    def box(self) -> Any:
        assert self.focus is not None
        return self.boxes[self.focus]

    def enter(self, arrived: Any = "navigate", value: list[Any] | None = None) -> None:
        self.page += 1
        self.focus, self.abandoned = None, False
        self.shown.clear()
        self.boxes = {name: Box(by_spaces=self.by_spaces, rtl=self.rtl) for name in FIELDS}
        if value:
            self.boxes["first"].cells = list(value)
        context, at = self.context(), self.now
        self._tell(lambda redactor: redactor.enter_page(context, "google/search", at_ns=at, arrived=arrived))

    def leave(self, *, off_list: bool) -> None:
        if self.told != "late":
            self.deliver()
        self.queue.clear()
        at = self.now
        self._tell(lambda redactor: redactor.leave_page(at_ns=at, off_list=off_list))
        self.out += self.eager.take()

    def blur(self) -> None:
        """Look at another window and come back: the field is as it was, and its epoch has ended."""
        boxes, focus = self.boxes, self.focus
        self.leave(off_list=True)
        self.now += 3_000 * MS
        self.enter("navigate")
        self.boxes, self.focus = boxes, focus
        self.listen()

    def search(self) -> None:
        """Press Enter: the next page repeats what was typed in its address, its title and its own field."""
        query = self.box.text
        value = self.boxes["first"].cells
        self.press("enter")
        self.leave(off_list=False)
        self.uri = f"{HOME}search?q={query.replace('%', '%25').replace('+', '%2B').replace('&', '').replace(' ', '+')}"
        self.title = f"{query} - Search"
        self.enter("key", value)

    def finish(self) -> None:
        self.queue.clear()
        at = self.now
        self._tell(lambda redactor: redactor.finish(at_ns=at))
        self.out += self.eager.take()

    def press(self, name: str, *held: str, seen: bool = True, times: int = 1, names: str = "") -> None:
        """Press *name*; *names* says how the hook calls it where it shows no character. *times* is auto-repeat."""
        text, named = (name, None) if len(name) == 1 and not names else (None, names or name)
        for place in range(times):
            event = RawKey(
                seq=next(self.seq), at_ns=self.now, pressed=True, text=text, name=named, modifiers=frozenset(held)
            )
            if seen:
                self.feed(event)
            if self.focus is not None:
                self.box.key(name, frozenset(held))
            self.now += (self.pace if place == 0 else self.pace // 3) * MS
            if text is None or held:
                self.report()
        if self.restless:
            self.flush()
        if seen:
            up = RawKey(seq=next(self.seq), at_ns=self.now, pressed=False, text=text, name=named)
            self.feed(up)

    def type(self, new: list[Any], *, seen: bool = True) -> None:
        for cell in new:
            held = ("shift",) if cell.char.isupper() else ()
            self.press(cell.char, *held, seen=seen)
            self.box.insert([cell])
            self.report()
        if not seen:
            key = f"{self.page}/{self.focus}"
            self._tell(lambda redactor: redactor.miss(key))

    def words(self, text: str) -> None:
        self.type(cells(text))

    def button(self, x: int, y: int, *, pressed: bool, button: str = "left") -> int:
        seq = next(self.seq)
        self.feed(RawButton(seq=seq, at_ns=self.now, pressed=pressed, button=button, x=x, y=y))
        self.now += self.pace * MS // 2
        return seq

    def click(self, name: str, caret: int, *, button: str = "left", named: str = "") -> None:
        """Click into *name*, so that its caret stands at *caret*: the recorder cannot know where that is."""
        if self.focus != name:
            self.focus = name
            self.listen()
        box = rect(name)
        x, y = box.x + 8 + 9 * min(caret, 60), box.y + 20
        seq = self.button(x, y, pressed=True, button=button)
        if named:
            self._tell(lambda redactor: redactor.hit(seq, "option", named, box))
        self.button(x, y, pressed=False, button=button)
        self.box.move(caret)
        self.report()

    def tab(self, *held: str) -> None:
        """Leave for the other field, whose text is then selected, as browsers do."""
        self.press("tab", *held)
        self.focus = FIELDS[1 - FIELDS.index(self.focus or "second")]
        self.box.anchor, self.box.caret = 0, len(self.box.cells)
        self.listen()

    def drag(self, start: int, stop: int) -> None:
        """Press at cell *start* and let go at *stop*: selects, or moves what was selected."""
        box = rect(self.focus or "first")
        held = self.box.selection[0] <= start < self.box.selection[1]
        self.button(box.x + 8 + 9 * start, box.y + 20, pressed=True)
        for part in (1, 2, 3):
            x = box.x + 8 + 9 * (start + (stop - start) * part // 3)
            self.feed(RawMove(seq=next(self.seq), at_ns=self.now, x=x, y=box.y + 20))
        self.button(box.x + 8 + 9 * stop, box.y + 20, pressed=False)
        if held:
            self._carry(stop)
        else:
            self.box.move(start)
            self.box.move(stop, select=True)
        self.report()

    def _carry(self, stop: int) -> None:
        start, end = self.box.selection
        if start <= stop <= end:
            return
        moved = self.box.selected()
        self.box.replace(start, end, [])
        place = stop if stop < start else stop - len(moved)
        self.box.replace(place, place, moved)

    def copy(self, *, cut: bool = False) -> None:
        chosen = self.box.selected()
        self.press("x" if cut else "c", "ctrl")
        self.clipboard = chosen or self.clipboard
        if cut:
            self.box.insert([])
        self.report()

    def paste(self, what: list[Any] | None = None, *, middle: bool = False) -> None:
        """Paste by key, or by the middle button where the caret is."""
        new = self.clipboard if what is None else what
        if middle:
            self.click(self.focus or "first", self.box.caret, button="middle")
        else:
            self.press("v", "ctrl")
        self.box.insert(new)
        self.report()

    def autofill(self, value: list[Any], *, keys: bool) -> None:
        """Let the browser write *value* into the field: by Down and Enter, or with no key at all."""
        if keys:
            self.press("arrow", names="down")
            self.press("choice", names="enter")
        self.box.replace(0, len(self.box.cells), list(value))
        self.report()

    def compose(self, value: list[Any]) -> None:
        """Type with an input method: keys show letters, a candidate is chosen, and other characters appear."""
        for cell in value:
            self.press(cell.char if cell.char.isascii() else "o", names="")
            self.box.insert([cell])
            self.report()
        self.press(" ", names="space")
        self.press("choice", names="enter")

    def accent(self, new: list[Any]) -> None:
        """Press a dead key and its letter; the hook names the first and gives the second whole."""
        for cell in new:
            self.press("accent", names="dead")
            self.type([cell])

    def withhold(self, *, shown: bool) -> None:
        """Type into a password box, *shown* or not: the gate lets nothing of it in but that it was visited."""
        window = Window(xid=1, pid=2, browser="chromium", rect=AREA)
        page = Document(key=f"page {self.page}", uri=self.uri, rect=AREA)
        role = "entry" if shown else "password text"
        focused = FieldInfo(key=f"{self.page}/secret", role=role, editable=True, secret=True)
        context = Context(window=window, documents=(page,), field=focused, generation=1, taken_ns=0)
        at = self.now
        self._tell(lambda redactor: redactor.withhold(context, at_ns=at, reason=DropReason.SECRET_FIELD))


def test_what_the_desk_types_is_what_its_field_holds() -> None:
    desk = Desk()
    desk.click("first", 0)
    desk.words("lost ")
    desk.paste(cells("net"))
    desk.press("backspace", times=2)
    desk.tab()
    desk.words("s")
    desk.finish()

    assert (desk.boxes["first"].text, desk.boxes["second"].text) == ("lost n", "s")
    assert desk.out == desk.patient.take()
