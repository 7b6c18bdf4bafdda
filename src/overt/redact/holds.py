"""The fields of the page in view: which holds what, which segment is open, and when each epoch ends."""

from dataclasses import dataclass
from typing import Final

from overt.events.context import Context
from overt.events.redacted import Target, Typed, Withheld
from overt.redact.digits import FEWEST
from overt.redact.edit import Loss
from overt.redact.hold import Hold
from overt.redact.journal import Entry, Journal, Made, Scribe
from overt.redact.limits import Limits
from overt.redact.pointer import origin, target_of

OVERFLOW: Final = "overflow"
"""The reason of a field that held more than fits."""

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
    ended: bool = False

    def settled(self) -> bool:
        return self.ended and self.hold.committed

    def make(self, scribe: Scribe) -> Made | None:
        hold = self.hold
        if hold.full:
            hold.full, hold.secret = False, True
            return Withheld(at_ms=self.at_ms, visit=hold.visit, reason=OVERFLOW)
        text, kinds = ("", ()) if hold.secret else hold.written(self.cells)
        if not text:
            return None
        return Typed(
            at_ms=self.at_ms,
            visit=hold.visit,
            text=text,
            withheld=kinds,
            field=_target(hold, scribe),
            incomplete=hold.missed,
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
        self._segment: _Segment | None = None
        self._last_ns = 0
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
        hold = self._holds.get(key)
        if hold is None:
            hold = Hold(key=key, visit=visit, info=context.field, area=origin(context), limit=self._limits.cells)
            self._holds[key] = hold
            self._mark_missed(hold)
        if hold.blurred_ns is not None:
            hold.blurred_ns = None
            hold.edits.lose(Loss.CARET)
        return hold

    def blur(self, key: str, at_ns: int) -> None:
        """Say that the field *key* has the focus, so that every other one has lost it."""
        for other in self._holds.values():
            if other.key != key and other.blurred_ns is None:
                other.blurred_ns = at_ns

    def edit(self, hold: Hold, at_ns: int) -> None:
        """Say that a key is about to change *hold*: its segment is open from now on."""
        self._last_ns = at_ns
        if self._segment is None:
            segment = _Segment(hold=hold, at_ms=self._journal.last_ms)
            self._segment = segment
            self._journal.add(Entry(make=segment.make, settled=segment.settled, visit=hold.visit), needed=True)

    def lose(self, hold: Hold, loss: Loss) -> None:
        """End the segment and forget where the caret of *hold* is."""
        self.close()
        hold.edits.lose(loss)

    def miss(self, key: str | None) -> None:
        """Say that keys may have gone unseen into the field *key*; ``None``: into whichever has the focus."""
        if key is not None:
            self._missed.add(key)
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
            segment.hold.edits.note()
            segment.ended = True
            segment.cells = segment.hold.unsaid()

    def tick(self, now_ns: int) -> None:
        """End a segment left alone, and the epochs of fields that lost the focus long ago."""
        if self._segment is not None and now_ns - self._last_ns > self._limits.idle_ns:
            self.close()
        for hold in list(self._holds.values()):
            old = hold.blurred_ns is not None and now_ns - hold.blurred_ns > self._limits.quarantine_ns
            if old and not hold.only_digits():
                self._commit(hold, whole=False)
                del self._holds[hold.key]

    def commit(self) -> None:
        """End every epoch: the page is left, or the session ends."""
        self.close()
        boxes = [hold for hold in self._holds.values() if hold.only_digits()]
        parts = len(boxes) > 1 and sum(hold.digits() for hold in boxes) >= FEWEST
        for hold in self._holds.values():
            self._commit(hold, whole=parts and hold.only_digits())
        self._holds.clear()
        self._missed.clear()

    def clear(self) -> None:
        """Drop everything."""
        for hold in self._holds.values():
            hold.forget()
        self._holds.clear()
        self._missed.clear()
        self._segment = None

    def _commit(self, hold: Hold, *, whole: bool) -> None:
        hold.commit(self._journal.scribe.echo, whole=whole)
        if hold.tainted:
            self._journal.scribe.tainted.add(hold.visit)
