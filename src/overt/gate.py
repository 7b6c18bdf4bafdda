"""Admit an event or drop it with a reason: the only place that says yes.

An event is judged by what had the focus *before* it and by what had it once things had *settled after* it (the
sandwich). Text needs both, and the stricter of the two decides. A click, a wheel turn, Enter, Tab and Escape may lead
away from a page, so the context before them decides; what comes after can only forbid them.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, assert_never

from overt.events.context import Absence, Context, FieldInfo, Focus, NoContext
from overt.events.raw import Admitted, RawButton, RawEvent, RawKey, RawMove, RawScroll
from overt.events.verdict import Dropped, DropReason
from overt.policy.signals import Signal
from overt.policy.sites import Denied, judge

HOLD_NS: Final = 250_000_000
"""How long an event waits for the context after it: five times the slowest report of an idle machine (ADR 0035)."""

LATE_NS: Final = 150_000_000
"""When the context changed while an event waited in the queue, what was read later than this proves nothing of it."""

_TAB_NS: Final = 10_000_000_000
_CLICK_NS: Final = 2_000_000_000
"""A page that has not said for so long to where Tab, or a click, moved the focus has not moved it.

Tab nearly always moves it; a click on a button may leave it where it was.
"""

_MOVES: Final = 64
"""Moves of the focus that are remembered, the last ones: a held Tab key makes 30 a second."""

_LEAVING_KEYS: Final = frozenset({"enter", "tab", "esc"})
_SHORTCUT_MODIFIERS: Final = frozenset({"ctrl", "alt", "win"})
_ABSENCE_REASON: Final = {
    Absence.PRIVATE: DropReason.PRIVATE_WINDOW,
    Absence.CHROME: DropReason.BROWSER_CHROME,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The focus is on an allowlisted page: *area* names the rule that allows it, *site* and *host* where it is."""

    area: str
    site: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandwich:
    """One event between the two contexts that judge it; *known_ns* is the instant of which the one before tells.

    *between* is what else had the focus while the event waited, however shortly.
    """

    event: RawEvent
    before: Focus
    after: Focus
    known_ns: int
    between: tuple[Focus, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """Tab, or a click outside the field in focus: the page will report to where it moved the focus."""

    seq: int
    at_ns: int
    until_ns: int
    page: str


Never = Callable[[str], bool]
"""Says of an address whether the person never wants anything of its page recorded; it may change its mind."""


def nothing_barred(url: str) -> bool:
    """Say of *url* what somebody says who has listed nothing."""
    del url
    return False


def page_of(
    focus: Focus, sites: frozenset[str], excluded: frozenset[str] = frozenset(), never: Never = nothing_barred
) -> Open | DropReason:
    """Say which allowlisted area *focus* is on, or why it is on none.

    Every document from the focused element up to the page must be allowed by itself, lie in no *excluded* area, and be
    none of those that the person *never* wants recorded. What they barred looks like any other page off the list.
    """
    if isinstance(focus, NoContext):
        return _ABSENCE_REASON.get(focus.absence, DropReason.UNKNOWN_CONTEXT)
    page = judge(focus.page.uri, sites=sites, excluded=excluded)
    if isinstance(page, Denied) or never(focus.page.uri):
        return DropReason.PAGE_NOT_ALLOWED
    frames = focus.documents[:-1]
    if any(isinstance(judge(frame.uri, sites, excluded), Denied) or never(frame.uri) for frame in frames):
        return DropReason.FOREIGN_FRAME
    return Open(area=page.area, site=page.site, host=page.host)


def is_text(event: RawEvent) -> bool:
    """Say whether *event* is a key that may belong to a field's text, so that both sides must be known."""
    return isinstance(event, RawKey) and event.name not in _LEAVING_KEYS


class Gate:
    """Judges the events of one session in their order, under one grant's *sites* and *signals*."""

    def __init__(
        self,
        *,
        sites: frozenset[str],
        signals: frozenset[Signal],
        excluded: frozenset[str] = frozenset(),
        never: Never = nothing_barred,
    ) -> None:
        """Admit nothing but what *sites* and *signals* allow, nothing of an *excluded* area, and no *never* page."""
        self._sites = sites
        self._excluded = excluded
        self._never = never
        self._signals = signals
        self._held_buttons: dict[str, Admitted] = {}
        self._moved_ns: int | None = None
        self._moves: deque[_Move] = deque(maxlen=_MOVES)
        self._acts: deque[tuple[int, int]] = deque(maxlen=_MOVES)
        self._led_to: dict[str, int] = {}

    def foresee(self, events: Iterable[RawEvent], before: Focus) -> None:
        """Learn at once which of *events*, seen in *before*, move the focus; they are judged later."""
        events = list(events)
        self._acts.extend((event.seq, event.at_ns) for event in events if _may_move(event))
        if isinstance(before, Context):
            for event in events:
                if _will_be_reported(event, before.field):
                    until_ns = event.at_ns + (_TAB_NS if isinstance(event, RawKey) else _CLICK_NS)
                    move = _Move(seq=event.seq, at_ns=event.at_ns, until_ns=until_ns, page=before.page.key)
                    self._moves.append(move)

    def decide(self, case: Sandwich) -> Admitted | Dropped:
        """Return the event with its context, or the reason why it is dropped."""
        verdict = self._decide(case)
        if _moves_focus(case.event):
            self._moved_ns = case.event.at_ns
        if isinstance(case.event, RawButton) and case.event.pressed and isinstance(verdict, Admitted):
            self._held_buttons[case.event.button] = verdict
        return verdict

    def hears(self, context: Context, later: Iterable[Focus] = (), told_ns: int | None = None) -> bool:
        """Say whether the text of the field in *context* may be listened to, given what had the focus *later*.

        What is reported (at *told_ns*) belongs to that field for certain: what becomes of it and of its page matters,
        and whether it was meant for it. Keys can overtake the click that was to lead to a password.
        """
        field = context.field
        if field is None or not field.editable or field.secret or Signal.TEXT not in self._signals:
            return False
        if isinstance(self._page_of(context), DropReason):
            return False
        later = tuple(later)
        if told_ns is not None and self._led_away(context, told_ns) and any(_secret(focus) for focus in later):
            return False
        for focus in later:
            if isinstance(focus, Context) and focus.page.key == context.page.key:
                same = focus.field is not None and focus.field.key == field.key
                if (same and _secret(focus)) or self._page_of(focus) is DropReason.PAGE_NOT_ALLOWED:
                    return False
        return True

    def _led_away(self, context: Context, told_ns: int) -> bool:
        """Say whether at *told_ns* the person had lately done what may move the focus out of the field in *context*."""
        return any(context.focused_ns < at_ns <= told_ns < at_ns + _CLICK_NS for _, at_ns in self._acts)

    def _decide(self, case: Sandwich) -> Admitted | Dropped:
        if isinstance(case.event, RawButton) and not case.event.pressed:
            return self._release(case.event)
        if not self._granted(case.event):
            return Dropped(reason=DropReason.SIGNAL_NOT_GRANTED)
        if case.known_ns - case.event.at_ns > LATE_NS:
            return Dropped(reason=DropReason.LATE)
        before = self._page_of(case.before)
        if isinstance(before, DropReason):
            return Dropped(reason=before)
        assert isinstance(case.before, Context)
        reason = self._objection(case, case.before)
        if reason is not None:
            return Dropped(reason=reason)
        return Admitted(event=case.event, context=case.before, area=before.area)

    def _page_of(self, focus: Focus) -> Open | DropReason:
        return page_of(focus, self._sites, self._excluded, self._never)

    def _release(self, event: RawButton) -> Admitted | Dropped:
        """Let go what was pressed here, wherever the pointer is now; a stray release tells nothing."""
        pressed = self._held_buttons.pop(event.button, None)
        if pressed is None:
            return Dropped(reason=DropReason.UNMATCHED_RELEASE)
        return Admitted(event=event, context=pressed.context, area=pressed.area)

    def _granted(self, event: RawEvent) -> bool:
        match event:
            case RawKey():
                return Signal.TEXT in self._signals
            case RawButton():
                return Signal.CLICKS in self._signals
            case RawScroll():
                return Signal.SCROLLS in self._signals
            case RawMove():
                return Signal.MOVES in self._signals
            case never:
                assert_never(never)

    def _objection(self, case: Sandwich, before: Context) -> DropReason | None:
        if isinstance(case.event, RawKey):
            return self._key_objection(case.event, before, (*case.between, case.after))
        return self._pointer_objection(case.event, before, case.after)

    def _key_objection(self, event: RawKey, before: Context, later: tuple[Focus, ...]) -> DropReason | None:
        if _secret(before):
            return DropReason.SECRET_FIELD
        if event.name in _LEAVING_KEYS:
            return None
        if any(_secret(focus) for focus in later):
            return DropReason.SECRET_FIELD
        if event.modifiers & _SHORTCUT_MODIFIERS or not (event.text or _edits(event, before.field)):
            return None
        for focus in later:
            settled = self._page_of(focus)
            if isinstance(settled, DropReason):
                return settled
        return self._text_objection(event, before, later[-1])

    def _text_objection(self, event: RawKey, before: Context, after: Focus) -> DropReason | None:
        if before.field is None or not before.field.editable:
            return DropReason.UNKNOWN_CONTEXT
        if self._unsettled(event, before):
            return DropReason.FOCUS_MOVED
        assert isinstance(after, Context)
        if after.field is None or after.field.key != before.field.key:
            if self._moved_ns is not None and event.at_ns - self._moved_ns < HOLD_NS:
                return DropReason.FOCUS_MOVED
            if self._led_on(event, before, after):
                return DropReason.FOCUS_MOVED
        led_ns = self._led_to.get(before.field.key)
        return DropReason.FOCUS_MOVED if led_ns is not None and not self._acted(event, since_ns=led_ns) else None

    def _led_on(self, event: RawKey, before: Context, after: Context) -> bool:
        """Say whether after *event* the page took the focus to another field by itself, and remember to which.

        Codes and card numbers are asked for so: a field for each digit, without a name.
        """
        same_page = after.page.key == before.page.key
        if not same_page or after.field is None or not after.field.editable or self._left(event, after):
            return False
        self._led_to[after.field.key] = event.at_ns
        while len(self._led_to) > _MOVES:
            del self._led_to[next(iter(self._led_to))]
        return True

    def _left(self, event: RawKey, after: Context) -> bool:
        """Say whether the person did something after *event* and before the focus was told to be where it is."""
        return any(seq > event.seq and event.at_ns <= at_ns <= after.focused_ns for seq, at_ns in self._acts)

    def _acted(self, event: RawKey, *, since_ns: int) -> bool:
        """Say whether the person chose where to be between *since_ns* and *event*."""
        return any(since_ns < at_ns <= event.at_ns for _, at_ns in self._acts)

    def _unsettled(self, event: RawKey, before: Context) -> bool:
        """Say whether the key may belong to another field than *before* says.

        A busy page moves its focus long after Tab, and tells even later; what is typed meanwhile goes where it will
        be. A report that came only after the next move tells nothing of what was typed before that.
        """
        moves = [move for move in self._moves if move.page == before.page.key]
        if any(
            move.seq < event.seq and before.focused_ns < move.at_ns and event.at_ns < move.until_ns for move in moves
        ):
            return True
        return any(move.seq > event.seq and move.at_ns <= before.focused_ns for move in moves)

    def _pointer_objection(
        self, event: RawButton | RawScroll | RawMove, before: Context, after: Focus
    ) -> DropReason | None:
        if before.page.rect is None or not before.page.rect.contains(event.x, event.y):
            return DropReason.OUTSIDE_DOCUMENT
        if isinstance(after, NoContext):
            return DropReason.BROWSER_CHROME if after.absence is Absence.CHROME else None
        if after.page.key != before.page.key:
            return None
        settled = self._page_of(after)
        return settled if settled is DropReason.FOREIGN_FRAME else None


def _secret(focus: Focus) -> bool:
    return isinstance(focus, Context) and focus.field is not None and focus.field.secret


def _will_be_reported(event: RawEvent, field: FieldInfo | None) -> bool:
    """Say whether *event* moves the focus for certain; Enter may, and a click in the field in focus does not."""
    if isinstance(event, RawKey):
        return event.pressed and event.name == "tab" and not event.modifiers & _SHORTCUT_MODIFIERS
    if not isinstance(event, RawButton) or not event.pressed:
        return False
    return field is None or not field.editable or field.rect is None or not field.rect.contains(event.x, event.y)


def _edits(event: RawKey, field: FieldInfo | None) -> bool:
    """Say whether a key without text (Backspace, an arrow) works on a field's text."""
    return event.text is None and field is not None and field.editable


def _may_move(event: RawEvent) -> bool:
    """Say whether the person may have moved the focus by *event*: any click, leaving key or shortcut."""
    return _moves_focus(event) or (isinstance(event, RawKey) and bool(event.modifiers & _SHORTCUT_MODIFIERS))


def _moves_focus(event: RawEvent) -> bool:
    if isinstance(event, RawKey):
        return event.pressed and event.name in _LEAVING_KEYS
    return isinstance(event, RawButton) and event.pressed
