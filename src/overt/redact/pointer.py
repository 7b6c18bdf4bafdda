"""Buttons, wheel and moves made into clicks, drags, scrolls and points of the content area."""

from dataclasses import dataclass
from typing import Final

from overt.events.context import Context
from overt.events.geometry import Rect
from overt.events.raw import RawButton, RawMove, RawScroll
from overt.events.redacted import Clicked, Dragged, Moved, Scrolled, Target
from overt.redact.clean import clean_text
from overt.redact.engine import Pattern
from overt.redact.journal import Entry, Journal, Made, Scribe
from overt.redact.limits import Limits

_SAME_SPOT: Final = 4
"""Pixels; a click this far from the last one begins a new run."""
_DRAG: Final = 6
"""Pixels; a button released further away was dragged."""
_MOST_CLICKS: Final = 3

_ACCOUNT: Final = Pattern(r"(?i)\b(account|konto|compte|cuenta|signed in|angemeldet)\b")
"""A button that is named after whoever is signed in says who recorded."""

Found = tuple[str, str, Rect | None]
"""Role, accessible name and box (root pixels) of what a click hit."""


def origin(context: Context) -> Rect:
    """Return the content area: the page's own box, or the window's client area while the page's is not known."""
    return context.page.rect or context.window.rect


def target_of(found: Found, area: Rect, scribe: Scribe) -> Target:
    """Make a target of *found*, its name redacted and its box in pixels of *area*."""
    role, name, box = found
    if _ACCOUNT.spans(name):
        name = ""
    place = None if box is None else (box.x - area.x, box.y - area.y, box.width, box.height)
    return Target(role=role, name=clean_text(name, scribe.echo).text, box=place)


@dataclass(slots=True, kw_only=True, repr=False)
class _Click:
    """A run of clicks, or a drag while *end* is set; *down* says that the button has not been released yet."""

    press: RawButton
    visit: int
    at_ms: int
    area: Rect
    count: int = 1
    last_ns: int = 0
    down: bool = True
    settled: bool = False
    end: tuple[int, int] | None = None
    found: Found | None = None

    def make(self, scribe: Scribe) -> Made:
        x, y = self.press.x - self.area.x, self.press.y - self.area.y
        held = tuple(sorted(self.press.modifiers))
        button = self.press.button
        if self.end is not None:
            x2, y2 = (
                _clamped(self.end[0] - self.area.x, self.area.width),
                _clamped(self.end[1] - self.area.y, self.area.height),
            )
            return Dragged(at_ms=self.at_ms, visit=self.visit, button=button, x=x, y=y, x2=x2, y2=y2, modifiers=held)
        target = None if self.found is None else target_of(self.found, self.area, scribe)
        return Clicked(
            at_ms=self.at_ms, visit=self.visit, button=button, count=self.count, x=x, y=y, modifiers=held, target=target
        )

    def goes_on_with(self, press: RawButton, within_ns: int) -> bool:
        first = self.press
        near = max(abs(first.x - press.x), abs(first.y - press.y)) < _SAME_SPOT
        same = (first.button, first.modifiers) == (press.button, press.modifiers)
        soon = press.at_ns - self.last_ns <= within_ns
        return near and same and soon and self.count < _MOST_CLICKS and self.end is None and not self.settled


@dataclass(slots=True, kw_only=True, repr=False)
class _Wheel:
    first: RawScroll
    visit: int
    at_ms: int
    area: Rect
    dx: int
    dy: int
    last_ns: int
    settled: bool = False

    def make(self, scribe: Scribe) -> Made:
        del scribe
        x, y = self.first.x - self.area.x, self.first.y - self.area.y
        return Scrolled(at_ms=self.at_ms, visit=self.visit, x=x, y=y, dx=self.dx, dy=self.dy)


class Pointer:
    """Follows the pointer's buttons, wheel and moves within one page at a time."""

    def __init__(self, journal: Journal, limits: Limits) -> None:
        """Write into *journal*, which the keyboard shares."""
        self._journal = journal
        self._limits = limits
        self._click: _Click | None = None
        self._wheel: _Wheel | None = None
        self._last_move_ns: int | None = None

    def button(self, event: RawButton, context: Context, visit: int) -> bool:
        """Take a press or a release; say whether it ended a drag."""
        self._stop_wheel()
        if event.pressed:
            self._press(event, context, visit)
        elif self._click is not None and self._click.down and self._click.press.button == event.button:
            return self._release(self._click, event)
        return False

    def hit(self, seq: int, found: Found) -> None:
        """Learn what the press with the number *seq* hit."""
        if self._click is not None and self._click.press.seq == seq:
            self._click.found = found

    def scroll(self, event: RawScroll, context: Context, visit: int) -> None:
        """Take a turn of the wheel."""
        self._stop_click()
        wheel = self._wheel
        turn = (_sign(event.dx), _sign(event.dy))
        soon = wheel is not None and event.at_ns - wheel.last_ns <= self._limits.run_ns
        if wheel is not None and soon and (_sign(wheel.dx), _sign(wheel.dy)) == turn:
            wheel.dx, wheel.dy, wheel.last_ns = wheel.dx + event.dx, wheel.dy + event.dy, event.at_ns
            return
        self._stop_wheel()
        started = _Wheel(
            first=event,
            visit=visit,
            at_ms=self._journal.at_ms(event.at_ns),
            area=origin(context),
            dx=event.dx,
            dy=event.dy,
            last_ns=event.at_ns,
        )
        self._wheel = started
        self._journal.add(Entry(make=started.make, settled=lambda: started.settled, visit=visit))

    def move(self, event: RawMove, context: Context, visit: int) -> None:
        """Take a point of the pointer's way, unless one was taken just before."""
        if self._last_move_ns is not None and event.at_ns - self._last_move_ns < self._limits.moves_apart_ns:
            return
        self._last_move_ns = event.at_ns
        area = origin(context)
        moved = Moved(at_ms=self._journal.at_ms(event.at_ns), visit=visit, x=event.x - area.x, y=event.y - area.y)
        self._journal.add(Entry(make=lambda _: moved, visit=visit))

    def tick(self, now_ns: int) -> None:
        """End the runs that have waited long enough for another click or turn."""
        if self._click is not None and not self._click.down and now_ns - self._click.last_ns > self._limits.run_ns:
            self._stop_click()
        if self._wheel is not None and now_ns - self._wheel.last_ns > self._limits.run_ns:
            self._stop_wheel()

    def stop(self) -> None:
        """End every run: something else happened. A button still down counts as a click."""
        self._stop_click()
        self._stop_wheel()

    def _press(self, event: RawButton, context: Context, visit: int) -> None:
        at_ms = self._journal.at_ms(event.at_ns)
        click = self._click
        if click is not None and click.goes_on_with(event, self._limits.run_ns):
            click.count, click.last_ns, click.down = click.count + 1, event.at_ns, True
            return
        self._stop_click()
        begun = _Click(press=event, visit=visit, at_ms=at_ms, area=origin(context), last_ns=event.at_ns)
        self._click = begun
        self._journal.add(Entry(make=begun.make, settled=lambda: begun.settled, visit=visit))

    def _release(self, click: _Click, event: RawButton) -> bool:
        click.down, click.last_ns = False, event.at_ns
        dragged = max(abs(click.press.x - event.x), abs(click.press.y - event.y)) > _DRAG
        if dragged:
            click.end = (event.x, event.y)
            self._stop_click()
        return dragged

    def _stop_click(self) -> None:
        if self._click is not None:
            self._click.settled = True
            self._click = None

    def _stop_wheel(self) -> None:
        if self._wheel is not None:
            self._wheel.settled = True
            self._wheel = None


def _sign(turn: int) -> int:
    return (turn > 0) - (turn < 0)


def _clamped(place: int, size: int) -> int:
    return min(max(place, 0), max(size - 1, 0))
