"""How late we know that the focus has moved: from the page's own event to a look that tells the new field.

    python bench/focus_lag.py [--json] [--moves 150] [--browser chromium|firefox]

A page moves its focus by itself, and a person moves it by Tab, on a quiet machine and beside two busy processes. The
page says by the wall clock when its field got the focus; a focus source of ours looks whenever something is reported.
The key's own way to the page is told apart. Nothing is recorded.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.desktop.pages import playing
from tests.desktop.pages.case import HOST
from tests.desktop.pages.serving import HostileSite

from overt.demo.desktop import PrivateDesktop
from overt.demo.person import Person
from overt.events.context import Context
from overt.focus._backends._x11 import X11Focus
from overt.gate import HOLD_NS

FIELDS = 6
PAUSE_S = (0.3, 0.5)
PAGE = f"""<!doctype html><title>Fields</title>{"".join(f'<input id="f{n}" size=6>' for n in range(FIELDS))}
<script>
const say = (what, more) => fetch("/wiki/Said?" + new URLSearchParams({{what, ...more}}), {{cache: "no-store"}});
const now = () => performance.timeOrigin + performance.now();
addEventListener("focusin", (e) => say("moved", {{id: e.target.id, at: now()}}));
if (location.hash == "#itself") {{
  let at = 0;
  const move = () => {{ at = (at + 1) % {FIELDS}; document.getElementById("f" + at).focus();
    setTimeout(move, {1000 * PAUSE_S[0]} + Math.random() * {1000 * (PAUSE_S[1] - PAUSE_S[0])}); }};
  setTimeout(move, 1500);
}} else f0.focus();
onkeydown = (e) => {{ if (e.key == "Tab" && e.target.id == "f{FIELDS - 1}") {{ e.preventDefault(); f0.focus(); }} }};
</script>"""


class Watcher:
    """A focus source that looks as the recorder does, and notes when which field was known."""

    def __init__(self, desktop: PrivateDesktop) -> None:
        self.known: list[tuple[str, float]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._source = X11Focus(display=desktop.display, session_bus=desktop.env["DBUS_SESSION_BUS_ADDRESS"])
        self._stir = asyncio.Event()
        self._task = asyncio.run_coroutine_threadsafe(self._watch(), self._loop)

    async def _watch(self) -> None:
        await self._source.start()
        self._source.on_change(self._stir.set)
        while True:
            focus = await self._source.check()
            if isinstance(focus, Context) and focus.field is not None:
                self.known.append((focus.field.html_id, time.time()))
            try:
                await asyncio.wait_for(self._stir.wait(), 0.25)
            except TimeoutError:
                continue
            finally:
                self._stir.clear()

    def close(self) -> None:
        self._task.cancel()
        asyncio.run_coroutine_threadsafe(self._source.close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


def busy() -> None:
    while True:
        sum(range(10_000))


@contextmanager
def load(processes: int) -> Iterator[None]:
    """Keep as many processes busy as there are processors."""
    running = [multiprocessing.Process(target=busy, daemon=True) for _ in range(processes)]
    for each in running:
        each.start()
    try:
        yield
    finally:
        for each in running:
            each.terminate()
            each.join()


def lags(moved: list[tuple[str, float]], known: list[tuple[str, float]]) -> tuple[list[float], int]:
    """Return how long after each move the field was known (ms), and how many moves were over before that."""
    found, missed = [], 0
    for number, (field, at) in enumerate(moved):
        over = moved[number + 1][1] if number + 1 < len(moved) else at + 10
        seen = next((when for name, when in known if name == field and when >= at - 0.002), None)
        if seen is None or seen > over + 0.05:
            missed += 1
        else:
            found.append(max(0.0, seen - at) * 1e3)
    return found, missed


def told(name: str, values: list[float], missed: int) -> dict[str, Any]:
    ranked = sorted(values)

    def share(part: float) -> float:
        return round(ranked[min(len(ranked) - 1, int(part * len(ranked)))], 1) if ranked else -1.0

    hold = sum(value > HOLD_NS / 1e6 for value in values)
    return {"what": name, "moves": len(values) + missed, "median_ms": share(0.5), "p95_ms": share(0.95),
            "p99_ms": share(0.99), "worst_ms": share(1.0), "over_hold": hold, "over_before_known": missed}  # fmt: skip


class Stand:
    """One browser, and what its page says."""

    def __init__(self, desktop: PrivateDesktop, site: HostileSite, person: Person) -> None:
        self.moved: list[tuple[str, float]] = []
        self._site, self._person = site, person
        self._watcher = Watcher(desktop)
        for path in ("/wiki/Itself", "/wiki/Tabbed"):
            site.add(HOST, path, PAGE)
        site.add(HOST, "/wiki/Said", self._said)

    def _said(self, query: dict[str, str]) -> str:
        self.moved.append((query["id"], float(query["at"]) / 1e3))
        return ""

    def measure(self, way: str, moves: int) -> Iterator[dict[str, Any]]:
        """Let the focus move *moves* times by *way*, and tell how late each was known."""
        sent: list[float] = []
        hash_ = "#itself" if way == "itself" else ""
        self._person.go(f"https://{HOST}/wiki/{way.capitalize()}{hash_}")
        time.sleep(1.2)
        self.moved.clear()
        self._watcher.known.clear()
        if way == "itself":
            time.sleep(moves * sum(PAUSE_S) / 2)
        else:
            chance = random.Random(1)
            for _ in range(moves):
                sent.append(time.time())
                self._person.press("tab", pause=0)
                time.sleep(chance.uniform(*PAUSE_S))
        time.sleep(1.0)
        moved = sorted(self.moved, key=lambda each: each[1])[:moves]
        yield told("moved by the page" if way == "itself" else "moved by Tab", *lags(moved, self._watcher.known))
        if sent:
            late = [min((at for _, at in moved if at >= when - 0.002), default=when) - when for when in sent]
            yield told("from the key to the page", [each * 1e3 for each in late if each > 0], 0)

    def close(self) -> None:
        self._watcher.close()


def run(browser: str, moves: int) -> Iterator[dict[str, Any]]:
    opening = playing.firefox if browser == "firefox" else playing.chromium
    with PrivateDesktop() as desktop, HostileSite(desktop.directory) as site:
        site.add(HOST, "/wiki/Start_here", PAGE)
        with opening(desktop, site), Person(desktop.display, site) as person:
            stand = Stand(desktop, site, person)
            try:
                for name, processes in (("quiet", 0), ("two busy processes", 2)):
                    with load(processes):
                        for way in ("itself", "tabbed"):
                            for each in stand.measure(way, moves):
                                yield {"browser": browser, "machine": name, **each}
            finally:
                stand.close()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--moves", type=int, default=150)
    asked.add_argument("--browser", choices=("chromium", "firefox"), action="append")
    chosen = asked.parse_args()
    print(f"# {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    for browser in chosen.browser or ("chromium", "firefox"):
        for each in run(browser, chosen.moves):
            line = "  ".join(f"{key}={value}" for key, value in each.items())
            print(json.dumps(each) if chosen.json else line, flush=True)


if __name__ == "__main__":
    main()
