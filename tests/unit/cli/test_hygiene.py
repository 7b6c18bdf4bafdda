"""What is typed is in no file, no message and no other process, whatever happens; reading is a process of its own."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from overt.demo.canary import plant, plant_card
from overt.demo.search import search_bytes, search_tree

Overt = Callable[..., Any]
ON_FAKES = Path(__file__).with_name("overt_on_fakes.py")
GIVE = ("--site", "google", "--signal", "text", "--purpose", "model_training", "--yes")
READERS = ("overt.format.age_read", "overt.unseal", "overt.keys.release", "overt.dataset", "overt.subject.reviewing")
SHARED_MEMORY = Path("/dev/shm")


@dataclass
class House:
    """A trial home and every place into which a program might let something slip, all of them our own."""

    root: Path

    def run(self, script: list[Any], *words: object) -> subprocess.CompletedProcess[str]:
        """Run *words*; what it writes on the way is in ``written``."""
        process = self.start(script, *words)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def start(self, script: list[Any], *words: object) -> subprocess.Popen[str]:
        place = {name: str(self.root / name) for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "cwd", "home")}
        for each in place.values():
            Path(each).mkdir(exist_ok=True, mode=0o700)
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("XDG_")},
            **{name: place[name] for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME")},
            "OVERT_HOME": place["home"],
            "OVERT_SCRIPT": json.dumps(script),
            "OVERT_WRITTEN": str(self.root / "written"),
            "PYTHONFAULTHANDLER": "1",
            "PYTHONASYNCIODEBUG": "1",
            "PYTHONWARNINGS": "always",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.Popen(
            [sys.executable, str(ON_FAKES), *map(str, words)],
            env=environment,
            cwd=place["cwd"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def written(self) -> set[str]:
        """Every file that the last process opened for writing, outside its home."""
        ours = f"{self.root / 'home'}/"
        lines = set((self.root / "written").read_text().splitlines()) - {"/dev/null", "/dev/tty"}
        # Names relative to an open directory: such are opened below the home alone.
        return {line for line in lines if line.startswith("/") and not line.startswith(ours)}


def consenting(overt: Overt, root: Path) -> House:
    root.mkdir(exist_ok=True)
    assert overt("init", "--all-in-one", "--home", root / "home").code == 0
    assert overt("consent", "give", *GIVE, "--home", root / "home").code == 0
    return House(root)


@pytest.fixture
def house(overt: Overt, tmp_path: Path) -> House:
    return consenting(overt, tmp_path)


def shared_memory() -> set[Path]:
    return set(SHARED_MEMORY.iterdir()) if SHARED_MEMORY.is_dir() else set()


ENDINGS: dict[str, tuple[list[Any], int]] = {
    "stop": (["wait", 0], 0),
    "boom": (["boom", "KEPT"], 70),
    "thrown": (["thrown", "KEPT"], 70),
    "ENOSPC": (["refuse", "ENOSPC"], 7),
    **{
        name: (["crash", int(signal.Signals[name])], -signal.Signals[name])
        for name in ("SIGSEGV", "SIGABRT", "SIGKILL")
    },
}


def test_what_is_typed_is_in_no_file_and_no_message_however_it_ends(overt: Overt, tmp_path: Path) -> None:
    chance = random.Random(3)
    kept, secret, card = plant("kept", chance), plant("secret", chance), plant_card("card", chance)
    before = shared_memory()
    houses = {end: consenting(overt, tmp_path / end) for end in ENDINGS}

    running = {}
    for end, (act, _) in ENDINGS.items():
        ending = [kept.text if fact == "KEPT" else fact for fact in act]
        script = [["type", f"{kept.text} {card.text}"], ["secret", secret.text], ["type", kept.text], ["leave"]]
        script += [ending, ["type", kept.text], ["leave"]]
        running[end] = houses[end].start(script, "record", "--json")

    for end, (_, code) in ENDINGS.items():
        said = "".join(running[end].communicate(timeout=60))
        root = houses[end].root
        assert list((root / "home/employee/episodes").glob("*.ep"))
        assert search_tree(root, [kept, secret, card]).findings == []
        assert search_bytes(said.encode(), [kept, secret, card], "its output") == []
        assert "Traceback" not in said
        # No core either.
        assert list((root / "cwd").iterdir()) == []
        assert (end, running[end].returncode) == (end, code)
        if code >= 0:
            assert houses[end].written == set()
    assert shared_memory() <= before


def test_a_review_leaves_nothing_of_what_it_showed_behind(house: House) -> None:
    kept = plant("kept", random.Random(1))
    done = house.run([["type", kept.text], ["leave"]], "record", "--json")
    episode = json.loads(done.stdout.splitlines()[-1])["episode"]

    shown = house.run([], "episodes", "show", episode, "--json")

    assert kept.text in shown.stdout
    assert house.written == set()
    assert search_tree(house.root, [kept]).findings == []


def test_an_export_leaves_nothing_behind_but_what_it_was_asked_for(house: House) -> None:
    kept = plant("kept", random.Random(2))
    done = house.run([["type", kept.text], ["leave"]], "record", "--json")
    episode = json.loads(done.stdout.splitlines()[-1])["episode"]
    house.run([], "episodes", "approve", episode, "--yes")
    house.run([], "episodes", "submit", house.root / "sent")

    exported = house.run(
        [], "export", "--purpose", "model_training", "--from", house.root / "sent", "--out", house.root / "out"
    )

    assert exported.returncode == 0, exported.stderr
    assert all(line.startswith(str(house.root / ".out")) or "/out" in line for line in house.written)
    assert search_tree(house.root, [kept]).findings != []
    assert search_tree(house.root, [kept], skip=["out"]).findings == []


LOADED = """
import sys
sys.argv = ["overt", "record"]
import overt.cli.app as app
app.overt.get_command(None, "record")
import overt.recorder.run
print("\\n".join(sys.modules))
"""


def test_the_recorder_never_holds_the_code_that_reads() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)

    assert [name for name in done.stdout.splitlines() if name.startswith(READERS)] == []


SPYING = """
import json, sys
import overt.cli.app as app
try:
    app.main()
finally:
    limits = [line for line in open("/proc/self/status") if line.startswith(("Threads", "TracerPid"))]
    import ctypes, resource
    dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
    print(json.dumps([dumpable, resource.getrlimit(resource.RLIMIT_CORE), limits]), file=sys.stderr)
"""


@pytest.mark.parametrize("words", [("episodes", "show"), ("episodes", "list"), ("keys", "list")])
def test_reading_is_a_hardened_process_that_ends(house: House, words: tuple[str, ...]) -> None:
    done = house.run([["type", "lighthouse"], ["leave"]], "record", "--json")
    episode = json.loads(done.stdout.splitlines()[-1])["episode"]
    more = (episode,) if words[-1] == "show" else ()

    read = subprocess.run(
        [sys.executable, "-c", SPYING, *words, *more],
        env={**os.environ, "OVERT_HOME": str(house.root / "home")},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    dumpable, limits, status = json.loads(read.stderr.splitlines()[-1])
    assert (read.returncode, dumpable, limits) == (0, 0, [0, 0])
    assert "Threads:\t1\n" in status
