"""Somebody's day at a desktop, made up from a seed: searches and reading between everything that is nobody's business.

``OVERT_LIFE_MINUTES`` says for how long (3 in CI, else 30), ``OVERT_LIFE_SEED`` which day it is.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.demo import programs
from overt.demo.browser import Chromium
from overt.demo.canary import Canary, plant
from overt.demo.desktop import PrivateDesktop
from overt.demo.opened import Opened, open_episode
from overt.demo.person import Person
from overt.demo.search import search_records, search_tree
from overt.demo.site import LocalSite
from overt.demo.tool import Tool
from overt.errors import DesktopError

pytestmark = [pytest.mark.soak, pytest.mark.desktop, pytest.mark.timeout(7200)]

MINUTES = float(os.environ.get("OVERT_LIFE_MINUTES", "30"))
SEED = int(os.environ.get("OVERT_LIFE_SEED", "1"))
GOOGLE = "https://www.google.com/"
WIKIPEDIA = "https://en.wikipedia.org/wiki/Lighthouse"
SHOP = "https://shop.example.net/lamps"
PASSWORD = "https://www.linkedin.com/jobs/note-and-password/"
WORDS = "brass lamp keeper storm harbour granite ladder signal coast winter north island tower beacon"
SETTLED = 0.6
"""Seconds of quiet around what is counted as kept: more than the 250 ms in which a change of context may cost text."""

PAGE = '<!doctype html><title>Notes</title><textarea id="n" autofocus style="width:90%;height:300px"></textarea>'


@dataclass(slots=True)
class Life:
    """A desktop, a person, what they typed where it is recorded, and what they typed elsewhere."""

    desktop: PrivateDesktop
    site: LocalSite
    person: Person
    chance: random.Random
    window: int
    others: list[int]
    allowed: list[str] = field(default_factory=list)
    planted: list[Canary] = field(default_factory=list)
    lived: Counter[str] = field(default_factory=Counter)

    def secret(self, act: str) -> str:
        self.planted.append(plant(f"{act}-{len(self.planted)}", self.chance))
        return self.planted[-1].text

    def rest(self) -> None:
        time.sleep(SETTLED)

    def back(self) -> None:
        """Bring the recorded window to the front."""
        with suppress(DesktopError):
            self.person.activate(self.window)
        self.rest()


def search(life: Life) -> None:
    """Search for something, with second thoughts, and read a result."""
    words = " ".join(life.chance.sample(WORDS.split(), 4))
    life.person.go(GOOGLE)
    life.rest()
    life.person.click_on("q")
    life.rest()
    life.person.type(words[:-3] + "xy")
    for _ in range(2):
        life.person.press("backspace")
    life.person.type(words[-3:])
    life.rest()
    with life.person.arriving(f"{GOOGLE}search"):
        life.person.press("enter")
    life.allowed.append(words)
    life.rest()
    with life.person.arriving(WIKIPEDIA):
        life.person.click_on("result-1")
    life.person.scroll(-3)
    life.rest()


def read(life: Life) -> None:
    """Read, and turn the wheel."""
    life.person.go(WIKIPEDIA)
    life.rest()
    life.person.click_on("title")
    life.person.scroll(life.chance.choice((-4, -2, 2)))
    life.rest()


def shop(life: Life) -> None:
    """Write something at a shop."""
    life.person.go(SHOP)
    life.person.click_on("text")
    life.person.type(life.secret("shop"))
    life.person.press("enter")


def password(life: Life) -> None:
    """Type a password on a page that is recorded."""
    life.person.go(PASSWORD)
    life.person.click_on("password")
    life.person.type(life.secret("password"), pause=life.chance.choice((0, 0.02)))
    life.rest()


def omnibox(life: Life) -> None:
    """Type something where addresses go, and think better of it."""
    life.person.go(WIKIPEDIA)
    life.rest()
    life.person.press("ctrl", "l")
    life.rest()
    life.person.type(life.secret("omnibox"))
    life.person.press("esc")
    life.person.press("esc")
    life.rest()
    life.person.click_on("title")


def elsewhere(life: Life) -> None:
    """Turn to another program and write there."""
    life.person.activate(life.chance.choice(life.others))
    life.person.type(life.secret("elsewhere"), pause=life.chance.choice((0, 0.03)))
    life.person.press("enter")
    life.back()


def stolen(life: Life) -> None:
    """Go on typing while another window takes the focus."""
    life.person.go(GOOGLE)
    life.rest()
    life.person.click_on("q")
    life.rest()
    life.person.type("lamp ", pause=0.02)
    life.person.activate(life.chance.choice(life.others))
    life.person.type(life.secret("stolen"), pause=0)
    life.person.press("enter")
    life.back()


def storm(life: Life) -> None:
    """Change windows faster than anybody could follow."""
    for _ in range(life.chance.randint(4, 10)):
        for window in (life.chance.choice(life.others), life.window):
            with suppress(DesktopError):
                life.person.activate(window)
    life.back()


ACTS: tuple[tuple[Callable[[Life], None], int], ...] = (
    (search, 5), (read, 3), (shop, 1), (password, 2), (omnibox, 1), (elsewhere, 3), (stolen, 2), (storm, 1),
)  # fmt: skip


def live(life: Life, minutes: float) -> None:
    """Do one thing after the other; what a loaded machine leaves undone is counted and done no more."""
    acts, weights = zip(*ACTS, strict=True)
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        act = life.chance.choices(acts, weights)[0]
        try:
            act(life)
        except DesktopError:
            life.lived["undone"] += 1
            life.person.press("esc")
            life.back()
        else:
            life.lived[act.__name__] += 1


def others(desktop: PrivateDesktop, person: Person, tmp_path: Path) -> list[int]:
    """Open a terminal and a Firefox with notes of the person's own; return their windows."""
    desktop.launch(["xterm", "-T", "Terminal", "-geometry", "80x12+300+420", "-e", "cat"], "life-xterm")
    found = [person.window("Terminal")]
    if shutil.which("firefox-esr"):
        page, profile = tmp_path / "notes.html", desktop.directory / "life-firefox"
        page.write_text(PAGE, encoding="utf-8")
        profile.mkdir()
        quiet = ("datareporting.policy.dataSubmissionEnabled", "browser.aboutwelcome.enabled")
        lines = [*(f'user_pref("{name}", false);' for name in quiet)]
        lines.append('user_pref("termsofuse.bypassNotification", true);')
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        desktop.launch(["firefox-esr", "--no-remote", "--profile", str(profile), page.as_uri()], "life-firefox")
        found.append(person.window("Notes", seconds=60))
    return found


def recording(tool: Tool) -> "subprocess.Popen[str]":
    script = Path(__file__).with_name("spied_recorder.py")
    return subprocess.Popen(
        [sys.executable, str(script), str(tool.home)], env=tool.env, cwd=tool.user, stdout=subprocess.PIPE, text=True
    )


def kept(opened: Opened, words: list[str]) -> float:
    """Return how much of the typed *words* is in the episode, as a share of their letters."""
    texts = Counter(str(each["text"]) for each in opened.content if each["kind"] == "type")
    found = 0
    for each in words:
        if texts[each]:
            texts[each] -= 1
            found += len(each)
    return found / sum(map(len, words))


def test_a_day_at_the_desktop_leaves_what_was_agreed_to_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if absent := programs.missing():
        pytest.skip(f"needs {', '.join(absent)}")
    with PrivateDesktop() as desktop, LocalSite(desktop.directory) as site, Person(desktop.display, site) as person:
        browser = Chromium(desktop, site)
        browser.open(GOOGLE)
        window = person.active()
        life = Life(desktop, site, person, random.Random(SEED), window, others(desktop, person, tmp_path))
        tool = Tool(tmp_path / "home", tmp_path / "work", desktop.env)
        tool.run("init", "--all-in-one")
        sites = [word for each in ("google", "wikipedia", "linkedin") for word in ("--site", each)]
        signals = [word for each in ("text", "clicks", "scrolls", "screenshots") for word in ("--signal", each)]
        tool.run("consent", "give", *sites, *signals, "--purpose", "model_training", "--yes")
        life.back()
        process = recording(tool)
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())

        live(life, MINUTES)
        process.send_signal(signal.SIGINT)
        sums = json.loads(process.communicate(timeout=60)[0].splitlines()[-1])

        browser.close()
        opened = open_episode(tool.home, sums["episode"], datetime.now(UTC))
        searched = search_tree(tmp_path, life.planted, skip=("notes.html",))
        searched.add(search_records([*opened.content, *opened.metadata], life.planted, "the episode"))
    share = kept(opened, life.allowed)
    told = {**sums, "lived": life.lived, "kept": round(share, 4), "planted": len(life.planted)}
    with capsys.disabled():
        sys.stdout.write(f"\n{json.dumps(told)}\n")
    assert searched.findings == []
    parts = ("admitted", "released", "elsewhere", "unlooked", "forgotten", "lost")
    handled = sum(sums[part] for part in parts) + sum(sums["dropped"].values())
    assert handled == sums["seen"]
    assert sums["reason"] == "stopped"
    assert share >= 0.995
    assert sums["rss"] < first["rss"] + 40_000_000
    assert life.lived["search"] + life.lived["read"] > 5 * life.lived["undone"]
