"""One session under one grant: from the first look at the focus to the closed episode."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from overt.errors import DesktopError, OvertError, StorageError
from overt.events.context import Absence, Context, Focus, NoContext
from overt.events.raw import RawButton, RawEvent, RawKey, RawScroll
from overt.events.verdict import EndReason
from overt.gate import HOLD_NS, Gate, Open
from overt.policy.signals import Signal
from overt.recorder import looks
from overt.recorder.arming import Arming
from overt.recorder.listener import Listener
from overt.recorder.pipeline import MAX_WAITING, Pipeline
from overt.recorder.setting import Desktop, Status, Terms, Warrant
from overt.recorder.shutter import Shutter
from overt.recorder.tally import Tally
from overt.recorder.view import View
from overt.recorder.writer import EpisodeWriter
from overt.redact.redactor import Redactor
from overt.redact.reticent import Reticence

TICK_S: Final = 0.25
"""How often consent is looked at, however quiet it is."""

LOOK_NS: Final = 500_000_000
"""How often the focus and the indicator are looked at, however quiet it is."""

SILENCE_NS: Final = 600_000_000
"""How long a browser in front may leave a look unanswered before the hook is disarmed."""

_RETRY_S: Final = 0.02

FLUSH_NS: Final = 500_000_000
"""Committed output is sealed at most this long after the flush before it."""

_BLINDING: Final = frozenset({Absence.TIMEOUT, Absence.STALE, Absence.NO_DOCUMENT, Absence.NO_ACCESSIBLE})
"""The browser has the focus and does not tell where: keys may go into the page while the hook is off."""

PAUSED: Final = "paused"

_BUS_GRACE_NS: Final = 3_000_000_000


class Session:
    """Records until it is stopped or may no longer go on."""

    def __init__(
        self, *, desktop: Desktop, terms: Terms, warrant: Warrant, writer: EpisodeWriter, now: Callable[[], int]
    ) -> None:
        """Record *desktop* under *terms* for as long as *warrant* says, into *writer*; *now* is monotonic ns."""
        self._desktop = desktop
        self._warrant = warrant
        self._writer = writer
        self._now = now
        self.tally = Tally()
        self.problem: OvertError | None = None
        self._redactor = Redactor(started_ns=writer.started_ns, signals=terms.signals, lexicon=terms.lexicon)
        self._reticent = Reticence(dropped=terms.special_dropped)
        self._view = View(terms.sites, terms.excluded, terms.never)
        self._arming = Arming(hook=desktop.hook, indicator=desktop.indicator, now=now)
        gate = Gate(sites=terms.sites, signals=terms.signals, excluded=terms.excluded, never=terms.never)
        self._pipeline = Pipeline(
            gate=gate,
            redactor=self._redactor,
            tally=self.tally,
            check=self._look,
            now=now,
        )
        self._listener = Listener(focus=desktop.focus, gate=gate, pipeline=self._pipeline)
        self._shutter = None
        if desktop.frames is not None and Signal.SCREENSHOTS in terms.signals:
            self._shutter = Shutter(focus=desktop.focus, frames=desktop.frames, now=now)
        self._focus: Focus = NoContext(absence=Absence.NO_WINDOW, taken_ns=0)
        self._area = ""
        self._why_not = looks.ELSEWHERE
        self._refocus = True
        self._barred = False
        self._paused = False
        self._blind = False
        self._silent_ns: int | None = None
        self._aside: list[RawEvent] = []
        self._asking: set[asyncio.Task[None]] = set()
        self._photographing: asyncio.Task[None] | None = None
        self._looked_ns = 0
        self._flushed_ns = 0
        self._bus_dead_ns: int | None = None
        self._stop: EndReason | None = None
        self._stir = asyncio.Event()

    def stop(self, reason: EndReason = EndReason.STOPPED) -> None:
        """End the session soon, for *reason*; call it on the session's loop."""
        self._stop = self._stop or reason
        self._stir.set()

    def pause(self, *, paused: bool) -> None:
        """Let nothing in from now on, or again; for as long as the person likes, and no episode tells of it."""
        self._paused = paused
        if paused:
            self._listener.hush()
            self._arming.release()
            self._why_not = PAUSED
        self._on_change()

    @property
    def paused(self) -> bool:
        """Whether the person has paused."""
        return self._paused

    def status(self) -> Status:
        """Return what the person should see now."""
        return Status(
            armed=self._arming.armed,
            area=self._area if self._arming.armed else "",
            why_not="" if self._arming.armed else self._why_not,
            kept=self._writer.kept,
            withheld=self._writer.withheld,
            dropped=sum(self.tally.dropped.values()),
        )

    @property
    def armed_ns(self) -> int:
        """How long the hook was armed in this session."""
        return self._arming.armed_ns

    @property
    def lost(self) -> int:
        """How many events the hook's queue could not take."""
        return self._desktop.hook.lost

    async def run(self) -> EndReason:
        """Record until the end, close the episode, and return why it ended."""
        loop = asyncio.get_running_loop()
        watching = asyncio.create_task(self._watch())
        try:
            await self._desktop.focus.start()
            self._desktop.focus.on_change(self._on_change)
            self._desktop.focus.on_text(self._stir.set)
            self._desktop.hook.start(lambda: _wake(loop, self._stir))
            while (reason := self._stop or self._must_end()) is None:
                await self._step()
                await self._rest()
            return await self._end(reason)
        finally:
            watching.cancel()
            self._arming.release()
            self._desktop.hook.close()
            self._desktop.indicator.close()
            if self._desktop.frames is not None:
                self._desktop.frames.close()
            await self._desktop.focus.close()

    async def _watch(self) -> None:
        """Disarm when consent or a limit ends also while a slow disk or browser keeps the session waiting."""
        while self._stop is None:
            reason = self._must_end()
            if reason is not None and reason.bars_capture:
                self._barred = True
                self.stop(reason)
                self._listener.hush()
                with contextlib.suppress(DesktopError):
                    self._arming.release()
            await asyncio.sleep(TICK_S)

    async def _look(self) -> Focus:
        """Look at the focus afresh; while the person pauses, it is nowhere."""
        fresh = await self._desktop.focus.check()
        return NoContext(absence=Absence.NO_WINDOW, taken_ns=self._now()) if self._paused else fresh

    def _on_change(self) -> None:
        self._refocus = True
        self._stir.set()

    async def _rest(self) -> None:
        """Sleep until something happens, something comes due, or the next tick."""
        if self._silent_ns is not None:
            await asyncio.sleep(_RETRY_S)
        if self._stop is not None or self._refocus:
            return
        dues = [self._pipeline.due_ns(), self._shutter.due_ns() if self._shutter else None]
        waits = [max(0.0, (due - self._now()) / 1e9) for due in dues if due is not None]
        try:
            await asyncio.wait_for(self._stir.wait(), min([TICK_S, *waits]) + 0.001)
        except TimeoutError:
            return
        finally:
            self._stir.clear()

    async def _step(self) -> None:
        try:
            await self._listen()
            await self._pipeline.settle()
            self._photograph()
            await self._flush()
        except DesktopError as problem:
            self._fail(EndReason.DESKTOP_LOST, problem)
        except StorageError as problem:
            self._fail(EndReason.STORAGE, problem)

    def _fail(self, reason: EndReason, problem: OvertError) -> EndReason:
        self.problem = self.problem or problem
        self.stop(reason)
        return reason

    async def _listen(self) -> None:
        """Take what the hook delivered, with the context before it, and follow the focus."""
        cached, events = self._focus, [*self._aside, *self._presses(self._desktop.hook.drain())]
        self._aside = []
        if not events and not self._refocus and self._now() - self._looked_ns < LOOK_NS:
            self._listener.fetch()
            return
        self._refocus = False
        self._looked_ns = self._now()
        fresh = await self._look()
        if self._patient(fresh):
            self._aside, self._refocus = events, True
            return
        self._take_in(events, cached, fresh)
        self._listener.fetch()
        self._follow(fresh)

    def _take_in(self, events: list[RawEvent], cached: Focus, fresh: Focus) -> None:
        """Queue what of *events* did not hit another window, between two looks."""
        if not self._arming.armed:
            self.tally.unlooked += len(events)
            return
        kept = [event for event in events if self._on_our_window(event, cached)]
        self.tally.elsewhere += len(events) - len(kept)
        if kept:
            self._pipeline.batch(kept, before=looks.before(cached, fresh), known_ns=looks.known_ns(cached, fresh))
            self._aim(kept, cached)
            self._writer.open_once()
            if self._shutter is not None:
                self._shutter.stir()

    def _aim(self, events: list[RawEvent], cached: Focus) -> None:
        """Begin to ask what was clicked while it is still there; the press waits for its verdict anyway."""
        for event in events:
            if isinstance(event, RawButton) and event.pressed and isinstance(cached, Context):
                asking = asyncio.create_task(self._ask_target(event, cached))
                self._asking.add(asking)
                asking.add_done_callback(self._asking.discard)

    async def _ask_target(self, press: RawButton, context: Context) -> None:
        found = await self._desktop.focus.target(context, press.x, press.y)
        if found is not None:
            self._pipeline.aimed(press.seq, found)

    def _patient(self, fresh: Focus) -> bool:
        """Say whether to ask a silent browser once more before the hook is disarmed.

        Its window is known to be the active one, and while it is silent it moves no focus; what was typed meanwhile
        waits, undecided, until it answers.
        """
        silent = isinstance(fresh, NoContext) and fresh.absence is Absence.TIMEOUT and self._arming.armed
        if not silent:
            self._silent_ns = None
            return False
        if self._silent_ns is None:
            self._silent_ns = fresh.taken_ns
        return self._now() - self._silent_ns < SILENCE_NS and len(self._aside) < MAX_WAITING

    def _presses(self, events: list[RawEvent]) -> list[RawEvent]:
        """Leave out keys that go up: nothing is made of them, and each would cost a look at the focus."""
        kept = [event for event in events if not isinstance(event, RawKey) or event.pressed]
        self.tally.released += len(events) - len(kept)
        return kept

    def _on_our_window(self, event: RawEvent, cached: Focus) -> bool:
        """Tell a click on the page from one on another window that lies above it; that one is nobody's business."""
        if not isinstance(event, RawButton | RawScroll) or not isinstance(cached, Context):
            return True
        if isinstance(event, RawButton) and not event.pressed:
            return True
        return self._desktop.focus.owns(cached, event.x, event.y)

    def _follow(self, fresh: Focus) -> None:
        self._focus = fresh
        self._pipeline.saw(fresh)
        opened = self._view.open_area(fresh)
        if isinstance(opened, Open) and isinstance(fresh, Context) and not self._barred:
            self._area = opened.area
            self._arming.hold(fresh.page.rect or fresh.window.rect)
            self._why_not = EndReason.INDICATOR_LOST.value
        else:
            self._arming.release()
            self._why_not = PAUSED if self._paused else looks.told(fresh)
            self._blind = isinstance(fresh, NoContext) and fresh.absence in _BLINDING
        turned = self._view.observe(fresh, fresh.taken_ns)
        if turned is None and self._blind and self._arming.armed:
            # The same page again: what was typed while it could not be seen may stand in its field.
            self._pipeline.blink()
        self._blind = self._blind and not self._arming.armed
        if turned is not None:
            self._pipeline.turn(turned.to, area=turned.area, at_ns=turned.at_ns)
            if self._shutter is not None:
                self._shutter.turn()
            if turned.to is not None:
                self._writer.open_once()
        self._listener.follow(fresh, armed=self._arming.armed, turned=turned is not None)
        self._watch_bus(fresh)

    def _watch_bus(self, fresh: Focus) -> None:
        if not isinstance(fresh, NoContext) or fresh.absence is not Absence.BUS_DEAD:
            self._bus_dead_ns = None
        elif self._bus_dead_ns is None:
            self._bus_dead_ns = self._now()
        elif self._now() - self._bus_dead_ns > _BUS_GRACE_NS:
            self.stop(EndReason.DESKTOP_LOST)

    def _photograph(self) -> None:
        """Begin to take a frame when one is due; keys do not wait for it."""
        due = self._shutter.due_ns() if self._shutter is not None else None
        if self._shutter is None or due is None or due > self._now():
            return
        busy = self._photographing is not None and not self._photographing.done()
        if not busy and self._arming.armed and isinstance(self._focus, Context):
            self._photographing = asyncio.create_task(self._shoot(self._shutter, self._focus))

    async def _shoot(self, shutter: Shutter, context: Context) -> None:
        """Take a frame, and keep it unless the person acted or the page turned while it was taken."""
        stirred = shutter.stirred_ns
        try:
            shot = await shutter.take(context)
        except DesktopError as problem:
            self._fail(EndReason.DESKTOP_LOST, problem)
            return
        if shot is not None:
            allowed = not self._barred and not self._paused
            still = allowed and shutter.stirred_ns == stirred and not self._desktop.hook.pending
            self._pipeline.shot(*shot, still=still)

    async def _flush(self) -> None:
        now = self._now()
        if now - self._flushed_ns < FLUSH_NS:
            return
        self._redactor.tick(now)
        records = self._reticent(self._redactor.take())
        if records or self._writer.facts_due(now):
            self._flushed_ns = now
            await self._writer.flush(records, tally=self.tally, lost=self._desktop.hook.lost)

    def _must_end(self) -> EndReason | None:
        if self._arming.indicator_lost:
            return EndReason.INDICATOR_LOST
        try:
            return self._warrant(self._arming.armed_ns)
        except StorageError as problem:
            return self._fail(EndReason.STORAGE, problem)

    async def _end(self, reason: EndReason) -> EndReason:
        """Let what is held settle and commit, unless consent ended or no file takes it; then close the episode."""
        ended_ns = self._now()
        armed_ns = self._arming.armed_ns
        if self._photographing is not None:
            self._photographing.cancel()
        nowhere = reason is EndReason.STORAGE and self._writer.episode_id is None
        if nowhere or reason.bars_capture:
            self._listener.hush()
            self._arming.release()
        if nowhere or reason.ends_consent:
            self._pipeline.abandon()
            self._redactor.discard()
        else:
            await self._listen_last()
            self._pipeline.turn(None, at_ns=ended_ns)
            await asyncio.sleep(HOLD_NS / 1e9)
            await self._pipeline.settle()
            self._redactor.finish(at_ns=ended_ns)
        rest, lost = self._reticent(self._redactor.take()), self._desktop.hook.lost
        try:
            await self._writer.close(rest, reason=reason, armed_ns=armed_ns, tally=self.tally, lost=lost)
        except StorageError as problem:
            return self._fail(EndReason.STORAGE, problem)
        return reason

    async def _listen_last(self) -> None:
        """Take what is still queued, disarm, and so let nothing more in."""
        events = [*self._aside, *self._presses(self._desktop.hook.drain())]
        if events:
            fresh = await self._look()
            self._take_in(events, self._focus, fresh)
            self._pipeline.saw(fresh)
        self._listener.fetch()
        self._listener.hush()
        self._arming.release()


def _wake(loop: asyncio.AbstractEventLoop, stir: asyncio.Event) -> None:
    """Stir the session from the hook's thread; a loop that has ended needs no waking."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(stir.set)
