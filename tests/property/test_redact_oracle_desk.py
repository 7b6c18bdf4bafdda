"""Somebody at a desk: acts on the model's fields and tells the redactor what a recorder would have seen of it."""

import importlib.util
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from overt.events.context import Context, Document, FieldInfo, Window
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


@dataclass
class Desk:
    """Two fields of a page, a clipboard and a clock; two redactors see the same, and one is emptied often.

    *pace* is what one key takes; with 0 only ``act`` lets time pass, so that no length shows in it. *told* says how
    the accessibility tree speaks of a field: ``agree``, ``late``, ``missing`` or ``lie``.
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
        assert not [event for event in new if isinstance(event, Typed) and event.visit == self.page], "before commit"
        self.out += new

    def act(self, ms: int = 400) -> None:
        self.now += ms * MS
        at = self.now
        self._tell(lambda redactor: redactor.tick(at))

    def tell_value(self) -> None:
        """Let the accessibility tree say what the field in focus holds, as faithfully as *told* says."""
        if self.focus is None or self.told == "missing":
            return
        text = self.box.text
        if self.told == "lie":
            text = self.rnd.choice(["", "stone", text[::-1], text[: len(text) // 2], "x" * 9000])
        elif self.told == "late":
            text = text[:-1]
        key = f"{self.page}/{self.focus}"
        self._tell(lambda redactor: redactor.field_value(key, text))

    # What the person does

    @property
    def box(self) -> Any:
        assert self.focus is not None
        return self.boxes[self.focus]

    def enter(self, arrived: Any = "navigate", value: list[Any] | None = None) -> None:
        self.page += 1
        self.focus = None
        self.boxes = {name: Box(by_spaces=self.by_spaces, rtl=self.rtl) for name in FIELDS}
        if value:
            self.boxes["first"].cells = list(value)
        context, at = self.context(), self.now
        self._tell(lambda redactor: redactor.enter_page(context, "google/search", at_ns=at, arrived=arrived))

    def leave(self, *, off_list: bool) -> None:
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
        if seen:
            up = RawKey(seq=next(self.seq), at_ns=self.now, pressed=False, text=text, name=named)
            self.feed(up)

    def type(self, new: list[Any], *, seen: bool = True) -> None:
        for cell in new:
            held = ("shift",) if cell.char.isupper() else ()
            self.press(cell.char, *held, seen=seen)
            self.box.insert([cell])
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
        self.focus = name
        box = rect(name)
        x, y = box.x + 8 + 9 * min(caret, 60), box.y + 20
        seq = self.button(x, y, pressed=True, button=button)
        if named:
            self._tell(lambda redactor: redactor.hit(seq, "option", named, box))
        self.button(x, y, pressed=False, button=button)
        self.box.move(caret)

    def tab(self, *held: str) -> None:
        """Leave for the other field, whose text is then selected, as browsers do."""
        self.press("tab", *held)
        self.focus = FIELDS[1 - FIELDS.index(self.focus or "second")]
        self.box.anchor, self.box.caret = 0, len(self.box.cells)

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

    def paste(self, what: list[Any] | None = None, *, middle: bool = False) -> None:
        """Paste by key, or by the middle button where the caret is."""
        new = self.clipboard if what is None else what
        if middle:
            self.click(self.focus or "first", self.box.caret, button="middle")
        else:
            self.press("v", "ctrl")
        self.box.insert(new)

    def autofill(self, value: list[Any], *, keys: bool) -> None:
        """Let the browser write *value* into the field: by Down and Enter, or with no key at all."""
        if keys:
            self.press("arrow", names="down")
            self.press("choice", names="enter")
        self.box.replace(0, len(self.box.cells), list(value))

    def compose(self, value: list[Any]) -> None:
        """Type with an input method: keys show letters, a candidate is chosen, and other characters appear."""
        for cell in value:
            self.press(cell.char if cell.char.isascii() else "o", names="")
            self.box.insert([cell])
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
