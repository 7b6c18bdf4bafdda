"""The input hook on X11: one RECORD context for the session, enabled and disabled at the server.

Two connections: *data* carries recorded events to the hook's own thread, which sleeps in ``recv`` and does nothing
else; *control* creates and disables the context. pynput's listener cannot be used for this: stopped on a quiet desktop
it goes on receiving until the next event, and to start another takes 11 ms. Its tables of key symbols are used.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from overt.capture._backends._queue import CAPACITY, EventQueue
from overt.capture._backends._x11_keysyms import pynput_symbols
from overt.capture._backends._x11_link import Link, open_link
from overt.capture._backends._x11_translate import Translator
from overt.capture._backends._x11_wire import Code, DeviceEvent, Item, RecordStream, ServerTime, Signal
from overt.errors import DesktopError
from overt.events.raw import RawEvent

ANSWER_S = 1.0
"""How long the server may take to enable or disable the context; it takes about a millisecond."""


def _gone() -> DesktopError:
    return DesktopError("the input hook has lost its display", hint="start again once the desktop is back")


class X11Hook:
    """See ``InputHook``. Any thread may call it, but only one at a time; it is started once."""

    def __init__(self, display: str, *, moves: bool, capacity: int = CAPACITY) -> None:
        """Prepare a hook on *display*; nothing is connected before ``start``."""
        self._display = display
        self._moves = moves
        self._queue = EventQueue(capacity)
        self._receiver: _Receiver | None = None
        self._link: Link | None = None

    def start(self, wake: Callable[[], None]) -> None:
        """Connect and create the context, disabled; raises ``DesktopError`` if this display cannot be hooked."""
        self._link = link = open_link(self._display, moves=self._moves)
        try:
            self._receiver = _Receiver(link, self._queue, wake)
        except DesktopError:
            link.close()
            raise
        except ImportError:
            link.close()
            raise DesktopError(
                f"pynput cannot use the display {self._display}", hint="DISPLAY must name the desktop to record"
            ) from None
        self._receiver.start()

    def arm(self) -> None:
        """Enable the context and wait for the server's word; raises ``DesktopError`` when there is none."""
        if self.armed:
            return
        if self._receiver is None or self._link is None or not self._receiver.alive:
            raise _gone()
        self._receiver.open()
        if not (self._link.enable() and self._receiver.wait_started(ANSWER_S)):
            self._sever()
            raise _gone()

    def disarm(self) -> None:
        """Disable the context, wait for the server's last word and empty the queue.

        A server that does not answer within a second loses the connection instead: then, too, nothing can reach us.
        """
        if self.armed and self._receiver is not None and self._link is not None:
            self._receiver.shut()
            if not (self._link.disable() and self._receiver.wait_ended(ANSWER_S)):
                self._sever()
        self._queue.forget()

    def drain(self) -> list[RawEvent]:
        """Take everything that is queued, oldest first."""
        return self._queue.drain()

    @property
    def pending(self) -> bool:
        """Whether events are queued."""
        return self._queue.pending

    @property
    def armed(self) -> bool:
        """Whether the context is enabled."""
        return self._receiver is not None and self._receiver.alive and self._receiver.is_open

    @property
    def alive(self) -> bool:
        """Whether the hook can still be armed; false before ``start``."""
        return self._receiver is not None and self._receiver.alive

    @property
    def lost(self) -> int:
        """How many events did not fit into the queue, or could not be understood."""
        return self._queue.lost

    @property
    def forgotten(self) -> int:
        """How many events were queued when the hook was disarmed, and thrown away."""
        return self._queue.forgotten

    @property
    def seen(self) -> int:
        """How many events were seen while armed."""
        return self._queue.seen

    @property
    def received(self) -> int:
        """How many bytes came over the data connection since ``start``, whatever they were."""
        return self._receiver.received if self._receiver is not None else 0

    def close(self) -> None:
        """Close both connections, upon which the server forgets the context; no answer is waited for."""
        self._sever()
        self._queue.forget()

    def _sever(self) -> None:
        if self._receiver is not None:
            self._receiver.shut()
        if self._link is not None:
            self._link.hang_up()
        if self._receiver is not None:
            self._receiver.join(ANSWER_S)
        if self._link is not None:
            self._link.close()


class _Receiver(Thread):
    """The hook's thread: receives, stamps, translates and enqueues while *is_open*; else it drops what is in flight.

    Nothing may escape from it: a dead thread would be a silent one, and a traceback could show what was typed.
    """

    def __init__(self, link: Link, queue: EventQueue, wake: Callable[[], None]) -> None:
        super().__init__(name="overt-hook", daemon=True)
        self._link = link
        self._queue = queue
        self._wake = wake
        self._translator = Translator(pynput_symbols(), link.read_keymap())
        self._remapped = False
        self._started, self._ended = Event(), Event()
        self.is_open = False
        self.alive = True
        self.received = 0

    def open(self) -> None:
        """Let events through from now on."""
        self._started.clear()
        self._ended.clear()
        self.is_open = True

    def shut(self) -> None:
        """Let no event through from now on."""
        self.is_open = False

    def wait_started(self, seconds: float) -> bool:
        """Wait until the server has said that the context is enabled."""
        return self._started.wait(seconds) and self.alive

    def wait_ended(self, seconds: float) -> bool:
        """Wait until the server has said that the context is disabled; everything before it has been dealt with."""
        return self._ended.wait(seconds) and self.alive

    def run(self) -> None:
        """Receive until the connection ends."""
        with suppress(OSError):
            self._receive()
        self.alive = self.is_open = False
        self._started.set()
        self._ended.set()
        self._call_wake()

    def _receive(self) -> None:
        stream = RecordStream()
        received = self._link.early(stream.room)
        self._take(stream, received)
        while received := self._link.data.recv_into(stream.room):
            self.received += received
            self._take(stream, received)

    def _take(self, stream: RecordStream, received: int) -> None:
        now_ns = time.monotonic_ns()
        waiting = False
        for item in stream.items(received):
            waiting = self._item(item, now_ns) or waiting
        if waiting:
            self._call_wake()

    def _item(self, item: Item, now_ns: int) -> bool:
        """Deal with one item; say whether the queue stopped being empty."""
        match item:
            case DeviceEvent():
                return self.is_open and self._event(item, now_ns)
            case ServerTime(ms):
                self._translator.clock.observe(ms, now_ns)
            case Signal.GARBLED:
                self._queue.lose()
            case _:
                self._heed(item)
        return False

    def _heed(self, signal: Signal) -> None:
        match signal:
            case Signal.STARTED:
                self._translator.reset()
                self._started.set()
            case Signal.ENDED if not self.is_open:
                self._ended.set()
            case Signal.REMAPPED:
                self._remapped = True
            case _:
                raise ConnectionError("the display server ended the recording by itself")

    def _event(self, event: DeviceEvent, now_ns: int) -> bool:
        try:
            if self._remapped and event.code in _KEYS:
                self._translator.keymap = self._link.read_keymap()
                self._remapped = False
            raw = self._translator.translate(event, now_ns, self._queue.seen + 1)
        except Exception:  # noqa: BLE001 - whatever it was, it must neither end the thread nor be printed
            self._queue.lose()
            return False
        return raw is not None and self._queue.push(raw)

    def _call_wake(self) -> None:
        with suppress(Exception):
            self._wake()


_KEYS = (Code.KEY_PRESS, Code.KEY_RELEASE)
