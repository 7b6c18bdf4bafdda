"""The one maker of what may be stored: takes what the gate admitted, and hands out what has settled, in order."""

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Literal

from overt.events.context import Context, FieldChange
from overt.events.geometry import Rect
from overt.events.raw import Admitted, RawButton, RawFrame, RawKey, RawMove, RawScroll
from overt.events.redacted import FrameTaken, PageEntered, PageLeft, RedactedEvent, RedactedFrame
from overt.events.verdict import DropReason
from overt.policy.signals import Signal
from overt.policy.urls import CleanUrl, clean
from overt.redact import pixels
from overt.redact.album import Album
from overt.redact.clean import clean_title, clean_url
from overt.redact.fields import sensitive_label
from overt.redact.holds import Holds
from overt.redact.journal import Entry, Journal, Made, Scribe
from overt.redact.keyboard import Keyboard
from overt.redact.lexicon import Lexicon
from overt.redact.limits import Limits
from overt.redact.pointer import Pointer
from overt.redact.stream import Agreement

Arrival = Literal["start", "click", "key", "navigate"]


class Redactor:
    """Holds one session's interactions until they have settled; nothing it holds is ever written anywhere.

    Call its methods in the order in which things happened. Instants are monotonic nanoseconds. No method raises.
    """

    def __init__(
        self,
        *,
        started_ns: int,
        signals: frozenset[Signal],
        limits: Limits | None = None,
        lexicon: Lexicon | None = None,
    ) -> None:
        """Count time from *started_ns*; keep nothing of a signal not among *signals*, and no word of *lexicon*."""
        self._limits = limits or Limits()
        self._signals = signals
        self._journal = Journal(started_ns=started_ns, limit=self._limits.entries, lexicon=lexicon)
        self._holds = Holds(self._journal, self._limits)
        self._keyboard = Keyboard(self._journal, self._holds)
        self._pointer = Pointer(self._journal, self._limits)
        self._album = Album(started_ns=started_ns, bytes_per_hour=self._limits.frame_bytes_per_hour)
        self._visit = 0
        self._entered_ms: int | None = None
        self.frames_dropped = 0

    @property
    def dropped(self) -> int:
        """How many events found no room behind a held field."""
        return self._journal.dropped

    @property
    def frames_refused(self) -> int:
        """How many frames the budget of bytes had no room for."""
        return self._album.spent

    def enter_page(self, context: Context, area: str, *, at_ns: int, arrived: Arrival) -> None:
        """Begin a visit: the page of *context*, allowed as *area*, has come into view."""
        self.leave_page(at_ns=at_ns, off_list=False)
        address = clean(context.page.uri)
        if address is None:
            return
        self._visit += 1
        self._album.turn()
        self._journal.scribe.pages[self._visit] = f"{context.page.key} {context.page.uri}"
        at_ms = self._entered_ms = self._journal.at_ms(at_ns)
        entered = PageEntered(
            at_ms=at_ms,
            visit=self._visit,
            site=area.partition("/")[0],
            area=area,
            url="",
            title="",
            arrived=arrived,
        )
        make = partial(_entered, entered, address, context.title)
        self._journal.add(Entry(make=make, visit=self._visit), needed=True)

    def feed(self, admitted: Admitted) -> None:
        """Take an event that the gate admitted to the page in view."""
        if self._entered_ms is None:
            return
        context, visit = admitted.context, self._visit
        match admitted.event:
            case RawKey() as key if Signal.TEXT in self._signals:
                if key.pressed:
                    self._pointer.stop()
                self._keyboard.key(key, context, visit)
            case RawButton() as button if Signal.CLICKS in self._signals:
                if button.pressed:
                    if button.button == "middle":
                        self._keyboard.pasted(context)
                    self._keyboard.clicked(context, button.x, button.y, button.at_ns)
                if self._pointer.button(button, context, visit):
                    self._keyboard.dragged(context)
            case RawScroll() as scroll if Signal.SCROLLS in self._signals:
                self._pointer.scroll(scroll, context, visit)
            case RawMove() as move if Signal.MOVES in self._signals:
                self._pointer.move(move, context, visit)
            case _:
                pass

    def change(self, change: FieldChange, context: Context) -> None:
        """Take a report of the accessibility tree on the text of the field in *context*, in order with ``feed``.

        A report may come before, with or some time after the key that caused it, but reports come in their own order,
        beginning with a ``START``. A field without one is modelled by its keys alone. The recorder passes reports on
        allowed pages' ordinary fields only; here those of sensitive fields are dropped once more.
        """
        field = context.field
        if self._entered_ms is None or Signal.TEXT not in self._signals or field is None or field.key != change.field:
            return
        if not field.secret and sensitive_label(field) is None:
            self._holds.change(change, context, self._visit)

    def doubt(self, key: str) -> None:
        """Learn that a report on the field *key* was not let in: what the others tell is not the whole."""
        self._holds.doubt(key)

    @property
    def agreements(self) -> dict[Agreement, int]:
        """How many fields' keys and reports came to which agreement; in memory only."""
        return dict(self._holds.agreements)

    def hit(self, seq: int, role: str, name: str, box: Rect | None) -> None:
        """Learn what the press with the number *seq* hit; only in time while its click may still go on."""
        self._pointer.hit(seq, (role, name, box))

    def withhold(self, context: Context, *, at_ns: int, reason: DropReason) -> None:
        """Keep that a field was visited of which the gate let nothing in; once for each visit of it."""
        if self._entered_ms is not None:
            self._pointer.stop()
            self._keyboard.withhold(context, self._visit, at_ns, reason.value)

    def miss(self, key: str | None = None, *, at_ns: int | None = None) -> None:
        """Learn that a key (at *at_ns*) may have gone unseen into the field *key*, by default into the one in focus.

        What is typed there before and after is then treated as standing beside text that nobody saw.
        """
        self._holds.miss(key, at_ns)

    def field_value(self, key: str, text: str | None) -> None:
        """Learn what the accessibility tree says that the field *key* held, if it says so."""
        held = self._holds.get(key)
        if held is not None and text:
            held.saw(text)

    def hold_frame(self, frame: RawFrame, masks: Sequence[Rect], *, content: Rect) -> None:
        """Mask *frame* at once, in its own pixels, and hold what of it lies in *content* (all in root pixels)."""
        if Signal.SCREENSHOTS not in self._signals or self._entered_ms is None:
            pixels.wipe(frame)
            return
        made = self._album.take(frame, masks, content)
        if made is None:
            return
        self._make_room()
        taken = FrameTaken(
            at_ms=self._journal.at_ms(frame.at_ns),
            visit=self._visit,
            frame=1,
            width=made.width,
            height=made.height,
            sha256=hashlib.sha256(made.file).hexdigest(),
            masks=made.masks,
        )
        self._journal.add(Entry(make=partial(_frame, taken, made.file), visit=self._visit, frame=True))

    def leave_page(self, *, at_ns: int, off_list: bool) -> None:
        """End the visit and the epochs of its fields: all that is held of them commits."""
        if self._entered_ms is None:
            return
        self._settle(at_ns)
        at_ms = self._journal.at_ms(at_ns)
        left = PageLeft(at_ms=at_ms, visit=self._visit, dwell_ms=at_ms - self._entered_ms, off_list=off_list)
        self._journal.add(Entry(make=lambda _: left, visit=self._visit), needed=True)
        self._entered_ms = None

    def tick(self, now_ns: int) -> None:
        """Let time pass: runs of clicks and turns end, idle fields close, long abandoned ones commit."""
        self._pointer.tick(now_ns)
        self._holds.tick(now_ns)

    def take(self) -> list[RedactedEvent | RedactedFrame]:
        """Return what has settled since the last call, in order, up to the first field that is still held."""
        return list(self._journal.take())

    def finish(self, *, at_ns: int) -> None:
        """End the session: the page in view is left and everything commits."""
        self.leave_page(at_ns=at_ns, off_list=False)
        self._settle(at_ns)

    def discard(self) -> None:
        """Drop everything that is held: consent was withdrawn."""
        self._pointer.stop()
        self._holds.clear()
        self._keyboard.turn_page()
        self._journal.clear()
        self._entered_ms = None

    def _settle(self, at_ns: int) -> None:
        self._pointer.stop()
        self._holds.commit(at_ns)
        self._keyboard.turn_page()

    def _make_room(self) -> None:
        frames = self._journal.frames()
        for oldest in frames[: max(0, len(frames) + 1 - self._limits.frames)]:
            self._journal.remove(oldest)
            self.frames_dropped += 1


def _entered(entered: PageEntered, address: CleanUrl, title: str, scribe: Scribe) -> Made:
    """Write a visit's first event, now that what was withheld before it is known."""
    cleaned, kinds = clean_url(address, scribe.echo)
    name = clean_title(title, address, scribe.echo)
    if kinds or name.kinds:
        scribe.tainted.add(entered.visit)
    return entered.model_copy(update={"url": cleaned.url, "query": cleaned.query, "title": name.text})


def _frame(taken: FrameTaken, file: bytes, scribe: Scribe) -> Made | None:
    """Number a frame and hand it out, unless its visit shows something that was withheld."""
    if scribe.shows_secret(taken.visit):
        return None
    scribe.frames += 1
    return RedactedFrame(event=taken.model_copy(update={"frame": scribe.frames}), png=file)
