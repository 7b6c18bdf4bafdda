"""The fields of the page in view: which holds what, which segment is open, and when each epoch ends."""

from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal

from overt.events.context import Change, Context, FieldChange
from overt.events.redacted import Pressed, Target, Typed, Withheld
from overt.redact.digits import FEWEST
from overt.redact.edit import Loss
from overt.redact.explain import Act
from overt.redact.hold import Hold
from overt.redact.journal import Entry, Journal, Made, Scribe
from overt.redact.limits import Limits
from overt.redact.pointer import origin, target_of
from overt.redact.stream import Agreement, Mark, Stream

_PAGE: Final = "page of "


def field_key(context: Context) -> str:
    """Name the field in focus; while no field has it, the page itself stands for one."""
    return _PAGE + context.page.key if context.field is None else context.field.key


@dataclass(slots=True, kw_only=True, repr=False)
class _Segment:
    """What one stay in a field wrote: *cells* stay empty until it ends, and if it changed nothing."""

    hold: Hold
    at_ms: int
    cells: tuple[int, ...] = ()
    mark: Mark | None = None
    ended: bool = False

    def settled(self) -> bool:
        return self.ended and self.hold.committed

    def end(self) -> None:
        hold = self.hold
        hold.edits.note()
        self.ended = True
        self.cells, self.mark = hold.unsaid(), hold.stream.mark()

    def make(self, scribe: Scribe) -> Made | None:
        hold = self.hold
        reason = hold.refuse()
        if reason is not None:
            return Withheld(at_ms=self.at_ms, visit=hold.visit, reason=reason)
        return _typed(hold, self.at_ms, hold.told(self.cells, self.mark), scribe)


@dataclass(slots=True, kw_only=True, repr=False)
class _Effect:
    """A key or hotkey that may have changed the text: told by what it did if the page reported it, else as itself."""

    hold: Hold
    pressed: Pressed
    how: Literal["paste", "cut"] | None
    mark: Mark

    def settled(self) -> bool:
        return self.hold.committed

    def make(self, scribe: Scribe) -> Made | None:
        hold = self.hold
        if hold.secret or hold.refusal is not None or not hold.exact or self.mark.cells is None:
            return self.pressed
        if self.how is None:
            return None  # the line break is part of the text
        cells = hold.told((), self.mark)
        return _typed(hold, self.pressed.at_ms, cells, scribe, self.how) or self.pressed


def _typed(
    hold: Hold, at_ms: int, cells: tuple[int, ...], scribe: Scribe, how: Literal["paste", "cut"] | None = None
) -> Typed | None:
    text, kinds = ("", ()) if hold.secret else hold.written(cells)
    if not text:
        return None
    return Typed(
        at_ms=at_ms,
        visit=hold.visit,
        text=text,
        withheld=kinds,
        field=_target(hold, scribe),
        incomplete=hold.missed and not hold.exact,
        how=how,
    )


def _target(hold: Hold, scribe: Scribe) -> Target | None:
    if hold.info is None:
        return None
    return target_of((hold.info.role, hold.info.label or hold.info.name, hold.info.rect), hold.area, scribe)


class Holds:
    """Holds by field, in the order in which they were first typed into."""

    def __init__(self, journal: Journal, limits: Limits) -> None:
        """Write into *journal*."""
        self._journal = journal
        self._limits = limits
        self._holds: dict[str, Hold] = {}
        self._streams: dict[str, Stream] = {}
        self._segment: _Segment | None = None
        self.agreements: Counter[Agreement] = Counter()
        self._last_ns = 0
        self._now_ns = 0
        self._missed: set[str] = set()

    def get(self, key: str) -> Hold | None:
        """Return what the field *key* holds, if it was typed into."""
        return self._holds.get(key)

    def focus(self, context: Context, visit: int, at_ns: int) -> Hold:
        """Return the hold of the field in focus, making it if need be; every other field has lost the focus."""
        key = field_key(context)
        if self._segment is not None and self._segment.hold.key != key:
            self.close()
        self.blur(key, at_ns)
        hold = self._hold_of(context, visit)
        if hold.blurred_ns is not None:
            hold.blurred_ns = None
            hold.edits.lose(Loss.CARET)
        return hold

    def change(self, change: FieldChange, context: Context, visit: int) -> None:
        """Take a report on the text of the field in *context*: it is held if the person brought it about."""
        self._now_ns = max(self._now_ns, change.at_ns)
        hold = self._holds.get(change.field)
        if hold is not None and hold.secret:
            return
        if hold is not None and change.change in {Change.START, Change.VALUE}:
            hold.saw(change.text)
        if self._stream(change.field).take(change):
            self._put(self._hold_of(context, visit))

    def doubt(self, key: str) -> None:
        """Say that reports on the field *key* are missing."""
        self._stream(key).broken = True

    def act(self, key: str | None, act: Act, at_ns: int) -> None:
        """Say that something was done that may change the field *key*; ``None``: any field."""
        self._now_ns = max(self._now_ns, at_ns)
        streams = self._streams.values() if key is None else [self._stream(key)]
        for stream in streams:
            stream.act(act, at_ns)

    def hotkey(self, hold: Hold, pressed: Pressed, act: Act, at_ns: int) -> None:
        """Take a key that pastes, cuts or breaks a line in *hold*, told by its effect if the page reports that."""
        self.close()
        how: Literal["paste", "cut"] | None = None
        if act is not Act.ENTER:
            how = "paste" if act is Act.PASTE else "cut"
        mark = hold.stream.mark(hold.stream.act(act, at_ns))
        effect = _Effect(hold=hold, pressed=pressed, how=how, mark=mark)
        self._journal.add(Entry(make=effect.make, settled=effect.settled, visit=hold.visit))

    def forget(self, key: str) -> None:
        """The field *key* is secret: drop all that is held of it."""
        self._streams.pop(key, None)
        held = self._holds.get(key)
        if held is not None:
            held.forget()

    def _stream(self, key: str) -> Stream:
        return self._streams.setdefault(key, Stream(limit=self._limits.cells))

    def _hold_of(self, context: Context, visit: int) -> Hold:
        key = field_key(context)
        hold = self._holds.get(key)
        if hold is None:
            area, limit, stream = origin(context), self._limits.cells, self._stream(key)
            hold = Hold(key=key, visit=visit, info=context.field, area=area, limit=limit, stream=stream)
            self._holds[key] = hold
            self._mark_missed(hold)
        return hold

    def _put(self, hold: Hold) -> None:
        """Text came into *hold* by no key that was let in: it begins a segment, unless one is open."""
        if self._segment is None:
            self.edit(hold, self._now_ns)
        elif self._segment.hold is not hold:
            segment = _Segment(hold=hold, at_ms=self._journal.last_ms)
            self._journal.add(Entry(make=segment.make, settled=segment.settled, visit=hold.visit), needed=True)
            segment.end()

    def blur(self, key: str, at_ns: int) -> None:
        """Say that the field *key* has the focus, so that every other one has lost it."""
        for other in self._holds.values():
            if other.key != key and other.blurred_ns is None:
                other.blurred_ns = at_ns

    def edit(self, hold: Hold, at_ns: int) -> None:
        """Say that a key is about to change *hold*: its segment is open from now on."""
        self._last_ns = self._now_ns = at_ns
        if self._segment is None:
            segment = _Segment(hold=hold, at_ms=self._journal.last_ms)
            self._segment = segment
            self._journal.add(Entry(make=segment.make, settled=segment.settled, visit=hold.visit), needed=True)

    def lose(self, hold: Hold, loss: Loss) -> None:
        """End the segment and forget where the caret of *hold* is."""
        self.close()
        hold.edits.lose(loss)

    def miss(self, key: str | None, at_ns: int | None = None) -> None:
        """Say that keys may have gone unseen into the field *key*; ``None``: into whichever has the focus."""
        if key is not None:
            self._missed.add(key)
        self.act(key, Act.MISSED, self._now_ns if at_ns is None else at_ns)
        for hold in self._holds.values():
            if hold.key == key or (key is None and hold.blurred_ns is None):
                self._missed.add(hold.key)
                self._mark_missed(hold)

    def _mark_missed(self, hold: Hold) -> None:
        if hold.key in self._missed:
            hold.missed = True
            self.lose(hold, Loss.PASTE)

    def close(self) -> None:
        """End the open segment, if there is one; what it wrote is still held."""
        segment, self._segment = self._segment, None
        if segment is not None:
            segment.end()

    def tick(self, now_ns: int) -> None:
        """End a segment left alone, and the epochs of fields that lost the focus long ago."""
        self._now_ns = max(self._now_ns, now_ns)
        if self._segment is not None and now_ns - self._last_ns > self._limits.idle_ns:
            self.close()
        for hold in list(self._holds.values()):
            old = hold.blurred_ns is not None and now_ns - hold.blurred_ns > self._limits.quarantine_ns
            if old and not hold.only_digits():
                self._commit(hold, whole=False, now_ns=now_ns)
                del self._holds[hold.key]
                self._streams.pop(hold.key, None)

    def commit(self, now_ns: int) -> None:
        """End every epoch: the page is left at *now_ns*, or the session ends."""
        self.close()
        boxes = [hold for hold in self._holds.values() if hold.only_digits()]
        parts = len(boxes) > 1 and sum(hold.digits() for hold in boxes) >= FEWEST
        for hold in self._holds.values():
            self._commit(hold, whole=parts and hold.only_digits(), now_ns=now_ns)
        if len(self._holds) > 1:
            for hold in self._holds.values():
                self._hear(hold)
        self._holds.clear()
        self._streams.clear()
        self._missed.clear()

    def clear(self) -> None:
        """Drop everything."""
        for hold in self._holds.values():
            hold.forget()
        self._holds.clear()
        self._streams.clear()
        self._missed.clear()
        self._segment = None

    def _hear(self, hold: Hold) -> None:
        """Withhold what *hold* shares with fields that committed after it: a secret may be begun in one field."""
        hold.hear(self._journal.scribe.echo)
        if hold.tainted:
            self._journal.scribe.tainted.add(hold.visit)

    def _commit(self, hold: Hold, *, whole: bool, now_ns: int) -> None:
        hold.commit(self._journal.scribe.echo, whole=whole, now_ns=now_ns)
        if hold.agreement is not None and not hold.secret:
            self.agreements[hold.agreement] += 1
        if hold.tainted:
            self._journal.scribe.tainted.add(hold.visit)
