"""Where a corpus is played: a person, a browser, the site, and somebody who looks on at what the focus is told as."""

import asyncio
import threading
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

from tests.desktop.pages.case import Case, Expect
from tests.desktop.pages.serving import HostileSite
from Xlib import X
from Xlib.ext import xtest

from overt.demo.desktop import PrivateDesktop
from overt.demo.person import Person
from overt.errors import DesktopError
from overt.events.context import Context, Focus
from overt.events.verdict import DropReason
from overt.focus._backends._x11 import X11Focus
from overt.gate import page_of
from overt.policy.sites import SITES

_FAKE: Any = xtest.fake_input
T = TypeVar("T")
LOOSE_S = 0.3
_TRIES = 3
_SLOW_S = 0.09
"""A look takes a few milliseconds; one that takes so long shows a machine with other things to do."""


class Onlooker:
    """A focus source of its own beside the recorder's, on a thread of its own."""

    def __init__(self, desktop: PrivateDesktop) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.source = X11Focus(display=desktop.display, session_bus=desktop.env["DBUS_SESSION_BUS_ADDRESS"])
        self._run(self.source.start())

    def look(self) -> Focus:
        return self._run(self.source.check())

    def close(self) -> None:
        self._run(self.source.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)


def told(focus: Focus) -> str:
    """Return in a word what the gate would make of *focus*."""
    found = page_of(focus, SITES)
    if isinstance(found, DropReason):
        return found.value
    assert isinstance(focus, Context)
    field = focus.field
    if field is None or not field.editable:
        return "no_field"
    return "secret_field" if field.secret else "field"


class Stage:
    """Plays one case after another in one window."""

    def __init__(self, desktop: PrivateDesktop, site: HostileSite, person: Person, onlooker: Onlooker) -> None:
        self.desktop, self.site, self.person, self.onlooker = desktop, site, person, onlooker
        self.seen: dict[str, list[str]] = {}
        self.took: dict[str, float] = {}
        self.broken: dict[str, str] = {}
        self.browser: Any = None
        self.window = 0
        self.hurried: set[str] = set()
        """Cases during which the browser never had the time to answer at once, so that loss says nothing."""
        self._at = ""
        self._name = ""
        self._slowest = 0.0
        self._strayed = False
        """Whether the focus was seen elsewhere while something was typed that must be kept."""

    def play(self, case: Case) -> None:
        for _ in range(_TRIES if case.expect is Expect.KEPT else 1):
            self._play(case)
            if self._slowest < _SLOW_S and case.name not in self.broken:
                self.hurried.discard(case.name)
                if not self._strayed:
                    return
            else:
                self.hurried.add(case.name)
            time.sleep(0.5)

    def _play(self, case: Case) -> None:
        began = time.monotonic()
        self._name = case.name
        self._slowest = 0.0
        self._strayed = False
        self.seen[case.name] = []
        self.broken.pop(case.name, None)
        try:
            self.arrive(case)
            case.act(self, case)
        except DesktopError as problem:
            self.broken[case.name] = str(problem)
            self._at = ""
        if case.away:
            self._at = ""
        self.took[case.name] = time.monotonic() - began

    def arrive(self, case: Case) -> None:
        mark = self.site.mark()
        if self.window:
            self._front()
        if case.url.startswith(("http://", "https://")) or not case.url:
            if self._at:
                self.site.lead(self._at, case.address)
                self.person._page = case.address
            else:
                self.enter(case.address)
            self._at = case.path
            if case.silent:
                self._at = ""
                return
            self.site.wait(lambda each: case.path in each.page, f"{case.name} to load", since=mark)
        else:
            self.enter(case.address)

    def enter(self, address: str) -> None:
        """Type *address* into the omnibox, and do not wait."""
        for _ in range(2):
            self.person.press("esc", pause=0.02)
        self.person.press("ctrl", "l", pause=0.15)
        self.person.press("ctrl", "a", pause=0.02)
        self.person.type(address, pause=0.003)
        self.person.press("delete", pause=0.01)
        self.person.press("enter")

    def look(self) -> str:
        began = time.monotonic()
        focus = self.onlooker.look()
        self._slowest = max(self._slowest, time.monotonic() - began)
        said = told(focus)
        self.seen[self._name].append(said)
        return said

    def until(self, *said: str, seconds: float = 10.0) -> None:
        """Wait until the focus is told as *said*, and a little for the recorder to know as well."""
        deadline = time.monotonic() + seconds
        while "any" not in said and self.look() not in said:
            if time.monotonic() > deadline:
                raise DesktopError(f"waited {seconds:g} s in vain for {said}, saw {sorted(set(self.seen[self._name]))}")
            time.sleep(0.02)
        time.sleep(0.12)

    def until_not(self, said: str, seconds: float = 20.0) -> None:
        """Wait until the focus is told as anything but *said*."""
        deadline = time.monotonic() + seconds
        while self.look() == said:
            if time.monotonic() > deadline:
                raise DesktopError(f"waited {seconds:g} s in vain for the focus to leave the page")
            time.sleep(0.05)

    def unhurried(self) -> None:
        """Forget how long looks took until now: the page was loading."""
        self._slowest = 0.0

    def until_calm(self, seconds: float = 40.0) -> None:
        """Wait until the browser answers many looks in a row, and fast: a great page has been read."""
        deadline, good = time.monotonic() + seconds, 0
        while good < 12:
            if time.monotonic() > deadline:
                raise DesktopError(f"waited {seconds:g} s in vain for the browser to be calm")
            began = time.monotonic()
            good = good + 1 if self.look() in {"field", "secret_field"} and time.monotonic() - began < 0.06 else 0
            time.sleep(0.06)

    def type(self, text: str, pause: float = 0.012) -> None:
        for letter in text:
            self.person.type(letter, pause=pause)

    def type_and_look(self, text: str) -> None:
        """Type *text* slowly, and see after each letter where it went."""
        for letter in text:
            self.type(letter, pause=0.02)
            self._strayed |= self.look() != "field"
        self.settle()

    def settle(self, seconds: float = LOOSE_S) -> None:
        self.look()
        time.sleep(seconds)
        self.look()

    def hold(self, key: str, seconds: float) -> None:
        """Hold *key* down as long, which the server repeats."""
        code = self.person._code(key)[0]
        _FAKE(self.person._display, X.KeyPress, code)
        self.person._display.sync()
        time.sleep(seconds)
        _FAKE(self.person._display, X.KeyRelease, code)
        self.person._display.sync()

    def new_window(self, before: set[int], seconds: float = 15.0) -> int:
        deadline = time.monotonic() + seconds
        while not (new := [xid for xid, _ in self.person.windows() if xid not in before]):
            if time.monotonic() > deadline:
                raise DesktopError(f"waited {seconds:g} s in vain for another window")
            time.sleep(0.03)
        return new[0]

    def back(self, seconds: float = 8.0) -> None:
        """Return to the window of the corpus; whatever else is open is closed."""
        deadline = time.monotonic() + seconds
        while any(xid != self.window for xid, _ in self.person.windows()):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        self._front()

    def _front(self) -> None:
        if self.person.active() != self.window:
            self.person.activate(self.window)


def write(stage: Stage, case: Case) -> None:
    """Wait for what the case expects of the focus, type the canary, and let it settle."""
    if case.expect is Expect.KEPT:
        stage.until("field")
        stage.unhurried()
        stage.type_and_look(case.canary)
        return
    if case.expect is Expect.WITHHELD:
        stage.until("secret_field", "field")
    else:
        time.sleep(0.12)
        stage.look()
    stage.type(case.canary)
    stage.settle()
