"""Looks at an X11 desktop step by step, as the focus source would, and says at which step it would fail."""

import asyncio
from dataclasses import dataclass
from typing import Final

from overt.errors import DesktopError
from overt.focus._backends import _process
from overt.focus._backends._absence import AbsenceError
from overt.focus._backends._binding import Application, Bindings
from overt.focus._backends._bus import REMEDY, Bus, Node, open_bus, open_session
from overt.focus._backends._languages import Kind
from overt.focus._backends._nodes import Nodes, uri_of
from overt.focus._backends._x11_screen import Screen, TopWindow

_LOOK_S: Final = 3.0
_WAKE_S: Final = 1.5
"""A browser builds its page's tree only once somebody reads it: how long that may take."""

_RESTART: Final = "close every window of the browser and start it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one step found, and what to do when it is not *ok*."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


class Probe:
    """Looks once; each step needs the one before it."""

    def __init__(self, display: str, session_bus: str | None) -> None:
        """Look at *display* and the accessibility bus of *session_bus* (default: the environment's)."""
        self._display = display
        self._session_bus = session_bus
        self._found: list[Finding] = []

    async def findings(self) -> list[Finding]:
        """Return what each step found, up to the first that fails and that the rest needs."""
        try:
            screen = Screen(self._display, lambda: None)
        except DesktopError as error:
            self._note("display", f"the X server at {self._display} cannot be reached", error.hint)
            return self._found
        try:
            await self._look(screen)
        except (AbsenceError, TimeoutError):
            self._note("browser", "the desktop changed or stopped answering while it was looked at", "try again")
        finally:
            screen.close()
        return self._found

    async def _look(self, screen: Screen) -> None:
        self._note("display", "the X server answers")
        if not screen.manager_known():
            remedy = "start a window manager that follows EWMH, such as openbox"
            self._note("window manager", "no window manager says which window is active", remedy)
            return
        self._note("window manager", "it says which window is active")
        if not await self._look_at_buses():
            return
        try:
            bus = await open_bus(self._session_bus, lambda _: None, lambda: None)
        except DesktopError as error:
            self._note("accessibility bus", str(error), error.hint)
            return
        try:
            async with asyncio.timeout(_LOOK_S):
                await self._look_at_browsers(screen, bus)
        finally:
            await bus.close()

    async def _look_at_buses(self) -> bool:
        try:
            session = await open_session(self._session_bus)
        except DesktopError as error:
            self._note("session bus", str(error), error.hint)
            return False
        self._note("session bus", "it answers")
        try:
            if not await session.has_accessibility() or not await session.address():
                self._note("accessibility bus", "there is no accessibility bus", REMEDY)
                return False
            self._note("accessibility bus", "it runs")
            enabled = await session.enabled()
        finally:
            await session.close()
        if not enabled:
            self._note("accessibility enabled", "accessibility is switched off: browsers tell nothing", REMEDY)
        else:
            self._note("accessibility enabled", "browsers that start now will tell what they show")
        return True

    async def _look_at_browsers(self, screen: Screen, bus: Bus) -> None:
        windows = [(each, _process.browser_of(each.pid)) for each in screen.clients()]
        browsers = {each.pid: name for each, name in windows if name is not None}
        if not browsers:
            self._note("browser", "no supported browser (Chromium, Chrome, Firefox) runs; start one and look again")
            return
        self._note("browser", f"{', '.join(sorted(set(browsers.values())))} runs")
        bindings = Bindings(bus)
        for pid, name in browsers.items():
            application = await bindings.find(pid)
            if application is None:
                detail = f"{name} (process {pid}) is not on the accessibility bus: it started before the bus was on"
                self._note("browser on the bus", detail, _RESTART)
                continue
            self._note("browser on the bus", f"{name} (process {pid}) is there")
            mine = [each for each, _ in windows if each.pid == pid]
            await self._look_inside(Nodes(bus), bindings, application, mine)

    async def _look_inside(
        self, nodes: Nodes, bindings: Bindings, application: Application, windows: list[TopWindow]
    ) -> None:
        pages = await _pages(nodes, application)
        if not pages:
            detail = "the browser shows no page to assistive technology"
            remedy = f"{_RESTART}; if that does not help, start it with --force-renderer-accessibility"
            self._note("page tree", detail, remedy)
            return
        self._note("page tree", "the page tells its address")
        kinds = [
            (await bindings.kind(frame, window, _process.browser_of(window.pid) or ""))[1]
            for frame in pages
            for window in windows
        ]
        if Kind.UNKNOWN_LANGUAGE in kinds:
            detail = "the mark of private windows is not known in this interface language"
            self._note("interface language", detail, "start the browser in English, for example with LANGUAGE=en_US")
        else:
            self._note("interface language", "private windows can be told from ordinary ones")

    def _note(self, name: str, detail: str, remedy: str = "") -> None:
        self._found.append(Finding(name=name, ok=not remedy, detail=detail, remedy=remedy))


async def _pages(nodes: Nodes, application: Application) -> list[Node]:
    """Return the frames that show a page with an address, waking the tree first; private windows among them."""
    for _ in range(round(_WAKE_S / 0.1)):
        frames = await nodes.children(application.root)
        await asyncio.gather(*(nodes.attributes(frame) for frame in frames))
        shown = [(frame, await nodes.embedded(frame)) for frame in frames]
        found = [frame for frame, page in shown if page is not None and uri_of(await nodes.document(page))]
        if found:
            return found
        await asyncio.sleep(0.1)
    return []
