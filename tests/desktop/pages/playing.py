"""Plays a corpus in one browser under one real recording, and opens what was kept."""

import hashlib
import json
import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.desktop.pages import addresses
from tests.desktop.pages.case import HOST, Case, grams, page
from tests.desktop.pages.serving import HostileSite
from tests.desktop.pages.stage import Onlooker, Stage

from overt.demo import programs
from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.opened import Opened, open_episode
from overt.demo.person import Person
from overt.demo.tool import Ran, Tool

CONSENT = ("--site", "google", "--site", "wikipedia", "--site", "linkedin", "--signal", "text", "--signal", "clicks")
START = f"https://{HOST}/wiki/Start_here"

FIREFOX_PREFERENCES = {
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "termsofuse.bypassNotification": True,
    "network.proxy.type": 1,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.no_proxies_on": "",
    "network.proxy.allow_hijacking_localhost": True,
    "network.stricttransportsecurity.preloadlist": False,
    "security.cert_pinning.enforcement_level": 0,
    "browser.urlbar.suggest.searches": False,
    "browser.urlbar.autoFill": False,
    "signon.rememberSignons": False,
    "extensions.formautofill.creditCards.enabled": False,
    "extensions.formautofill.addresses.enabled": False,
    "app.update.auto": False,
    "browser.tabs.warnOnClose": False,
    "browser.warnOnQuit": False,
    "browser.newtabpage.enabled": False,
    "browser.startup.page": 0,
    "browser.ctrlTab.sortByRecentlyUsed": False,
    "accessibility.warn_on_browsewithcaret": True,
    "devtools.selfxss.count": 100,
}


@dataclass(frozen=True)
class Evidence:
    """What came of the cases, by name where it can be told."""

    cases: dict[str, Case]
    opened: Opened
    text: str
    said: Ran
    seen: dict[str, list[str]]
    broken: dict[str, str]
    took: dict[str, float]
    hurried: set[str]
    on_disk: list[str]
    """The cases whose words are in some file that the recorder left, as they are."""

    def of(self, case: Case) -> list[dict[str, Any]]:
        """Return what was kept of the pages at the case's path."""
        visits = {
            each["visit"]
            for each in self.opened.content
            if each["kind"] == "page_entered" and each["url"].endswith(case.path)
        }
        return [each for each in self.opened.content if each.get("visit") in visits]

    @property
    def typed(self) -> str:
        """Return all text that was kept, in order: a page that rewrites its address cuts it in two."""
        return "".join(each["text"] for each in self.opened.content if each["kind"] == "type")

    def withheld(self, case: Case) -> list[str]:
        """Return for what reasons something was withheld at the case's path."""
        kept = self.of(case)
        alone = [each["reason"] for each in kept if each["kind"] == "withheld"]
        return alone + [reason for each in kept if each["kind"] == "type" for reason in each["withheld"]]

    def detected(self, case: Case) -> list[str]:
        """Return what was kept at the case's path with its own words taken out, which is too late for most."""
        texts = [each["text"] for each in self.of(case) if each["kind"] == "type"]
        return [text for text in texts if "[SECRET]" in text]

    def leaked(self, case: Case) -> list[str]:
        """Return every five letters in a row of the canary that are somewhere in the episode, in order."""
        joined = self.typed.replace(" ", "")  # what went into six fields must not come out as one
        at_once = case.canary.replace(" ", "")
        return sorted(each for each in grams(case.canary) if each in self.text) + [at_once] * (at_once in joined)


@contextmanager
def chromium(desktop: PrivateDesktop, site: HostileSite) -> Iterator[Chromium]:
    running = Chromium(desktop, site)
    running.open(START)
    try:
        yield running
    finally:
        running.close()


@contextmanager
def firefox(
    desktop: PrivateDesktop, site: HostileSite, name: str = "firefox", extra_env: dict[str, str] | None = None
) -> Iterator[None]:
    profile = desktop.directory / name
    profile.mkdir()
    chosen = {**FIREFOX_PREFERENCES, "network.proxy.ssl_port": site.port}
    lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in chosen.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    (profile / "cert_override.txt").write_text(_overrides(site), encoding="utf-8")
    mark = site.mark()
    command = ["firefox-esr", "--no-remote", "--width", "1180", "--height", "740", "--profile", str(profile), START]
    running = desktop.launch(command, name, extra_env)
    try:
        site.wait_for(START, since=mark, seconds=60)
        yield
    finally:
        programs.end(running)


def beside_a_terminal(opening: Any) -> Any:
    """Return *opening* of a browser with a terminal opened before it, to which Alt+Tab leads."""

    @contextmanager
    def opened(desktop: PrivateDesktop, site: HostileSite) -> Iterator[Any]:
        terminal = desktop.launch(["xterm", "-geometry", "40x4+900+650", "-e", "cat"], "terminal")
        try:
            with opening(desktop, site) as running:
                yield running
        finally:
            programs.end(terminal)

    return opened


def _overrides(site: HostileSite) -> str:
    der = ssl.PEM_cert_to_DER_cert(site.chain.read_text(encoding="ascii"))
    mark = ":".join(f"{byte:02X}" for byte in hashlib.sha256(der).digest())
    hosts = sorted({host for host, _ in site._pages})
    return "".join(f"{host}:443:\tOID.2.16.840.1.101.3.4.2.1\t{mark}\t\n" for host in hosts)


def furnish(site: HostileSite, cases: tuple[Case, ...]) -> None:
    """Serve every case's pages."""
    site.add(HOST, "/wiki/Start_here", page())
    site.answers.update(addresses.SERVED)
    for case in cases:
        if case.html:
            site.add(case.host, case.path, case.html)
        for (host, path), given in case.also.items():
            if isinstance(given, str):
                site.add(host, path, given)
            else:
                site.answers[host, path] = given


def play(cases: tuple[Case, ...], browser: Any) -> Evidence:
    """Play *cases* in the browser that the context manager *browser* opens, recorded from first to last."""
    with PrivateDesktop() as desktop, HostileSite(desktop.directory) as site, tempfile.TemporaryDirectory() as place:
        furnish(site, cases)
        tool = Tool(Path(place) / "home", Path(place) / "work", desktop.env)
        tool.run("init", "--all-in-one")
        tool.run("consent", "give", *CONSENT, "--purpose", "model_training", "--yes")
        with browser(desktop, site) as running:
            recording = tool.record()
            onlooker = Onlooker(desktop)
            try:
                recording.wait_armed(60)
                with Person(desktop.display, site) as person:
                    stage = Stage(desktop, site, person, onlooker)
                    stage.browser = running
                    stage.window = person.active()
                    stage._at = "/wiki/Start_here"
                    for case in cases:
                        stage.play(case)
                    for name in list(stage.broken):
                        stage.play(next(case for case in cases if case.name == name))  # a slow machine, most likely
                ended = recording.stop(30)
            finally:
                recording.kill()
                onlooker.close()
        opened = open_episode(tool.home, recording.episode(ended), datetime.now(UTC))
        text = json.dumps([opened.content, opened.metadata], ensure_ascii=False)
        raw = b"".join(_files(Path(place)))
    found = [case.name for case in cases if case.canary.encode() in raw]
    named = {case.name: case for case in cases}
    return Evidence(named, opened, text, ended, stage.seen, stage.broken, stage.took, stage.hurried, found)


def _files(place: Path) -> Iterator[bytes]:
    for directory, _, names in os.walk(place):
        for name in names:
            path = Path(directory, name)
            if path.is_file() and not path.is_symlink():
                yield path.read_bytes()
