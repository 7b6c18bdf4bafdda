"""What a person did, in the vocabulary that every export format is rendered from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

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


class Kind(StrEnum):
    """The kind of an action; a double, triple, right or middle click is a ``click`` with a count and a button."""

    CLICK = "click"
    DRAG = "drag"
    SCROLL = "scroll"
    TYPE = "type"
    KEY = "key"
    HOTKEY = "hotkey"
    NAVIGATE = "navigate"
    """A page that opened by way of the browser's own interface; its text is the page's sanitised address."""
    WAIT = "wait"
    TERMINATE = "terminate"


class LeftOut(StrEnum):
    """Why an event became no action. Nothing is left out without one of these being counted."""

    MOVE = "move"
    """Pointer paths identify people and no trainer reads them."""
    EMPTY_TEXT = "empty_text"
    """The field was empty when its segment closed, and nothing was withheld."""
    NO_PAGE = "no_page"
    """The page that it belongs to was never announced: a row removed in review, or a lost flush."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Action:
    """One action; which fields are set follows from *kind* (``docs/spec/dataset-v1.md``).

    Coordinates are whole pixels of the recorded content area, scrolls are wheel clicks with positive *dy* up, keys
    have PyAutoGUI's names. *redacted* says that something was withheld, of the kinds in *redaction_types*; what is left
    of *text* then holds a ``[KIND]`` marker for each, and ``None`` means that nothing of the field was kept.
    """

    kind: Kind
    button: str | None = None
    count: int | None = None
    x: int | None = None
    y: int | None = None
    x2: int | None = None
    y2: int | None = None
    dx: int | None = None
    dy: int | None = None
    text: str | None = None
    keys: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    status: str | None = None
    redacted: bool = False
    redaction_types: tuple[str, ...] = ()
    target: Target | None = None

    def points(self) -> tuple[tuple[int, int], ...]:
        """Return every point of the content area that this action names."""
        ends = ((self.x, self.y), (self.x2, self.y2))
        return tuple((x, y) for x, y in ends if x is not None and y is not None)


TO_THE_END: Final = Action(kind=Kind.HOTKEY, keys=("ctrl", "end"))
"""Puts the caret behind all that a field holds: records tell that text was added there, and not how it got there.

A click into a text puts it in the middle, and the Tab key selects the whole: typing alone would then do something else.
"""


def action_of(event: RedactedEvent) -> Action | LeftOut | None:
    """Return the action that *event* is, why it is none, or ``None`` when it only describes the scene."""
    match event:
        case Clicked() | Dragged() | Scrolled():
            return _pointer(event)
        case Typed() | Pressed() | Withheld():
            return _keyboard(event)
        case PageEntered(arrived="navigate" | "start"):
            return Action(kind=Kind.NAVIGATE, text=event.url)
        case Moved():
            return LeftOut.MOVE
        case PageEntered() | PageLeft() | FrameTaken():
            return None


def _pointer(event: Clicked | Dragged | Scrolled) -> Action:
    x, y = event.x, event.y
    match event:
        case Clicked(button=button, count=count, modifiers=held, target=target):
            return Action(kind=Kind.CLICK, button=button, count=count, x=x, y=y, modifiers=held, target=target)
        case Dragged(button=button, x2=x2, y2=y2, modifiers=held):
            return Action(kind=Kind.DRAG, button=button, x=x, y=y, x2=x2, y2=y2, modifiers=held)
        case Scrolled(dx=dx, dy=dy):
            return Action(kind=Kind.SCROLL, x=x, y=y, dx=dx, dy=dy)


def _keyboard(event: Typed | Pressed | Withheld) -> Action | LeftOut:
    match event:
        case Typed(text="", withheld=()):
            return LeftOut.EMPTY_TEXT
        case Typed(text=text, withheld=kinds, field=target):
            return Action(kind=Kind.TYPE, text=text, redacted=bool(kinds), redaction_types=kinds, target=target)
        case Pressed(keys=keys):
            return Action(kind=Kind.KEY if len(keys) == 1 else Kind.HOTKEY, keys=keys)
        case Withheld(reason=reason):
            return Action(kind=Kind.TYPE, redacted=True, redaction_types=(reason,))
