"""``overt doctor`` tells apart what is missing, on real desktops."""

import subprocess
import sys
from pathlib import Path

import pytest

from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.site import LocalSite
from overt.demo.tool import Ran, Tool

pytestmark = pytest.mark.desktop

CONSENT = ("--site", "google", "--signal", "clicks", "--purpose", "model_training", "--yes")


@pytest.fixture
def tool(desktop: PrivateDesktop, tmp_path: Path) -> Tool:
    """Return a trial home in which consent was given."""
    made = Tool(tmp_path / "home", tmp_path / "work", desktop.env)
    made.run("init", "--all-in-one")
    made.run("consent", "give", *CONSENT)
    return made


def failed(ran: Ran) -> dict[str, str]:
    return {check["name"]: check["remedy"] for check in ran.json()["checks"] if not check["ok"]}


def test_a_desktop_on_which_everything_holds_is_ready(tool: Tool, desktop: PrivateDesktop, site: LocalSite) -> None:
    chromium = Chromium(desktop, site)
    chromium.open("https://www.google.com/")

    ran = tool.run("doctor", "--json")
    chromium.close()

    assert failed(ran) == {}
    assert ran.json()["ready"] is True


def test_a_browser_that_started_before_accessibility_was_on_is_told_apart(
    tool: Tool, desktop: PrivateDesktop, site: LocalSite
) -> None:
    chromium = Chromium(desktop, site)
    chromium.open("https://www.google.com/", extra_env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"})

    ran = tool.run("doctor", "--json", expect=3)
    chromium.close()

    assert list(failed(ran)) == ["browser on the bus"]
    assert "start it again" in failed(ran)["browser on the bus"]


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("DISPLAY", None, "desktop"),
        ("DISPLAY", ":9999", "display"),
        ("XDG_SESSION_TYPE", "wayland", "desktop"),
        ("WAYLAND_DISPLAY", "wayland-0", "input hook"),
        ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", "session bus"),
    ],
)
def test_what_is_missing_is_named_with_its_remedy(tool: Tool, name: str, value: str | None, check: str) -> None:
    env = {key: each for key, each in {**tool.env, name: value}.items() if each is not None}

    words = [sys.executable, "-m", "overt", "doctor", "--json"]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False, timeout=60)
    ran = Ran(words=("doctor",), code=done.returncode, out=done.stdout, err=done.stderr, seconds=0.0)

    assert ran.code == 3
    assert failed(ran)[check]
    assert ran.err == ""


def test_a_home_without_consent_is_not_ready(desktop: PrivateDesktop, tmp_path: Path) -> None:
    tool = Tool(tmp_path / "home", tmp_path / "work", desktop.env)
    tool.run("init", "--all-in-one")

    ran = tool.run("doctor", "--json", expect=3)

    assert list(failed(ran)) == ["consent"]
