"""What a session has seen, admitted, dropped and lost: exact in memory, coarse in what is kept."""

from collections import Counter
from dataclasses import dataclass, field

from overt.events.redacted import FlushFacts, PageEntered, RedactedEvent, RedactedFrame, Withheld
from overt.events.verdict import DropReason


@dataclass(slots=True, kw_only=True)
class Tally:
    """Exact sums, for tests and for nobody else: everything that was taken from the hook is in one of them.

    *heard* and *unheard* are reports on a field's text that were let in and that were not; they are no input.
    *released* are keys that went up, *elsewhere* is what hit another window lying above the page, *unlooked* what was
    still queued when the hook was disarmed: nobody looks at it any more. *spells* is what may be kept of drops: in how
    many page visits a reason occurred. A count of dropped keys would be the length of what was typed.
    """

    admitted: int = 0
    released: int = 0
    elsewhere: int = 0
    unlooked: int = 0
    heard: int = 0
    unheard: int = 0
    dropped: Counter[DropReason] = field(default_factory=Counter)
    spells: Counter[str] = field(default_factory=Counter)
    _here: set[DropReason] = field(default_factory=set)

    def admit(self) -> None:
        """Count an event that the gate let in."""
        self.admitted += 1

    def drop(self, reason: DropReason) -> None:
        """Count a dropped event, and the first of its reason in this visit as a spell."""
        self.dropped[reason] += 1
        if reason not in self._here and reason is not DropReason.SECRET_FIELD:
            self._here.add(reason)
            self.spells[reason.value] += 1

    def forgo(self, reason: DropReason) -> None:
        """Note that something was not made for *reason*: it is no event, so it enters the spells alone."""
        if reason not in self._here:
            self._here.add(reason)
            self.spells[reason.value] += 1

    def turn_page(self) -> None:
        """Begin a new visit: its spells are its own."""
        self._here.clear()

    def take_spells(self) -> dict[str, int]:
        """Return the spells since the last call."""
        taken = dict(self.spells)
        self.spells.clear()
        return taken


@dataclass(slots=True, kw_only=True)
class FlushCount:
    """What the committed output of one metadata period says of itself."""

    events: Counter[str] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)

    def add(self, record: RedactedEvent | RedactedFrame) -> None:
        """Count one record that is about to be sealed."""
        event: RedactedEvent = record.event if isinstance(record, RedactedFrame) else record
        self.events[event.kind] += 1
        if isinstance(event, PageEntered):
            self.sites[event.site] += 1
        elif isinstance(event, Withheld):
            self.withheld[event.reason] += 1

    def facts(self, *, at_ms: int, tally: Tally, lost: int) -> FlushFacts:
        """Return the metadata record of this period."""
        return FlushFacts(
            at_ms=at_ms,
            events=dict(self.events),
            sites=dict(self.sites),
            dropped=tally.take_spells(),
            withheld=dict(self.withheld),
            lost=lost,
        )
