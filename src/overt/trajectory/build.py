"""Splits the events of one episode where the person was away, and makes steps of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import Final

from overt.events.redacted import FrameTaken, Moved, PageEntered, PageLeft, RedactedEvent, Typed
from overt.trajectory.action import TO_THE_END, Action, Kind, LeftOut, action_of
from overt.trajectory.merge import Merged, merged
from overt.trajectory.sight import Sight
from overt.trajectory.step import WITHHELD_GAP, Frame, Step, frame_of, gap_bucket, judged
from overt.trajectory.task import Task, tasks_of
from overt.trajectory.typed import Fields
from overt.trajectory.visit import Left, PageVisit, SearchQuery, queries_of

WAIT_BUCKET: Final = 3
"""A pause of this bucket or a longer one (ten seconds) becomes a wait of its own, where gaps are exported at all."""

_NO_FLAGS: Final = MappingProxyType[str, bool]({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How events become trajectories.

    *split_after_ms*: an absence longer than this begins a new trajectory. *gaps*: whether the buckets of the pauses
    between actions, and the waits made of them, are let out; withheld unless asked for.
    """

    split_after_ms: int = 30_000
    gaps: bool = False


class End(StrEnum):
    """Why a trajectory ends where it does."""

    EPISODE = "episode_end"
    AWAY = "away"
    """The person was away from the list for longer than the rules allow, and came back."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Trajectory:
    """An uninterrupted stretch of one episode; *index* counts from 0. It may have visits and yet no step."""

    index: int
    steps: tuple[Step, ...]
    visits: tuple[PageVisit, ...]
    queries: tuple[SearchQuery, ...]
    tasks: tuple[Task, ...]
    end: End


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reduction:
    """The trajectories of one episode, and how many of its events became no action, by reason."""

    trajectories: tuple[Trajectory, ...]
    left_out: Mapping[LeftOut, int]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Stay:
    """Everything that happened during one page visit, in order."""

    entered: PageEntered
    events: tuple[RedactedEvent, ...]

    @property
    def left(self) -> PageLeft | None:
        last = self.events[-1]
        return last if isinstance(last, PageLeft) else None


def reduce_events(events: Iterable[RedactedEvent], rules: Rules) -> Reduction:
    """Turn the events of one episode, in the order in which they happened, into trajectories."""
    left_out: Counter[LeftOut] = Counter()
    stays = list(_stays(events, left_out))
    parts = list(_split(stays, rules))
    trajectories = tuple(
        _Builder(rules, left_out).build(index, part, End.EPISODE if index + 1 == len(parts) else End.AWAY)
        for index, part in enumerate(parts)
    )
    return Reduction(trajectories=trajectories, left_out=MappingProxyType(dict(left_out)))


def _stays(events: Iterable[RedactedEvent], left_out: Counter[LeftOut]) -> Iterator[_Stay]:
    """Yield the visits in the order of *events*, which is that in which things happened."""
    for _visit, group in groupby(events, key=lambda event: event.visit):
        own = tuple(group)
        if isinstance(own[0], PageEntered):
            yield _Stay(entered=own[0], events=own)
        else:
            left_out[LeftOut.NO_PAGE] += len(own)


def _split(stays: list[_Stay], rules: Rules) -> Iterator[list[_Stay]]:
    part: list[_Stay] = []
    for stay in stays:
        if part and stay.entered.at_ms - part[-1].events[-1].at_ms > rules.split_after_ms:
            yield part
            part = []
        part.append(stay)
    if part:
        yield part


@dataclass(slots=True)
class _Builder:
    """Makes the steps of one trajectory, one event after the other."""

    rules: Rules
    left_out: Counter[LeftOut]
    steps: list[Step] = field(default_factory=list)
    sight: Sight = field(default_factory=Sight)
    shown: Frame | None = None
    at_ms: int | None = None
    resumed: bool = False
    fields: Fields = field(default_factory=Fields)

    def build(self, index: int, stays: list[_Stay], end: End) -> Trajectory:
        visits = tuple([self._visit(stay) for stay in stays])
        if self.steps:
            last = stays[-1]
            self._append(Action(kind=Kind.TERMINATE), last.entered, WITHHELD_GAP, self.sight.latest)
        steps = tuple(self.steps)
        queries = queries_of(visits, steps)
        tasks = tasks_of(visits, steps, queries)
        return Trajectory(index=index, steps=steps, visits=visits, queries=queries, tasks=tasks, end=end)

    def _visit(self, stay: _Stay) -> PageVisit:
        first = len(self.steps)
        self.sight.turn_page()
        self.fields.turn_page()
        for each in merged(stay.events):
            event = each.event
            if isinstance(event, FrameTaken):
                self.sight.shown(frame_of(event))
            else:
                if isinstance(event, Moved):
                    self.sight.moved(event.at_ms)
                self._event(each, stay.entered)
        left = stay.left
        self.resumed = left is not None and left.off_list
        return _visited(stay.entered, left, first, len(self.steps) - first)

    def _event(self, each: Merged, page: PageEntered) -> None:
        event = each.event
        flags: dict[str, bool] = {}
        away = False
        if isinstance(event, Typed):
            newly = self.fields.newly(event)
            event, away = newly.event, newly.away
            flags = {"edited": newly.edited, "incomplete": event.incomplete}
        else:
            self.fields.watch(event)
        action = action_of(event)
        if isinstance(action, LeftOut):
            self.left_out[action] += each.events
        elif action is not None:
            gap = self._gap(event.at_ms, page)
            if away:
                self._append(TO_THE_END, page, gap, self.sight.latest)
                gap = WITHHELD_GAP
            frame = self.sight.before(event.at_ms) if action.points() else self.sight.latest
            self._append(action, page, gap, frame, flags, each.events)

    def _gap(self, at_ms: int, page: PageEntered) -> int:
        """The bucket of the pause before an action at *at_ms*, with a wait of its own when it was long."""
        before, self.at_ms = self.at_ms, at_ms
        if before is None or not self.rules.gaps:
            return WITHHELD_GAP
        bucket = gap_bucket(at_ms - before)
        if bucket >= WAIT_BUCKET:
            self._append(Action(kind=Kind.WAIT), page, bucket, self.sight.latest)
        return bucket

    def _append(
        self,
        action: Action,
        page: PageEntered,
        gap: int,
        frame: Frame | None,
        flags: Mapping[str, bool] = _NO_FLAGS,
        events: int = 0,
    ) -> None:
        quality = judged(action, frame, self.shown, stale=not self.sight.fresh)
        step = Step(
            index=len(self.steps),
            visit=page.visit,
            site=page.site,
            area=page.area,
            gap_bucket=gap,
            action=action,
            frame=frame,
            quality=replace(quality, resumed=self.resumed, **flags),
            events=events,
        )
        self.steps.append(step)
        self.shown = frame
        self.sight.acted()
        self.resumed = False


def _visited(page: PageEntered, left: PageLeft | None, first: int, count: int) -> PageVisit:
    how: Left | None = None
    if left is not None:
        how = "off_list" if left.off_list else "on_list"
    return PageVisit(
        number=page.visit,
        site=page.site,
        area=page.area,
        url=page.url,
        title=page.title,
        query=page.query,
        arrived=page.arrived,
        dwell_s=None if left is None else left.dwell_ms // 1000,
        left=how,
        first_step=first if count else None,
        n_steps=count,
    )
