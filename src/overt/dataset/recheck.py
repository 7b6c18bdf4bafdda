"""The second look: everything that is about to be exported once more, by judges that tell kinds and counts alone.

A finding bars the whole episode. Nothing is ever changed: what the recorder let through, the person takes out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from overt.dataset.judge import RULES, Judge, Sight
from overt.events.redacted import Clicked, PageEntered, Pressed, RedactedEvent, Target, Typed
from overt.policy.urls import clean

_ADDRESS: Final = f"{RULES}.ADDRESS"
"""An address that is no allowed page's."""


@dataclass(slots=True, kw_only=True)
class SecondLook:
    """All *judges* of one export; findings are counted as ``judge.KIND``."""

    judges: Sequence[Judge]
    _seen: dict[tuple[str, Sight, str], dict[str, int]] = field(default_factory=dict)

    @property
    def versions(self) -> dict[str, str]:
        """Which judges look, and what they are."""
        return {judge.name: judge.version for judge in self.judges}

    def at_texts(self, events: Iterable[RedactedEvent]) -> Counter[str]:
        """Return what is found in the texts of *events*; each judge is asked only if those before found nothing."""
        events = list(events)
        shown = [text for event in events for text in texts_of(event)]
        found: Counter[str] = Counter()
        strangers = sum(isinstance(event, PageEntered) and clean(event.url) is None for event in events)
        if strangers:
            found[_ADDRESS] = strangers
        for judge in self.judges:
            for sight, text in shown:
                if sight in judge.sights:
                    found.update(self._look(judge, sight, text))
            if found:
                break
        self._seen.clear()
        return found

    def at_pictures(self, pictures: Iterable[bytes]) -> Counter[str]:
        """Return what is found in *pictures*, PNG files."""
        judges = [judge for judge in self.judges if Sight.PICTURE in judge.sights]
        found: Counter[str] = Counter()
        for picture in pictures if judges else ():
            for judge in judges:
                found.update(_named(judge, picture))
        return found

    def _look(self, judge: Judge, sight: Sight, text: str) -> dict[str, int]:
        key = (judge.name, sight, text)
        if key not in self._seen:
            self._seen[key] = _named(judge, text)
        return self._seen[key]


def texts_of(event: RedactedEvent) -> Iterator[tuple[Sight, str]]:
    """Yield every text of *event* that is not empty, as it reads, and whether the person typed it."""
    for sight, text in _texts(event):
        if text:
            yield sight, text


def _texts(event: RedactedEvent) -> Iterator[tuple[Sight, str]]:
    match event:
        case Typed():
            yield Sight.TYPED, event.text
            yield from _target(event.field)
        case PageEntered():
            yield Sight.TEXT, event.title
            yield Sight.TYPED, event.query or ""
            yield from ((Sight.TEXT, part) for part in _parts(event.url))
        case Clicked():
            yield from _target(event.target)
        case Pressed():
            yield Sight.TEXT, " ".join(event.keys)
        case _:
            pass


def _target(target: Target | None) -> Iterator[tuple[Sight, str]]:
    if target is not None:
        yield Sight.TEXT, target.name
        yield Sight.TEXT, target.role


def _parts(url: str) -> Iterator[str]:
    """Yield what the parts of *url* say, not how it is written: its escapes would pass for a token's digits."""
    address = clean(url)
    if address is not None:
        for part in (*address.path.split("/"), *(value for _, value in address.params)):
            yield part.replace("_", " ")


def _named(judge: Judge, shown: str | bytes) -> dict[str, int]:
    return {f"{judge.name}.{kind}": count for kind, count in judge.findings(shown).items() if count}
