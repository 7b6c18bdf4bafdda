"""A second look at export: what today's detectors find and the recorder's had not is withheld as well."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from overt.events.redacted import Clicked, PageEntered, RedactedEvent, Target, Typed
from overt.policy.urls import clean
from overt.redact.detect import detect
from overt.redact.kinds import Kind

_MARKER: Final = re.compile("|".join(re.escape(kind.marker) for kind in Kind))
_ADDRESS: Final = "ADDRESS"

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
                    yield self._clicked(event, target)
                case _:
                    yield event

    def _typed(self, event: Typed) -> Typed:
        text, kinds = self._scrubbed(event.text, event.visit)
        entry = None if event.field is None else self._target(event.field, event.visit)
        if not kinds and entry is event.field:
            return event
        withheld = tuple(dict.fromkeys((*event.withheld, *kinds)))
        return event.model_copy(update={"text": text, "withheld": withheld, "field": entry})

    def _page(self, event: PageEntered) -> PageEntered:
        url = self._address(event.url, event.visit)
        title = self._scrubbed(event.title, event.visit)[0]
        query = None if event.query is None else self._scrubbed(event.query, event.visit)[0]
        if (url, title, query) == (event.url, event.title, event.query):
            return event
        return event.model_copy(update={"url": url, "title": title, "query": query})

    def _address(self, url: str, visit: int) -> str:
        """Scrub what the parts of *url* say, not how it is written: its escapes would pass for a token's digits.

        An address that is not an allowed page's is withheld whole.
        """
        address = clean(url)
        if address is None:
            self._note((_ADDRESS,), visit)
            return f"[{_ADDRESS}]"
        path = "/".join(self._part(part, visit) for part in address.path.split("/"))
        params = tuple((name, self._part(value, visit)) for name, value in address.params)
        if (path, params) == (address.path, address.params):
            return url
        return replace(address, path=path, params=params).url

    def _part(self, part: str, visit: int) -> str:
        """Scrub a part of an address, in which underscores stand for spaces."""
        text, kinds = self._scrubbed(part.replace("_", " "), visit)
        if not kinds:
            return part
        return text.replace(" ", "_") if "_" in part else text

    def _clicked(self, event: Clicked, target: Target) -> Clicked:
        scrubbed = self._target(target, event.visit)
        return event if scrubbed is target else event.model_copy(update={"target": scrubbed})

    def _target(self, target: Target, visit: int) -> Target:
        name, kinds = self._scrubbed(target.name, visit)
        return target.model_copy(update={"name": name}) if kinds else target

    def _scrubbed(self, text: str, visit: int) -> tuple[str, tuple[str, ...]]:
        if not text:
            return text, ()
        result = self._seen.get(text)
        if result is None:
            result = self._seen[text] = self.scrub(text)
        self._note(result[1], visit)
        return result

    def _note(self, kinds: tuple[str, ...], visit: int) -> None:
        self.findings.update(kinds)
        if kinds:
            self.since_visit = visit if self.since_visit is None else min(visit, self.since_visit)


def marked(text: str) -> tuple[str, tuple[str, ...]]:
    """Return *text* with what the structural detectors find withheld, and the kinds found; markers are left alone."""
    parts = []
    kinds = []
    end = 0
    for span in detect(text):
        if not any(char.isalnum() for char in _MARKER.sub("", text[span.start : span.end])):
            continue  # ``password: [EMAIL]`` says nothing that was not withheld already
        parts += [text[end : span.start], span.kind.marker]
        kinds.append(span.kind.value)
        end = span.end
    return "".join((*parts, text[end:])), tuple(kinds)
