"""Seals what has committed and appends it to the episode, on a thread of its own, so that no disk delays the hook."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Protocol

from overt.errors import StorageError
from overt.events.redacted import TICK_MS, EndFacts, MetaRecord, RedactedEvent, RedactedFrame, SessionFacts, Withheld
from overt.events.verdict import EndReason
from overt.recorder.tally import FlushCount, Tally
from overt.seal import EpisodeSealer

FACTS_NS: Final = 10_000_000_000
"""How often the metadata section says what was kept: each segment costs about 2 KB."""


class EpisodeAppender(Protocol):
    """The open episode file: ``overt.store.episodes.EpisodeFile``."""

    def append(self, data: bytes) -> None:
        """Write *data* at once and make it durable, or raise ``StorageError`` and leave the file as it was."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEpisode:
    """An episode that has begun: its id, what seals it, the file it grows in, and how to log its end."""

    episode_id: str
    sealer: EpisodeSealer
    file: EpisodeAppender
    log_close: Callable[[], None]


class EpisodeWriter:
    """Begins an episode when there is something to record, flushes it, and closes it."""

    def __init__(
        self,
        *,
        started_ns: int,
        facts: SessionFacts,
        begin: Callable[[], OpenEpisode],
        now: Callable[[], int],
    ) -> None:
        """Write a session that began at *started_ns* and is described by *facts*; *begin* opens its episode."""
        self.started_ns = started_ns
        self.kept = 0
        self.withheld = 0
        self._meta: list[MetaRecord] = [facts]
        self._content: list[RedactedEvent | RedactedFrame] = []
        self._begin = begin
        self._now = now
        self._episode: OpenEpisode | None = None
        self._facts_ns = 0
        self._count = FlushCount()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="overt-writer")

    @property
    def episode_id(self) -> str | None:
        """The episode's random id, or ``None`` while nothing has been recorded."""
        return self._episode.episode_id if self._episode is not None else None

    def open_once(self) -> None:
        """Begin the episode unless it has begun; raises ``StorageError`` when the disk refuses."""
        if self._episode is None:
            self._episode = self._begin()
            self._facts_ns = self._now()
            self._seal([], [])

    def facts_due(self, now: int) -> bool:
        """Say whether the metadata section should hear of what was kept since it last did."""
        return self._episode is not None and bool(self._count.events) and now - self._facts_ns >= FACTS_NS

    async def flush(self, records: Sequence[RedactedEvent | RedactedFrame], *, tally: Tally, lost: int) -> None:
        """Seal *records* and make them durable; every few seconds also say in the metadata what they are."""
        self.open_once()
        for record in records:
            self._count.add(record)
        meta: list[MetaRecord] = []
        if self.facts_due(self._now()):
            meta.append(self._period(tally, lost))
        await self._off_loop(lambda: self._seal(meta, records))

    async def close(
        self,
        records: Sequence[RedactedEvent | RedactedFrame],
        *,
        reason: EndReason,
        armed_ns: int,
        tally: Tally,
        lost: int,
    ) -> None:
        """Seal what is left, close the episode and log it; does nothing when none was begun."""
        try:
            if self._episode is None:
                return
            for record in records:
                self._count.add(record)
            meta = [
                self._period(tally, lost),
                EndFacts(at_ms=self._at_ms(), armed_ms=_floor(armed_ns), reason=reason.value),
            ]
            await self._off_loop(lambda: self._finish(meta, records, reason))
        finally:
            self._thread.shutdown()

    def _period(self, tally: Tally, lost: int) -> MetaRecord:
        facts = self._count.facts(at_ms=self._at_ms(), tally=tally, lost=lost)
        self._count = FlushCount()
        self._facts_ns = self._now()
        return facts

    def _seal(self, meta: Sequence[MetaRecord], records: Sequence[RedactedEvent | RedactedFrame]) -> None:
        """Seal *meta* and *records*, and before them what the disk refused; only when it has them do they count."""
        assert self._episode is not None
        self._meta += meta
        self._content += records
        data = self._episode.sealer.flush(meta=self._meta, content=self._content)
        try:
            self._append(data)
        except StorageError:
            self._episode.sealer.take_back()
            raise
        self.kept += len(self._content)
        self.withheld += sum(isinstance(record, Withheld) for record in self._content)
        self._meta, self._content = [], []

    def _finish(
        self, meta: Sequence[MetaRecord], records: Sequence[RedactedEvent | RedactedFrame], reason: EndReason
    ) -> None:
        assert self._episode is not None
        try:
            self._seal(meta, records)
            self._append(self._episode.sealer.close(reason=reason.value))
        finally:
            self._episode.file.close()
        self._episode.log_close()

    def _append(self, data: bytes) -> None:
        assert self._episode is not None
        if data:
            self._episode.file.append(data)

    async def _off_loop(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _at_ms(self) -> int:
        return _floor(self._now() - self.started_ns)


def _floor(duration_ns: int) -> int:
    """Return *duration_ns* in milliseconds, floored to the grid on which times may be kept."""
    return duration_ns // 1_000_000 // TICK_MS * TICK_MS
