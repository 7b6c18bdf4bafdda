"""Somebody's day at a desktop, made up from a seed: searches and reading between everything that is nobody's business.

Two browsers are recorded, Chromium and Firefox; both also show what is not.

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
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.desktop.pages import playing
from tests.desktop.pages.case import page
from tests.desktop.pages.serving import HostileSite

from overt.demo import programs
from overt.demo.canary import Canary, plant
from overt.demo.desktop import PrivateDesktop
from overt.demo.opened import Opened, open_episode
from overt.demo.pages import elsewhere as shops
from overt.demo.pages import google, linkedin, wikipedia
from overt.demo.person import Person
from overt.demo.search import search_records, search_tree
from overt.demo.tool import Tool
from overt.errors import DesktopError

pytestmark = [pytest.mark.soak, pytest.mark.desktop, pytest.mark.timeout(7200)]

MINUTES = float(os.environ.get("OVERT_LIFE_MINUTES", "30"))
SEED = int(os.environ.get("OVERT_LIFE_SEED", "1"))
WORDS = "brass lamp keeper storm harbour granite ladder signal coast winter north island tower beacon"
SETTLED = 0.6
"""Seconds of quiet around what is counted as kept: more than the 250 ms in which a change of context may cost text."""


@dataclass(frozen=True)
class Place:
    """A browser's window and the pages that it goes to: no two browsers share a page, so that each can be told."""

    name: str
    search: str
    article: str
    password: str
    shop: str
    window: int = 0


CHROMIUM = Place(
    "chromium",
    search="https://www.google.com/",
    article="https://en.wikipedia.org/wiki/Lighthouse",
    password=f"https://{linkedin.HOST}{linkedin.NOTE_AND_PASSWORD}",
    shop="https://shop.example.net/lamps",
)
FIREFOX = Place(
    "firefox",
    search="https://www.google.fr/",
    article="https://fr.wikipedia.org/wiki/Lighthouse",
    password=f"https://{linkedin.HOST}{linkedin.NOTE_AND_PASSWORD_TOO}",
    shop="https://store.example.net/lamps",
)


@dataclass(slots=True)
class Life:
    """A person, where they are, what they typed where it is recorded, and what they typed elsewhere."""

    person: Person
    chance: random.Random
    places: list[Place]
    others: list[int]
    at: Place
    allowed: list[tuple[str, str]] = field(default_factory=list)
    planted: list[Canary] = field(default_factory=list)
    lived: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def secret(self, act: str) -> str:
        self.planted.append(plant(f"{act}-{len(self.planted)}", self.chance))
        return self.planted[-1].text

    def rest(self) -> None:
        time.sleep(SETTLED)

    def back(self) -> None:
        """Bring the recorded window to the front."""
        if self.person.active() != self.at.window:
            with suppress(DesktopError):
                self.person.activate(self.at.window)
            self.rest()

    def turn(self) -> None:
        """Choose a browser to go on with."""
        self.at = self.chance.choice(self.places)
        self.back()


def search(life: Life) -> None:
    """Search for something, with second thoughts, and read a result."""
    words = " ".join(life.chance.sample(WORDS.split(), 4))
    life.person.go(life.at.search)
    life.rest()
    life.person.click_on("q")
    life.rest()
    life.person.type(words[:-3] + "xy")
    for _ in range(2):
        life.person.press("backspace")
    life.person.type(words[-3:])
    life.rest()
    with life.person.arriving(f"{life.at.search}search"):
        life.person.press("enter")
    life.allowed.append((life.at.name, words))
    life.rest()
    with life.person.arriving(life.at.article):
        life.person.click_on("result-1")
    life.person.scroll(-3)
    life.rest()


def read(life: Life) -> None:
    """Read, and turn the wheel."""
    life.person.go(life.at.article)
    life.rest()
    life.person.click_on("title")
    life.person.scroll(life.chance.choice((-4, -2, 2)))
    life.rest()


def shop(life: Life) -> None:
    """Write something at a shop."""
    life.person.go(life.at.shop)
    life.person.click_on("text")
    life.person.type(life.secret("shop"))
    life.person.press("enter")


def password(life: Life) -> None:
    """Type a password on a page that is recorded."""
    life.person.go(life.at.password)
    life.person.click_on("password")
    life.person.type(life.secret("password"), pause=life.chance.choice((0, 0.02)))
    life.rest()


def omnibox(life: Life) -> None:
    """Type something where addresses go, and think better of it."""
    life.person.go(life.at.article)
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
    life.person.go(life.at.search)
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
        for window in (life.chance.choice(life.others), life.chance.choice(life.places).window):
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
        life.turn()
        try:
            act(life)
        except DesktopError as problem:
            life.lived["undone"] += 1
            life.problems.append(f"{act.__name__} in {life.at.name}: {problem}")
            life.person.press("esc")
            life.back()
        else:
            life.lived[act.__name__] += 1


def furnish(site: HostileSite) -> None:
    """Serve what is there for both browsers, each with addresses of its own."""
    site.add("en.wikipedia.org", "/wiki/Start_here", page())
    site.add("www.google.fr", "/", google.home)
    site.add("www.google.fr", "/search", lambda asked: google.results(asked).replace("en.wikipedia", "fr.wikipedia"))
    site.add("fr.wikipedia.org", "/wiki/Lighthouse", wikipedia.lighthouse)
    site.add("store.example.net", "/lamps", shops.shop)


@contextmanager
def browsers(desktop: PrivateDesktop, site: HostileSite, person: Person) -> Iterator[list[Place]]:
    """Open both browsers, or the one that is there."""
    with ExitStack() as stack:
        stack.enter_context(playing.chromium(desktop, site))
        opened = [replace(CHROMIUM, window=person.active())]
        if shutil.which("firefox-esr"):
            stack.enter_context(playing.firefox(desktop, site))
            opened.append(replace(FIREFOX, window=person.window("Mozilla Firefox", seconds=40)))
        yield opened


def terminals(desktop: PrivateDesktop, person: Person) -> list[int]:
    """Open two terminals; return their windows."""
    for number in (1, 2):
        where = f"80x12+{200 * number}+{300 + 80 * number}"
        desktop.launch(["xterm", "-T", f"Terminal {number}", "-geometry", where, "-e", "cat"], f"life-xterm-{number}")
    return [person.window(f"Terminal {number}") for number in (1, 2)]


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
    return found / max(1, sum(map(len, words)))


def lost(opened: Opened, words: list[str]) -> list[object]:
    """Return what stands where *words* should, of the searches: public words, so they may be printed."""
    whole = set(words)
    return [
        each.get("reason") or each.get("text")
        for each in opened.content
        if each["kind"] in {"type", "withheld"} and each.get("text") not in whole
    ]


def test_a_day_at_the_desktop_leaves_what_was_agreed_to_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if absent := programs.missing():
        pytest.skip(f"needs {', '.join(absent)}")
    with PrivateDesktop() as desktop, HostileSite(desktop.directory) as site, Person(desktop.display, site) as person:
        furnish(site)
        tool = Tool(tmp_path / "home", tmp_path / "work", desktop.env)
        tool.run("init", "--all-in-one")
        sites = [word for each in ("google", "wikipedia", "linkedin") for word in ("--site", each)]
        signals = [word for each in ("text", "clicks", "scrolls", "screenshots") for word in ("--signal", each)]
        tool.run("consent", "give", *sites, *signals, "--purpose", "model_training", "--yes")
        with browsers(desktop, site, person) as places:
            life = Life(person, random.Random(SEED), places, terminals(desktop, person), places[0])
            life.back()
            process = recording(tool)
            assert process.stdout is not None
            first = json.loads(process.stdout.readline())

            live(life, MINUTES)
            process.send_signal(signal.SIGINT)
            sums = json.loads(process.communicate(timeout=60)[0].splitlines()[-1])
        opened = open_episode(tool.home, sums["episode"], datetime.now(UTC))
        searched = search_tree(tmp_path, life.planted)
        searched.add(search_records([*opened.content, *opened.metadata], life.planted, "the episode"))
    share = kept(opened, [words for _, words in life.allowed])
    told = {**sums, "first": first["rss"], "lived": life.lived, "kept": round(share, 4), "planted": len(life.planted)}
    told["browsers"] = Counter(name for name, _ in life.allowed)
    with capsys.disabled():
        sys.stdout.write(f"\n{json.dumps(told)}\n")
        sys.stdout.writelines(f"{problem}\n" for problem in life.problems)
        if share < 1:
            sys.stdout.write(f"not told as typed: {lost(opened, [words for _, words in life.allowed])}\n")
    assert searched.findings == []
    parts = ("admitted", "released", "elsewhere", "unlooked", "forgotten", "lost")
    handled = sum(sums[part] for part in parts) + sum(sums["dropped"].values())
    assert handled == sums["seen"]
    assert sums["reason"] == "stopped"
    assert share >= 0.995
    assert sums["rss"] < first["rss"] + 40_000_000
    assert life.lived["search"] + life.lived["read"] > 5 * life.lived["undone"]
