"""Where the person was and what they searched for: page visits with dwell, and search queries with what was opened."""

from dataclasses import dataclass
from typing import Literal

from overt.trajectory.action import Kind
from overt.trajectory.step import Step

Left = Literal["on_list", "off_list"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PageVisit:
    """One stay on one page; *dwell_s* is the time in focus in whole seconds, rounded down.

    *dwell_s* and *left* are ``None`` when the session ended without the page being left. *first_step* is the index of
    the first of its *n_steps* steps, ``None`` when it has none. *off_list* destinations are never named.
    """

    number: int
    site: str
    area: str
    url: str
    title: str
    query: str | None
    arrived: str
    dwell_s: int | None
    left: Left | None
    first_step: int | None
    n_steps: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ResultClick:
    """A click on a page of results: on a link, or such that the page changed.

    *to_visit* is the visit that it led to; ``None`` when the page stayed, or when the destination is *off_list*.
    """

    step: int
    role: str | None
    name: str | None
    to_visit: int | None
    off_list: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SearchQuery:
    """A search on *site*: its text, redacted, the visits that showed its results, and the clicks on them, in order.

    Coming back to the results, and turning their pages, belongs to the same search until another one is made.
    """

    site: str
    area: str
    query: str
    visits: tuple[int, ...]
    clicks: tuple[ResultClick, ...]


def queries_of(visits: tuple[PageVisit, ...], steps: tuple[Step, ...]) -> tuple[SearchQuery, ...]:
    """Return the searches among *visits* of one trajectory, with the clicks of *steps* that followed."""
    found: list[SearchQuery] = []
    for position, visit in enumerate(visits):
        if visit.query is None:
            continue
        after = visits[position + 1] if position + 1 < len(visits) else None
        clicks = _clicks(visit, after, steps)
        last = found[-1] if found else None
        if last is not None and (last.site, last.query) == (visit.site, visit.query):
            found[-1] = _searched(visit, (*last.visits, visit.number), (*last.clicks, *clicks))
        else:
            found.append(_searched(visit, (visit.number,), clicks))
    return tuple(found)


def _searched(visit: PageVisit, visits: tuple[int, ...], clicks: tuple[ResultClick, ...]) -> SearchQuery:
    return SearchQuery(site=visit.site, area=visit.area, query=visit.query or "", visits=visits, clicks=clicks)


def _clicks(visit: PageVisit, after: PageVisit | None, steps: tuple[Step, ...]) -> tuple[ResultClick, ...]:
    """The clicks on *visit*'s page; the last action of a visit is what its departure is credited to."""
    if visit.first_step is None:
        return ()
    own = steps[visit.first_step : visit.first_step + visit.n_steps]
    own = tuple(step for step in own if step.action.kind not in {Kind.WAIT, Kind.TERMINATE})
    clicks = []
    for step in own:
        action = step.action
        if action.kind is not Kind.CLICK or action.button == "right":
            continue
        leaves = step is own[-1]
        to_visit = after.number if leaves and after is not None and after.arrived == "click" else None
        off_list = leaves and visit.left == "off_list"
        role = action.target.role if action.target else None
        if role == "link" or to_visit is not None or off_list:
            name = action.target.name if action.target else None
            clicks.append(ResultClick(step=step.index, role=role, name=name, to_visit=to_visit, off_list=off_list))
    return tuple(clicks)
