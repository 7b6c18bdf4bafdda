"""Documents inside documents."""

import time

from tests.desktop.pages.case import FIELD, FOREIGN, HOST, Case, Expect, page
from tests.desktop.pages.serving import Answer
from tests.desktop.pages.stage import Stage, write

INNER = '<input id="z" autofocus><script>setTimeout(() => { focus(); z.focus(); }, 60)</script>'
STEAL = '<input id="z"><script>addEventListener("message", () => { focus(); z.focus(); })</script>'
OUTER = '<iframe id="f" width="400" height="120" SRC></iframe><p id="q">text</p>'
WAKE = "setTimeout(() => { f.focus(); f.contentWindow.focus(); }, 150);"


def framed(name: str, src: str, *, also: dict[tuple[str, str], str | Answer] | None = None, script: str = "",
           firefox: bool = False, body: str = OUTER) -> Case:  # fmt: skip
    return Case(name=name, expect=Expect.REFUSED, act=inside, reason="foreign_frame", named=True, also=also or {},
                html=page(body.replace("SRC", src), script + WAKE), firefox=firefox)  # fmt: skip


def inside(stage: Stage, case: Case) -> None:
    """Wait until the focus is in the frame, and type there."""
    time.sleep(0.4)  # the page moves the focus twice
    stage.until(case.reason if case.expect is Expect.REFUSED else "field")
    stage.unhurried()
    stage.type(case.canary, pause=0.02)
    stage.settle()


FOREIGN_INNER = {(FOREIGN, "/inner"): INNER}
ATTRIBUTE = INNER.replace('"', "&quot;")


def blob() -> str:
    inner = INNER.replace("</", "<\\/")
    return f"f.src = URL.createObjectURL(new Blob([`{inner}`], {{type: 'text/html'}}));"


def written() -> str:
    inner = INNER.replace("</", "<\\/")
    return f"f.contentDocument.write(`{inner}`); f.contentDocument.close();"


FRAMES = (
    framed("a frame of a foreign site", f'src="https://{FOREIGN}/inner"', also=FOREIGN_INNER, firefox=True),
    framed("a frame of another port", f'src="https://{HOST}:8443/wiki/Inner_port"',
           also={(HOST, "/wiki/Inner_port"): INNER}),
    framed("a frame with its page in an attribute", f'srcdoc="{ATTRIBUTE}"', firefox=True),
    framed("a sandboxed frame with its page in an attribute", f'sandbox="allow-scripts" srcdoc="{ATTRIBUTE}"'),
    framed("a frame of a blob", "", script=blob()),
    framed("a frame of a data address", f'src="data:text/html,{ATTRIBUTE}"'),
    framed("an excluded page of the same site in a frame", f'src="https://{HOST}/wiki/Special:Inner"',
           also={(HOST, "/wiki/Special:Inner"): INNER}, firefox=True),
    framed("an allowed page inside a foreign frame", f'src="https://{FOREIGN}/outer"',
           also={(FOREIGN, "/outer"): f'<iframe id="f" src="https://{HOST}/wiki/Inner_deep"></iframe>',
                 (HOST, "/wiki/Inner_deep"): INNER}),
    framed("a foreign object", f'<object id="f" width=400 height=120 data="https://{FOREIGN}/inner"></object>',
           also=FOREIGN_INNER, body="SRC"),
    Case(name="a frame that the page wrote itself, and that has the page's own address", expect=Expect.KEPT, act=inside,
         html=page(OUTER.replace("SRC", ""), written())),
    Case(name="a page of the same site in a frame", expect=Expect.KEPT, act=inside, firefox=True,
         html=page(OUTER.replace("SRC", f'src="https://{HOST}/wiki/Inner_same"')),
         also={(HOST, "/wiki/Inner_same"): INNER}),
    Case(name="an allowed page in a foreign page", expect=Expect.REFUSED, act=write, reason="page_not_allowed",
         host=FOREIGN, path="/around", html=page(OUTER.replace("SRC", f'src="https://{HOST}/wiki/Inner_same"'), WAKE),
         also={(HOST, "/wiki/Inner_same"): INNER}),
    Case(name="a foreign frame that takes the focus from a field", expect=Expect.REFUSED, act=write, named=True,
         reason="foreign_frame", also={(FOREIGN, "/steal"): STEAL},
         html=page(FIELD + OUTER.replace("SRC", f'src="https://{FOREIGN}/steal"'),
                   "a.onkeydown = () => f.contentWindow.postMessage(1, '*');")),
)  # fmt: skip
