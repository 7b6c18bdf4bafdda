"""How much the input hook costs and whether it loses anything, on a virtual screen of its own.

Run it with ``python bench/hook.py`` (about two minutes) or ``python bench/hook.py --quick``; ``--json`` for machines.
It needs Xvfb. Input comes from a second process by XTEST, so that the figures are those of the hook alone.
"""

import argparse
import json
import os
import platform
import resource
import select
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from Xlib import X
from Xlib import display as xlib_display
from Xlib.ext import xtest

from overt.capture.select import open_hook

METHOD = (
    "own Xvfb, 1280x800; keys by XTEST from a second process into its focused window; the session's thread drains at "
    "each wake and discards; CPU is user and system time of this process over wall time, in percent of one core; "
    "RSS from /proc/self/status"
)
KEY_CODE = 38
# python-xlib has no types.
OPEN, FAKE = cast("Callable[..., Any]", xlib_display.Display), cast("Callable[..., None]", xtest.fake_input)
BURST_EVENTS = 20_000


@contextmanager
def screen() -> Iterator[str]:
    """Start Xvfb on a free display, make it ours, and end it."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        ready, _, _ = select.select([reader], [], [], 15.0)
        number = os.read(reader, 16).decode().strip() if ready else ""
        if not number:
            sys.exit("bench: Xvfb did not start")
        os.environ["DISPLAY"] = f":{number}"
        yield f":{number}"
    finally:
        os.close(reader)
        server.terminate()
        server.wait()


def generate(rate: int, seconds: float) -> int:
    """Send *rate* events a second for *seconds* (rate 0: a burst as fast as the server takes them); return how many."""
    connection: Any = OPEN()
    # A program must receive the keys: the server hands out recorded events only when it writes to anybody at all.
    keys = {"event_mask": X.KeyPressMask | X.KeyReleaseMask, "override_redirect": True}
    window = connection.screen().root.create_window(0, 0, 50, 50, 0, X.CopyFromParent, **keys)
    window.map()
    connection.sync()
    window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
    per_beat = 100 if rate == 0 else max(2, rate // 100 * 2)
    total = BURST_EVENTS if rate == 0 else int(rate * seconds)
    begin = time.monotonic()
    for sent in range(0, total, per_beat):
        for _ in range(per_beat // 2):
            FAKE(connection, X.KeyPress, KEY_CODE)
            FAKE(connection, X.KeyRelease, KEY_CODE)
        connection.sync()
        while connection.pending_events():
            connection.next_event()
        if rate:
            time.sleep(max(0.0, begin + (sent + per_beat) / rate - time.monotonic()))
    connection.close()
    return -(-total // per_beat) * per_beat


class Session:
    """Drains as the recorder does: on a thread that sleeps until it is woken."""

    def __init__(self, display: str) -> None:
        self.taken = 0
        self._woken = threading.Event()
        self.hook = open_hook(moves=False, environ={"DISPLAY": display})
        self.hook.start(self._woken.set)
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def _drain(self) -> None:
        while self.hook.alive:
            self._woken.wait()
            self._woken.clear()
            self.taken += len(self.hook.drain())

    def settle(self) -> None:
        """Wait until no more events come."""
        seen = -1
        while seen != self.hook.seen:
            seen = self.hook.seen
            time.sleep(0.3)


@dataclass(frozen=True)
class Load:
    """What one load did: events sent, seen, taken by the session and lost, and what it cost.

    *missing* were sent and never reached the hook's socket, so it could not count them: in some unthrottled bursts,
    never at 1,000 a second, the X server itself leaves recorded events out that it did deliver to the window.
    """

    sent: int
    seen: int
    missing: int
    taken: int
    lost: int
    seconds: float
    cpu_percent: float


def under(session: Session, work: Callable[[], int]) -> Load:
    """Do *work* with the hook armed and say what came of it."""
    session.settle()
    before = (session.hook.seen, session.taken, session.hook.lost)
    cpu, begin = time.process_time(), time.monotonic()
    sent = work()
    seconds, used = time.monotonic() - begin, time.process_time() - cpu
    session.settle()
    after = (session.hook.seen, session.taken, session.hook.lost)
    seen, taken, lost = (late - early for late, early in zip(after, before, strict=True))
    return Load(sent, seen, sent - seen, taken, lost, round(seconds, 2), round(100 * used / seconds, 2))


def from_outside(rate: int, seconds: float) -> Callable[[], int]:
    """Return work that lets a second process send the events."""

    def work() -> int:
        command = [sys.executable, __file__, "--generate", str(rate), "--seconds", str(seconds)]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    return work


def idle(seconds: float) -> Callable[[], int]:
    """Return work that does nothing for *seconds*."""

    def work() -> int:
        time.sleep(seconds)
        return 0

    return work


def arming(session: Session, cycles: int = 200) -> dict[str, float]:
    """Return the median and the worst of *cycles* armings and disarmings, in milliseconds."""
    armed, disarmed = [], []
    for _ in range(cycles):
        begin = time.perf_counter()
        session.hook.arm()
        between = time.perf_counter()
        session.hook.disarm()
        armed.append(1000 * (between - begin))
        disarmed.append(1000 * (time.perf_counter() - between))
    return {
        "arm_median_ms": round(statistics.median(armed), 3),
        "arm_worst_ms": round(max(armed), 3),
        "disarm_median_ms": round(statistics.median(disarmed), 3),
        "disarm_worst_ms": round(max(disarmed), 3),
    }


def resident_mb() -> float:
    """Return the memory that this process holds, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return round(int(kilobytes) / 1024, 1)


def machine() -> dict[str, str]:
    """Say where the figures come from."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    cpu = next((line.split(":")[1] for line in lines if line.startswith("model name")), "")
    return {
        "cpu": f"{cpu.strip()}, {os.cpu_count()} cores",
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": f"{os.getloadavg()[0]:.2f}",
    }


def measure(*, quick: bool) -> dict[str, Any]:
    """Return all figures."""
    scale = 0.1 if quick else 1.0
    found: dict[str, Any] = {"machine": machine(), "method": METHOD}
    with screen() as display:
        session = Session(display)
        from_outside(20, 0.5)()
        found["resident_mb"] = {"with_hook": resident_mb()}
        found["arming"] = arming(session)
        found["idle_disarmed"] = vars(under(session, idle(20 * scale)))
        session.hook.arm()
        found["idle_armed"] = vars(under(session, idle(20 * scale)))
        found["at_20_a_second"] = vars(under(session, from_outside(20, 20 * scale)))
        found["at_1000_a_second"] = vars(under(session, from_outside(1000, 60 * scale)))
        found["burst"] = vars(under(session, from_outside(0, 0)))
        found["resident_mb"]["after"] = resident_mb()
        found["resident_mb"]["peak"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
        session.hook.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="a tenth of the time")
    parser.add_argument("--generate", type=int, metavar="RATE", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=1.0, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.generate is not None:
        print(generate(wanted.generate, wanted.seconds))
        return
    found = measure(quick=wanted.quick)
    if wanted.json:
        print(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        text = value if isinstance(value, str) else ", ".join(f"{key} {figure}" for key, figure in value.items())
        print(f"{name:18}{text}")


if __name__ == "__main__":
    main()
