"""A person who is faster than every report: what is typed while the focus moves, and what is typed while it rests."""

import time
from contextlib import suppress
from dataclasses import replace

from tests.desktop.pages.case import ANY, FIELD, FOREIGN, HOST, Act, Case, Expect, grams, page, words
from tests.desktop.pages.stage import Stage

from overt.errors import DesktopError

ROUNDS = 12
CALM = 0.45
"""Seconds: more than the 250 ms in which a change of context may cost text."""

BOTH = f'{FIELD}<input id="p" type="password"><p><a id="k" href="/wiki/Round_0">on</a></p>'
ELSEWHERE = {(FOREIGN, "/elsewhere"): page('<input id="z" autofocus>')}


def url(case: Case) -> str:
    return f"https://{HOST}{case.path}"


def begun(stage: Stage, case: Case) -> None:
    """Be in the page's ordinary field, and known to be there."""
    stage.until("field")
    stage.person.click_on("a", url(case))
    time.sleep(CALM)


def ended(stage: Stage) -> None:
    stage.settle(0.6)


def by_tab(stage: Stage, case: Case) -> None:
    begun(stage, case)
    stage.person.tab_and_type(case.canary)
    ended(stage)


def by_click(stage: Stage, case: Case) -> None:
    begun(stage, case)
    where = stage.person.point("p", url(case))
    stage.person.pace = replace(stage.person.pace, press=0.0)
    stage.person.click(*where)
    stage.person.type(case.canary, pause=0)
    stage.person.pace = replace(stage.person.pace, press=0.06)
    ended(stage)


def by_alt_tab(stage: Stage, case: Case) -> None:
    """Write on in a terminal, which is there and gone before anything was told."""
    begun(stage, case)
    stage.person.type("ok", pause=0.02)
    stage.person.press("alt", "tab", pause=0)
    stage.person.type(case.canary, pause=0.012)
    stage.person.press("alt", "tab", pause=0)
    ended(stage)
    stage._front()


def while_loading(stage: Stage, case: Case) -> None:
    """Enter leads to a foreign page; a key is typed on without a pause, and the canary as soon as it is there."""
    begun(stage, case)
    mark = stage.site.mark()
    stage.person.press("enter", pause=0)
    for _ in range(400):
        stage.type("e", pause=0)
        with suppress(DesktopError):
            stage.site.wait_for(f"https://{FOREIGN}/elsewhere", since=mark, seconds=0.03)
            break
    stage.type(case.canary, pause=0.03)
    ended(stage)


def stolen(stage: Stage, case: Case) -> None:
    """Another window takes the focus in the middle of a word."""
    begun(stage, case)
    stage.person.type("ok", pause=0.02)
    before = {xid for xid, _ in stage.person.windows()}
    thief = stage.desktop.launch(["xterm", "-geometry", "40x4+500+300", "-e", "cat"], "thief")
    stage.new_window(before)
    stage.type(case.canary, pause=0.02)
    ended(stage)
    thief.terminate()
    thief.wait(10)
    stage.back()


def raced(name: str, act: Act, html: str = "", **more: object) -> Case:
    return Case(name=name, expect=Expect.REFUSED, act=act, html=html or page(BOTH), reason=ANY, named=True, **more)  # type: ignore[arg-type]


# What is typed while the focus rests


def text_of(number: int) -> str:
    nouns = "lamp tower harbour ladder signal granite winter island keeper beacon storm coast".split()  # noqa: SIM905
    return " ".join(nouns[(number + step) % len(nouns)] for step in (0, 5, 7, 9))


def round_(number: int) -> str:
    return page(
        f'<form action="/wiki/Round_{number + 1}"><input id="a" name="q{number}" aria-label="Search words"></form>'
        f'<p><a id="k" href="/wiki/Round_{number + 1}">on</a></p>'
    )


def rounds(stage: Stage, case: Case) -> None:
    """Write and go on, by Enter and by a link in turn; every page is left by what must be kept of it."""
    del case
    stage.until("no_field")
    for number in range(ROUNDS):
        here, there = (f"https://{HOST}/wiki/Round_{each}" for each in (number, number + 1))
        time.sleep(CALM)
        stage.person.click_on("a", here)
        time.sleep(CALM)
        stage.person.type(text_of(number), pause=0.025)
        time.sleep(CALM)
        with stage.person.arriving(there):
            if number % 2:
                stage.person.click_on("k", here)
            else:
                stage.person.press("enter")
    time.sleep(CALM)


ROUND_PAGES = {(HOST, f"/wiki/Round_{number}"): round_(number) for number in range(1, ROUNDS + 1)}
RESTING = Case(name="rounds", expect=Expect.KEPT, act=rounds, html=round_(0), path="/wiki/Round_0", canary=text_of(0),
               also=ROUND_PAGES, away=True)  # fmt: skip


def hurried(stage: Stage, case: Case) -> None:
    """Write at once after the click: the one place in which allowed text may be lost."""
    stage.until("field")
    stage.person.press("tab", pause=CALM)
    where = stage.person.point("a", url(case))
    stage.person.click(*where)
    stage.person.type(case.canary, pause=0.025)
    ended(stage)


FORM = f'<form action="https://{FOREIGN}/elsewhere">{BOTH}<input type="submit" hidden></form>'
RACES = (
    raced("Tab into a password, and instant typing", by_tab),
    raced("a click into a password, and instant typing", by_click),
    raced("Alt+Tab while typing", by_alt_tab),
    raced("a page that loads while typing", while_loading, page(FORM), also=ELSEWHERE, away=True),
    raced("a window that steals the focus", stolen),
)
INSTANT = Case(
    name="instant typing into an ordinary field", expect=Expect.KEPT, act=hurried, html=page(BOTH), firefox=True
)


def _made() -> tuple[Case, ...]:
    taken = grams(" ".join(text_of(number) for number in range(ROUNDS)))
    raw = (*RACES, INSTANT)
    return (
        *(
            replace(each, path=f"/wiki/Race_{number}_", canary=words(700 + number, taken, real=each is INSTANT))
            for number, each in enumerate(raw)
        ),
        RESTING,
    )


CASES = _made()
