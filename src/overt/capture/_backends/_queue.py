"""The bounded queue between the hook's thread and the session, which counts what it could not hold."""

from collections import deque
from threading import Lock

from overt.events.raw import RawEvent

CAPACITY = 8192
"""Events held at most: eight seconds at 1,000 a second, about 2 MB."""


class EventQueue:
    """First in, first out, between two threads; *seen* is always what was queued and what was lost together.

    *forgotten* is what was queued and thrown away unseen.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        """Hold at most *capacity* events."""
        self._capacity = capacity
        self._events: deque[RawEvent] = deque()
        self._lock = Lock()
        self.seen = 0
        self.lost = 0
        self.forgotten = 0

    def push(self, event: RawEvent) -> bool:
        """Queue *event*, or count it as lost when the queue is full; say whether the queue stopped being empty."""
        with self._lock:
            self.seen += 1
            if len(self._events) >= self._capacity:
                self.lost += 1
                return False
            self._events.append(event)
            return len(self._events) == 1

    def lose(self) -> None:
        """Count one event that was seen but could not be understood."""
        with self._lock:
            self.seen += 1
            self.lost += 1

    @property
    def pending(self) -> bool:
        """Whether anything is queued."""
        return bool(self._events)

    def forget(self) -> None:
        """Throw away what is queued, and count it."""
        self.forgotten += len(self.drain())

    def drain(self) -> list[RawEvent]:
        """Take everything, oldest first."""
        with self._lock:
            taken = list(self._events)
            self._events.clear()
        return taken
