"""The page of a preview: one HTML file without a script, of which nothing leads anywhere else."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import Final

from overt import __version__
from overt.dataset.preview_marks import drawn, flag, spoken, words
from overt.dataset.preview_rows import EpisodeRow, StepRow, TaskRow, VisitRow
from overt.dataset.preview_text import harmless, plain

MARK: Final = '<!doctype html>\n<html lang="en"><!-- overt export preview -->'
"""How a preview begins; a file that does not is never replaced by one."""

_ARRIVED: Final = {
    "start": "the person came to it",
    "click": "by a click",
    "key": "by a key",
    "navigate": "by its address",
}
_LEFT: Final = {"on_list": "left for another page", "off_list": "left for elsewhere"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shown:
    """A step without its picture's bytes: the *number*-th of the page; *picture* is the number of its copy."""

    number: int
    row: StepRow
    picture: int | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Story:
    """One trajectory, with everything of it that is shown."""

    row: EpisodeRow
    steps: tuple[Shown, ...]
    visits: tuple[VisitRow, ...]
    tasks: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Whole:
    """A whole page: *name* of the data set, what its manifest says, *tiles* of figures, and *limits* that were met."""

    name: str
    purpose: str
    tiles: Mapping[str, str]
    limits: tuple[str, ...]
    stories: tuple[Story, ...]
    pictures: str


def page(whole: Whole) -> Iterator[str]:
    """Yield the HTML of *whole* in pieces."""
    style = files("overt.dataset").joinpath("preview.css").read_text(encoding="utf-8")
    yield _head(style, whole.name)
    yield from _opening(whole)
    yield "<main>"
    for number, story in enumerate(whole.stories, start=1):
        yield from _story(number, story)
    yield f"</main><footer>Made by overt {escape(__version__)} from the canonical tables alone. No script, no request, "
    yield "nothing from elsewhere: what you see is in this file.</footer></div>"
    yield f'<svg class="store" aria-hidden="true" focusable="false"><defs>{whole.pictures}</defs></svg></body></html>\n'


def _head(style: str, name: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    rules = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        f'{MARK}<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{rules}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        '<link rel="icon" href="data:,">'
        f"<title>Preview of {plain(name, 80)}</title><style>{style}</style></head>"
    )


def _opening(whole: Whole) -> Iterator[str]:
    yield '<body><a class="skip" href="#t1">Skip to the first trajectory</a><div class="wrap"><header>'
    yield f'<h1>Preview of {harmless(whole.name, most=80)}</h1><p class="lead">Exported for '
    yield f"<b>{harmless(whole.purpose, most=80)}</b>. Each picture is what stood on the screen <em>before</em> the "
    yield "action that is drawn on it; what was withheld had been filled, or left out, before anything was written. "
    yield "Choose a picture to see it large.</p>"
    yield from (f'<p class="note">{each}</p>' for each in _notes(whole))
    tiles = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in whole.tiles.items()
    )
    yield f'<dl class="tiles">{tiles}</dl></header><nav aria-label="Trajectories"><ol>'
    for number, story in enumerate(whole.stories, start=1):
        yield f'<li><a href="#t{number}">{_places(story)}</a> {_aim(story)}<small class="quiet">'
        yield f"{counted(story.row.n_steps, 'step')}</small></li>"
    yield "</ol></nav>"


def _notes(whole: Whole) -> Iterator[str]:
    if all(story.row.synthetic for story in whole.stories):
        yield "Synthetic: a program made this up, and no person was recorded."
    else:
        yield (
            "This page shows in the clear what people did and typed. Treat it like the data set: do not mail it, and "
            "delete it when you have looked."
        )
        if any(story.row.trial for story in whole.stories):
            yield "A trial: train nothing on it."
    yield from map(escape, whole.limits)


def _story(number: int, story: Story) -> Iterator[str]:
    row = story.row
    part = f" · part {row.trajectory + 1}" if row.trajectory else ""
    yield f'<section aria-labelledby="t{number}"><h2 id="t{number}">{number}. {_places(story)} '
    yield f'<small>episode {plain(row.episode_id, 8)}{part}</small></h2><p class="facts">{_facts(story)}</p>'
    for task, steps in _by_task(story):
        yield from _task(story, task, steps)
    if len(story.steps) < row.n_steps:
        yield f'<p class="rest">{counted(row.n_steps - len(story.steps), "more step")} not shown.</p>'
    yield "</section>"


def _places(story: Story) -> str:
    return harmless(", ".join(story.row.sites or ()) or "nowhere", most=80)


def _aim(story: Story) -> str:
    """Return what was searched for first, if anything was."""
    asked = next((task.query for task in story.tasks if task.query), None)
    return f"“{harmless(asked, most=60)}” " if asked else ""


def _facts(story: Story) -> str:
    row = story.row
    facts = [
        counted(row.n_steps, "step"),
        counted(row.n_visits, "page visit"),
        f"contributor {harmless(row.contributor or 'unknown', most=16)}",
        f"split {harmless(row.split or 'unknown', most=20)}",
        harmless(", ".join(row.signals or ()), most=120),
        harmless(f"{row.os_family or 'system unknown'}, {row.created_month or 'month unknown'}", most=60),
        f"ends: {harmless((row.end or 'unknown').replace('_', ' '), most=40)}",
    ]
    return " · ".join(facts)


def _by_task(story: Story) -> Iterator[tuple[TaskRow | None, list[Shown]]]:
    """Yield each task with its steps, in order; steps of none come last."""
    held: dict[int | None, list[Shown]] = {task.task_index: [] for task in story.tasks}
    for step in story.steps:
        held.setdefault(step.row.task, []).append(step)
    known = {task.task_index: task for task in story.tasks}
    yield from ((known.get(index), steps) for index, steps in held.items() if index is not None and index in known)
    yield from ((None, steps) for index, steps in held.items() if index is None or index not in known)


def _task(story: Story, task: TaskRow | None, steps: list[Shown]) -> Iterator[str]:
    yield f"<details open><summary>{_summary(task, len(steps))}</summary>"
    numbers = set((task.visits or ()) if task else ())
    by_visit = {visit: list(each) for visit, each in groupby(steps, key=lambda step: step.row.visit)}
    for visit in story.visits:
        if visit.visit in numbers or visit.visit in by_visit:
            yield _visit(visit, again=task is not None and visit.visit not in numbers)
            yield from _steps(by_visit.pop(visit.visit, []))
    for left in by_visit.values():
        yield from _steps(left)
    yield "</details>"


def _summary(task: TaskRow | None, steps: int) -> str:
    if task is None:
        return f"<b>Outside any task</b> <small>{counted(steps, 'step')}</small>"
    aim = f"<b>Search</b> “{harmless(task.query, most=120)}”" if task.query else "<b>Browsing</b>"
    figures = [counted(task.n_steps or 0, "step"), counted(len(task.visits or ()), "page")]
    figures += [f"{task.dwell_s or 0:,} s", counted(task.results_opened or 0, "result opened", "results opened")]
    return f"{aim} <small>{' · '.join(figures)}</small>"


def _visit(visit: VisitRow, *, again: bool) -> str:
    if again:
        return (
            f'<div class="page"><p><small>on</small> <b>{harmless(visit.title or "no title", most=120)}</b></p></div>'
        )
    known = [_ARRIVED.get(visit.arrived or "", ""), "" if visit.dwell_s is None else f"{visit.dwell_s:,} s in view"]
    known.append(_LEFT.get(visit.left or "", ""))
    how = " · ".join(each for each in known if each)
    return (
        f'<div class="page"><p><b>{harmless(visit.title or "no title", most=160)}</b> <small>{how}</small></p>'
        f"<code>{harmless(visit.url or '')}</code></div>"
    )


def _steps(steps: list[Shown]) -> Iterator[str]:
    if steps:
        yield '<ol class="steps">'
        yield from map(_step, steps)
        yield "</ol>"


def _step(step: Shown) -> str:
    row = step.row
    ident = f"s{step.number}"
    flags = "".join(flag(name) for name, value in (row.quality or {}).items() if value and name != "no_frame")
    flags = f'<p class="flags">{flags}</p>' if flags else ""
    do = f'<div class="do"><span class="n">{row.step_index}</span><div>{words(row)}</div></div>'
    look = _look(step, ident)
    return f'<li class="step{"" if look else " bare"}" id="{ident}">{do}{flags}{look}</li>'


def _look(step: Shown, ident: str) -> str:
    row = step.row
    if step.picture is None:
        return "" if row.image is None else '<div class="blank">its picture is not shown here</div>'
    size = f"0 0 {row.image_width} {row.image_height}"
    return (
        f'<a class="look" href="#{ident}"><svg viewBox="{size}" role="img" aria-label="{spoken(row)}">'
        f'<use href="#p{step.picture}"/>{drawn(row)}</svg></a>'
    )


def counted(number: int, noun: str, several: str = "") -> str:
    """Return *number* and *noun*, which is *several*, or takes an s, when it is not one."""
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"
