"""Overt beside other recorders: one desktop, one browser, one script, one run.

    python bench/peers/measure.py [--json] [--seconds 20] [--only NAME]

Each recorder is watched from outside: what the kernel accounts to its processes, and what lies in its files afterwards.
The word that is typed into a password field is made up anew for each run. Needs ``ffmpeg`` for the peers' films.
"""

import argparse
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import stores
from Xlib import XK, X
from Xlib import display as xdisplay
from Xlib.ext import xtest

from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.person import Person
from overt.demo.site import LocalSite
from overt.demo.tool import Tool

HERE = Path(__file__).resolve().parent
TICKS = os.sysconf("SC_CLK_TCK")
PEERS = ("openadapt", "opencapture", "iorecorder")
URL = "https://www.google.com/"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
PAGE = """<!doctype html><html lang="en"><title>Google</title><body>
<form action="/search"><input id="q" name="q" aria-label="Search"></form>
<p><input id="pw" type="password" aria-label="Password">"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one recorder did with the same script."""

    name: str
    password_in_files: bool
    readable_text: bool
    keys_typed: int
    keys_lost: int
    cpu_idle_percent: float
    cpu_active_percent: float
    memory_mb: float
    stop_s: float
    bytes: int
    killed_typed: int
    killed_kept: int


class Keys:
    """Types lower-case letters, spaces and Enter through the X server's test extension."""

    def __init__(self, display: str) -> None:
        self._display = xdisplay.Display(display)
        names = {" ": "space", "\n": "Return"}
        known = [*LETTERS, *names]
        self._codes = {
            each: self._display.keysym_to_keycode(XK.string_to_keysym(names.get(each, each))) for each in known
        }

    @property
    def letters(self) -> dict[int, str]:
        """Which letter each key code writes."""
        return {code: letter for letter, code in self._codes.items()}

    def type(self, text: str, per_second: float) -> None:
        """Type *text* at that many keys a second."""
        began = time.monotonic()
        for number, letter in enumerate(text, 1):
            xtest.fake_input(self._display, X.KeyPress, self._codes[letter])
            xtest.fake_input(self._display, X.KeyRelease, self._codes[letter])
            self._display.sync()
            time.sleep(max(0.0, began + number / per_second - time.monotonic()))


@dataclass(slots=True)
class Recorder:
    """One recorder at work: how it is started, and how its files are read."""

    name: str
    argv: list[str]
    env: dict[str, str]
    store: Path
    read: Callable[[], tuple[str, str]]
    ready: Callable[[str], bool]
    stop_with: signal.Signals
    process: Any = None

    def start(self) -> None:
        """Start it, and wait until it says that it records."""
        self.process = subprocess.Popen(
            self.argv,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
        )
        while line := self.process.stdout.readline():
            if self.ready(line):
                time.sleep(2)
                return
        raise SystemExit(f"{self.name} did not start")

    def end(self) -> float:
        """Ask it to end; return how many seconds it took."""
        began = time.monotonic()
        self.process.send_signal(self.stop_with)
        try:
            self.process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()
        return time.monotonic() - began

    def kill(self) -> None:
        """Let it die, with all its processes."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def cost(self) -> tuple[float, float]:
        """Return the CPU seconds and the resident megabytes of all its processes."""
        seconds = resident = 0.0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
                if int(fields[3]) != self.process.pid:
                    continue
                pages = int((stat.parent / "statm").read_text(encoding="ascii").split()[1])
            except OSError:
                continue
            seconds += sum(map(int, fields[11:15])) / TICKS
            resident += pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        return seconds, resident


def overt(work: Path, env: dict[str, str]) -> Recorder:
    """Return Overt with a trial home, keys and clicks switched on, and pictures."""
    tool = Tool(work / "home", work / "work", env)
    tool.run("init", "--all-in-one")
    signals = [word for each in ("text", "clicks", "scrolls", "screenshots") for word in ("--signal", each)]
    tool.run("consent", "give", "--site", "google", *signals, "--purpose", "model_training", "--yes")
    return Recorder(
        name="overt", argv=[sys.executable, "-m", "overt", "record", "--json"], env=tool.env, store=work / "home",
        read=lambda: (stores.overt(tool), ""), ready=lambda line: bool(json.loads(line).get("armed")),
        stop_with=signal.SIGINT,
    )  # fmt: skip


def peer(name: str, work: Path, env: dict[str, str], letters: dict[int, str]) -> Recorder:
    """Return the peer *name*, with its default settings, in an environment of its own."""
    root = HERE.parent.parent
    built = subprocess.run([root / ".ci/env", "capture-peers", sys.executable], stdout=subprocess.PIPE, check=True)
    python = Path(built.stdout.decode().strip()) / "bin/python"
    store = work / "store"
    store.mkdir(parents=True)
    return Recorder(
        name=name, argv=[str(python), str(HERE / f"{name}.py"), str(store)], env={**env, "HOME": str(work)},
        store=store, read=lambda: stores.READERS[name](store, letters), ready=lambda line: line == "ready\n",
        stop_with=signal.SIGTERM,
    )  # fmt: skip


class Bench:
    """The desktop on which every recorder sees the same."""

    def __init__(self, work: Path, seconds: float) -> None:
        self.work = work
        self.seconds = seconds

    def measure(self, name: str) -> Figures:
        """Let the recorder *name* record the script twice: to its end, and until it is killed."""
        with PrivateDesktop() as desktop, LocalSite(desktop.directory) as site:
            for path in ("/", "/search"):
                site.add("www.google.com", path, PAGE)
            browser = Chromium(desktop, site)
            browser.open(URL)
            keys = Keys(desktop.display)

            def made(turn: str) -> Recorder:
                place = self.work / f"{name}-{turn}"
                known = keys.letters
                return overt(place, desktop.env) if name == "overt" else peer(name, place, desktop.env, known)

            with Person(desktop.display, site) as person:
                person.click_on("q")
                whole = self._whole(made("whole"), person, keys)
                killed = self._killed(made("killed"), person, keys)
            browser.close()
        return Figures(name=name, **whole, **killed)

    def _whole(self, recorder: Recorder, person: Person, keys: Keys) -> dict[str, Any]:
        secret = "".join(secrets.choice(LETTERS) for _ in range(12))
        words = ["lighthouse keepers of the north"] * max(1, int(self.seconds * 10 / 31))
        recorder.start()
        before, began = recorder.cost()[0], time.monotonic()
        time.sleep(self.seconds)
        idle = (recorder.cost()[0] - before) / (time.monotonic() - began)
        before, began = recorder.cost()[0], time.monotonic()
        for each in words:
            person.click_on("q")
            keys.type(each + "\n", 10)
            time.sleep(1)
        active = (recorder.cost()[0] - before) / (time.monotonic() - began)
        person.click_on("pw")
        keys.type(secret, 10)
        time.sleep(1)
        memory = recorder.cost()[1]
        stop = recorder.end()
        readable, coded = recorder.read()
        typed = len(words) * len(words[0])
        kept = max(sum(text.count(each) for each in set(words)) for text in (readable, coded)) * len(words[0])
        found = secret in readable or secret in coded or secret.encode() in stores.every_byte(recorder.store)
        return {
            "password_in_files": found, "readable_text": words[0] in readable, "keys_typed": typed,
            "keys_lost": typed - kept, "cpu_idle_percent": round(100 * idle, 1),
            "cpu_active_percent": round(100 * active, 1), "memory_mb": round(memory), "stop_s": round(stop, 2),
            "bytes": sum(file.stat().st_size for file in _grown(recorder)),
        }  # fmt: skip

    def _killed(self, recorder: Recorder, person: Person, keys: Keys) -> dict[str, Any]:
        words = ["lighthouse keepers of the north"] * 8
        recorder.start()
        for each in words:
            person.click_on("q")
            keys.type(each + "\n", 50)
            time.sleep(1)
        recorder.kill()
        readable, coded = recorder.read()
        kept = max(text.count(words[0]) for text in (readable, coded))
        return {"killed_typed": len(words), "killed_kept": kept}


def _grown(recorder: Recorder) -> list[Path]:
    """The files that hold what was recorded; of Overt's home the episodes alone."""
    place = recorder.store / "employee" / "episodes" if recorder.name == "overt" else recorder.store
    return [file for file in place.rglob("*") if file.is_file()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=20.0, help="of quiet, and of typing")
    parser.add_argument("--only", choices=("overt", *PEERS), action="append")
    options = parser.parse_args()
    if shutil.which("ffmpeg") is None:
        raise SystemExit("ffmpeg is not installed: sudo apt-get install ffmpeg")
    found = []
    for name in options.only or ("overt", *PEERS):
        print(f"{name} ...", file=sys.stderr)
        with tempfile.TemporaryDirectory() as work:
            found.append(asdict(Bench(Path(work), options.seconds).measure(name)))
    if options.json:
        print(json.dumps({"load": os.getloadavg(), "recorders": found}, indent=2))
        return
    for figure in found[0]:
        print(figure.ljust(20), *(str(each[figure]).rjust(14) for each in found))


if __name__ == "__main__":
    main()
