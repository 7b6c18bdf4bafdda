"""The actions in the order in which they happened; only those before the first unsettled one are handed out."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from overt.events.redacted import TICK_MS, RedactedEvent, RedactedFrame
from overt.redact.echo import Echo
from overt.redact.lexicon import Lexicon
from overt.redact.limits import NS_PER_MS

_TICK_NS: Final = TICK_MS * NS_PER_MS

Made = RedactedEvent | RedactedFrame


@dataclass(slots=True, repr=False)
class Scribe:
    """What an entry needs when it is made at last: what was withheld before, and the visits that show some of it.

    *pages* says of which page each visit is: whoever comes back to a page sees again what it showed.
    """

    echo: Echo = field(default_factory=Echo)
    tainted: set[int] = field(default_factory=set)
    pages: dict[int, str] = field(default_factory=dict)
    frames: int = 0

    def shows_secret(self, visit: int) -> bool:
        """Say whether the page of *visit* may show what was withheld, in this visit or in one before."""
        return visit in self.tainted or self.pages[visit] in {self.pages[other] for other in self.tainted}


@dataclass(slots=True, repr=False)
class Entry:
    """One action to be: *settled* says whether it can change no more, *make* writes it (``None``: nothing to keep)."""

    make: Callable[[Scribe], Made | None]
    settled: Callable[[], bool] = field(default=lambda: True)
    visit: int = 0
    frame: bool = False


class Journal:
    """Entries in order, and the clock that only knows tenths of a second."""

    def __init__(self, *, started_ns: int, limit: int, lexicon: Lexicon | None = None) -> None:
        """Count time from *started_ns*; hold at most *limit* entries, and withhold the words of *lexicon*."""
        self._started_ns = started_ns
        self._limit = limit
        self._entries: deque[Entry] = deque()
        self.scribe = Scribe(echo=Echo(lexicon))
        self.last_ms = 0
        self.dropped = 0

    def at_ms(self, at_ns: int) -> int:
        """Return the instant *at_ns* as milliseconds since the start, floored to the tick and never going back."""
        ticks = max(0, at_ns - self._started_ns) // _TICK_NS
        self.last_ms = max(self.last_ms, ticks * TICK_MS)
        return self.last_ms

    def add(self, entry: Entry, *, needed: bool = False) -> None:
        """Append *entry*; when too many wait it is dropped and counted, unless it is *needed* to read the others."""
        if len(self._entries) >= self._limit and not needed:
            self.dropped += 1
            return
        self._entries.append(entry)

    def take(self) -> Iterator[Made]:
        """Yield what is settled, oldest first, up to the first entry that is not."""
        while self._entries and self._entries[0].settled():
            made = self._entries.popleft().make(self.scribe)
            if made is not None:
                yield made

    def frames(self) -> list[Entry]:
        """Return the frames that wait, oldest first."""
        return [entry for entry in self._entries if entry.frame]

    def remove(self, entry: Entry) -> None:
        """Drop *entry*."""
        self._entries.remove(entry)

    def clear(self) -> None:
        """Drop everything, and forget what was withheld."""
        self._entries.clear()
        self.scribe = Scribe(echo=Echo(self.scribe.echo.lexicon))
