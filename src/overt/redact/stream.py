"""What a field holds as the page itself reports it, change by change; exact where keys alone can only guess."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from overt.events.context import Change, FieldChange
from overt.redact.edit import Edits
from overt.redact.explain import Act, Awaited, Explainer, Origin

_OBJECT: Final = "\ufffc"
"""Stands for what is no character: in rich editors, a paragraph that reports for itself."""
_MOST_CHANGES: Final = 20_000
_IDEOGRAPHS: Final = 0x2E80
"""Scripts from here on are written through an input method."""
_OPENS: Final = frozenset({Act.POINTER, Act.CHOICE, Act.MISSED})
"""Acts of which no key tells that was let in."""


class Agreement(StrEnum):
    """What came of holding a field's keys against what the page reported of its text."""

    AGREED = "agreed"
    """Every character is explained: the page's text is kept."""
    LATE = "late"
    """The page had not reported the last keys when it went: they are taken from the keys."""
    KEYS_ALONE = "keys_alone"
    """The page reported nothing of use: the text is made from the keys."""
    UNEXPLAINED = "unexplained_text"
    """The field got text that nobody typed, pasted or chose: a script wrote it, or keys were not seen."""
    COMPOSED = "composed_text"
    """An input method composed the text: what was typed is not what was meant, in states that nobody checked."""
    MISSING = "changes_missing"
    """The page's reports contradict each other or lack what was typed, which may have gone elsewhere."""

    @property
    def withholds(self) -> bool:
        """Whether nothing of the field may be kept."""
        return self in {Agreement.UNEXPLAINED, Agreement.COMPOSED, Agreement.MISSING}


@dataclass(slots=True, repr=False, eq=False)
class Mark:
    """A moment at which it matters what the field held: *cells* once every key before it has been reported.

    *number* is that of the last of those keys. *act*, if any, is the act of which this moment is the effect.
    """

    number: int
    act: Awaited | None = None
    cells: tuple[int, ...] | None = None
    spare: tuple[int, ...] | None = None
    """What it will have been if no report shows just those keys: one may show more, or the page was faster."""
    gone: bool = False
    """Whether text was taken out since."""


@dataclass(slots=True, repr=False, eq=False)
class Stream:
    """The model of one field: its cells, where each comes from, and the moments that are waited for."""

    limit: int
    edits: Edits = field(default_factory=Edits)
    explainer: Explainer = field(default_factory=Explainer)
    found: set[int] = field(default_factory=set)
    marks: list[Mark] = field(default_factory=list)
    started: bool = False
    usable: bool = True
    broken: bool = False
    reported: bool = False
    _changes: int = 0
    _gone: tuple[int, tuple[int, ...]] | None = None

    def key(self, text: str, at_ns: int) -> None:
        """A key types *text* into the field."""
        self.explainer.key(text, at_ns)

    def act(self, act: Act, at_ns: int) -> Awaited:
        """Something else was done that may change the text."""
        return self.explainer.act(act, at_ns)

    def mark(self, act: Awaited | None = None) -> Mark:
        """Remember this moment, or that of the effect of *act*."""
        made = Mark(number=self.explainer.typed, act=act)
        if act is None and self.explainer.waits():
            made.spare = self._expected(made.number)
        self.marks.append(made)
        self._settle_marks()
        return made

    def take(self, change: FieldChange) -> bool:
        """Take a report; say whether it shows that the person put something in by an act of which no key tells."""
        self._changes += 1
        self.broken |= change.change is Change.LOST or self._changes > _MOST_CHANGES
        self.usable &= change.whole and _OBJECT not in change.text
        if not self.usable or self.broken:
            return False
        text = _plain(change.text)
        if change.change is not Change.INSERT:
            self._gone = None
        match change.change:
            case Change.START:
                self._start(text)
            case Change.INSERT:
                return self._insert(change.at, text, change.at_ns)
            case Change.DELETE:
                self._delete(change.at, text, change.at_ns)
            case Change.VALUE:
                self._value(text, change.at_ns)
            case Change.CARET:
                self.edits.note()
            case _:
                pass
        return False

    def agreement(self, now_ns: int) -> Agreement:
        """Say what the comparison comes to, now that the epoch has ended at *now_ns*.

        Keys that a field which tells of itself never showed went elsewhere: into a question that the browser asks
        above the page, for one, which tells nobody that it has the keyboard.
        """
        pending = self.explainer.unseen(self.explainer.typed)
        if self.broken:
            return Agreement.MISSING
        if not self.started or not self.usable:
            return Agreement.KEYS_ALONE
        if self.explainer.strange:
            composed = any(ord(char) >= _IDEOGRAPHS for char, _ in self.explainer.strange)
            return Agreement.COMPOSED if composed else Agreement.UNEXPLAINED
        if self.explainer.swallowed or self.explainer.overdue(now_ns):
            return Agreement.MISSING
        if pending and not self.reported:
            return Agreement.KEYS_ALONE
        return Agreement.LATE if pending else Agreement.AGREED

    def finish(self) -> None:
        """The epoch ends: the marks that still wait get what is there, and after it the keys not yet reported."""
        self.edits.note()
        for mark in self.marks:
            if mark.act is None:
                mark.cells = self._expected(mark.number) if mark.spare is None or not mark.gone else mark.spare
                self.edits.states.append(mark.cells)
        self.marks.clear()

    @property
    def text(self) -> str:
        """All that the field holds."""
        return self.edits.text(tuple(self.edits.now))

    def _start(self, text: str) -> None:
        """Take what the field holds at first, or again; the part that changed unseen is the page's own."""
        first, self.started = not self.started, True
        held = self.text
        if text == held:
            return
        start = _common(held, text)
        end = _common(held[start:][::-1], text[start:][::-1])
        self._splice(start, len(held) - end - start, text[start : len(text) - end], [])
        self.reported |= not first
        if first:
            self._recognise(text)

    def _recognise(self, text: str) -> None:
        """Those of the first keys that came before the field was listened to stand in it already."""
        pending = self.explainer.pending()
        for size in range(min(len(pending), len(text)), 0, -1):
            place = text.rfind("".join(pending[:size]))
            if place >= 0:
                self.found.difference_update(self.edits.now[place : place + size])
                self.explainer.take(size)
                self.reported = True
                self._settle_marks()
                return
        if text and self.explainer.recognise(text):
            self.found.clear()
            self.reported = True

    def _insert(self, at: int, text: str, at_ns: int) -> bool:
        if not 0 <= at <= len(self.edits.now):
            self.broken = True
            return False
        self.reported = True
        at, text = self._put_back(*self._turned(at, text))
        if not text:
            return False
        origins, act = self.explainer.inserted(text, at_ns)
        self._splice(at, 0, text, origins)
        self._settle_marks(act)
        return act is not None and act.act in _OPENS

    def _turned(self, at: int, text: str) -> tuple[int, str]:
        """Return the same change as the keys would tell it: what goes in before its like can be told in many ways."""
        awaited = "".join(self.explainer.pending())
        here, turned = at, text
        for _ in range(min(at, len(text) - 1)):
            if awaited.startswith(turned) or self.edits.chars[self.edits.now[here - 1]] != turned[-1]:
                break
            here, turned = here - 1, turned[-1] + turned[:-1]
        return (here, turned) if awaited.startswith(turned) else (at, text)

    def _put_back(self, at: int, text: str) -> tuple[int, str]:
        """Give their old cells to those of *text* that were taken out only to be put in again with it.

        As many as there are keys to be reported are left alone: whoever types over a selection may type the same.
        """
        gone, self._gone = self._gone, None
        room = len(text) - len(self.explainer.pending())
        if gone is None or gone[0] != at or room <= 0:
            return at, text
        old = self.edits.text(gone[1])
        head = min(_common(old, text), room)
        tail = min(_common(old[head:][::-1], text[head:][::-1]), room - head)
        self.edits.put_back(at, gone[1][:head])
        self.edits.put_back(at + head, gone[1][len(old) - tail :])
        return at + head, text[head : len(text) - tail]

    def _delete(self, at: int, text: str, at_ns: int) -> None:
        cells = tuple(self.edits.now[at : at + len(text)])
        if at < 0 or self.edits.text(cells) != text:
            self.broken = True
            return
        for mark in self.marks:
            mark.gone = True
        self.reported = True
        cut = self.explainer.deleted(at_ns)
        self._splice(at, len(text), "", [])
        self._gone = (at, cells)
        if cut is not None:
            self._settle_marks(cut)

    def _value(self, text: str, at_ns: int) -> None:
        if text != self.text:
            self.broken = True
            return
        self.explainer.confirm(at_ns)
        self._settle_marks()

    def _splice(self, at: int, removed: int, text: str, origins: list[Origin]) -> None:
        """Take *removed* cells out at *at* and put *text* in; without *origins* it is the page's own."""
        first = len(self.edits.chars)
        self.edits.splice(at, removed, text)
        if len(self.edits.chars) > self.limit:
            self.usable = False
        origins = origins or [Origin.FOUND] * len(text)
        self.found.update(first + place for place, origin in enumerate(origins) if origin is Origin.FOUND)

    def _settle_marks(self, act: Awaited | None = None) -> None:
        """Give their cells to the marks whose keys have all been reported, and to that of *act*."""
        waiting = self.explainer.waits()
        for mark in self.marks:
            if mark.act is not None:
                mark.cells = tuple(self.edits.now) if mark.act is act else None
            elif not waiting or mark.number <= self.explainer.seen:
                self._settle(mark)
        self.marks = [mark for mark in self.marks if mark.cells is None]

    def _settle(self, mark: Mark) -> None:
        seen = self.explainer.seen
        now = mark.spare is None or seen == mark.number or (seen < mark.number and not mark.gone)
        mark.cells = tuple(self.edits.now) if now or mark.spare is None else mark.spare
        self.edits.states.append(mark.cells)

    def _expected(self, number: int) -> tuple[int, ...]:
        """Return what the field holds, with the keys up to *number* that were not reported at the caret."""
        cells = list(self.edits.now)
        place = min(self.edits.caret, len(cells))
        cells[place:place] = self.edits.draft(self.explainer.unseen(number))
        return tuple(cells)


def _plain(text: str) -> str:
    """Return *text* as a file can hold it, as long as it was; a space that does not break is a space."""
    return text.replace("\xa0", " ").encode(errors="replace").decode()


def _common(one: str, other: str) -> int:
    """Return the length of the longest common beginning."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
