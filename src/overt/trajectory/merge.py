"""Joins records that are one action: runs of clicks, turns of the wheel, and what was typed into one field."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from overt.events.redacted import Clicked, FrameTaken, Moved, RedactedEvent, Scrolled, Target, Typed

RUN_MS: Final = 500
"""Clicks, and turns of the wheel, less far apart than this are one run.

Times are whole tenths of a second, so what is told as just 500 ms may have been more.
"""
CLICK_RUN_PX: Final = 4
"""A click this far from the first of a run begins another."""
MOST_CLICKS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Merged:
    """One record, or several that are one action; *events* is how many, and *event* stands where the first stood."""

    event: RedactedEvent
    events: int = 1


def merged(events: Iterable[RedactedEvent]) -> Iterator[Merged]:
    """Yield *events* of one visit, in order, with those joined that are one action.

    What only describes the scene (frames, moves) keeps its place behind the action that it came after.
    """
    run = _Run()
    for event in events:
        if isinstance(event, FrameTaken | Moved) and run.event is not None:
            run.scene.append(event)
        elif not run.takes(event):
            yield from run.let_go()
            run.begin(event)
    yield from run.let_go()


@dataclass(slots=True, repr=False)
class _Run:
    """The action that may go on, when it was last seen to, and what has been shown since it began."""

    event: RedactedEvent | None
    events: int
    last_ms: int
    scene: list[RedactedEvent]

    def __init__(self) -> None:
        self.event, self.events, self.last_ms, self.scene = None, 0, 0, []

    def begin(self, event: RedactedEvent) -> None:
        self.event, self.events, self.last_ms = event, 1, event.at_ms

    def let_go(self) -> Iterator[Merged]:
        if self.event is not None:
            yield Merged(event=self.event, events=self.events)
        for event in self.scene:
            yield Merged(event=event)
        self.event, self.scene = None, []

    def takes(self, event: RedactedEvent) -> bool:
        """Join *event* to this run if it belongs to it."""
        joined: RedactedEvent | None = None
        match self.event, event:
            case Typed() as before, Typed() as after:
                joined = _typed(before, after)
            case Clicked() as before, Clicked() as after:
                joined = _clicked(before, after) if after.at_ms - self.last_ms < RUN_MS else None
            case Scrolled() as before, Scrolled() as after if not self._shown():
                joined = _scrolled(before, after) if after.at_ms - self.last_ms < RUN_MS else None
            case _:
                pass
        if joined is None:
            return False
        self.event, self.events, self.last_ms = joined, self.events + 1, event.at_ms
        return True

    def _shown(self) -> bool:
        return any(isinstance(each, FrameTaken) for each in self.scene)


def place_of(target: Target) -> tuple[object, ...]:
    """Return what tells fields of a page apart: the name, and where there is none the box."""
    return (target.role, target.name) if target.name else (target.role, target.box)


def _typed(before: Typed, after: Typed) -> Typed | None:
    """Join what one field held at two times: the later text, which has every edit applied."""
    if before.field is None or after.field is None or place_of(before.field) != place_of(after.field):
        return None
    incomplete = before.incomplete or after.incomplete
    return after.model_copy(update={"at_ms": before.at_ms, "incomplete": incomplete, "field": before.field})


def _clicked(before: Clicked, after: Clicked) -> Clicked | None:
    count = before.count + after.count
    near = max(abs(before.x - after.x), abs(before.y - after.y)) < CLICK_RUN_PX
    same = (before.button, before.modifiers) == (after.button, after.modifiers)
    if before.target is not None and after.target is not None:
        same &= (before.target.role, before.target.name) == (after.target.role, after.target.name)
    if count > MOST_CLICKS or not near or not same:
        return None
    return before.model_copy(update={"count": count, "target": before.target or after.target})


def _scrolled(before: Scrolled, after: Scrolled) -> Scrolled | None:
    if (_sign(before.dx), _sign(before.dy)) != (_sign(after.dx), _sign(after.dy)):
        return None
    return before.model_copy(update={"dx": before.dx + after.dx, "dy": before.dy + after.dy})


def _sign(turn: int) -> int:
    return (turn > 0) - (turn < 0)
