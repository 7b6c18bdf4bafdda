"""Events, page turns and frames in the order in which they happened, each waiting until its verdict is known.

The one place that wires the stages: *sandwich, gate, redact*.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from overt.events.context import Absence, Context, FieldChange, Focus, NoContext
from overt.events.geometry import Rect
from overt.events.raw import Admitted, RawButton, RawEvent, RawFrame, RawKey, RawScroll
from overt.events.verdict import Dropped, DropReason
from overt.gate import HOLD_NS, Gate, Sandwich, is_text
from overt.recorder.tally import Tally
from overt.redact.pixels import wipe
from overt.redact.pointer import Found
from overt.redact.redactor import Redactor

_ARRIVAL_NS: Final = 4_000_000_000
"""A page that opens this long after an admitted click or Enter was still brought about by it."""

_PATIENCE_NS: Final = 1_000_000_000
"""How long after its hold an event waits at most for a browser that does not answer."""

_NO_ANSWER: Final = frozenset({Absence.TIMEOUT, Absence.STALE, Absence.NO_DOCUMENT})

_NO_HOLE: Final = frozenset({DropReason.SECRET_FIELD, DropReason.SIGNAL_NOT_GRANTED, DropReason.BROWSER_CHROME})
"""Reasons for which a dropped key belonged to no field whose text is kept."""

MAX_WAITING: Final = 20_000
"""Events that may wait for their verdict; beyond it they are dropped as late, never the person's input blocked."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Batch:
    events: list[RawEvent]
    before: Focus
    known_ns: int
    due_ns: int
    between: list[Focus] = field(default_factory=list)


@dataclass(slots=True, kw_only=True, repr=False)
class _Said:
    """A report on a field's text; *seen* once the focus was looked at after it."""

    change: FieldChange
    context: Context
    due_ns: int
    seen: bool = False
    between: list[Focus] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Turn:
    to: Context | None
    area: str
    at_ns: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Shot:
    frame: RawFrame
    masks: tuple[Rect, ...]
    content: Rect


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blink:
    """The recorder looked away from the page for a moment, and keys may have gone into the field in focus."""


_Item = _Batch | _Said | _Turn | _Shot | _Blink


class Pipeline:
    """Holds what has been captured until its context has settled, and hands it to the redactor in order."""

    def __init__(
        self,
        *,
        gate: Gate,
        redactor: Redactor,
        tally: Tally,
        check: Callable[[], Awaitable[Focus]],
        now: Callable[[], int],
    ) -> None:
        """Judge with *gate*, hold in *redactor*, count in *tally*; *check* looks afresh and *now* is monotonic ns."""
        self._gate = gate
        self._redactor = redactor
        self._tally = tally
        self._check = check
        self._now = now
        self._waiting: deque[_Item] = deque()
        self._events = 0
        self._said = 0
        self._found: dict[int, Found] = {}
        self._on_page = False
        self._last_cause: tuple[Literal["click", "key"], int] | None = None
        self._first = True

    def batch(self, events: list[RawEvent], *, before: Focus, known_ns: int) -> None:
        """Queue *events*, which the hook delivered together, with the context before them, as known at *known_ns*."""
        if self._events + len(events) > MAX_WAITING:
            for _ in events:
                self._tally.drop(DropReason.LATE)
            return
        self._events += len(events)
        self._gate.foresee(events, before)
        due_ns = max(event.at_ns for event in events) + HOLD_NS
        batch = _Batch(events=events, before=before, known_ns=known_ns, due_ns=due_ns)
        # The hook's thread may be slower than the page, which reports what these keys did.
        first_ns = min(event.at_ns for event in events)
        later: list[_Item] = []
        while self._waiting and isinstance(last := self._waiting[-1], _Said) and last.change.at_ns > first_ns:
            later.append(self._waiting.pop())
        self._waiting.append(batch)
        self._waiting.extend(reversed(later))

    def said(self, change: FieldChange, context: Context) -> None:
        """Queue a report on the text of the field in *context*."""
        if self._said >= MAX_WAITING:
            self._tally.unheard += 1
            self._redactor.doubt(change.field)
            return
        self._said += 1
        self._waiting.append(_Said(change=change, context=context, due_ns=change.at_ns + HOLD_NS))

    def saw(self, focus: Focus) -> None:
        """Learn what has the focus now: it may have taken what waits, also if it is gone when that is judged."""
        if _no_answer(focus):
            return
        for item in self._waiting:
            if isinstance(item, _Batch) and not _harmless(focus, item.before):
                item.between.append(focus)
            elif isinstance(item, _Said):
                item.seen = True
                if not _harmless(focus, item.context):
                    item.between.append(focus)

    def turn(self, to: Context | None, *, area: str = "", at_ns: int) -> None:
        """Queue that the page in view changed at *at_ns* to the one of *to*, or to nothing that may be recorded."""
        self._waiting.append(_Turn(to=to, area=area, at_ns=at_ns))

    def shot(self, frame: RawFrame, masks: tuple[Rect, ...], content: Rect, *, still: bool = True) -> None:
        """Queue a frame of the page in view if that was *still* while it was taken; otherwise wipe it."""
        if not still:
            wipe(frame)
            return
        self._waiting.append(_Shot(frame=frame, masks=masks, content=content))

    def aimed(self, seq: int, found: Found) -> None:
        """Learn what the press with the number *seq* hit; kept until the press is judged."""
        self._found[seq] = found

    def blink(self) -> None:
        """Queue that nothing could be seen for a moment while the page in view stayed the same."""
        self._waiting.append(_Blink())

    def due_ns(self) -> int | None:
        """Return when the first that waits for a look at the focus has settled, or ``None`` when none does."""
        return next(
            (item.due_ns for item in self._waiting if isinstance(item, _Batch | _Said) and _wants_look(item)), None
        )

    async def settle(self) -> None:
        """Pass on all that has settled by now; one fresh look at the focus serves every batch that has come due."""
        looked_ns = self._now()
        due = self.due_ns()
        after = await self._check() if due is not None and due <= looked_ns else None
        if due is not None and _no_answer(after) and looked_ns - due < _PATIENCE_NS:
            return
        if after is not None:
            self.saw(after)
        while self._waiting:
            item = self._waiting[0]
            if isinstance(item, _Batch | _Said) and (item.due_ns > looked_ns or (after is None and _wants_look(item))):
                return
            self._waiting.popleft()
            self._pass_on(item, after)

    def abandon(self) -> None:
        """Throw away everything that waits: consent has ended."""
        for item in self._waiting:
            if isinstance(item, _Batch):
                for _ in item.events:
                    self._tally.drop(DropReason.NO_GRANT)
            if isinstance(item, _Shot):
                wipe(item.frame)
        self._waiting.clear()
        self._found.clear()
        self._events = self._said = 0

    def _pass_on(self, item: _Item, after: Focus | None) -> None:
        match item:
            case _Batch():
                assert after is not None
                self._judge(item, after)
            case _Said():
                self._hear(item)
            case _Turn():
                self._turn_page(item)
            case _Blink():
                self._redactor.miss()
            case _Shot():
                self._show(item)
                wipe(item.frame)

    def _show(self, shot: _Shot) -> None:
        if not self._on_page:
            return
        refused = self._redactor.frames_refused
        self._redactor.hold_frame(shot.frame, shot.masks, content=shot.content)
        if self._redactor.frames_refused > refused:
            self._tally.forgo(DropReason.FRAME_BUDGET)

    def _judge(self, batch: _Batch, after: Focus) -> None:
        self._events -= len(batch.events)
        for event in batch.events:
            case = Sandwich(
                event=event,
                before=batch.before,
                after=after,
                known_ns=batch.known_ns,
                between=tuple(batch.between),
            )
            match self._gate.decide(case):
                case Admitted() as admitted if self._on_page:
                    self._tally.admit()
                    self._remember_cause(event)
                    self._redactor.feed(admitted)
                    self._aim(event)
                case Admitted():
                    self._tally.drop(DropReason.UNKNOWN_CONTEXT)
                case Dropped(reason=reason):
                    self._tally.drop(reason)
                    self._note_secret((batch.before, *batch.between, after), event.at_ns, reason)
                    self._note_missed(event, batch.before, after, reason)

    def _hear(self, item: _Said) -> None:
        self._said -= 1
        if self._on_page and self._gate.hears(item.context, item.between, item.change.at_ns):
            self._tally.heard += 1
            self._redactor.change(item.change, item.context)
            return
        self._tally.unheard += 1
        if self._on_page:
            self._redactor.doubt(item.change.field)

    def _aim(self, event: RawEvent) -> None:
        found = self._found.pop(event.seq, None)
        if found is not None:
            self._redactor.hit(event.seq, *found)

    def _note_secret(self, sides: Iterable[Focus], at_ns: int, reason: DropReason) -> None:
        """Keep that a secret field was visited, and nothing else of it."""
        if reason is not DropReason.SECRET_FIELD or not self._on_page:
            return
        for side in sides:
            if isinstance(side, Context) and side.field is not None and side.field.secret:
                self._redactor.withhold(side, at_ns=at_ns, reason=reason)
                return

    def _note_missed(self, event: RawEvent, before: Focus, after: Focus, reason: DropReason) -> None:
        """Keep that a field's text lacks a key, so that nobody takes it for whole."""
        if reason in _NO_HOLE or not is_text(event) or not self._on_page:
            return
        for side in (before, after):
            if isinstance(side, Context) and side.field is not None and not side.field.secret:
                self._redactor.miss(side.field.key, at_ns=event.at_ns)

    def _remember_cause(self, event: RawEvent) -> None:
        if isinstance(event, RawButton):
            self._last_cause = ("click", event.at_ns)
        elif isinstance(event, RawKey) and event.name == "enter":
            self._last_cause = ("key", event.at_ns)
        elif isinstance(event, RawScroll) or (isinstance(event, RawKey) and event.pressed):
            self._last_cause = None

    def _turn_page(self, turn: _Turn) -> None:
        if self._on_page:
            self._redactor.leave_page(at_ns=turn.at_ns, off_list=turn.to is None)
        self._tally.turn_page()
        self._found.clear()
        self._on_page = turn.to is not None
        if turn.to is not None:
            arrived = self._arrival(turn.at_ns)
            self._redactor.enter_page(turn.to, turn.area, at_ns=turn.at_ns, arrived=arrived)
            self._first = False
        else:
            self._last_cause = None

    def _arrival(self, at_ns: int) -> Literal["start", "click", "key", "navigate"]:
        if self._first:
            return "start"
        cause, self._last_cause = self._last_cause, None
        if cause is not None and at_ns - cause[1] <= _ARRIVAL_NS:
            return cause[0]
        return "navigate"


def _harmless(focus: Focus, before: Focus) -> bool:
    """Say whether *focus* can change nothing in a verdict that *before* allows: the same pages, and no secret."""
    if not isinstance(focus, Context) or not isinstance(before, Context):
        return False
    secret = focus.field is not None and focus.field.secret
    return not secret and [each.uri for each in focus.documents] == [each.uri for each in before.documents]


def _wants_look(item: _Batch | _Said) -> bool:
    return isinstance(item, _Batch) or not item.seen


def _no_answer(focus: Focus | None) -> bool:
    return isinstance(focus, NoContext) and focus.absence in _NO_ANSWER
