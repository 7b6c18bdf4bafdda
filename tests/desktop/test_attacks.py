"""Hostile and clumsy pages against one real recording: what is planted on them must be nowhere in the episode.

Each attack has a page of its own and a canary that is really typed there. All of them happen in one session; then the
episode is opened once, and every test looks for its own canary. The frames are searched for the colour of secrets.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from Xlib import X

from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.opened import Opened, open_episode
from overt.demo.pages.shell import SECRET_COLOUR, document
from overt.demo.person import Person
from overt.demo.pictures import secret_pixels
from overt.demo.site import LocalSite
from overt.demo.tool import Ran, Tool

pytestmark = pytest.mark.desktop

HOST, FOREIGN = "en.wikipedia.org", "intranet.example"
CONSENT = (
    "--site",
    "google",
    "--site",
    "wikipedia",
    "--signal",
    "text",
    "--signal",
    "clicks",
    "--signal",
    "screenshots",
)
SETTLED, BUSY = 0.45, 1.1
FORM = """<main><label for="a">Alpha</label><input type="text" id="a"><label for="p">Password</label>
<input type="password" id="p" class="secret-text" placeholder=" "><label for="b">Beta</label>
<input type="text" id="b"><p id="q">A paragraph.</p></main>"""
HANG = "const hang = (ms) => { const t = performance.now(); while (performance.now() - t < ms); };"
FRAME = f'<iframe id="f" src="https://{FOREIGN}/frame" width="300" height="80"></iframe>'
BLOCK = '<div class="secret-block">zq</div>'

Act = Callable[[Person], None]


@dataclass(frozen=True)
class Attack:
    """A page and what a person does there; *canary* is typed where nothing may be recorded."""

    html: str
    act: Act
    canary: str = ""


def form(script: str = "", body: str = FORM) -> str:
    return document("A page", f"{body}<script>{HANG}{script}</script>")


def typing(where: str, text: str, pause: float = 0.02, wait: float = SETTLED) -> Act:
    """Click *where* and type *text*."""

    def act(person: Person) -> None:
        person.click_on(where)
        time.sleep(0.3)
        person.type(text, pause=pause)
        time.sleep(wait)

    return act


def into_another_page(person: Person) -> None:
    """Type while the page changes: what still reaches the page that is left may be kept, and is not looked for."""
    person.click_on("a")
    time.sleep(0.3)
    with person.arriving(f"https://{FOREIGN}/page"):
        person.type("oo oo oo", pause=0.03)
    person.type("kjvdbzwmyp", pause=0.03)
    time.sleep(SETTLED)


def tab_there_and_back(person: Person) -> None:
    person.click_on("a")
    time.sleep(0.3)
    person.tab_and_type("jkqzvwxpym")
    person.press("shift", "tab", pause=0)
    person.type("ok", pause=0)
    time.sleep(SETTLED)


def tab_then(text: str, *after: str) -> Act:
    def act(person: Person) -> None:
        person.click_on("a")
        time.sleep(0.3)
        person.press("tab", pause=0.03)
        person.type(text, pause=0.02)
        if after:
            person.press(*after)
        time.sleep(BUSY)

    return act


def click_then(text: str) -> Act:
    def act(person: Person) -> None:
        where = person.point("p")
        person.click_on("a")
        time.sleep(0.3)
        person.click(*where)
        person.type(text, pause=0.02)
        time.sleep(BUSY)

    return act


def through_the_terminal(person: Person) -> None:
    page = person.active()
    person.click_on("a")
    time.sleep(0.3)
    person.press("alt", "tab", pause=0)
    person.type("wkzvmxbqjy", pause=0.012)
    person.press("alt", "tab", pause=0)
    time.sleep(SETTLED)
    person.activate(page)
    person.press("esc")


def a_card_with_mistakes(person: Person) -> None:
    """The next page names in its address and its title what was typed."""
    person.click_on("a")
    person.type("4111 11", pause=0.01)
    person.press("backspace", pause=0.01)
    person.type("1 1111 11", pause=0.01)
    person.type("2", pause=0.01)
    person.press("backspace", pause=0.01)
    person.type("11", pause=0.01)
    with person.arriving(f"https://{HOST}/w/index.php"):
        person.press("enter")
    time.sleep(1.0)


def a_window_above(person: Person) -> None:
    person.click_on("a")
    colour = int.from_bytes(bytes(SECRET_COLOUR))
    root, display = person._root, person._display
    depth = display.screen().root_depth
    window = root.create_window(
        300, 300, 200, 150, 0, depth, X.InputOutput, X.CopyFromParent, background_pixel=colour, override_redirect=True
    )
    window.map()
    person.type("ok")
    time.sleep(1.0)
    window.destroy()
    display.sync()


def told(where: str) -> Act:
    """Tell *where* a password, click elsewhere and let the page be photographed."""

    def act(person: Person) -> None:
        person.click_on(where)
        person.type("qzxk")
        person.click_on("q")
        time.sleep(1.0)

    return act


def waiting(person: Person) -> None:
    """Leave the pointer where no frame can take it."""
    person.move(60, 700)
    time.sleep(1.0)


def shown(person: Person) -> None:
    person.click_on("q")
    time.sleep(1.0)


ATTACKS = {
    "ordinary text is kept": Attack(form(), typing("a", "ordinary words")),
    "an ordinary page is photographed": Attack(form(), shown),
    "tab, instant typing and shift+tab": Attack(form(), tab_there_and_back, "jkqzvwxpym"),
    "tab on a page that hangs": Attack(
        form('a.onkeydown = (e) => { if (e.key == "Tab") hang(700); };'), tab_then("vbnmqzxwkj"), "vbnmqzxwkj"
    ),
    "tab and back on a page that hangs": Attack(
        form('a.onkeydown = (e) => { if (e.key == "Tab") hang(700); };'),
        tab_then("mzqwykvjbx", "shift", "tab"),
        "mzqwykvjbx",
    ),
    "a click on a page that hangs": Attack(form("a.onblur = () => hang(700);"), click_then("xkcwvqzmjb"), "xkcwvqzmjb"),
    "focus stolen by the first key and given back": Attack(
        form("a.onkeydown = () => { p.focus(); setTimeout(() => a.focus(), 180); };"),
        typing("a", "wzqkvxjmby", 0.01),
        "wzqkvxjmby",
    ),
    "text shown as bullets": Attack(
        form(body=FORM.replace('id="a"', 'id="a" style="-webkit-text-security: disc"')),
        typing("a", "zvkqwjxmyp", 0.03),
        "zvkqwjxmyp",
    ),
    "a password replaced by a text field": Attack(
        form(
            "p.oninput = () => { if (p.value.length == 3) { const t = document.createElement('input');"
            "t.type = 'text'; t.value = p.value; p.replaceWith(t); t.focus(); } };"
        ),
        typing("p", "xzkhvjbwmy", 0.05),
        "xzkhvjbwmy",
    ),
    "a password shown by a script": Attack(
        form("p.oninput = () => { p.type = 'text'; };"), typing("p", "ygkqvjbwmx"), "ygkqvjbwmx"
    ),
    "an excluded area for a moment": Attack(
        form(
            "a.onkeydown = () => { const u = '/wiki/Attack_'; if (!location.pathname.startsWith(u)) return;"
            "const here = location.href; history.pushState({}, '', '/w/index.php?title=X&action=edit');"
            "setTimeout(() => history.replaceState({}, '', here), 150); };"
        ),
        typing("a", "jvxbwmyzk", 0.008),
        "jvxbwmyzk",
    ),
    "a foreign page that comes while typing": Attack(
        form(f"a.onkeydown = () => setTimeout(() => location = 'https://{FOREIGN}/page', 50);"),
        into_another_page,
        "kjvdbzwmyp",
    ),
    "a foreign frame that takes the focus": Attack(
        form("a.onkeydown = () => f.contentWindow.postMessage(1, '*');", FORM + FRAME),
        typing("a", "jbvkxzwgyp"),
        "bvkxzwgyp",
    ),
    "a flood of changes": Attack(
        form("setInterval(() => { q.textContent = Math.random(); q.append(document.createElement('b')); }, 1);"),
        typing("p", "bkzvnxwqjy"),
        "bkzvnxwqjy",
    ),
    "a terminal for a moment": Attack(form(), through_the_terminal, "wkzvmxbqjy"),
    "a card typed with mistakes": Attack(
        form("a.onkeydown = (e) => { if (e.key == 'Enter') location = '/w/index.php?search=' + a.value; };"),
        a_card_with_mistakes,
        "1 1111",
    ),
    "a window above the page": Attack(form(), a_window_above),
    "a password shown in a field not to be edited": Attack(
        form("p.oninput = () => { if (p.value.length == 4) { p.type = 'text'; p.readOnly = true; } };"), told("p")
    ),
    "a password shown beside its field": Attack(
        form("p.oninput = () => { q.textContent = p.value; q.className = 'secret-block'; };"), told("p")
    ),
    "a token in a field not to be edited": Attack(
        form(body=f'<main><input id="t" readonly value="zz" class="secret-text" placeholder=" ">{FORM}</main>'), shown
    ),
    "foreign pages in every kind of frame": Attack(
        form(
            body=f'<main><p id="q">A paragraph.</p><iframe src="https://{FOREIGN}/block"></iframe>'
            f'<object data="https://{FOREIGN}/block"></object><embed src="https://{FOREIGN}/block">'
            f'<iframe src="data:text/html,<body style=background:rgb{SECRET_COLOUR}>x"></iframe>'
            f'<iframe sandbox srcdoc="<body style=background:rgb{SECRET_COLOUR}>x"></iframe></main>'
        ),
        waiting,
    ),
}
TITLES = {name: f"Attack_{number}" for number, name in enumerate(ATTACKS)}
TYPED = [name for name, attack in ATTACKS.items() if attack.canary]


@dataclass(frozen=True)
class Evidence:
    """The opened episode, all of its records as text, and what the recorder said."""

    opened: Opened
    text: str
    said: Ran

    def of(self, name: str) -> list[dict[str, Any]]:
        """Return what was kept of the page of the attack *name*."""
        visits = {
            each["visit"]
            for each in self.opened.content
            if each["kind"] == "page_entered" and each["url"].endswith(f"/{TITLES[name]}")
        }
        return [each for each in self.opened.content if each.get("visit") in visits]


def url(name: str) -> str:
    return f"https://{HOST}/wiki/{TITLES[name]}"


def furnish(site: LocalSite) -> None:
    for name, attack in ATTACKS.items():
        site.add(HOST, f"/wiki/{TITLES[name]}", attack.html)
    steals = '<input id="z"><script>addEventListener("message", () => { focus(); z.focus(); })</script>'
    site.add(HOST, "/w/index.php", lambda query: document(f"Found {query.get('search', '')}", "<main>Found</main>"))
    site.add(FOREIGN, "/page", document("Elsewhere", '<main><input id="z" autofocus></main>'))
    site.add(FOREIGN, "/frame", document("Elsewhere", steals))
    site.add(FOREIGN, "/block", document("Elsewhere", BLOCK))


@pytest.fixture(scope="module")
def evidence(desktop: PrivateDesktop, site: LocalSite) -> Iterator[Evidence]:
    """Suffer every attack in one session, and open what was kept."""
    furnish(site)
    terminal = desktop.launch(["xterm", "-geometry", "40x4+1000+700"], "xterm")
    with tempfile.TemporaryDirectory(dir=desktop.directory) as directory:
        tool = Tool(Path(directory) / "home", Path(directory) / "work", desktop.env)
        tool.run("init", "--all-in-one")
        tool.run("consent", "give", *CONSENT, "--purpose", "model_training", "--yes")
        chromium = Chromium(desktop, site)
        chromium.open(url("an ordinary page is photographed"))
        recording = tool.record()
        try:
            recording.wait_armed()
            with Person(desktop.display, site) as person:
                suffer(person)
            ended = recording.stop()
            opened = open_episode(tool.home, recording.episode(ended), datetime.now(UTC))
        finally:
            recording.kill()
            chromium.close()
            terminal.terminate()
        yield Evidence(opened, json.dumps([opened.content, opened.metadata], ensure_ascii=False), ended)


def suffer(person: Person) -> None:
    for name, attack in ATTACKS.items():
        person.go(url(name))
        time.sleep(0.4)
        attack.act(person)


def test_ordinary_text_and_ordinary_pages_are_kept(evidence: Evidence) -> None:
    """Otherwise nothing below would prove anything."""
    kept = evidence.of("ordinary text is kept")

    assert "ordinary words" in [each.get("text") for each in kept]
    assert any(each["kind"] == "frame" for each in evidence.of("an ordinary page is photographed"))


@pytest.mark.parametrize("name", TYPED)
def test_what_is_typed_during_the_attack_is_nowhere(evidence: Evidence, name: str) -> None:
    canary = ATTACKS[name].canary

    assert evidence.of(name), "the page itself was seen"
    assert [canary[at : at + 5] for at in range(len(canary) - 4) if canary[at : at + 5] in evidence.text] == []


def test_no_frame_shows_a_secret(evidence: Evidence) -> None:
    shows = [each["visit"] for each in evidence.opened.content if each["kind"] == "frame"]
    secret = {visit for visit, png in zip(shows, evidence.opened.frames, strict=True) if secret_pixels(png)}
    pages = {each["visit"]: each["url"] for each in evidence.opened.content if each["kind"] == "page_entered"}
    names = {title: name for name, title in TITLES.items()}

    assert [names[pages[visit].rpartition("/")[2]] for visit in secret] == []


def test_a_foreign_page_is_never_named(evidence: Evidence) -> None:
    assert FOREIGN not in evidence.text
    assert "Elsewhere" not in evidence.text


def test_the_recorder_says_nothing_of_any_of_it(evidence: Evidence) -> None:
    assert evidence.said.err == ""
    assert [name for name in TYPED if ATTACKS[name].canary in evidence.said.out] == []
