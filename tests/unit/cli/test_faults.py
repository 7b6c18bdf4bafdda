"""Whatever goes wrong around a recording, it is safe, it says so once, and it ends with the documented code."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

Overt = Callable[..., Any]
ON_FAKES = Path(__file__).with_name("overt_on_fakes.py")
GIVE = ("--site", "google", "--signal", "text", "--purpose", "model_training", "--yes")
A_BIT = [["type", "lighthouse"], ["leave"]]


@dataclass(frozen=True)
class Recorded:
    """How a recording ended: its code, what it said on standard error, and the last thing that it reported."""

    code: int
    err: str
    end: dict[str, Any]

    @property
    def told(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.startswith("overt: error: ")]


@dataclass(frozen=True)
class Place:
    """A trial home in which consent was given."""

    path: Path

    @property
    def employee(self) -> Path:
        return self.path / "employee"

    def start(self, script: list[Any], **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(ON_FAKES), "record", "--json"],
            env={**os.environ, "OVERT_HOME": str(self.path), "OVERT_SCRIPT": json.dumps(script), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def record(self, script: list[Any], **environment: str) -> Recorded:
        return ended(self.start(script, **environment))

    def states(self, overt: Overt) -> list[str]:
        """Return the states of the own episodes, oldest first, as ``overt verify`` sees them."""
        paths = sorted((self.employee / "episodes").glob("*.ep"), key=lambda path: path.stat().st_mtime_ns)
        return [
            json.loads(overt("verify", path, "--home", self.path, "--json").out)["episodes"][0]["state"]
            for path in paths
        ]


def ended(process: subprocess.Popen[str]) -> Recorded:
    out, err = process.communicate(timeout=60)
    lines = [json.loads(line) for line in out.splitlines()]
    return Recorded(process.returncode, err, lines[-1] if lines else {})


@pytest.fixture
def place(overt: Overt, tmp_path: Path) -> Place:
    return founded(overt, tmp_path / "home")


def founded(overt: Overt, path: Path) -> Place:
    assert overt("init", "--all-in-one", "--home", path).code == 0
    assert overt("consent", "give", *GIVE, "--home", path).code == 0
    return Place(path)


def test_an_ordinary_recording_is_closed(overt: Overt, place: Place) -> None:
    done = place.record(A_BIT)

    assert (done.code, done.told, done.end["reason"]) == (0, [], "stopped")
    assert done.end["kept"] > 0
    assert place.states(overt) == ["closed"]


def test_a_disk_that_refuses_in_mid_session_ends_it_with_one_message(overt: Overt, tmp_path: Path) -> None:
    names = ("ENOSPC", "EDQUOT", "EROFS", "EACCES", "EIO")
    places = [founded(overt, tmp_path / name) for name in names]
    running = [
        place.start([*A_BIT, ["refuse", name], ["type", "again"], ["leave"], ["wait", 5]])
        for name, place in zip(names, places, strict=True)
    ]

    for name, place, each in zip(names, places, running, strict=True):
        done = ended(each)

        assert (done.code, done.end["reason"]) == (7, "storage")
        assert len(done.told) == 1
        assert os.strerror(getattr(errno, name)).lower() in done.told[0]
        assert "overt: hint: " in done.err
        assert place.states(overt) == ["open"]
    assert places[0].record(A_BIT).code == 0
    assert places[0].states(overt) == ["open", "closed"]


@pytest.mark.parametrize("name", ["ENOSPC"])
def test_a_disk_that_refuses_the_opening_leaves_no_episode(overt: Overt, place: Place, name: str) -> None:
    done = place.record([["refuse", name], *A_BIT, ["wait", 5]])

    assert done.code == 7
    assert len(done.told) == 1
    assert place.states(overt) == []
    assert place.record(A_BIT).code == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system with little room."""
    place = tmp_path / "disk"
    place.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "none", place], check=False).returncode
    ):
        pytest.skip("this machine lets us mount nothing: a disk that is really full or read-only is left out")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_disk_that_is_really_full_ends_it_with_one_message(overt: Overt, small_disk: Path) -> None:
    place = founded(overt, small_disk / "home")
    fill = f"dd if=/dev/zero of={small_disk}/filling bs=4k status=none 2>/dev/null"

    done = place.record([*A_BIT, ["sh", fill], ["type", "x" * 200], ["leave"], ["wait", 5]])

    assert (done.code, len(done.told)) == (7, 1)
    assert "no space left on device" in done.told[0]
    (small_disk / "filling").unlink()
    assert place.states(overt) == ["open"]
    assert place.record(A_BIT).code == 0
    assert place.states(overt) == ["open", "closed"]


def test_a_home_on_a_read_only_disk_is_refused_and_can_be_read(overt: Overt, small_disk: Path) -> None:
    place = founded(overt, small_disk / "home")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    done = place.record(A_BIT)

    assert (done.code, len(done.told)) == (7, 1)
    assert "read-only file system" in done.told[0]
    assert overt("episodes", "list", "--home", place.path).code == 0
    assert overt("consent", "status", "--home", place.path).code == 0


def test_a_second_recorder_is_refused_at_once_and_the_first_goes_on(overt: Overt, place: Place) -> None:
    first = place.start([["wait", 3], *A_BIT])
    assert first.stdout is not None
    first.stdout.readline()
    began = time.monotonic()

    second = place.record(A_BIT)

    assert second.code == 7
    assert second.told == [f"overt: error: another recorder is running in {place.employee}"]
    assert time.monotonic() - began < 5
    assert ended(first).code == 0
    assert place.states(overt) == ["closed"]


def test_a_killed_recorder_keeps_nobody_out(overt: Overt, place: Place) -> None:
    assert place.record([*A_BIT, ["crash", signal.SIGKILL]]).code == -signal.SIGKILL

    assert place.record(A_BIT).code == 0
    assert place.states(overt) == ["open", "closed"]


def test_a_clock_that_jumps_changes_nothing_inside(overt: Overt, tmp_path: Path) -> None:
    jumps = (-30, -3, 3)
    places = [founded(overt, tmp_path / str(hours)) for hours in jumps]
    running = [place.start([*A_BIT, ["clock", hours], *A_BIT]) for place, hours in zip(places, jumps, strict=True)]

    for place, each in zip(places, running, strict=True):
        done = ended(each)

        shown = json.loads(overt("episodes", "show", done.end["episode"], "--home", place.path, "--json").out)
        times = [event["at_ms"] for event in shown["events"]]
        assert (done.code, place.states(overt)) == (0, ["closed"])
        assert times == sorted(times)
        assert 0 <= times[0] <= times[-1] < 60_000


def test_a_clock_that_jumps_past_the_end_of_consent_ends_the_session(overt: Overt, place: Place) -> None:
    done = place.record([*A_BIT, ["clock", 24 * 400], ["wait", 5]])

    assert (done.code, done.end["reason"]) == (4, "expired")
    assert place.states(overt) == ["closed"]


def test_a_directory_that_is_swapped_for_a_link_in_mid_session_gets_nothing(
    overt: Overt, place: Place, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    episodes = place.employee / "episodes"
    swap = f"mv {episodes} {episodes}.moved && ln -s {theirs} {episodes}"

    place.record([*A_BIT, ["sh", swap], ["type", "more"], ["leave"]])

    assert list(theirs.iterdir()) == []
    (moved,) = Path(f"{episodes}.moved").glob("*.ep")
    assert json.loads(overt("verify", moved, "--home", place.path, "--json").out)["episodes"][0]["state"] == "closed"
    refused = place.record(A_BIT)
    assert (refused.code, len(refused.told)) == (7, 1)


def test_a_directory_that_is_missing_from_a_home_is_said_once_or_made(overt: Overt, tmp_path: Path) -> None:
    codes = {"episodes": 7, "shares": 0, "approvals": 0, "consent/withdrawals": 4, "keys": 6, "consent": 4}
    running = []
    for number, missing in enumerate(codes):
        place = founded(overt, tmp_path / str(number))
        (place.employee / missing).rename(place.path / "moved")
        running.append(place.start(A_BIT))

    ends = [ended(each) for each in running]

    assert {name: end.code for name, end in zip(codes, ends, strict=True)} == codes
    assert all(len(end.told) == 1 or end.code == 0 or end.end["reason"] == "withdrawn" for end in ends)


def test_a_home_may_have_any_name(overt: Overt, tmp_path: Path) -> None:
    names = ("with space", "zwölf ☃", "new\nline", "it's", '"quoted"', "-dash", "$HOME;true", "...")
    places = [founded(overt, tmp_path / name) for name in names]

    ends = [ended(each) for each in [place.start(A_BIT) for place in places]]

    assert [(end.code, end.told) for end in ends] == [(0, [])] * len(names)
    assert [place.states(overt) for place in places] == [["closed"]] * len(names)
    assert {overt("consent", "withdraw", "--yes", "--home", place.path).code for place in places} == {0}


@pytest.mark.parametrize("length", [4085, 5000])
def test_a_path_that_is_too_long_is_refused_in_one_line_and_nothing_is_left(
    overt: Overt, tmp_path: Path, length: int
) -> None:
    path = str(tmp_path)
    while len(path) < length:
        path += "/" + "d" * min(200, length - len(path))

    outcome = overt("init", "--all-in-one", "--home", path)

    assert outcome.code in {7, 9}
    assert outcome.err.count("overt: error: ") == 1
    assert "name too long" in outcome.err
    assert list(tmp_path.rglob("*.json")) == []


def test_a_home_that_is_a_link_is_refused(overt: Overt, place: Place, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(place.path)

    outcome = overt("consent", "status", "--home", tmp_path / "link")

    assert outcome.code == 9
    assert "plain directory" in outcome.err


@pytest.mark.parametrize("mode", [0o777, 0o707, 0o750, 0o701])
def test_a_home_that_others_may_enter_is_refused(overt: Overt, place: Place, mode: int) -> None:
    place.employee.chmod(mode)

    done = overt("record")

    assert done.code == 9
    assert "chmod 700" in done.err
    assert stat.S_IMODE(place.employee.stat().st_mode) == mode


@pytest.mark.parametrize("above", ["", "a", "a/b"])
def test_a_home_below_a_directory_that_everybody_may_change_is_refused(
    overt: Overt, tmp_path: Path, above: str
) -> None:
    """Whoever may rename a directory above the home can put another in its place."""
    (tmp_path / "open/a/b").mkdir(parents=True)
    place = founded(overt, tmp_path / "open" / above / "home")
    (tmp_path / "open").chmod(0o777)

    done = overt("record", "--home", place.path)

    assert done.code == 9
    assert "everybody may change" in done.err
