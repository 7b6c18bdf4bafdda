"""The whole recorder on a private desktop with a real Chromium: processor time, memory, losses, time to seal.

    python bench/recorder.py [--json] [--seconds 60] [--quiet-seconds 30]

Each phase is one `overt record` in a process of its own, measured from outside by what the kernel accounts to it.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from Xlib import XK, X
from Xlib import display as xdisplay
from Xlib.ext import xtest

from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.person import Person
from overt.demo.site import LocalSite
from overt.demo.tool import Tool
from overt.keys.passphrase import no_passphrase
from overt.recorder import run
from overt.recorder.setting import Status
from overt.store.home import Role, open_home

TICKS = os.sysconf("SC_CLK_TCK")
ARMED_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One recording: what was sent, what became of it, and what it cost."""

    name: str
    seconds: float
    sent: int
    seen: int
    admitted: int
    dropped: int
    released: int
    lost: int
    cpu_percent: float
    peak_rss_mb: float
    stop_s: float
    episode_bytes: int


def child(home: str) -> None:
    """Record in this process and say the exact sums, which no command ever prints, at the end."""
    sessions: list[Any] = []

    class Spied(run.Session):
        def __init__(self, **parts: Any) -> None:  # noqa: ANN401 - whatever a session takes
            super().__init__(**parts)
            self.hook = parts["desktop"].hook
            sessions.append(self)

    run.Session = Spied  # type: ignore[misc] # the bench looks inside on purpose
    began = time.monotonic()
    told: list[bool] = []

    def tell(status: Status) -> None:
        if status.armed and not told:
            told.append(True)
            print("armed", flush=True)
        elif not told and time.monotonic() - began > ARMED_S:
            told.append(False)
            print(f"not armed: {status.why_not}", flush=True)

    options = run.Options(home=open_home(Path(home), Role.EMPLOYEE), minutes=None, passphrases=no_passphrase)
    outcome = run.record(options, tell)
    tally, hook = sessions[0].tally, sessions[0].hook
    dropped = sum(tally.dropped.values())
    sums = {"seen": hook.seen, "admitted": tally.admitted, "dropped": dropped, "released": tally.released}
    reasons = {reason.value: count for reason, count in tally.dropped.items()}
    print(json.dumps({**sums, "lost": outcome.lost, "reasons": reasons}), flush=True)


class Keys:
    """Sends key strokes through the X server's test extension at a steady rate, or as fast as they go."""

    def __init__(self, display: str) -> None:
        self._display = xdisplay.Display(display)
        self._codes = [self._display.keysym_to_keycode(XK.string_to_keysym(letter)) for letter in "lighthouse"]

    def send(self, strokes: int, per_second: float | None) -> int:
        """Send *strokes* presses and releases; return the number of events."""
        started = time.monotonic()
        for number in range(strokes):
            code = self._codes[number % len(self._codes)]
            xtest.fake_input(self._display, X.KeyPress, code)
            xtest.fake_input(self._display, X.KeyRelease, code)
            if per_second is not None:
                self._display.flush()
                time.sleep(max(0.0, started + (number + 1) * 2 / per_second - time.monotonic()))
        self._display.sync()
        return strokes * 2


def measure(name: str, tool: Tool, seconds: float, act: Callable[[], int]) -> Phase:
    """Record while *act* happens, and read what the kernel accounts to the recorder in that time."""
    argv = [sys.executable, __file__, "--child", str(tool.home)]
    process = subprocess.Popen(argv, env=tool.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    said = process.stdout.readline()
    if said != "armed\n":
        process.kill()
        raise SystemExit(f"{name}: the recorder did not arm: {said}")
    time.sleep(2)
    before, started = _cpu(process.pid), time.monotonic()
    sent = act()
    time.sleep(max(0.0, started + seconds - time.monotonic()))
    spent, took = _cpu(process.pid) - before, time.monotonic() - started
    peak = _peak(process.pid)
    stopping = time.monotonic()
    process.send_signal(signal.SIGINT)
    sums = json.loads(process.stdout.readlines()[-1])
    process.wait(30)
    stopped = time.monotonic() - stopping
    reasons = sums.pop("reasons")
    print(f"  {name}: dropped by reason {reasons}", file=sys.stderr)
    newest = max((tool.home / "employee" / "episodes").glob("*.ep"), key=lambda each: each.stat().st_mtime_ns)
    return Phase(
        name=name, seconds=round(took, 1), sent=sent, cpu_percent=round(100 * spent / took, 2), **sums,
        peak_rss_mb=round(peak / 1e6, 1), stop_s=round(stopped, 2), episode_bytes=newest.stat().st_size,
    )  # fmt: skip


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def home(work: Path, name: str, env: dict[str, str], signals: tuple[str, ...]) -> Tool:
    """Make a trial home in which *signals* were switched on."""
    tool = Tool(work / name / "home", work / name / "work", env)
    tool.run("init", "--all-in-one")
    choice = [word for each in signals for word in ("--signal", each)]
    tool.run("consent", "give", "--site", "google", *choice, "--purpose", "model_training", "--yes")
    return tool


def phases(seconds: float, quiet: float) -> list[Phase]:
    """Run every phase on a desktop of its own."""
    with tempfile.TemporaryDirectory() as work, PrivateDesktop() as desktop, LocalSite(desktop.directory) as site:
        browser = Chromium(desktop, site)
        browser.open("https://www.google.com/")
        keys, found = Keys(desktop.display), []
        signals = ("text", "clicks", "scrolls")

        def field() -> None:
            with Person(desktop.display, site) as person:
                person.click_on("q")
                person.press("ctrl", "a")
                person.press("backspace")

        for name, length, strokes, rate, kinds in (
            ("idle", quiet, 0, None, signals),
            ("20 events/s", quiet, int(quiet * 10), 20.0, signals),
            ("20 events/s, with pictures", quiet, int(quiet * 10), 20.0, (*signals, "screenshots")),
            ("1,000 events/s", seconds, int(seconds * 500), 1000.0, signals),
            ("burst of 9,600", 5.0, 4800, None, signals),
        ):
            print(name, file=sys.stderr)
            field()
            tool = home(Path(work), name.replace(" ", "-").replace("/", "-"), desktop.env, kinds)
            found.append(measure(name, tool, length, lambda n=strokes, r=rate: keys.send(n, r) if n else 0))
        browser.close()
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--quiet-seconds", type=float, default=30.0)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child)
        return
    found = phases(options.seconds, options.quiet_seconds)
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()}
    if options.json:
        print(json.dumps({"machine": machine, "phases": [asdict(each) for each in found]}, indent=2))
        return
    print(machine)
    for each in found:
        print(asdict(each))


if __name__ == "__main__":
    main()
