"""The recorded episode, opened as its own person may open it, for the search that ends the demo."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from overt.events.redacted import EndFacts, FlushFacts, MetaRecord, RedactedFrame
from overt.keys.passphrase import no_passphrase
from overt.store.home import Role, open_home
from overt.subject.reviewing import review


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Opened:
    """Everything that one episode holds: *content* and *metadata* as JSON would have them, and its PNG *frames*."""

    content: list[dict[str, Any]]
    metadata: list[dict[str, Any]]
    frames: list[bytes]
    withheld: Counter[str]
    dropped: Counter[str]
    lost: int
    armed_ms: int

    def withheld_on(self, title: str) -> list[str]:
        """Return the reasons, in order, for which something of a field was withheld on pages with *title*."""
        visits = {each["visit"] for each in self.content if each["kind"] == "page_entered" and title == each["title"]}
        noted = [each for each in self.content if each.get("visit") in visits]
        return [
            reason
            for each in noted
            for reason in ([each["reason"]] if each["kind"] == "withheld" else each.get("withheld", ()))
        ]


def open_episode(home: Path, episode_id: str, at: datetime) -> Opened:
    """Open the episode *episode_id* of the trial home *home* at *at*; raises what ``subject.reviewing.review`` does."""
    opened = review(open_home(home, Role.EMPLOYEE), episode_id, no_passphrase, at)
    content: list[dict[str, Any]] = []
    frames: list[bytes] = []
    for record in opened.content:
        if isinstance(record, RedactedFrame):
            frames.append(record.png)
        event = record.event if isinstance(record, RedactedFrame) else record
        content.append(event.model_dump(mode="json"))
    return _counted(content, opened.metadata, frames)


def _counted(content: list[dict[str, Any]], metadata: list[MetaRecord], frames: list[bytes]) -> Opened:
    flushes = [each for each in metadata if isinstance(each, FlushFacts)]
    ends = [each for each in metadata if isinstance(each, EndFacts)]
    withheld: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    for flush in flushes:
        withheld.update(flush.withheld)
        dropped.update(flush.dropped)
    return Opened(
        content=content,
        metadata=[each.model_dump(mode="json") for each in metadata],
        frames=frames,
        withheld=withheld,
        dropped=dropped,
        lost=sum(flush.lost for flush in flushes),
        armed_ms=ends[-1].armed_ms if ends else 0,
    )
