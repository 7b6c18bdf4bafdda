"""Whatever a session was: every action once, in order, and never a frame from its future."""

import hashlib
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import hypothesis.strategies as st
from hypothesis import given

from overt.events.redacted import (
    Clicked,
    Dragged,
    FrameTaken,
    Moved,
    PageEntered,
    PageLeft,
    Pressed,
    RedactedEvent,
    Scrolled,
    Target,
    Typed,
    Withheld,
)
from overt.trajectory.action import Kind
from overt.trajectory.build import Rules, reduce_events
from overt.trajectory.merge import merged
from overt.trajectory.step import Step
from overt.trajectory.task import task_of

Maker = Callable[[int, int, int], RedactedEvent]

MAKERS: list[Maker] = [
    lambda visit, at_ms, n: Clicked(visit=visit, at_ms=at_ms, button="left", x=n, y=n),
    lambda visit, at_ms, n: Dragged(visit=visit, at_ms=at_ms, button="left", x=n, y=n, x2=n, y2=n),
    lambda visit, at_ms, n: Scrolled(visit=visit, at_ms=at_ms, x=n, y=n, dx=0, dy=n),
    lambda visit, at_ms, n: Typed(visit=visit, at_ms=at_ms, text=str(n)),
    lambda visit, at_ms, n: Pressed(visit=visit, at_ms=at_ms, keys=(str(n),)),
    lambda visit, at_ms, _: Withheld(visit=visit, at_ms=at_ms, reason="secret_field"),
    lambda visit, at_ms, n: Moved(visit=visit, at_ms=at_ms, x=n, y=n),
    lambda visit, at_ms, n: FrameTaken(
        visit=visit,
        at_ms=at_ms,
        frame=n + 1,
        width=50,
        height=40,
        sha256=hashlib.sha256(b"%d" % (n % 5)).hexdigest(),
        masks=0,
    ),
]


@st.composite
def sessions(draw: st.DrawFn) -> list[RedactedEvent]:
    """Visits one after the other, with pauses in them and between them, so long that no two acts are one."""
    events: list[RedactedEvent] = []
    at_ms = number = 0
    for visit in range(1, draw(st.integers(0, 4)) + 1):
        at_ms += 100 * draw(st.integers(0, 500))
        page = {"site": "s", "area": "s/a", "url": "https://s.example/", "title": ""}
        how = draw(st.sampled_from(["start", "click", "key", "navigate"]))
        query = draw(st.sampled_from([None, "one", "two"]))
        events.append(
            PageEntered.model_validate({"visit": visit, "at_ms": at_ms, "arrived": how, "query": query} | page)
        )
        for maker in draw(st.lists(st.sampled_from(MAKERS), max_size=8)):
            at_ms += 100 * draw(st.integers(5, 200))
            events.append(maker(visit, at_ms, number))
            number += 1
        if draw(st.booleans()):
            events.append(PageLeft(visit=visit, at_ms=at_ms, dwell_ms=100, off_list=draw(st.booleans())))
    return events


@st.composite
def crowds(draw: st.DrawFn) -> list[RedactedEvent]:
    """Acts so close to each other, and so alike, that some are one."""
    events: list[RedactedEvent] = []
    at_ms = 0
    for visit in range(1, draw(st.integers(0, 4)) + 1):
        page = {"site": "s", "area": "s/a", "url": "https://s.example/", "title": "", "arrived": "key"}
        query = draw(st.sampled_from([None, "first words", "other words", "nothing"]))
        events.append(PageEntered.model_validate({"visit": visit, "at_ms": at_ms, "query": query} | page))
        for maker, n in draw(st.lists(st.tuples(st.sampled_from(MAKERS), st.integers(0, 9)), max_size=12)):
            at_ms += 100 * draw(st.integers(0, 7))
            event = maker(visit, at_ms, n)
            if isinstance(event, Typed):
                event = event.model_copy(update={"field": Target(role="entry", name="ab"[n % 2])})
            events.append(event)
    return events


def steps_of(events: list[RedactedEvent], rules: Rules) -> list[Step]:
    return [step for trajectory in reduce_events(events, rules).trajectories for step in trajectory.steps]


def happened(steps: list[Step]) -> list[tuple[object, ...]]:
    """What was done, as far as it tells one event from another."""
    acts = [step for step in steps if step.action.kind not in {Kind.TERMINATE, Kind.WAIT}]
    return [(step.visit, step.action.x, step.action.text, step.action.keys) for step in acts]


def expected(events: list[RedactedEvent]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for event in events:
        match event:
            case Clicked() | Dragged() | Scrolled():
                rows.append((event.visit, event.x, None, ()))
            case Typed():
                rows.append((event.visit, None, event.text, ()))
            case Pressed():
                rows.append((event.visit, None, None, event.keys))
            case Withheld():
                rows.append((event.visit, None, None, ()))
            case PageEntered(arrived="start" | "navigate"):
                rows.append((event.visit, None, event.url, ()))
            case _:
                pass
    return rows


@given(sessions(), st.booleans())
def test_every_action_is_there_once_and_in_order(events: list[RedactedEvent], gaps: bool) -> None:
    assert happened(steps_of(events, Rules(gaps=gaps))) == expected(events)


@given(sessions())
def test_a_step_shows_a_frame_that_was_taken_before_it_on_its_own_page(events: list[RedactedEvent]) -> None:
    seen: list[set[int]] = []
    frames: set[int] = set()
    for event in events:
        if isinstance(event, PageEntered):
            frames = set()
        if isinstance(event, FrameTaken):
            frames = {*frames, event.frame}
        elif expected([event]):
            seen.append(frames)

    steps = [step for step in steps_of(events, Rules()) if step.action.kind is not Kind.TERMINATE]

    for step, before in zip(steps, seen, strict=True):
        assert (step.frame is None) == (not before)
        assert step.frame is None or step.frame.number in before


@given(crowds())
def test_each_event_belongs_to_one_action_or_is_counted(events: list[RedactedEvent]) -> None:
    reduction = reduce_events(events, Rules())

    told = sum(step.events for trajectory in reduction.trajectories for step in trajectory.steps)
    acts = [event for event in events if expected([event]) or isinstance(event, Moved)]
    assert told + sum(reduction.left_out.values()) == len(acts)


@given(crowds())
def test_joining_what_is_joined_changes_nothing_and_keeps_the_order(events: list[RedactedEvent]) -> None:
    once = list(merged(events))

    again = list(merged(each.event for each in once))

    assert [each.event for each in again] == [each.event for each in once]
    assert sum(each.events for each in once) == len(events)
    acts = [each.event.at_ms for each in once if not isinstance(each.event, FrameTaken | Moved)]
    assert acts == sorted(acts)


@given(crowds())
def test_tasks_share_out_every_step_and_every_visit(events: list[RedactedEvent]) -> None:
    for trajectory in reduce_events(events, Rules()).trajectories:
        tasks = trajectory.tasks

        assert [number for task in tasks for number in task.visits] == [visit.number for visit in trajectory.visits]
        assert [number for task in tasks for number in task.queries] == list(range(len(trajectory.queries)))
        assert len(task_of(tasks, len(trajectory.steps))) == sum(task.n_steps for task in tasks)
        assert sum(task.n_steps for task in tasks) == len(trajectory.steps)


@given(sessions(), st.booleans())
def test_steps_are_numbered_from_nought_and_end_once(events: list[RedactedEvent], gaps: bool) -> None:
    for trajectory in reduce_events(events, Rules(gaps=gaps)).trajectories:
        assert [step.index for step in trajectory.steps] == list(range(len(trajectory.steps)))
        ends = [step.index for step in trajectory.steps if step.action.kind is Kind.TERMINATE]
        assert ends == ([len(trajectory.steps) - 1] if trajectory.steps else [])


@given(sessions())
def test_visits_account_for_every_step(events: list[RedactedEvent]) -> None:
    for trajectory in reduce_events(events, Rules()).trajectories:
        own = Counter(step.visit for step in trajectory.steps if step.action.kind is not Kind.TERMINATE)
        assert own == Counter({visit.number: visit.n_steps for visit in trajectory.visits if visit.n_steps})
        for visit in trajectory.visits:
            if visit.first_step is not None:
                assert trajectory.steps[visit.first_step].visit == visit.number


@given(sessions())
def test_no_visit_is_lost_and_no_search_is_made_up(events: list[RedactedEvent]) -> None:
    trajectories = reduce_events(events, Rules()).trajectories

    visits = [visit.number for trajectory in trajectories for visit in trajectory.visits]
    searched = [number for each in trajectories for search in each.queries for number in search.visits]

    assert visits == [event.visit for event in events if isinstance(event, PageEntered)]
    assert sorted(searched) == [event.visit for event in events if isinstance(event, PageEntered) and event.query]


@given(sessions())
def test_an_absence_splits_just_when_it_is_longer_than_the_rule(events: list[RedactedEvent]) -> None:
    rules = Rules(split_after_ms=20_000)
    absences = [after.at_ms - before.at_ms for before, after in pairwise(events) if isinstance(after, PageEntered)]

    trajectories = reduce_events(events, rules).trajectories

    assert len(trajectories) == (1 + sum(pause > 20_000 for pause in absences) if events else 0)


@given(sessions())
def test_no_gap_leaves_unless_asked_for(events: list[RedactedEvent]) -> None:
    steps = steps_of(events, Rules())

    assert all(step.gap_bucket == -1 and step.action.kind is not Kind.WAIT for step in steps)


@given(sessions())
def test_a_point_is_flagged_just_when_it_lies_outside(events: list[RedactedEvent]) -> None:
    for step in steps_of(events, Rules()):
        outside = any(
            x < 0 or y < 0 or (step.frame is not None and (x >= step.frame.width or y >= step.frame.height))
            for x, y in step.action.points()
        )
        assert step.quality.out_of_bounds == outside
