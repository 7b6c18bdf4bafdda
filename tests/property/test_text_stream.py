"""Whatever a person does in a field, and however the browser bundles its reports, the text is the field's own."""

from dataclasses import dataclass, field

from hypothesis import event, given
from hypothesis import strategies as st

from overt.events.context import Change, Context, Document, FieldChange, FieldInfo, Window
from overt.events.geometry import Rect
from overt.events.raw import Admitted, RawButton, RawKey
from overt.events.redacted import Typed, Withheld
from overt.policy.signals import Signal
from overt.redact.redactor import Redactor
from overt.redact.stream import Agreement

MS = 1_000_000
BOX = Rect(x=0, y=0, width=800, height=600)
FIELD = FieldInfo(key="q", role="entry", label="Words", editable=True, rect=BOX)
PAGE = Document(key="page", uri="https://www.google.com/", rect=BOX)
CONTEXT = Context(
    window=Window(xid=1, pid=2, browser="chromium", rect=BOX), documents=(PAGE,), field=FIELD, generation=1, taken_ns=0
)
WORDS = st.sampled_from(["lamp", "old house", "sea ", "the", " x"])
ACTS = st.one_of(
    st.tuples(st.just("type"), st.sampled_from("abcdefgh ")),
    st.tuples(st.just("type"), WORDS),
    st.tuples(st.just("paste"), WORDS),
    st.tuples(st.sampled_from(["erase", "delete", "click", "select", "cut", "undo"]), st.integers(0, 30)),
    st.tuples(st.just("frame"), st.just(0)),
)


def shared(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


@dataclass
class Desk:
    """A field as a browser has it, which tells once in a frame how its text differs from the frame before."""

    text: str = ""
    caret: int = 0
    selected: int = 0
    shown: str = ""
    at_ms: int = 0
    seq: int = 0
    before: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.redactor = Redactor(started_ns=0, signals=frozenset(Signal))
        self.redactor.enter_page(CONTEXT, "google/search", at_ns=0, arrived="start")
        self.report(Change.START, 0, "")

    def report(self, change: Change, at: int, text: str) -> None:
        said = FieldChange(field="q", at_ns=self.at_ms * MS, change=change, at=at, text=text)
        self.redactor.change(said, CONTEXT)

    def feed(self, made: RawKey | RawButton) -> None:
        self.redactor.feed(Admitted(event=made, context=CONTEXT, area="google/search"))

    def key(self, text: str | None = None, name: str | None = None, *held: str) -> None:
        self.at_ms, self.seq = self.at_ms + 7, self.seq + 1
        self.feed(
            RawKey(seq=self.seq, at_ns=self.at_ms * MS, pressed=True, text=text, name=name, modifiers=frozenset(held))
        )

    def frame(self) -> None:
        self.at_ms += 16
        old, new = self.shown, self.text
        start = shared(old, new)
        end = shared(old[start:][::-1], new[start:][::-1])
        if gone := old[start : len(old) - end]:
            self.report(Change.DELETE, start, gone)
        if come := new[start : len(new) - end]:
            self.report(Change.INSERT, start, come)
        self.shown = new

    def says(self) -> None:
        self.at_ms += 700
        self.report(Change.VALUE, 0, self.text)

    def put(self, text: str) -> None:
        self.before.append(self.text)
        start, stop = sorted((self.caret, self.selected))
        self.text = self.text[:start] + text + self.text[stop:]
        self.caret = self.selected = start + len(text)

    def act(self, name: str, what: str | int) -> None:
        match name, what:
            case "type", str(text):
                for char in text:
                    self.key(char)
                    self.put(char)
            case "paste", str(text):
                self.key("v", None, "ctrl")
                self.put(text)
                self.frame()
            case "frame", _:
                self.frame()
            case _, int(place):
                self.edit(name, min(place, len(self.text)))

    def edit(self, name: str, place: int) -> None:
        if name in {"click", "select"}:
            self.frame()
            self.click()
            self.caret, self.selected = place, place if name == "click" else len(self.text)
        elif name == "erase":
            self.key(None, "backspace")
            self.selected = max(0, self.caret - 1) if self.caret == self.selected else self.selected
            self.put("")
        elif name == "delete":
            self.key(None, "delete")
            self.selected = min(len(self.text), self.caret + 1) if self.caret == self.selected else self.selected
            self.put("")
        elif name == "cut":
            self.frame()
            self.key("x", None, "ctrl")
            self.put("")
            self.frame()
        elif self.before:
            self.frame()
            self.key("z", None, "ctrl")
            self.text = self.before.pop()
            self.caret = self.selected = min(self.caret, len(self.text))
            self.frame()

    def click(self) -> None:
        self.at_ms, self.seq = self.at_ms + 50, self.seq + 2
        for pressed in (True, False):
            self.feed(RawButton(seq=self.seq, at_ns=self.at_ms * MS, pressed=pressed, button="left", x=5, y=5))


@given(acts=st.lists(ACTS, max_size=25))
def test_the_text_told_last_is_the_one_in_the_field(acts: list[tuple[str, str | int]]) -> None:
    desk = Desk()
    for name, what in acts:
        desk.act(name, what)
    desk.act("type", "q")
    desk.frame()
    desk.says()

    desk.redactor.leave_page(at_ns=desk.at_ms * MS, off_list=True)
    made = desk.redactor.take()

    event(str(desk.redactor.agreements))
    assert [each for each in made if isinstance(each, Withheld)] == []
    assert desk.redactor.agreements == {Agreement.AGREED: 1}
    assert [each.text for each in made if isinstance(each, Typed)][-1] == desk.text


@given(acts=st.lists(ACTS, max_size=12), tail=st.integers(1, 4))
def test_the_keys_fill_in_what_a_page_that_goes_away_has_not_told(acts: list[tuple[str, str | int]], tail: int) -> None:
    desk = Desk()
    for name, what in acts:
        desk.act(name, what)
    desk.frame()
    desk.says()
    desk.click()
    desk.caret = desk.selected = len(desk.text)
    desk.act("type", "q")
    desk.frame()
    desk.act("type", "abcd"[:tail])
    desk.key(None, "enter")

    desk.redactor.leave_page(at_ns=desk.at_ms * MS, off_list=True)
    made = desk.redactor.take()

    assert desk.redactor.agreements == {Agreement.LATE: 1}
    assert [each.text for each in made if isinstance(each, Typed)][-1] == desk.text
