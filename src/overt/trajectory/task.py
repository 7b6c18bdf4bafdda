"""What a session was about: a search and what followed it is one task, up to a search for something else."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from overt.trajectory.action import TO_THE_END, Kind
from overt.trajectory.step import Step
from overt.trajectory.visit import PageVisit, SearchQuery

_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_MARKER: Final = re.compile(r"\[[A-Z_]+\]")
_EMPTY_WORDS: Final = frozenset(("does", "from", "have", "that", "this", "what", "when", "where", "which", "with"))

_AFTER_TYPING: Final = frozenset((Kind.CLICK, Kind.KEY, Kind.WAIT))
_MOST_AFTER_TYPING: Final = 2
"""Acts between typing a query and its results: Enter or a button, and perhaps a suggestion."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Task:
    """A stretch of a trajectory with one aim, *search* or *browse*, as far as its searches tell.

    *queries* are numbers of the trajectory's searches, *visits* the pages that were entered for it. *first_step* is
    ``None`` when it has no step. *dwell_s* adds up what is known of its visits, *results_opened* counts result clicks.
    """

    index: int
    kind: Literal["search", "browse"]
    queries: tuple[int, ...]
    visits: tuple[int, ...]
    first_step: int | None
    n_steps: int
    dwell_s: int
    results_opened: int


@dataclass(slots=True, repr=False)
class _Begun:
    """A task from its first step on, and from the visit at *position* on."""

    position: int
    step: int
    queries: list[int]
    words: set[str]


def tasks_of(
    visits: tuple[PageVisit, ...], steps: tuple[Step, ...], queries: tuple[SearchQuery, ...]
) -> tuple[Task, ...]:
    """Return the tasks of one trajectory: every step and every visit belongs to exactly one, in order.

    A search begins a task, unless it shares a word with a search of the task before: then it goes on with that one.
    """
    if not visits:
        return ()
    begun = _begun(visits, steps, queries)
    ends = [*[(after.position, after.step) for after in begun[1:]], (len(visits), len(steps))]
    return tuple(
        _task(index, each, visits[each.position : position], step - each.step, queries)
        for index, (each, (position, step)) in enumerate(zip(begun, ends, strict=True))
    )


def _begun(visits: tuple[PageVisit, ...], steps: tuple[Step, ...], queries: tuple[SearchQuery, ...]) -> list[_Begun]:
    begun = [_Begun(0, 0, [], set())]
    positions = {visit.number: position for position, visit in enumerate(visits)}
    for number, search in enumerate(queries):
        words = _words(search.query)
        last = begun[-1]
        position = positions[search.visits[0]]
        if (last.queries and not last.words & words) or (not last.queries and not _first_page(visits, position)):
            last = _Begun(position, max(_first_step(visits, steps, position), last.step), [], set())
            begun.append(last)
        last.queries.append(number)
        last.words |= words
    return begun


def _task(
    index: int, begun: _Begun, visits: tuple[PageVisit, ...], n_steps: int, queries: tuple[SearchQuery, ...]
) -> Task:
    return Task(
        index=index,
        kind="search" if begun.queries else "browse",
        queries=tuple(begun.queries),
        visits=tuple(visit.number for visit in visits),
        first_step=begun.step if n_steps else None,
        n_steps=n_steps,
        dwell_s=sum(visit.dwell_s or 0 for visit in visits),
        results_opened=sum(len(queries[number].clicks) for number in begun.queries),
    )


def _words(query: str) -> set[str]:
    return set(_WORD.findall(_MARKER.sub(" ", query).casefold())) - _EMPTY_WORDS


def _first_page(visits: tuple[PageVisit, ...], position: int) -> bool:
    """Whether nothing came before the results at *position* but the page of the same site that was searched from."""
    return position == 0 or (position == 1 and visits[0].site == visits[1].site)


def _first_step(visits: tuple[PageVisit, ...], steps: tuple[Step, ...], position: int) -> int:
    """The step with which the search began that led to the visit at *position*, typed on the page before."""
    before = visits[position - 1]
    if visits[position].arrived in {"start", "navigate"} or before.first_step is None:
        later = (visit.first_step for visit in visits[position:] if visit.first_step is not None)
        return next(later, len(steps))
    end = before.first_step + before.n_steps
    for index in range(end - 1, max(before.first_step, end - 1 - _MOST_AFTER_TYPING) - 1, -1):
        if steps[index].action.kind is Kind.TYPE:
            if index > before.first_step and steps[index - 1].action == TO_THE_END:
                index -= 1  # noqa: PLW2901 - it belongs to the typing
            entered = index > before.first_step and steps[index - 1].action.kind is Kind.CLICK
            return index - entered
        if steps[index].action.kind not in _AFTER_TYPING:
            break
    return end - 1


def task_of(tasks: tuple[Task, ...], n_steps: int) -> list[int]:
    """Return for each of *n_steps* steps the index of its task."""
    starts = [(task.first_step, task.index) for task in tasks if task.first_step is not None]
    ends = [*starts, (n_steps, -1)]
    return [index for (first, index), (end, _) in pairwise(ends) for _ in range(end - first)]
