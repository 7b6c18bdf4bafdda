"""One act of the scripted person: what is done, what must come of it in the export, and the secret that it plants."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from overt.demo.browser import Chromium
from overt.demo.canary import Canary
from overt.demo.desktop import PrivateDesktop
from overt.demo.pages.shell import SECRET_COLOUR
from overt.demo.person import Person
from overt.demo.pictures import count_colour
from overt.demo.site import LocalSite
from overt.errors import DesktopError

_PAINT_SECONDS: Final = 0.15
"""A page reports what it holds a little before the screen shows it."""

Wanted = Mapping[str, object]
"""Fields of one exported action with the exact values that they must have; other fields may have any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the acts happen: *rest* is the pause, in seconds, after which everything has settled."""

    desktop: PrivateDesktop
    site: LocalSite
    browser: Chromium
    person: Person
    canaries: Mapping[str, Canary]
    planted: set[str] = field(default_factory=set)
    shown: dict[str, int] = field(default_factory=dict)
    """By act: how many pixels of the screen itself had the secrets' colour once the secret was typed."""
    rest: float = 0.7

    def pause(self) -> None:
        """Rest: a person looks at the page before the next act."""
        time.sleep(self.rest)

    def at(self, x: int, y: int) -> dict[str, object]:
        """Return the root pixel *x*, *y* in pixels of the page's visible part, as an exported action has it."""
        content = self.person.latest().content
        return {"x": x - content.x, "y": y - content.y}

    def click(self, element: str, *, count: int = 1) -> dict[str, object]:
        """Click *element*'s middle and return what must be exported of it."""
        x, y = self.person.point(element)
        wanted = {"kind": "click", "button": "left", "count": count, **self.at(x, y)}
        self.person.click(x, y, count=count)
        return wanted

    def plant(self, act: str, element: str = "text") -> None:
        """Type the secret of *act* and make sure that *element* of some page received it."""
        self.person.type(self.canaries[act].text)
        self.landed(act, element)

    def landed(self, act: str, element: str) -> None:
        """Wait until *element* of some page holds the secret of *act*: a secret that nobody saw proves nothing."""
        text = self.canaries[act].text
        self.site.wait(lambda each: each.values.get(element) == text, f"the secret of {act} to be typed")
        self.planted.add(act)
        time.sleep(_PAINT_SECONDS)
        self.shown[act] = count_colour(self.person.screen(), (*reversed(SECRET_COLOUR), 0))

    def planted_in(self, act: str, read: Callable[[], str]) -> None:
        """Wait until *read* returns the secret of *act*."""
        deadline = time.monotonic() + 10
        while self.canaries[act].text not in read():
            if time.monotonic() > deadline:
                raise DesktopError(f"waited 10 s in vain for the secret of {act} to be typed")
            time.sleep(0.05)
        self.planted.add(act)


Play = Callable[[Stage], list[Wanted]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act: *did* says what is done and *why* what Overt makes of it, in words; *play* does it.

    *secret* tells whether the act plants one; *card* that it is a card number. An act may be both: something of it
    must be exported and its secret must not. *page* is the title of the page on which the recorder notes that
    something was withheld, where it does.
    """

    ident: str
    did: str
    why: str
    play: Play
    secret: bool = False
    card: bool = False
    page: str = ""
