"""Pages that go elsewhere, or become something else, under the person's hands."""

import time

from tests.desktop.pages.case import ANY, FIELD, FOREIGN, HOST, Case, Expect, page
from tests.desktop.pages.serving import Answer
from tests.desktop.pages.stage import Stage, write

AFTER = '<input id="z" autofocus>'
EDIT = "/w/index.php?title=Lamp&action=edit"
ELSEWHERE = {(FOREIGN, "/elsewhere"): page(AFTER)}


def after(stage: Stage, case: Case) -> None:
    """Do what moves the page, and type once it has moved.

    Chromium tells a pushed address only when something else changes on the page, such as its field's text.
    """
    stage.until("field")
    stage.person.press("down", pause=0.4)
    if "history" not in case.html and "hash" not in case.html:
        stage.until(case.reason)
    stage.type(case.canary)
    stage.settle()


def at_once(stage: Stage, case: Case) -> None:
    """Type without waiting, all the time while the page goes elsewhere."""
    stage.until("field")
    stage.person.press("down", pause=0)
    time.sleep(0.05)
    stage.type(case.canary, pause=0.03)
    stage.settle()


def held(stage: Stage, case: Case) -> None:
    """Hold a key down until the page has changed its site, and go on holding it."""
    stage.until("field")
    stage.hold(case.canary[0], 1.6)
    stage.settle()


def storm(stage: Stage, case: Case) -> None:
    """Change between this tab and a foreign one, and type in the foreign one alone."""
    stage.person.press("ctrl", "t", pause=0.3)
    stage.enter(f"https://{FOREIGN}/elsewhere")
    stage.until("page_not_allowed")
    for letter in case.canary * 2:
        for _ in range(2):
            stage.person.press("ctrl", "shift", "tab", pause=0.015)
        stage.person.press("ctrl", "shift", "tab", pause=0.03)
        stage.person.press("ctrl", "shift", "tab", pause=0.03)
        stage.type(letter, pause=0.02)
    stage.settle()
    stage.person.press("ctrl", "w", pause=0.2)


def moved(name: str, script: str, *, reason: str = "page_not_allowed", expect: Expect = Expect.REFUSED,
          at: bool = False, away: bool = False, firefox: bool = False) -> Case:  # fmt: skip
    act = at_once if at else after if expect is Expect.REFUSED else then_kept
    return Case(name=name, expect=expect, act=act, reason=reason, named=True, away=away, firefox=firefox,
                html=page(FIELD, f"onkeydown = (e) => {{ if (e.key == 'ArrowDown') {{ {script} }} }};"),
                also=ELSEWHERE)  # fmt: skip


def then_kept(stage: Stage, case: Case) -> None:
    stage.until("field")
    stage.person.press("down", pause=0.3)
    write(stage, case)


def go(how: str) -> str:
    return how.replace("THERE", f"'https://{FOREIGN}/elsewhere'")


def calm(stage: Stage, case: Case) -> None:
    stage.until_calm()
    write(stage, case)
    stage.settle(1.0)


FLOOD = "setInterval(() => { for (let n = 0; n < 40; n++) { const p = document.createElement('p'); "
FLOOD += "p.textContent = Math.random(); l.append(p); if (l.childNodes.length > 200) l.textContent = ''; } }, 20);"
MANY = "for (let n = 0; n < 20000; n++) { const p = document.createElement('i'); p.textContent = n; q.append(p); }"

MOVES = (
    moved("pushState into an excluded area", f"history.pushState(0, '', '{EDIT}')", firefox=True),
    moved("replaceState into an excluded area", f"history.replaceState(0, '', '{EDIT}')"),
    moved("a fragment that opens the editor", "location.hash = '#/editor/0'", firefox=True),
    moved("a fragment that opens nothing", "location.hash = '#History'", expect=Expect.KEPT),
    moved("pushState within the allowed area", "history.pushState(0, '', '/wiki/Pushed_on')", expect=Expect.KEPT),
    moved("leaving for a foreign page", go("location = THERE"), away=True, firefox=True),
    moved("location.replace to a foreign page", go("location.replace(THERE)"), away=True),
    moved("a link that is clicked by a script", go("const k = document.createElement('a'); k.href = THERE; k.click();"),
          away=True),
    moved("a form that is sent elsewhere",
          go("const k = document.createElement('form'); k.action = THERE; document.body.append(k); k.submit();"),
          away=True),
    moved("leaving for a foreign page while typing", go("setTimeout(() => location = THERE, 30)"), at=True, away=True),
    moved("pushState into an excluded area while typing", f"history.pushState(0, '', '{EDIT}')", at=True),
    moved("a field that becomes a password while typing", "a.type = 'password'", reason="secret_field", at=True),
    moved("a password that takes the focus while typing",
          "const k = document.createElement('input'); k.type = 'password'; document.body.append(k); k.focus();",
          reason="secret_field", at=True, firefox=True),
    moved("a page that is written anew", "document.open(); document.write('<input type=password id=z>'); "
          "document.close(); z.focus();", reason="secret_field", away=True),
    Case(name="a redirect to a foreign page", expect=Expect.REFUSED, act=write, reason="page_not_allowed",
         host=FOREIGN, path="/redirected", url=f"https://{HOST}/wiki/Redirects", html=page(AFTER), firefox=True,
         also={(HOST, "/wiki/Redirects"): Answer(302, headers=(("Location", f"https://{FOREIGN}/redirected"),))}),
    Case(name="a redirect to an excluded page", expect=Expect.REFUSED, act=write, reason="page_not_allowed",
         path="/wiki/Special:Redirected", url=f"https://{HOST}/wiki/Redirects_too", html=page(AFTER),
         also={(HOST, "/wiki/Redirects_too"): Answer(302, headers=(("Location", "/wiki/Special:Redirected"),))}),
    Case(name="a page that refreshes to a foreign one", expect=Expect.REFUSED, act=write, reason="page_not_allowed",
         host=FOREIGN, path="/refreshed", url=f"https://{HOST}/wiki/Refreshes", html=page(AFTER),
         also={(HOST, "/wiki/Refreshes"): f'<meta http-equiv=refresh content="0;url=https://{FOREIGN}/refreshed">'}),
    Case(name="a key held while the page changes its site", expect=Expect.REFUSED, act=held, named=True, away=True,
         canary="qqqqqq", reason="page_not_allowed", also=ELSEWHERE,
         html=page(FIELD, go("onkeydown = () => setTimeout(() => location = THERE, 100);"))),
    Case(name="a storm of tabs", expect=Expect.REFUSED, act=storm, named=True, html=page(), also=ELSEWHERE,
         reason="page_not_allowed"),
    Case(name="an ordinary field in a flood of changes", expect=Expect.KEPT, act=write,
         html=page(FIELD + '<div id="l" aria-live="assertive"></div>', FLOOD)),
    Case(name="a password in a flood of changes", expect=Expect.WITHHELD, act=write, named=True,
         html=page('<input id="a" type="password" autofocus><div id="l" aria-live="assertive"></div>', FLOOD)),
    Case(name="a password on a page of 20,000 nodes, before the browser has read it", expect=Expect.REFUSED, act=write,
         reason=ANY, named=True, away=True,
         html=page('<input id="a" type="password" autofocus><div id="q"></div>', MANY)),
)  # fmt: skip

GREAT = (
    Case(name="an ordinary field on a page of 20,000 nodes", expect=Expect.KEPT, act=calm,
         html=page(FIELD + '<div id="q"></div>', MANY)),
    Case(name="a password on a page of 20,000 nodes", expect=Expect.WITHHELD, act=calm, named=True,
         html=page('<input id="a" type="password" autofocus><div id="q"></div>', MANY)),
)  # fmt: skip
"""Pages that the browser itself reads for many seconds: only the long tests have the time."""
