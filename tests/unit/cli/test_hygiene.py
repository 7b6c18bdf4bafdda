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
CODES = {"stop": 0, "boom": 70, "thrown": 70, "ENOSPC": 7}
SHARED_MEMORY = Path("/dev/shm")


@dataclass
class House:
    """A trial home and every place into which a program might let something slip, all of them our own."""

    root: Path

    def run(self, script: list[Any], *words: object, **more: str) -> subprocess.CompletedProcess[str]:
        """Run *words*; what it writes on the way is in ``written``."""
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
            **more,
        }
        return subprocess.run(
            [sys.executable, str(ON_FAKES), *map(str, words)],
            env=environment,
            cwd=place["cwd"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    @property
    def written(self) -> set[str]:
        """Every file that the last process opened for writing, outside its home."""
        ours = f"{self.root / 'home'}/"
        lines = set((self.root / "written").read_text().splitlines()) - {"/dev/null", "/dev/tty"}
        # Names relative to an open directory: such are opened below the home alone.
        return {line for line in lines if line.startswith("/") and not line.startswith(ours)}


@pytest.fixture
def house(overt: Overt, tmp_path: Path) -> House:
    overt("init", "--all-in-one")
    overt("consent", "give", *GIVE)
    return House(tmp_path)


def shared_memory() -> set[Path]:
    return set(SHARED_MEMORY.iterdir()) if SHARED_MEMORY.is_dir() else set()


@pytest.mark.parametrize("end", ["stop", "boom", "thrown", "SIGSEGV", "SIGABRT", "SIGKILL", "ENOSPC"])
def test_what_is_typed_is_in_no_file_and_no_message_however_it_ends(house: House, end: str) -> None:
    chance = random.Random(end)
    kept, secret, card = plant("kept", chance), plant("secret", chance), plant_card("card", chance)
    endings: dict[str, list[Any]] = {
        "stop": [],
        "boom": ["boom", kept.text],
        "thrown": ["thrown", kept.text],
        "ENOSPC": ["refuse", "ENOSPC"],
    }
    ending = endings.get(end) if end in endings else ["crash", int(signal.Signals[end])]
    script = [["type", f"{kept.text} {card.text}"], ["secret", secret.text], ["type", kept.text], ["leave"]]
    before = shared_memory()

    done = house.run([*script, *([ending] if ending else []), ["type", kept.text], ["leave"]], "record", "--json")

    canaries = [kept, secret, card]
    assert list((house.root / "home/employee/episodes").glob("*.ep"))
    assert search_tree(house.root, canaries).findings == []
    assert search_bytes((done.stdout + done.stderr).encode(), canaries, "its output") == []
    assert "Traceback" not in done.stderr
    assert shared_memory() <= before
    # No core either.
    assert list((house.root / "cwd").iterdir()) == []
    assert done.returncode == (CODES[end] if end in CODES else -signal.Signals[end])
    if end not in {"SIGSEGV", "SIGABRT", "SIGKILL"}:
        assert house.written == set()


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
