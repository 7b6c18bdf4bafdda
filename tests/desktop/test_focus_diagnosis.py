"""Each way in which a desktop cannot be followed is told apart from the others, with its remedy."""

import contextlib
import time
from collections.abc import Callable, Iterator

import pytest

from overt.demo import programs
from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.site import LocalSite
from overt.focus.diagnosis import Check, diagnose

pytestmark = pytest.mark.desktop

PAGE = "https://en.wikipedia.org/wiki/Lighthouse"


def failing(env: dict[str, str]) -> Check:
    """Return the one check that fails; a failed one has a remedy, and a passed one has none."""
    checks = diagnose("linux", env)
    assert all(bool(check.remedy) != check.ok for check in checks), [check.name for check in checks]
    (failed,) = [check for check in checks if not check.ok]
    return failed


@contextlib.contextmanager
def running(desktop: PrivateDesktop, site: LocalSite, **env: str) -> Iterator[None]:
    browser = Chromium(desktop, site)
    browser.open(PAGE, extra_env=env)
    try:
        yield
    finally:
        browser.close()


def test_a_desktop_without_a_browser_is_fine_and_says_so(desktop: PrivateDesktop) -> None:
    checks = diagnose("linux", desktop.env)

    assert all(check.ok for check in checks)
    assert checks[-1].name == "browser"
    assert "start one" in checks[-1].detail


def test_a_browser_that_can_be_followed_passes_every_check(
    desktop: PrivateDesktop, browser: Callable[[str], Chromium]
) -> None:
    browser(PAGE)

    checks = diagnose("linux", desktop.env)

    assert [(check.name, check.remedy) for check in checks if not check.ok] == []
    assert [check.name for check in checks][-4:] == [
        "browser",
        "browser on the bus",
        "page tree",
        "interface language",
    ]


def test_a_browser_that_started_without_the_bus_must_start_again(desktop: PrivateDesktop, site: LocalSite) -> None:
    with running(desktop, site, DBUS_SESSION_BUS_ADDRESS="disabled:", AT_SPI_BUS_ADDRESS="disabled:"):
        found = failing(desktop.env)

    assert found.name == "browser on the bus"
    assert "start it again" in found.remedy


def test_a_missing_session_bus_is_told(desktop: PrivateDesktop) -> None:
    found = failing({**desktop.env, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={desktop.directory}/none"})

    assert found.name == "session bus"


def test_a_missing_accessibility_bus_is_told_and_not_started(desktop: PrivateDesktop) -> None:
    """Asking for it by name would start one that is switched off, and spoil the desktop for every later browser."""
    path = desktop.directory / "run" / "second-bus"
    address = f"unix:path={path}"
    bus = desktop.launch(["dbus-daemon", "--session", "--nofork", f"--address={address}"], "second-dbus")
    try:
        programs.wait_until(path.exists, "the second bus")
        first = failing({**desktop.env, "DBUS_SESSION_BUS_ADDRESS": address})
        time.sleep(0.5)
        second = failing({**desktop.env, "DBUS_SESSION_BUS_ADDRESS": address})
    finally:
        programs.end(bus)

    assert first.name == second.name == "accessibility bus"


def test_accessibility_that_is_switched_off_is_told(desktop: PrivateDesktop) -> None:
    path = desktop.directory / "run" / "third-bus"
    env = {**desktop.env, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={path}"}
    bus = desktop.launch(
        ["dbus-daemon", "--session", "--nofork", f"--address={env['DBUS_SESSION_BUS_ADDRESS']}"], "third-dbus"
    )
    launcher = None
    try:
        programs.wait_until(path.exists, "the third bus")
        command = [programs.at_spi_launcher() or "", "--launch-immediately", "--a11y=0"]
        launcher = desktop.launch(command, "at-spi-off", {**env, "XDG_RUNTIME_DIR": str(desktop.directory / "tmp")})
        deadline = time.monotonic() + 10
        while (found := failing(env)).name == "accessibility bus":
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        for each in filter(None, (launcher, bus)):
            programs.end(each)

    assert found.name == "accessibility enabled"


def test_a_screen_without_a_window_manager_is_told() -> None:
    with PrivateDesktop() as desktop:
        manager = next(each for each in desktop._processes if "openbox" in str(each.args))
        manager.terminate()
        manager.wait(10)

        found = failing(desktop.env)

    assert found.name == "window manager"
