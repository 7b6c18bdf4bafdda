"""The browser's own surfaces over and beside an allowed page: nothing that is typed there is the page's."""

import contextlib
import time

from tests.desktop.pages.case import ANY, FIELD, FOREIGN, HOST, Act, Case, Expect, page
from tests.desktop.pages.stage import Stage, write

from overt.errors import DesktopError

CHROME = "browser_chrome"


def surface(name: str, *keys: str, leave: tuple[tuple[str, ...], ...] = (("esc",),), reason: str = CHROME,
            firefox: bool = False) -> Case:  # fmt: skip
    def act(stage: Stage, case: Case) -> None:
        stage.until("field")
        stage.person.press(*keys)
        stage.until(reason) if reason != ANY else stage.until_not("field")
        stage.type(case.canary)
        stage.settle()
        for each in leave:
            stage.person.press(*each, pause=0.15)

    return Case(name=name, expect=Expect.REFUSED, act=act, reason=reason, named=True, html=page(), away=True,
                firefox=firefox)  # fmt: skip


def dialog(name: str, script: str, *, answers: int = 1, reason: str = CHROME) -> Case:
    def act(stage: Stage, case: Case) -> None:
        stage.until("field")
        stage.person.press("down")
        stage.until(reason)
        stage.type(case.canary.split()[0])  # a space would press the button
        stage.settle()
        for _ in range(answers):
            stage.person.press("esc", pause=0.15)

    html = page(FIELD, f"onkeydown = (e) => {{ if (e.key == 'ArrowDown') {{ {script} }} }};")
    return Case(name=name, expect=Expect.REFUSED, act=act, reason=reason, named=True, html=html)


def another(name: str, keys: tuple[str, ...], reason: str, *, url: str = f"https://{HOST}/wiki/Beside",
            expect: Expect = Expect.REFUSED, firefox: bool = False) -> Case:  # fmt: skip
    """Open another window by *keys*, go to *url* there, type, and close it."""

    def act(stage: Stage, case: Case) -> None:
        stage.until("field")
        before = {xid for xid, _ in stage.person.windows()}
        stage.person.press(*keys)
        opened = stage.new_window(before)
        stage.person.activate(opened)
        time.sleep(0.4)
        mark = stage.site.mark()
        stage.enter(url)
        stage.site.wait_for(url, since=mark, seconds=20)
        stage.until(reason or "field")
        stage.unhurried()
        stage.type(case.canary, pause=0.02)
        stage.settle()
        stage.person.press("ctrl", "shift", "w", pause=0.2)
        stage.back()

    return Case(name=name, expect=expect, act=act, reason=reason, named=True, html=page(), firefox=firefox,
                also={(HOST, "/wiki/Beside"): page(), (FOREIGN, "/beside"): page()})  # fmt: skip


def pop_up(name: str, script: str, reason: str = "") -> Case:
    def act(stage: Stage, case: Case) -> None:
        stage.until("field")
        before = {xid for xid, _ in stage.person.windows()}
        stage.person.press("down")
        opened = stage.new_window(before)
        stage.person.activate(opened)
        stage.until(reason or "field")
        stage.unhurried()
        stage.type(case.canary, pause=0.02)
        stage.settle()
        stage.person.press("ctrl", "w", pause=0.2)
        stage.back()

    html = page(FIELD, f"onkeydown = (e) => {{ if (e.key == 'ArrowDown') {{ {script} }} }};")
    expect = Expect.REFUSED if reason else Expect.KEPT
    return Case(name=name, expect=expect, act=act, reason=reason, named=True, html=html,
                also={(FOREIGN, "/popped"): page()})  # fmt: skip


def after(*strokes: tuple[str, ...]) -> Act:
    """Press *strokes*, then type as on any other page, then undo them with the last key of the last stroke."""

    def act(stage: Stage, case: Case) -> None:
        stage.until("field")
        for each in strokes[:-1]:
            stage.person.press(*each, pause=0.25)
        write(stage, case)
        with contextlib.suppress(DesktopError):
            stage.person.press(*strokes[-1], pause=0.25)

    return act


def developer_tools(stage: Stage, case: Case) -> None:
    stage.until("field")
    stage.person.press("ctrl", "shift", "j", pause=0.5)
    stage.until_not("field")
    time.sleep(0.8)
    stage.type(case.canary)
    stage.settle()
    stage.person.press("F12", pause=0.4)


SURFACES = (
    surface("the address bar", "ctrl", "l", leave=(("esc",), ("esc",)), firefox=True),
    surface("the find bar", "ctrl", "f", firefox=True),
    surface("the browser's menu", "alt", "f"),
    surface("a new tab", "ctrl", "t", leave=(("ctrl", "w"),), reason="page_not_allowed"),
    surface("saving a bookmark", "ctrl", "d", reason=CHROME),
    surface("printing", "ctrl", "p", reason=ANY, leave=(("esc",), ("esc",))),
    dialog("an alert", "alert('Hello');"),
    dialog("a question to confirm", "confirm('Sure?');"),
    dialog("a question to answer in words", "prompt('Your name?');"),
    another("a private window", ("ctrl", "shift", "n"), "private_window"),
    another("a second window on a foreign page", ("ctrl", "n"), "page_not_allowed", url=f"https://{FOREIGN}/beside",
            firefox=True),
    another("a second window on an allowed page", ("ctrl", "n"), "", expect=Expect.KEPT),
    pop_up("a pop-up of a foreign page", f"open('https://{FOREIGN}/popped', '', 'width=500,height=400');",
           "page_not_allowed"),
    pop_up("a pop-up that the page writes itself, with the page's own address",
           "const w = open('', '', 'width=500,height=400'); w.document.write('<input id=z>'); w.focus(); "
           "setTimeout(() => w.z.focus(), 300);"),
    Case(name="a zoomed page", expect=Expect.KEPT, html=page(), firefox=True,
         act=after(("ctrl", "plus"), ("ctrl", "plus"), ("ctrl", "0"))),
    Case(name="full screen by the browser", expect=Expect.KEPT, html=page(), act=after(("F11",), ("F11",))),
    Case(name="full screen by the page", expect=Expect.KEPT, act=after(("down",), ("esc",)), html=page(
        FIELD, "onkeydown = (e) => { if (e.key == 'ArrowDown') document.documentElement.requestFullscreen(); };")),
)  # fmt: skip

SLOW = (
    Case(name="developer tools", expect=Expect.REFUSED, act=developer_tools, reason=ANY, named=True, html=page(),
         away=True),
)  # fmt: skip
"""What opens too slowly for a test of every day."""
