"""What browsers themselves offer beside a page: windows of every kind, viewers, tools, questions of their own."""

import time
from dataclasses import replace
from pathlib import Path

from tests.desktop.pages import playing
from tests.desktop.pages.addresses import NO_CHAIN, NOT_ALLOWED
from tests.desktop.pages.case import ANY, FIELD, HOST, Act, Case, Expect, grams, page, words
from tests.desktop.pages.moves import ELSEWHERE, storm
from tests.desktop.pages.serving import Answer
from tests.desktop.pages.stage import Stage, write
from tests.desktop.pages.surfaces import CHROME, after, another, pop_up

from overt.errors import DesktopError

BESIDE = f"https://{HOST}/wiki/Beside"
ARTICLE = "".join(
    f"<p>{'A lighthouse shows a sailor where the land is when it cannot be seen. ' * 6}</p>" for _ in "abcd"
)


def case(
    name: str, act: Act, *, reason: str = ANY, html: str = "", expect: Expect = Expect.REFUSED, **more: object
) -> Case:
    return Case(name=name, expect=expect, act=act, reason=reason, named=True, html=html or page(), **more)  # type: ignore[arg-type]


# Windows


def opened(stage: Stage, *words: str) -> int:
    """Start the browser's program once more with *words*, and return the window that it opens."""
    before = {xid for xid, _ in stage.person.windows()}
    stage.desktop.launch(stage.browser._command(*words), "another")
    found = stage.new_window(before, 30)
    stage.person.activate(found, 15)
    return found


def in_a_window(*words: str, private: bool) -> Act:
    """Open a window with *words* on an allowed page, type there, and close it."""

    def act(stage: Stage, case: Case) -> None:
        stage.until("field")
        mark = stage.site.mark()
        opened(stage, *words, BESIDE)
        stage.site.wait_for(BESIDE, since=mark, seconds=40)
        stage.until("field" if not private else case.reason, seconds=20)
        stage.unhurried()
        stage.type_and_look(case.canary)
        stage.person.press("ctrl", "shift", "w", pause=0.3)
        stage.back()

    return act


def foreign_tongue(stage: Stage, case: Case) -> None:
    """Another Firefox shows an allowed page, in a language whose mark of private windows is not known."""
    stage.until("field")
    before = {xid for xid, _ in stage.person.windows()}
    with playing.firefox(stage.desktop, stage.site, name="firefox-abroad", extra_env={"LANGUAGE": "sv"}):
        stage.person.activate(stage.new_window(before, 30), 15)
        stage.until(case.reason, seconds=20)
        time.sleep(0.3)
        stage.type(case.canary)
        stage.settle()
    stage.back()


# Pages of the browser's own making


def typed_there(url: str) -> Act:
    """Go to *url*, which cannot tell that it is there, and type into whatever has the focus."""

    def act(stage: Stage, case: Case) -> None:
        stage.enter(url)
        stage.until(case.reason)
        time.sleep(0.4)
        stage.until(case.reason)
        stage.type(case.canary)
        stage.settle()

    return act


def own(name: str, url: str, reason: str = NOT_ALLOWED) -> Case:
    return case(name, typed_there(url), reason=reason, away=True)


def a_file(stage: Stage, case: Case) -> None:
    path = Path(stage.desktop.directory, "page.html")
    path.write_text(page(title="Wikipedia"), encoding="utf-8")
    typed_there(path.as_uri())(stage, case)


def reader(stage: Stage, case: Case) -> None:
    """Let Firefox show the page as it likes to, which is a page of its own at ``about:reader``."""
    stage.until("no_field", "field")
    stage.person.press("ctrl", "alt", "r", pause=0.8)
    stage.until(case.reason, seconds=20)
    stage.type(case.canary)
    stage.settle()
    stage.person.press("ctrl", "alt", "r", pause=0.4)


def viewer(stage: Stage, case: Case) -> None:
    """Open the browser's own viewer of papers, and its search: both are at the paper's address."""
    stage.enter(f"https://{HOST}/wiki/Paper_")
    stage.until_not(CHROME)
    time.sleep(1.0)
    stage.type(case.canary)
    stage.person.press("ctrl", "f", pause=0.6)
    stage.type(case.canary)
    stage.settle()
    stage.person.press("esc", pause=0.1)


# Tools, and questions


def tools(*strokes: tuple[str, ...]) -> Act:
    """Open the developer tools by the first stroke; type there, and again after each of the others but the last."""

    def act(stage: Stage, case: Case) -> None:
        stage.until("field")
        for stroke in strokes[:-1]:
            stage.person.press(*stroke, pause=1.0)
            stage.until_not("field")
            time.sleep(1.2)
            stage.type(case.canary)
            stage.settle()
        stage.person.press(*strokes[-1], pause=0.6)
        stage.back()

    return act


def swallowed(stage: Stage, case: Case) -> None:
    """Type while the browser asks above the page, where the keys go although the page has the focus."""
    stage.until("field")
    stage.person.press("down", pause=1.2)
    stage.type(case.canary)
    stage.person.press("backspace")
    stage.settle(0.8)
    held = stage.site.latest(f"https://{HOST}{case.path}").values.get("a", "")
    for _ in range(2):
        stage.person.press("esc", pause=0.3)
    if held:
        raise DesktopError("waited in vain for the browser to ask")


def asked_before_leaving(stage: Stage, case: Case) -> None:
    stage.until("field")
    stage.person.press("down", pause=0.3)
    stage.person.press("ctrl", "w", pause=0.6)
    stage.until(CHROME)
    stage.type(case.canary.replace(" ", ""))
    stage.settle()
    stage.person.press("esc", pause=0.3)
    stage.until("field")
    stage.person.press("down", pause=0.3)  # or it would ask again when it is led on


def saved(stage: Stage, case: Case) -> None:
    """Let the page save a file, which the browser tells in a panel of its own, and go on typing."""
    stage.until("field")
    stage.person.press("down", pause=1.2)
    stage.person.press("esc", pause=0.3)
    write(stage, case)


def by_caret(*leading: tuple[str, ...]) -> Act:
    """Let a caret walk through the page, and type into its field as ever."""

    def act(stage: Stage, case: Case) -> None:
        stage.until("field")
        for stroke in leading:
            stage.person.press(*stroke, pause=0.5)
        write(stage, case)
        stage.person.press("F7", pause=0.3)

    return act


def on_down(script: str) -> str:
    return page(FIELD, f"onkeydown = (e) => {{ if (e.key == 'ArrowDown') {{ {script} }} }};")


SAVES = on_down("const k = document.createElement('a'); k.href = '/wiki/Saved_'; k.download = 'saved.bin'; k.click();")
SAVED = {
    (HOST, "/wiki/Saved_"): Answer(
        kind="application/octet-stream", body=b"\x00" * 64, headers=(("Content-Disposition", "attachment"),)
    )
}
LEAVES = on_down("onbeforeunload = onbeforeunload ? null : (e) => e.preventDefault();")
SIDE = {(HOST, "/wiki/Beside"): page()}
PLACE = on_down("navigator.geolocation.getCurrentPosition(() => 0, () => 0);")
NOTICE = on_down("Notification.requestPermission();")

IN_CHROMIUM = (
    case("a guest's window", in_a_window("--guest", private=True), reason="private_window", also=SIDE),
    case("an incognito window from the shell", in_a_window("--incognito", "--new-window", private=True),
         reason="private_window", also=SIDE),
    case("a window of a second profile", in_a_window("--profile-directory=Profile 2", private=False),
         expect=Expect.KEPT, also=SIDE),
    case("a request for permission", swallowed, html=NOTICE),
    case("a request for the place", swallowed, html=PLACE),
    case("a question before leaving", asked_before_leaving, reason=CHROME, html=LEAVES),
    case("a file that is saved", saved, expect=Expect.KEPT, html=SAVES, also=SAVED),
    case("a caret that walks", by_caret(("F7",), ("enter",)), expect=Expect.KEPT),
    case("a file of the disk", a_file, reason=NOT_ALLOWED, away=True),
    case("developer tools, docked and apart", away=True,
         act=tools(("ctrl", "shift", "j"), ("ctrl", "shift", "d"), ("ctrl", "shift", "w"))),
)  # fmt: skip

IN_FIREFOX = (
    another("a private window", ("ctrl", "shift", "p"), "private_window"),
    another("a second window on an allowed page", ("ctrl", "n"), "", expect=Expect.KEPT),
    pop_up("a pop-up of a foreign page", "open('https://intranet.example/popped', '', 'width=500,height=400');",
           "page_not_allowed"),
    case("full screen by the browser", after(("F11",), ("F11",)), expect=Expect.KEPT),
    case("a storm of tabs", storm, reason=NOT_ALLOWED, also=ELSEWHERE),
    case("the page as the reader shows it", reader, reason=NOT_ALLOWED, html=page(ARTICLE, title="Lighthouse")),
    case("a paper in the viewer", viewer, away=True),
    own("the source of an allowed page", "view-source:https://en.wikipedia.org/wiki/Start_here"),
    own("the browser's settings", "about:preferences"),
    own("the list of extensions", "about:addons"),
    case("a request for permission, beside which the page keeps the keys", after(("down",), ("esc",)),
         expect=Expect.KEPT, html=NOTICE),
    case("a question before leaving", asked_before_leaving, reason=CHROME, html=LEAVES),
    case("a file that is saved", saved, expect=Expect.KEPT, html=SAVES, also=SAVED),
    case("a caret that walks", by_caret(("F7",), ("enter",)), expect=Expect.KEPT),
    case("a file of the disk", a_file, reason=NOT_ALLOWED, away=True),
    case("developer tools", tools(("F12",), ("F12",)), away=True),
    case("a browser in a language that is not known", foreign_tongue, reason=NO_CHAIN, also=SIDE),
)  # fmt: skip


def _made(cases: tuple[Case, ...], seed: int) -> tuple[Case, ...]:
    taken = grams(" ".join(each.name + each.html for each in cases).lower())
    return tuple(
        replace(
            each,
            path=f"/wiki/Browser_{seed + number}_",
            canary=words(seed + number, taken, real=each.expect is Expect.KEPT),
        )
        for number, each in enumerate(cases)
    )


CHROMIUM, FIREFOX = _made(IN_CHROMIUM, 300), _made(IN_FIREFOX, 400)
