"""The whole story: a desktop, a consent, a recording, a proof, an export, and the search for what was planted."""

import importlib.util
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from overt.demo import allowed, canary, forbidden, loading, opened, search
from overt.demo.act import Act, Stage, Wanted
from overt.demo.browser import Chromium
from overt.demo.canary import Canary
from overt.demo.desktop import PrivateDesktop
from overt.demo.loading import Loaded
from overt.demo.opened import Opened
from overt.demo.person import Person
from overt.demo.search import Searched
from overt.demo.site import LocalSite
from overt.demo.tool import Ran, Tool
from overt.errors import BackendUnavailableError, DesktopError

ACTS: Final = (
    *allowed.SEARCH_THE_WEB,
    *allowed.READ_AN_ARTICLE,
    forbidden.ALL[0],
    *allowed.LOOK_FOR_A_JOB,
    *forbidden.ALL[1:],
)
"""The script, in the order in which it is played."""

PURPOSE: Final = "model_training"
SIGNALS: Final = ("text", "clicks", "scrolls", "screenshots")
SITES: Final = ("google", "wikipedia", "linkedin")

HOME: Final = "home"
DATASET: Final = "dataset"

_MODULES: Final = ("datasets", "jinja2", "PIL", "pyarrow")

_PLACES: Final = (
    "shop.example.net",
    "wikipedia-org.example",
    "org.evil.example",
    "widgets.example.org",
    "accounts.google.com",
    "Special:UserLogin",
)
"""Where the person also was: that they were there is nobody's business either."""

_OF_THE_DESKTOP: Final = ("profile-", "chromium", "terminal.txt", "xterm", "site.", "home", "tmp")
"""What the browser, the terminal and the local site keep for themselves, beginnings of names: not of Overt's making."""

Say = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Played:
    """What the person did: for each act what must be exported, and which secrets were really planted."""

    wanted: dict[str, list[Wanted]] = field(default_factory=dict)
    planted: set[str] = field(default_factory=set)
    shown: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Told:
    """Everything that the story left behind, for the account of it."""

    acts: tuple[Act, ...]
    played: Played
    episode_id: str
    episode_size: int
    verdict: dict[str, Any]
    inspected: dict[str, Any]
    tampered: Ran
    opened: Opened
    loaded: Loaded
    searched: Searched
    records: Searched
    canaries: tuple[Canary, ...]
    commands: tuple[Ran, ...]
    stop_seconds: float
    seconds: dict[str, float]


def tell(out: Path, say: Say, seed: int) -> Told:
    """Play the whole story and leave ``home`` and ``dataset`` in *out*, which must be empty or not be there.

    Args:
        out: where to leave what Overt wrote.
        say: is told each step in one line.
        seed: of the planted secrets.

    Raises:
        DesktopError: A program is missing, or a step failed; the message says which.
        OvertError: A command of Overt's failed.
    """
    _require_extra()
    try:
        with _work() as work, ExitStack() as stack:
            return _Story(out, work, say, seed).tell(stack)
    except BaseException:
        # What a story that broke off has left is of no use, and would stand in the way of the next one.
        for name in (HOME, DATASET):
            shutil.rmtree(out / name, ignore_errors=True)
        raise


def _require_extra() -> None:
    absent = [name for name in _MODULES if importlib.util.find_spec(name) is None]
    if absent:
        raise BackendUnavailableError(f"not installed: {', '.join(absent)}", hint="pip install 'overt[demo]'")


@contextmanager
def _work() -> Iterator[Path]:
    work = Path(tempfile.mkdtemp(prefix="overt-demo-"))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


class _Story:
    """One telling; *work* is deleted after it, *out* stays."""

    def __init__(self, out: Path, work: Path, say: Say, seed: int) -> None:
        self._out, self._work, self._say = out, work, say
        randomness = random.Random(seed)  # noqa: S311 - planted words, not keys
        self._canaries = {
            act.ident: (canary.plant_card if act.card else canary.plant)(act.ident, randomness)
            for act in ACTS
            if act.secret
        }
        self._seconds: dict[str, float] = {}
        self._started = time.monotonic()

    def tell(self, stack: ExitStack) -> Told:
        self._step("starting a private desktop with a browser of its own", "start")
        desktop = stack.enter_context(PrivateDesktop(self._work))
        site = stack.enter_context(LocalSite(desktop.directory))
        person = stack.enter_context(Person(desktop.display, site))
        browser = Chromium(desktop, site)
        stack.callback(browser.close)
        tool = Tool(self._out / HOME, self._work / "overt", desktop.env)
        self._step("making a trial home and giving consent", "consent")
        self._agree(tool)
        browser.open("https://www.google.com/")
        tool.run("doctor")
        self._step("recording while the person works", "record")
        stage = Stage(desktop=desktop, site=site, browser=browser, person=person, canaries=self._canaries)
        episode_id, played, stop_seconds = self._record(tool, stage)
        browser.close()
        return self._prove(tool, desktop, _Recorded(episode_id, played, stop_seconds))

    def _agree(self, tool: Tool) -> None:
        tool.run("init", "--all-in-one", "--json")
        tool.run("consent", "notice")
        choice = [word for site in SITES for word in ("--site", site)]
        choice += [word for signal in SIGNALS for word in ("--signal", signal)]
        tool.run("consent", "give", *choice, "--purpose", PURPOSE, "--yes", "--json")

    def _record(self, tool: Tool, stage: Stage) -> tuple[str, Played, float]:
        recording = tool.record()
        try:
            recording.wait_armed()
            played = self._play(stage)
        except BaseException:
            recording.kill()
            raise
        self._step("stopping", "stop")
        ended = recording.stop()
        if ended.code != 0:
            raise DesktopError(f"overt record ended with {ended.code}: {ended.err.strip()}")
        return recording.episode(ended), played, ended.seconds

    def _play(self, stage: Stage) -> Played:
        played = Played(planted=stage.planted, shown=stage.shown)
        stage.pause()
        for act in ACTS:
            self._say(f"  {'✗' if act.secret else '✓'} {act.did}")
            played.wanted[act.ident] = act.play(stage)
            stage.pause()
        return played

    def _prove(self, tool: Tool, desktop: PrivateDesktop, recorded: "_Recorded") -> Told:
        self._step("verifying without a key, then approving and exporting", "prove")
        home = self._out / HOME
        episode = next(home.rglob(f"{recorded.episode_id}.ep"))
        verdict = tool.run("verify", str(episode), "--home", str(home), "--json").json()["episodes"][0]
        inspected = tool.run("inspect", str(episode), "--json").json()
        tampered = tool.run("verify", str(self._changed(episode)), expect=1)
        self._export(tool, recorded.episode_id)
        self._step("loading the export, searching every byte and every pixel", "search")
        content = opened.open_episode(home, recorded.episode_id, datetime.now(UTC))
        loaded = loading.load(self._out / DATASET, desktop.env, self._work / "cache")
        canaries = (*self._canaries.values(), *(Canary(act="(places)", text=each, whole=True) for each in _PLACES))
        searched = self._search(desktop, tool, canaries)
        records = search.search_records([*content.content, *content.metadata], canaries, "episode")
        for name, rows in loaded.tables.items():
            records.add(search.search_records(rows, canaries, f"dataset {name}"))
        self._step("", "")
        return Told(
            acts=ACTS,
            played=recorded.played,
            episode_id=recorded.episode_id,
            episode_size=episode.stat().st_size,
            verdict=verdict,
            inspected=inspected,
            tampered=tampered,
            opened=content,
            loaded=loaded,
            searched=searched,
            records=records,
            canaries=canaries,
            commands=tuple(tool.said),
            stop_seconds=recorded.stop_seconds,
            seconds=self._seconds,
        )

    def _changed(self, episode: Path) -> Path:
        """Return a copy of *episode* with one bit changed in its middle."""
        data = bytearray(episode.read_bytes())
        data[len(data) // 2] ^= 1
        copy = self._work / "changed.ep"
        copy.write_bytes(data)
        return copy

    def _export(self, tool: Tool, episode_id: str) -> None:
        tool.run("episodes", "show", episode_id)
        tool.run("episodes", "approve", episode_id, "--yes")
        submitted = str(self._out / HOME / "admin" / "submitted")
        tool.run("episodes", "submit", submitted, episode_id)
        formats = ("--format", "parquet", "--format", "agentnet")
        tool.run("export", "--purpose", PURPOSE, *formats, "--from", submitted, "--out", str(self._out / DATASET))

    def _search(self, desktop: PrivateDesktop, tool: Tool, canaries: tuple[Canary, ...]) -> Searched:
        searched = search.search_tree(self._out, canaries)
        for directory in (tool.temporary, tool.user):
            searched.add(search.search_tree(directory, canaries))
        skip = [each.name for each in desktop.directory.iterdir() if each.name.startswith(_OF_THE_DESKTOP)]
        searched.add(search.search_tree(desktop.directory, canaries, skip=skip))
        for ran in tool.said:
            searched.findings += search.search_bytes((ran.out + ran.err).encode(), canaries, f"overt {ran.words[0]}")
        return searched

    def _step(self, what: str, name: str) -> None:
        now = time.monotonic()
        if self._seconds:
            last = next(reversed(self._seconds))
            self._seconds[last] = round(now - self._seconds[last], 1)
        if name:
            self._seconds[name] = now
            self._say(what)
        else:
            self._seconds["total"] = round(now - self._started, 1)


@dataclass(frozen=True, slots=True)
class _Recorded:
    episode_id: str
    played: Played
    stop_seconds: float
