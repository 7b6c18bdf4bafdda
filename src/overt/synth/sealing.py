"""A made-up session sealed as the recorder seals a real one: a flush for each page, and facts every ten seconds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Final

from overt import __version__
from overt.events.redacted import (
    EndFacts,
    FlushFacts,
    MetaRecord,
    PageEntered,
    RedactedEvent,
    RedactedFrame,
    SessionFacts,
    Withheld,
)
from overt.events.verdict import EndReason
from overt.keys.recording import RecordingKeys
from overt.keys.vault_contract import SealedShares
from overt.seal import EpisodeSealer, Opening
from overt.synth.session import GENERATOR_VERSION, Session

FACTS_MS: Final = 10_000
"""How often the metadata section says what was kept, as in the recorder."""

OS_FAMILY: Final = "synthetic"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SealedEpisode:
    """A whole, closed episode in memory, and what opens it; *root* is what its log entry says of it."""

    opening: Opening
    data: bytes
    root: str
    shares: SealedShares

    @property
    def episode_id(self) -> str:
        """The random id of the episode."""
        return self.opening.episode_id


def sealed(session: Session, keys: RecordingKeys, day: date) -> SealedEpisode:
    """Seal *session* with *keys* as if it had been recorded on *day*."""
    sealer, opening = EpisodeSealer.begin(
        grant=keys.grant.id,
        policy_sha256=keys.policy_sha256,
        trial=True,
        device=keys.device,
        roles=keys.roles,
        vault_recipient=keys.vault_recipient,
    )
    parts = [opening.first, sealer.flush(meta=[_facts(session, keys, day)], content=())]
    count = _Count()
    for at_ms, records in _flushes(session):
        count.add(records)
        parts.append(sealer.flush(meta=count.due(at_ms), content=records))
    end = EndFacts(synthetic=True, at_ms=session.end_ms, armed_ms=session.seen_ms, reason=EndReason.STOPPED.value)
    parts.append(sealer.close(reason=EndReason.STOPPED, meta=[*count.rest(session.end_ms), end]))
    return SealedEpisode(
        opening=opening,
        data=b"".join(parts),
        root=sealer.root.hex(),
        shares=SealedShares(
            grant_id=keys.grant.id, grant=keys.grant_note, episode_id=opening.episode_id, shares=opening.shares
        ),
    )


def _facts(session: Session, keys: RecordingKeys, day: date) -> SessionFacts:
    frames = any(isinstance(record, RedactedFrame) for record in session.records)
    return SessionFacts(
        synthetic=True,
        recorder_version=f"{__version__} synth {GENERATOR_VERSION}",
        redactor_version=f"synth {GENERATOR_VERSION}",
        grant=keys.grant.id,
        notice_sha256=keys.notice_sha256,
        policy_sha256=keys.policy_sha256,
        purposes=tuple(purpose.value for purpose in keys.grant.scope.purposes),
        signals=tuple(each.value for each in keys.grant.scope.signals if frames or each.value != "screenshots"),
        trial=True,
        started_on=day.isoformat(),
        os_family=OS_FAMILY,
    )


def event_of(record: RedactedEvent | RedactedFrame) -> RedactedEvent:
    """Return the event that *record* is, or that announces it."""
    return record.event if isinstance(record, RedactedFrame) else record


def _flushes(session: Session) -> Iterator[tuple[int, list[RedactedEvent | RedactedFrame]]]:
    """Yield what commits together, which is a page, and when."""
    for _, records in groupby(session.records, key=lambda record: event_of(record).visit):
        page = list(records)
        yield event_of(page[-1]).at_ms, page


@dataclass(slots=True)
class _Count:
    """What has been kept since the metadata last said so."""

    events: Counter[str] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)
    told_ms: int = 0

    def add(self, records: list[RedactedEvent | RedactedFrame]) -> None:
        for event in map(event_of, records):
            self.events[event.kind] += 1
            if isinstance(event, PageEntered):
                self.sites[event.site] += 1
            elif isinstance(event, Withheld):
                self.withheld[event.reason] += 1

    def due(self, at_ms: int) -> list[MetaRecord]:
        return self.rest(at_ms) if at_ms - self.told_ms >= FACTS_MS else []

    def rest(self, at_ms: int) -> list[MetaRecord]:
        facts = FlushFacts(
            synthetic=True,
            at_ms=at_ms,
            events=dict(self.events),
            sites=dict(self.sites),
            dropped={},
            withheld=dict(self.withheld),
            lost=0,
        )
        self.events, self.sites, self.withheld, self.told_ms = Counter(), Counter(), Counter(), at_ms
        return [facts]
