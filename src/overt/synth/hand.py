"""The hand of somebody who does not exist: what a recorder would keep of each of its acts, in the order of the acts."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from overt.events.geometry import Rect
from overt.events.redacted import (
    TICK_MS,
    Clicked,
    Dragged,
    PageEntered,
    PageLeft,
    Pressed,
    RedactedEvent,
    RedactedFrame,
    Scrolled,
    Target,
    Typed,
    Withheld,
)
from overt.policy.sites import Allowed, judge
from overt.policy.urls import CleanUrl, clean
from overt.synth.pages import Element, Page
from overt.synth.words import slipped
from overt.trajectory.action import Action, Kind

Arrival = Literal["start", "click", "key", "navigate"]
Camera = Callable[[Page, Rect, int, int, int], RedactedFrame]
"""Takes a picture of a page, of which the given part is seen, at an instant (ms), on a visit, with a number."""

NOTCH: Final = 100
"""Pixels by which a page moves under one click of the wheel."""

IDLE_MS: Final = 5_000
"""A field that is left alone for longer closes a segment (``overt.redact.limits``)."""

_MARGIN: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How one made-up person works: the content area they see, how fast they type and read, how often they slip."""

    width: int
    height: int
    key_ms: int
    pace: float
    slips: float
    wheel: int


def manner(chance: Random) -> Manner:
    """Return the manner of one made-up person."""
    width, height = chance.choice(((1280, 640), (1366, 657), (1440, 789), (1536, 730), (1920, 969)))
    return Manner(
        width=width,
        height=height,
        key_ms=chance.randint(90, 320),
        pace=chance.uniform(0.6, 1.6),
        slips=chance.uniform(0.05, 0.35),
        wheel=chance.randint(2, 6),
    )


class Hand:
    """Acts on one page after the other; *records* is what a recorder would have kept, *acts* what was done.

    *acts* is in the words of a dataset and says each act as it is meant, whatever becomes of its record. Time is a
    count of milliseconds that only the acts move on.
    """

    def __init__(self, chance: Random, manner: Manner, *, camera: Camera | None = None) -> None:
        """Act as *manner* says; without a *camera* no frames are taken."""
        self.records: list[RedactedEvent | RedactedFrame] = []
        self.acts: list[Action] = []
        self.seen_ms = 0
        self._chance = chance
        self._manner = manner
        self._camera = camera
        self._ms = 0
        self._last_ms = 0
        self._visit = 0
        self._entered_ms: int | None = None
        self._page: Page | None = None
        self._top = 0
        self._frames = 0
        self._shown: str | None = None
        self._tainted: set[str] = set()

    @property
    def page(self) -> Page:
        """The page in view."""
        assert self._page is not None, "no page has been opened"
        return self._page

    @property
    def now_ms(self) -> int:
        """The time since the session began, on the grid on which times are kept."""
        return self._ms // TICK_MS * TICK_MS

    def open(self, page: Page, arrived: Arrival) -> None:
        """Come to *page*, and wait until it has settled."""
        if self._entered_ms is not None:
            self.wait(150, 1_300)
            self.leave()
        address = clean(page.url)
        verdict = judge(page.url)
        assert address is not None, "only pages that may be recorded are opened"
        assert isinstance(verdict, Allowed)
        self._page, self._top, self._shown = page, 0, None
        self._visit += 1
        self._entered_ms = self.now_ms
        if "[" in page.title:
            self._tainted.add(page.url)
        self._enter(page, verdict, address, arrived)
        self.wait(450, 1_200)
        self._look()

    def leave(self, *, off_list: bool = False) -> None:
        """Leave the page in view, for one *off_list* or for the next."""
        assert self._entered_ms is not None, "a page is left once"
        at_ms = self._at()
        dwell_ms = at_ms - self._entered_ms
        self.seen_ms += dwell_ms
        self._keep(PageLeft(synthetic=True, at_ms=at_ms, visit=self._visit, dwell_ms=dwell_ms, off_list=off_list))
        self._entered_ms = None

    def wait(self, least_ms: int, most_ms: int) -> None:
        """Let time pass."""
        self._ms += self._chance.randint(least_ms, most_ms)

    def click(
        self, on: Element, *, button: str = "left", count: Literal[1, 2, 3] = 1, held: tuple[str, ...] = ()
    ) -> None:
        """Bring *on* into view and click it."""
        self._bring(on)
        self.wait(400, 2_400)
        x, y = self._aim(on.box)
        target = self._target(on)
        act = Action(kind=Kind.CLICK, button=button, count=count, x=x, y=y, modifiers=held, target=target)
        self.acts.append(act)
        self._keep(
            Clicked(
                synthetic=True,
                at_ms=self._at(),
                visit=self._visit,
                button=button,
                count=count,
                x=x,
                y=y,
                modifiers=held,
                target=target,
            )
        )
        self.wait(120, 500)

    def type(self, into: Element, text: str, *, kinds: tuple[str, ...] = (), unseen: bool = False) -> None:
        """Type *text* into the field in focus, with a slip now and then that is seen late and mended.

        *kinds* are those of the markers in it. *unseen* says that the recorder may have missed keys.
        """
        began_ms = self._last_ms
        if not kinds and not unseen and self._chance.random() < self._manner.slips:
            wrong = slipped(self._chance, text)
            self._write(into, wrong, began_ms)
            self.wait(IDLE_MS + TICK_MS, IDLE_MS + 3_000)
        self._write(into, text, began_ms, kinds=kinds, unseen=unseen)
        if kinds:
            self._tainted.add(self.page.url)

    def withhold(self, reason: str) -> None:
        """Type into the field in focus, of which nothing may be kept, for *reason*."""
        self.wait(1_000, 4_000)
        self.acts.append(Action(kind=Kind.TYPE, redacted=True, redaction_types=(reason,)))
        self._keep(Withheld(synthetic=True, at_ms=self._at(), visit=self._visit, reason=reason))
        self._tainted.add(self.page.url)

    def press(self, *keys: str) -> None:
        """Press a key, or several together."""
        self.wait(150, 700)
        self.acts.append(Action(kind=Kind.KEY if len(keys) == 1 else Kind.HOTKEY, keys=keys))
        self._keep(Pressed(synthetic=True, at_ms=self._at(), visit=self._visit, keys=keys))

    def scroll(self, notches: int) -> None:
        """Turn the wheel by *notches*, positive is up, as far as the page goes."""
        lowest = max(0, self.page.height - self._manner.height)
        top = min(max(self._top - notches * NOTCH, 0), lowest)
        turned = -(-abs(top - self._top) // NOTCH) * (1 if notches > 0 else -1)
        if not turned:
            return
        x, y = self._chance.randrange(self._manner.width // 4, self._manner.width // 2), self._manner.height // 2
        self.acts.append(Action(kind=Kind.SCROLL, x=x, y=y, dx=0, dy=turned))
        self._keep(Scrolled(synthetic=True, at_ms=self._at(), visit=self._visit, x=x, y=y, dx=0, dy=turned))
        self._top = top
        self.wait(100 * abs(turned), 250 * abs(turned))
        self.wait(600, 1_000)
        self._look()

    def mark(self) -> None:
        """Drag over a line of text, and copy it."""
        y = self._chance.randrange(self._manner.height // 3, self._manner.height - _MARGIN)
        x, x2 = self._chance.randint(190, 300), self._chance.randint(500, 900)
        self.acts.append(Action(kind=Kind.DRAG, button="left", x=x, y=y, x2=x2, y2=y))
        self._keep(
            Dragged(synthetic=True, at_ms=self._at(), visit=self._visit, button="left", x=x, y=y, x2=x2, y2=y),
        )
        self.wait(700, 1_500)
        self.press("ctrl", "c")

    def read(self, looks: int) -> None:
        """Read on for *looks* screens, and now and then go back a little."""
        for _ in range(looks):
            self._ms += round(self._chance.lognormvariate(8.2, 0.6) * self._manner.pace)
            self.scroll(-self._manner.wheel - self._chance.randrange(3))
            if self._chance.random() < 0.15:  # noqa: PLR2004 - about one look in seven
                self.scroll(self._chance.randint(1, 3))

    def _enter(self, page: Page, verdict: Allowed, address: CleanUrl, arrived: Arrival) -> None:
        if arrived in {"start", "navigate"}:
            self.acts.append(Action(kind=Kind.NAVIGATE, text=address.url))
        self._keep(
            PageEntered(
                synthetic=True,
                at_ms=self._at(),
                visit=self._visit,
                site=verdict.site,
                area=verdict.area,
                url=address.url,
                title=page.title,
                query=address.query,
                arrived=arrived,
            )
        )

    def _write(
        self, into: Element, text: str, began_ms: int, *, kinds: tuple[str, ...] = (), unseen: bool = False
    ) -> None:
        target = self._target(into)
        act = Action(kind=Kind.TYPE, text=text, redacted=bool(kinds), redaction_types=kinds, target=target)
        self.acts.append(act)
        self._ms += len(text) * self._manner.key_ms
        self._keep(
            Typed(
                synthetic=True,
                at_ms=began_ms,
                visit=self._visit,
                text=text,
                withheld=kinds,
                field=target,
                incomplete=unseen,
            )
        )

    def _bring(self, element: Element) -> None:
        """Turn the wheel until the whole of *element* is in view."""
        room = self._manner.height - element.box.height - 2 * _MARGIN
        while element.box.y - self._top > room or element.box.y < self._top:
            here = self._top
            down = element.box.y - self._top > room
            far = element.box.y - self._top - room if down else self._top - element.box.y
            self.scroll((-1 if down else 1) * min(self._manner.wheel, -(-far // NOTCH)))
            if self._top == here:
                return

    def _aim(self, box: Rect) -> tuple[int, int]:
        """Return a point of the content area inside *box*, rather in its middle than at its edge."""
        x = box.x + round(self._chance.triangular(1, box.width - 2))
        y = box.y - self._top + round(self._chance.triangular(1, box.height - 2))
        return min(max(x, 0), self._manner.width - 1), min(max(y, 0), self._manner.height - 1)

    def _target(self, element: Element) -> Target:
        box = element.box
        return Target(role=element.role, name=element.name, box=(box.x, box.y - self._top, box.width, box.height))

    def _look(self) -> None:
        """Take a frame, unless it shows something withheld, or what the last one on this visit showed."""
        if self._camera is None or self.page.url in self._tainted:
            return
        seen = Rect(x=0, y=self._top, width=self._manner.width, height=self._manner.height)
        frame = self._camera(self.page, seen, self._at(), self._visit, self._frames + 1)
        if frame.event.sha256 != self._shown:
            self._frames += 1
            self._shown = frame.event.sha256
            self.records.append(frame)

    def _keep(self, record: RedactedEvent) -> None:
        self.records.append(record)

    def _at(self) -> int:
        self._last_ms = self.now_ms
        return self._last_ms
