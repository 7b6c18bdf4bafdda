"""What a page feels of being recorded: how late its keys arrive, with and without the recorder.

    python bench/latency.py [--json] [--seconds 10]

Keys are sent through the X server's test extension at 20 and at 1,000 events a second into a field of an allowed page,
in a real Chromium. The sender notes the wall clock just before each press; the page notes its own at each ``keydown``.
Each rate is sent without a recorder and with one, in turn, twice.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.desktop.pages.serving import HostileSite
from Xlib import XK, X
from Xlib import display as xdisplay
from Xlib.ext import xtest

from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.person import Person
from overt.demo.tool import Recording, Tool

HOST = "en.wikipedia.org"
URL = f"https://{HOST}/wiki/Typed_into"
RATES = (20, 1000)
LETTERS = "lighthouse"
PAGE = """<!doctype html><title>A field</title><input id="a" autofocus size=80 aria-label="Search words"><script>
let seen = [], quiet = 0;
const tell = () => {
  fetch("/wiki/Told?at=" + seen.splice(0, 400).join(",")).then(() => { if (seen.length) tell(); });
};
a.onkeydown = (e) => {
  seen.push((performance.timeOrigin + performance.now()).toFixed(2));
  if (a.value.length > 60) a.value = "";
  clearTimeout(quiet); quiet = setTimeout(tell, 700);
};
</script>"""


class Keys:
    """Sends letters at a steady rate and notes when."""

    def __init__(self, display: str) -> None:
        self._display = xdisplay.Display(display)
        self._codes = [self._display.keysym_to_keycode(XK.string_to_keysym(letter)) for letter in LETTERS]

    def send(self, per_second: float, seconds: float) -> list[float]:
        """Send presses and releases, *per_second* events in all; return the wall clock (s) of each press."""
        strokes, sent, started = int(per_second * seconds / 2), [], time.monotonic()
        for number in range(strokes):
            sent.append(time.time())
            code = self._codes[number % len(self._codes)]
            xtest.fake_input(self._display, X.KeyPress, code)
            xtest.fake_input(self._display, X.KeyRelease, code)
            self._display.flush()
            time.sleep(max(0.0, started + (number + 1) * 2 / per_second - time.monotonic()))
        return sent


def told(name: str, rate: int, sent: list[float], seen: list[float]) -> dict[str, Any]:
    late = sorted((arrived - at) * 1e3 for at, arrived in zip(sent, seen, strict=False))
    return {
        "recorder": name, "events_per_s": rate, "keys_sent": len(sent), "keys_seen": len(seen),
        "median_ms": round(statistics.median(late), 2), "p95_ms": round(late[int(0.95 * len(late))], 2),
        "p99_ms": round(late[int(0.99 * len(late))], 2), "worst_ms": round(late[-1], 2),
    }  # fmt: skip


def measure(keys: Keys, seen: list[float], name: str, rate: int, seconds: float) -> dict[str, Any]:
    seen.clear()
    sent = keys.send(rate, seconds)
    deadline = time.monotonic() + 30
    while len(seen) < len(sent) and time.monotonic() < deadline:
        time.sleep(0.1)
    return told(name, rate, sent, sorted(seen))


def run(seconds: float) -> Iterator[dict[str, Any]]:
    seen: list[float] = []

    def heard(query: dict[str, str]) -> str:
        seen.extend(float(each) / 1e3 for each in query["at"].split(","))
        return ""

    with PrivateDesktop() as desktop, HostileSite(desktop.directory) as site, tempfile.TemporaryDirectory() as place:
        site.add(HOST, "/wiki/Typed_into", PAGE)
        site.add(HOST, "/wiki/Told", heard)
        tool = Tool(Path(place) / "home", Path(place) / "work", desktop.env)
        tool.run("init", "--all-in-one")
        tool.run("consent", "give", "--site", "wikipedia", "--signal", "text", "--purpose", "model_training", "--yes")
        chromium = Chromium(desktop, site)
        chromium.open(URL)
        with Person(desktop.display, site) as person:
            person.click_on("a")
            keys = Keys(desktop.display)
            keys.send(20, 2)
            for _ in range(2):
                for recorder in ("without", "with"):
                    recording: Recording | None = None
                    if recorder == "with":
                        recording = tool.record()
                        recording.wait_armed(40)
                    for rate in RATES:
                        time.sleep(1.5)
                        yield measure(keys, seen, recorder, rate, seconds)
                    if recording is not None:
                        recording.stop(30)
        chromium.close()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--seconds", type=float, default=10)
    chosen = asked.parse_args()
    print(f"# {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    for each in run(chosen.seconds):
        line = "  ".join(f"{key}={value}" for key, value in each.items())
        print(json.dumps(each) if chosen.json else line, flush=True)


if __name__ == "__main__":
    main()
