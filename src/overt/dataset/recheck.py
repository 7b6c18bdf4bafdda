"""A second look at export: what today's detectors find and the recorder's had not is withheld as well."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from overt.events.redacted import Clicked, PageEntered, RedactedEvent, Target, Typed

Scrub = Callable[[str], tuple[str, tuple[str, ...]]]
"""Returns a text with ``[KIND]`` in the place of each finding, and the kinds found."""


@dataclass(slots=True)
class Recheck:
    """Scrubs the texts of events, and remembers what it found and since when.

    *findings* counts by kind. *since_visit* is the first visit with a finding: frames from then on may show it.
    """

    scrub: Scrub
    findings: Counter[str] = field(default_factory=Counter)
    since_visit: int | None = None
    _seen: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def events(self, events: Iterable[RedactedEvent]) -> Iterator[RedactedEvent]:
        """Yield *events* with every text scrubbed."""
        for event in events:
            match event:
                case Typed():
                    yield self._typed(event)
                case PageEntered():
                    yield self._page(event)
                case Clicked(target=Target() as target):
                    yield event.model_copy(update={"target": self._target(target, event.visit)})
                case _:
                    yield event

    def _typed(self, event: Typed) -> Typed:
        text, kinds = self._scrubbed(event.text, event.visit)
        changes: dict[str, object] = {"text": text, "withheld": tuple(dict.fromkeys((*event.withheld, *kinds)))}
        if event.field is not None:
            changes["field"] = self._target(event.field, event.visit)
        return event.model_copy(update=changes)

    def _page(self, event: PageEntered) -> PageEntered:
        changes: dict[str, object] = {
            "url": self._scrubbed(event.url, event.visit)[0],
            "title": self._scrubbed(event.title, event.visit)[0],
        }
        if event.query is not None:
            changes["query"] = self._scrubbed(event.query, event.visit)[0]
        return event.model_copy(update=changes)

    def _target(self, target: Target, visit: int) -> Target:
        return target.model_copy(update={"name": self._scrubbed(target.name, visit)[0]})

    def _scrubbed(self, text: str, visit: int) -> tuple[str, tuple[str, ...]]:
        if not text:
            return text, ()
        result = self._seen.get(text)
        if result is None:
            result = self._seen[text] = self.scrub(text)
        self.findings.update(result[1])
        if result[1]:
            self.since_visit = visit if self.since_visit is None else min(visit, self.since_visit)
        return result
