"""The recorder on a real desktop, seen from outside: which files it has open, what it may leave, whom it talks to."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.person import Person
from overt.demo.tool import Tool

pytestmark = pytest.mark.desktop

GOOGLE = "https://www.google.com/"
PICTURES = "/memfd:mss-shm-buf (deleted)"
"""Memory that the X server shares with the recorder, and no file of any disk."""
GIVE = ("--site", "google", "--signal", "text", "--signal", "screenshots", "--purpose", "model_training", "--yes")


def open_for_writing(pid: int) -> set[str]:
    """Return the files that the process *pid* has open and may write to."""
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        facts = dict(line.split(":\t") for line in Path(f"/proc/{pid}/fdinfo/{link.name}").read_text().splitlines()[:2])
        if int(facts["flags"], 8) & (os.O_WRONLY | os.O_RDWR):
            found.add(str(link.readlink()))
    return {path for path in found if path.startswith("/")}


@pytest.fixture
def tool(desktop: PrivateDesktop, tmp_path: Path) -> Tool:
    """Return a trial home in which consent was given."""
    made = Tool(tmp_path / "home", tmp_path / "work", desktop.env)
    made.run("init", "--all-in-one")
    made.run("consent", "give", *GIVE)
    return made


def test_a_recorder_at_work_has_no_file_open_but_its_episode_and_no_memory_on_disk(
    tool: Tool, browser: Callable[[str], Chromium], person: Person
) -> None:
    browser(GOOGLE)
    recording = tool.record()
    recording.wait_armed()
    person.click_on("q")
    person.type("lighthouse")

    written = open_for_writing(recording.pid)
    maps = Path(f"/proc/{recording.pid}/maps").read_text()
    limits = Path(f"/proc/{recording.pid}/limits").read_text()
    recording.stop()

    inside = {path for path in written if path.startswith(f"{tool.home}/")}
    assert [Path(path).suffix for path in inside] == [".ep"]
    assert written - inside <= {"/dev/null", PICTURES}
    # A file that is mapped to be shared could carry pixels to the disk.
    shared = [line for line in maps.splitlines() if "rw-s" in line]
    assert [line for line in shared if PICTURES not in line and "/SYSV" not in line] == []
    (core,) = [line.split() for line in limits.splitlines() if line.startswith("Max core file size")]
    assert core[4:6] == ["0", "0"]
