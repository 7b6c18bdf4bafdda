"""P1 and P2 as a state machine: secrets of every kind are put together by any edits, and nothing of them comes out."""

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule


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
desks: Any = _beside("test_redact_oracle_desk")
Desk, cells = desks.Desk, editor.cells

WAYS: Final = ("keys", "keys", "keys", "keys", "paste", "middle", "unseen", "compose", "accent")
"""How a piece of a secret gets into its field."""
ROADS: Final = ("arrows", "arrows", "home", "end", "words", "click", "click")
"""How the caret gets to where the next piece belongs."""
SLIPS: Final = ("backspace", "delete", "select", "word", "cut", "undo", "repeat", "drag")
"""How something wrong is typed and taken away again."""
AFTER: Final = ("keep", "erase", "replace", "cut", "drag", "undo", "append", "prepend", "autofill", "option")
"""What is done with a secret that stands in its field."""
small = st.integers(0, 2**32)


class Work:
    """A secret on its way into a field: which pieces are there, and where the next one belongs."""

    def __init__(self, desk: Any, kind: str, seed: int) -> None:
        """Cut the secret up and shuffle the pieces; in half of the cases it is typed in order."""
        self.desk = desk
        self.rnd = rnd = random.Random(seed)
        self.secret = editor.secret(kind, seed)
        self.field = desk.focus
        length = len(self.secret.text)
        cuts = sorted(rnd.sample(range(1, length), min(rnd.choice([0, 1, 1, 2, 2, 3]), length - 1)))
        self.pieces = list(zip([0, *cuts], [*cuts, length], strict=True))
        if rnd.random() < 0.5:
            rnd.shuffle(self.pieces)
        self.placed = False
        desk.words(self.secret.label or "")

    def place(self, way: str, road: str) -> None:
        """Bring the caret to where the next piece belongs and put it there."""
        start, stop = self.pieces.pop(0)
        if self.desk.focus != self.field:
            self.desk.click(self.field, self._place(start))
        elif self.placed and (self.desk.box.caret != self._place(start) or self.desk.box.anchor is not None):
            self._go(self._place(start), road)
        self.placed = True
        # Of a secret that is hardly typed at all nothing could be known, and so little of it comes out.
        if way in {"paste", "middle", "unseen"} and stop - start == len(self.secret.text):
            way = "keys"
        self._put(cells(self.secret.text[start:stop], start), way)

    def _put(self, new: list[Any], way: str) -> None:
        desk = self.desk
        match way:
            case "paste" | "middle":
                desk.paste(new, middle=way == "middle")
            case "unseen":
                desk.type(new[:1], seen=False)
                desk.type(new[1:])
            case "compose":
                desk.compose(new)
            case "accent":
                desk.accent(new[:1])
                desk.type(new[1:])
            case _:
                desk.type(new)
        desk.tell_value()

    def _place(self, start: int) -> int:
        """Return where in the field the piece that begins at *start* belongs."""
        there = [(cell.origin, place) for place, cell in enumerate(self.desk.boxes[self.field].cells)]
        before = [place + 1 for origin, place in there if 0 <= origin < start]
        after = [place for origin, place in there if origin > start]
        return max(before) if before else min(after, default=self.desk.boxes[self.field].caret)

    def _go(self, to: int, road: str) -> None:
        desk, box = self.desk, self.desk.box
        match road:
            case "home" | "end":
                desk.press(road)
            case "words":
                for _ in range(abs(to - box.caret) // 6):
                    desk.press("left" if (to < box.caret) != box.rtl else "right", "ctrl")
            case "click":
                desk.click(self.field, to)
            case _:
                pass
        for _ in range(3 + len(box.cells)):
            if box.caret == to and box.anchor is None:
                return
            desk.press("left" if (to < box.caret) != box.rtl else "right")

    def whole(self) -> bool:
        """Say whether the secret stands in its field as it is meant to."""
        origins = [cell.origin for cell in self.desk.boxes[self.field].cells if cell.origin >= 0]
        return not self.pieces and origins == list(range(len(self.secret.text)))


class Editing(RuleBasedStateMachine):
    """A person who types secrets and other things, badly, while records are taken at any moment."""

    def __init__(self) -> None:
        """Begin with nobody at the desk."""
        super().__init__()
        self.desk: Any = None
        self.work: Work | None = None
        self.secrets: list[Any] = []

    @initialize(
        seed=small,
        told=st.sampled_from(["missing", "missing", "agree", "late", "lie"]),
        by_spaces=st.booleans(),
        rtl=st.sampled_from([False, False, False, True]),
    )
    def sit_down(self, seed: int, told: str, by_spaces: bool, rtl: bool) -> None:
        self.desk = Desk(seed=seed, told=told, by_spaces=by_spaces, rtl=rtl)
        self.desk.click("first", 0)
        if rtl:
            self.desk.words(editor.HEBREW + " ")

    @precondition(lambda self: self.work is None and len(self.secrets) < 2)
    @rule(kind=st.sampled_from(sorted(editor.KINDS)), seed=small)
    def begin_a_secret(self, kind: str, seed: int) -> None:
        if self.desk.focus is None or self.desk.box.cells:
            self.desk.click("first", len(self.desk.boxes["first"].cells))
        if self.desk.box.cells:
            self.desk.words(" ")
        self.work = Work(self.desk, kind, seed)
        self.secrets.append(self.work.secret)

    @precondition(lambda self: self.work is not None and self.work.pieces)
    @rule(way=st.sampled_from(WAYS), road=st.sampled_from(ROADS))
    def place_a_piece(self, way: str, road: str) -> None:
        assert self.work is not None
        self.work.place(way, road)

    @precondition(lambda self: self.work is not None and not self.work.pieces)
    @rule(how=st.sampled_from(AFTER), seed=small)
    def end_a_secret(self, how: str, seed: int) -> None:
        assert self.work is not None
        if self.desk.focus != self.work.field:
            self.desk.click(self.work.field, 0)
        self._after(how, random.Random(seed))
        self.work = None

    def _after(self, how: str, rnd: random.Random) -> None:
        desk, box = self.desk, self.desk.box
        match how:
            case "erase":
                desk.press("end")
                desk.press("backspace", times=rnd.randint(1, len(box.cells) + 1))
            case "replace" | "cut":
                desk.press("a", "ctrl")
                desk.copy(cut=how == "cut")
                desk.words("stone")
                if how == "cut":
                    desk.tab()
                    desk.paste()
            case "drag":
                desk.drag(*sorted(rnd.sample(range(len(box.cells) + 1), 2)))
                desk.drag(box.selection[0], rnd.randint(0, len(box.cells)))
            case "undo":
                for _ in range(rnd.randint(1, 12)):
                    desk.press("z", "ctrl", *rnd.choice([(), (), ("shift",)]))
                desk.words("we")
            case "append" | "prepend":
                desk.press("end" if how == "append" else "home")
                desk.words(rnd.choice([" ", ""]) + rnd.choice(editor.FILLER) + rnd.choice([" ", ""]))
            case "autofill":
                desk.autofill(list(box.cells), keys=rnd.random() < 0.5)
            case "option":
                desk.click(desk.focus, 0, named=f"stone {box.text}")
            case _:
                pass
        desk.tell_value()

    @precondition(lambda self: self.desk is not None and self.desk.focus is not None)
    @rule(how=st.sampled_from(SLIPS), what=st.sampled_from(editor.FILLER))
    def slip(self, how: str, what: str) -> None:
        desk, box = self.desk, self.desk.box
        if box.anchor is not None:
            desk.press("right")
        what = what.replace(" ", "")
        if how == "undo":
            desk.words(what)
            for _ in what:
                desk.press("z", "ctrl")
        elif how == "drag":
            desk.words(what)
            desk.drag(box.caret - len(what), box.caret)
            desk.press("backspace")
        else:
            self._slip(how, what)

    def _slip(self, how: str, what: str) -> None:
        desk = self.desk
        if how == "word":
            desk.words(" " + what)
            desk.press("backspace", "ctrl")
            desk.press("backspace")
            return
        desk.words(what)
        back = "right" if desk.box.rtl else "left"
        match how:
            case "backspace" | "delete":
                for _ in what if how == "delete" else "":
                    desk.press(back)
                for _ in what:
                    desk.press(how)
            case "repeat":
                desk.press("backspace", times=len(what))
            case _:
                for _ in what:
                    desk.press(back, "shift")
                if how == "cut":
                    desk.copy(cut=True)
                else:
                    desk.press("delete")

    @precondition(lambda self: self.desk is not None and self.desk.focus is not None)
    @rule(
        how=st.sampled_from(["tab", "click", "option", "option_back", "withhold", "shown"]),
        what=st.sampled_from(editor.FILLER),
    )
    def look_elsewhere(self, how: str, what: str) -> None:
        """Do something in another field and come back."""
        desk = self.desk
        place = desk.box.caret
        if how == "tab":
            desk.tab()
            desk.press("end")
            desk.words(what)
            desk.tab("shift")
            desk.press("end")
        elif how in {"withhold", "shown"}:
            desk.withhold(shown=how == "shown")
            desk.click(desk.focus, place)
        else:
            here, there = desk.focus, desks.FIELDS[1 - desks.FIELDS.index(desk.focus)]
            desk.click(there, len(desk.boxes[there].cells), named=what if how == "option" else "")
            desk.words(" " + what)
            desk.click(here, place)

    @precondition(lambda self: self.desk is not None)
    @rule(how=st.sampled_from(["flush", "flush", "idle", "shift", "enter", "value", "pause", "escape", "capslock"]))
    def anything(self, how: str) -> None:
        desk = self.desk
        match how:
            case "flush":
                desk.flush()
            case "idle" | "pause":
                desk.act(6_000 if how == "idle" else 700)
            case "value":
                desk.tell_value()
            case _:
                desk.press(how, names=how)

    @precondition(lambda self: self.desk is not None and self.work is None)
    @rule(how=st.sampled_from(["blur", "search", "words", "words", "quarantine", "crash", "end", "discard"]))
    def between_secrets(self, how: str) -> None:
        """End an epoch; a secret that is parted by one is another matter, and nobody could know its second half."""
        desk = self.desk
        match how:
            case "blur":
                desk.blur()
            case "search" if desk.focus is not None:
                desk.search()
            case "words" if desk.focus is not None:
                desk.words(desk.rnd.choice(editor.FILLER))
            case "quarantine":
                desk.act(130_000)
            case "crash" | "end" | "discard":
                self._end(how)
            case _:
                pass

    def _end(self, how: str) -> None:
        """End the session in one of three ways; of what was held at a crash nothing may ever have come out."""
        desk = self.desk
        if how == "discard":
            desk.eager.discard()
            desk.patient.discard()
            assert desk.eager.take() == []
        if how == "end":
            desk.finish()
        self._judge()
        self.secrets = []
        self.sit_down(desk.seed, desk.told, desk.by_spaces, desk.rtl)

    def _judge(self) -> None:
        for hidden in self.secrets:
            found = editor.leaks(hidden, self.desk.out)
            assert not found, (hidden, found, [str(event) for event in self.desk.out])

    def teardown(self) -> None:
        if self.desk is None:
            return
        while self.work is not None and self.work.pieces:
            self.work.place("keys", "arrows")
        self.desk.finish()
        self._judge()
        assert like(self.desk.out, self.desk.patient.take()), "P2"


def like(early: list[Any], late: list[Any]) -> bool:
    """P2: say whether the same came out, whenever it was taken.

    What waited may only have less in it: a page that was not yet taken is judged by what was withheld after it too.
    """
    return len(early) == len(late) and all(_like(*both) for both in zip(early, late, strict=True))


def _like(early: Any, late: Any) -> bool:
    one, other = (event.model_dump(mode="json") for event in (early, late))
    return one == other or all(one[name] == other[name] or "[REPEATED]" in str(other[name]) for name in one)


Editing.TestCase.settings = settings(
    max_examples=400,
    derandomize=True,  # `make soak` is for new seeds
    stateful_step_count=24,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
TestEditing = Editing.TestCase
