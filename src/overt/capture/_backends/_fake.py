"""An input hook and a frame source that do what a test tells them to."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from overt.capture._backends._queue import CAPACITY, EventQueue
from overt.errors import DesktopError
from overt.events.geometry import Rect
from overt.events.raw import RawEvent, RawFrame

GREY = bytes((128, 128, 128, 0))


class FakeHook:
    """Delivers pushed events while armed, as the real hook does, and swallows them uncounted while disarmed."""

    def __init__(self, *, moves: bool = False, capacity: int = CAPACITY) -> None:
        """Be as a hook that was opened with *moves* and holds at most *capacity* events."""
        self.moves = moves
        self.alive = True
        self.closed = False
        self.arms = 0
        self._queue = EventQueue(capacity)
        self._armed = False
        self._wake: Callable[[], None] | None = None

    def start(self, wake: Callable[[], None]) -> None:
        """Remember *wake*; the hook is disarmed."""
        self._wake = wake

    def arm(self) -> None:
        """Let pushed events through; raises ``DesktopError`` after ``die`` and before ``start``."""
        if self._wake is None or self.closed or not self.alive:
            raise DesktopError("the input hook has lost its display")
        self.arms += not self._armed
        self._armed = True

    def disarm(self) -> None:
        """Swallow pushed events, and forget those that are queued."""
        self._armed = False
        self._queue.forget()

    def push(self, *events: RawEvent) -> None:
        """Let *events* happen on the desktop; each that is seen gets the next sequence number."""
        for event in events:
            if self._armed and self._queue.push(replace(event, seq=self._queue.seen + 1)) and self._wake is not None:
                self._wake()

    def die(self) -> None:
        """Let the display go away."""
        self.alive = self._armed = False
        if self._wake is not None:
            self._wake()

    def drain(self) -> list[RawEvent]:
        """Take everything that is queued, oldest first."""
        return self._queue.drain()

    @property
    def pending(self) -> bool:
        """Whether events are queued."""
        return self._queue.pending

    @property
    def armed(self) -> bool:
        """Whether pushed events are let through."""
        return self._armed

    @property
    def lost(self) -> int:
        """How many pushed events did not fit into the queue."""
        return self._queue.lost

    @property
    def forgotten(self) -> int:
        """How many events were queued when the hook was disarmed, and thrown away."""
        return self._queue.forgotten

    @property
    def seen(self) -> int:
        """How many events were pushed while armed."""
        return self._queue.seen

    def close(self) -> None:
        """Disarm for good."""
        self.disarm()
        self.closed = True


class FakeFrames:
    """Grey frames, or those that were queued, of a screen of *screen*'s size."""

    def __init__(self, screen: Rect | None = None, *, frames: Iterable[RawFrame] = ()) -> None:
        """Answer with *frames* first and with grey afterwards."""
        self.screen = screen if screen is not None else Rect(x=0, y=0, width=1280, height=800)
        self.alive = True
        self.closed = False
        self.grabbed: list[Rect] = []
        self.now_ns = 0
        self._frames = list(frames)

    def grab(self, rect: Rect) -> RawFrame:
        """Return the next queued frame, or a grey one of *rect* clipped to the screen."""
        clipped = rect.intersection(self.screen)
        if self.closed or not self.alive or clipped is None:
            raise DesktopError("no picture of the screen could be taken")
        self.grabbed.append(clipped)
        if self._frames:
            return self._frames.pop(0)
        return RawFrame(at_ns=self.now_ns, rect=clipped, pixels=bytearray(GREY * (clipped.width * clipped.height)))

    def close(self) -> None:
        """Refuse further frames."""
        self.closed = True
