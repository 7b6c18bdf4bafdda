"""``overt record`` on a real desktop with a real Chromium: how it ends, what it refuses, what a kill leaves."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.person import Person
from overt.demo.tool import Tool

pytestmark = pytest.mark.desktop

GOOGLE = "https://www.google.com/"
LIGHTHOUSE = "https://en.wikipedia.org/wiki/Lighthouse"
CONSENT = ("--site", "google", "--site", "wikipedia", "--signal", "text", "--signal", "clicks")


@pytest.fixture
def tool(desktop: PrivateDesktop, tmp_path: Path) -> Tool:
    """Return a trial home in which consent was given."""
    made = Tool(tmp_path / "home", tmp_path / "work", desktop.env)
    made.run("init", "--all-in-one")
    made.run("consent", "give", *CONSENT, "--purpose", "model_training", "--yes")
    return made


@pytest.fixture
def chromium(browser: Callable[[str], Chromium]) -> Chromium:
    """Return a browser on the search page."""
    return browser(GOOGLE)


def episodes(tool: Tool) -> list[Path]:
    return sorted((tool.home / "employee" / "episodes").glob("*.ep"))


def state(tool: Tool, episode: Path) -> str:
    words = [sys.executable, "-m", "overt", "verify", str(episode), "--home", str(tool.home), "--json"]
    said = subprocess.run(words, env=tool.env, capture_output=True, check=False, timeout=30)
    return str(json.loads(said.stdout)["episodes"][0]["state"])


def last_line(out: str) -> dict[str, object]:
    return dict(json.loads(out.strip().splitlines()[-1]))


@pytest.mark.usefixtures("chromium")
def test_withdrawal_while_recording_stops_it_within_a_second(tool: Tool, person: Person) -> None:
    recording = tool.record()
    recording.wait_armed()
    person.click_on("q")
    person.type("never kept")

    tool.run("consent", "withdraw", "--yes")
    withdrawn = time.monotonic()
    code = recording.wait(5)
    took = time.monotonic() - withdrawn
    ended = recording.stop()

    assert code == 4
    assert took < 1.0
    assert last_line(ended.out)["reason"] == "withdrawn"
    assert tool.run("record", expect=4).err.startswith("overt: error: you have withdrawn your consent")


@pytest.mark.usefixtures("chromium")
def test_killed_at_random_moments_it_loses_no_acknowledged_flush(tool: Tool, person: Person) -> None:
    """What was whole when the recorder died is whole afterwards, and the next run notes it and starts anew."""
    randomness = random.Random(7)
    for round_number in range(4):
        recording = tool.record()
        recording.wait_armed()
        with person.arriving(LIGHTHOUSE):
            person.go(LIGHTHOUSE)
        deadline = time.monotonic() + 1.5 + randomness.random()
        while time.monotonic() < deadline:
            person.click_on("title")
        os.kill(recording.pid, signal.SIGKILL)
        said = recording.stop().out

        found = episodes(tool)
        assert len(found) == round_number + 1
        newest = max(found, key=lambda each: each.stat().st_mtime_ns)
        assert state(tool, newest) in {"open", "damaged-tail"}
        shown = tool.run("episodes", "show", newest.stem, "--json").json()
        assert len(shown["events"]) >= last_line(said)["kept"] > 0
        person.go(GOOGLE)

    recording = tool.record()
    recording.wait_armed()
    recording.stop()
    entries = (tool.home / "employee" / "log").rglob("*")
    logged = b"".join(each.read_bytes() for each in entries if each.is_file())
    assert all(each.stem.encode() in logged for each in episodes(tool))
    assert logged.count(b'"type":"recovered"') >= 4


def test_the_browser_may_crash_and_the_session_goes_on(tool: Tool, chromium: Chromium) -> None:
    recording = tool.record()
    recording.wait_armed()

    chromium.close()
    time.sleep(1.5)
    ended = recording.stop()

    assert ended.code == 0
    assert last_line(ended.out)["reason"] == "stopped"
    assert state(tool, episodes(tool)[0]) == "closed"


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"DISPLAY": None}, 3, "display"),
        ({"DISPLAY": ":9999"}, 3, "display"),
        ({"DISPLAY": None, "WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "wayland"}, 3, "wayland"),
        ({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}, 3, "bus"),
    ],
)
def test_a_desktop_that_cannot_be_recorded_is_refused_in_one_line(
    tool: Tool, change: dict[str, str | None], code: int, says: str
) -> None:
    env = {name: value for name, value in {**tool.env, **change}.items() if value is not None}

    done = subprocess.run(
        [sys.executable, "-m", "overt", "record"], env=env, capture_output=True, text=True, check=False, timeout=30
    )

    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.startswith("overt: error: ")
    assert says in done.stderr.lower()
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 2
    assert episodes(tool) == []


def test_without_consent_nothing_is_recorded(desktop: PrivateDesktop, tmp_path: Path) -> None:
    tool = Tool(tmp_path / "home", tmp_path / "work", desktop.env)
    tool.run("init", "--all-in-one")

    refused = tool.run("record", expect=4)

    assert refused.err.startswith("overt: error: you have given no consent")


@pytest.mark.usefixtures("chromium")
def test_a_second_recorder_in_the_same_home_is_refused(tool: Tool) -> None:
    recording = tool.record()
    recording.wait_armed()

    refused = tool.run("record", expect=7)
    recording.stop()

    assert "another recorder" in refused.err


@pytest.mark.usefixtures("chromium")
def test_another_process_of_the_same_user_cannot_read_the_recorders_environment(tool: Tool) -> None:
    """The kernel keeps a process that may not be dumped from everybody but root."""
    recording = tool.record()
    recording.wait_armed()

    owner = Path(f"/proc/{recording.pid}/environ").stat().st_uid
    status = Path(f"/proc/{recording.pid}/limits").read_text(encoding="ascii")
    recording.stop()

    assert owner == 0
    core = next(line for line in status.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]


LATER = """
import sys, time
from datetime import UTC, datetime, timedelta
from overt.cli.app import main
from overt.recorder import run
began, jump = time.monotonic(), float(sys.argv.pop(1))
run._wall = lambda: datetime.now(UTC) + (timedelta(days=400) if time.monotonic() - began > jump else timedelta())
main()
"""
"""The recorder in a process whose wall clock jumps past every expiry after so many seconds."""


@pytest.mark.usefixtures("chromium")
def test_expiry_while_recording_stops_it_within_a_second(tool: Tool) -> None:
    jump = 5.0
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", LATER, str(jump), "record", "--json"],
        env=tool.env, capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    took = time.monotonic() - started

    assert done.returncode == 4
    assert last_line(done.stdout)["reason"] == "expired"
    assert jump < took < jump + 2.5, "the interpreter's own start included"
    assert '"armed": true' in done.stdout
    assert state(tool, episodes(tool)[0]) == "closed"


def test_an_expired_consent_is_refused_in_one_line(tool: Tool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LATER, "0", "record"],
        env=tool.env, capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip

    assert done.returncode == 4
    assert done.stderr.splitlines()[0] == "overt: error: your consent has expired"
    assert episodes(tool) == []
