"""The acts that must leave no trace: each plants a secret of its own, which is then looked for everywhere."""

from pathlib import Path
from typing import Final

from overt.demo.act import Act, Stage, Wanted
from overt.demo.pages import elsewhere, google, linkedin, wikipedia

PASSWORD: Final = "password"  # noqa: S105 - an act's id
CARD: Final = "card-in-search"
TAB: Final = "typed-after-tab"
FRAME: Final = "foreign-frame"
PRIVATE: Final = "private-window"
TERMINAL: Final = "terminal"
LOG_IN: Final = "excluded-area"
MESSAGE: Final = "message"

_NOTE: Final = "ask about the boat"


def _password(stage: Stage) -> list[Wanted]:
    stage.person.go(f"https://{linkedin.HOST}{linkedin.NOTE_AND_PASSWORD}")
    stage.pause()
    stage.person.click_on("password")
    stage.pause()
    stage.plant(PASSWORD, "password")
    stage.pause()
    stage.person.click_on("show")
    stage.pause()
    return []


def _after_tab(stage: Stage) -> list[Wanted]:
    stage.person.go(f"https://{linkedin.HOST}{linkedin.NOTE_AND_PASSWORD_TOO}")
    stage.pause()
    clicked = stage.click("note")
    stage.pause()
    stage.person.type(_NOTE)
    stage.pause()
    stage.person.tab_and_type(stage.canaries[TAB].text)
    stage.landed(TAB, "password")
    stage.pause()
    return [clicked, {"kind": "type", "text": _NOTE}]


def _card(stage: Stage) -> list[Wanted]:
    stage.person.go(f"https://{google.HOST}/")
    stage.pause()
    clicked = stage.click("q")
    stage.pause()
    stage.plant(CARD, "q")
    stage.pause()
    with stage.person.arriving(f"https://{google.HOST}/search"):
        stage.person.press("enter")
    stage.pause()
    return [clicked, {"kind": "type", "text": "[CREDIT_CARD]", "redacted": True}, {"kind": "key", "keys": ["enter"]}]


def _text_at(act: str, host: str, path: str, element: str = "text") -> Act:
    def play(stage: Stage) -> list[Wanted]:
        stage.person.go(f"https://{host}{path}")
        stage.pause()
        stage.person.click_on(element)
        stage.plant(act, element)
        stage.pause()
        return []

    did, why = _WORDS[act]
    return Act(ident=act, did=did, why=why, play=play, secret=True)


def _frame(stage: Stage) -> list[Wanted]:
    page, inner = f"https://{linkedin.HOST}{linkedin.WITH_FRAME}", f"https://{linkedin.FOREIGN_HOST}/form"
    stage.person.go(page)
    stage.site.wait_for(inner)
    stage.pause()
    stage.person.enter_frame("frame", page, inner)
    stage.person.click_on("text", inner)
    stage.pause()
    stage.plant(FRAME)
    stage.pause()
    return []


def _private(stage: Stage) -> list[Wanted]:
    first = stage.person.active()
    page = f"https://{google.HOST}/"
    stage.browser.open_private(page)
    stage.pause()
    stage.person.click_on("q", page)
    stage.plant(PRIVATE, "q")
    stage.pause()
    stage.person.press("ctrl", "w")
    stage.person.activate(first)
    stage.pause()
    return []


def _terminal(stage: Stage) -> list[Wanted]:
    first = stage.person.active()
    seen = Path(stage.desktop.directory, "terminal.txt")
    stage.desktop.launch(
        ["xterm", "-T", "Terminal", "-geometry", "80x12+300+420", "-e", "sh", "-c", f"cat > {seen}"], "xterm"
    )
    stage.person.activate(stage.person.window("Terminal"))
    stage.pause()
    stage.person.type(stage.canaries[TERMINAL].text)
    stage.person.press("enter")
    stage.planted_in(TERMINAL, lambda: seen.read_text(encoding="utf-8"))
    stage.person.press("ctrl", "d")
    stage.person.activate(first)
    stage.pause()
    return []


_WORDS: Final = {
    "another-site": ("typed on another site", "not on the list: the hook is off, nothing is counted"),
    "look-alike-1": ("typed at en.wikipedia.org.(…)", "an exact table of hosts, not a likeness"),
    "look-alike-2": ("typed at wikipedia-org.(…)", "an exact table of hosts, not a likeness"),
    "sign-in": ("signed in to an account", "not on the list: another host of the same company"),
    LOG_IN: ("logged in at the encyclopedia", "an excluded area of an allowlisted host"),
    MESSAGE: ("wrote a private message", "an excluded area of an allowlisted host"),
}

ALL: Final = (
    Act(
        ident=PASSWORD,
        did="typed a password on an allowed page, then had it shown",
        why="a password field: only the visit of a field is noted",
        play=_password,
        secret=True,
        page="Save this search | LinkedIn",
    ),
    Act(
        ident=TAB,
        did="typed into a password box the instant after Tab",
        why="text waits until the focus after it is known",
        play=_after_tab,
        secret=True,
        page="Save this job | LinkedIn",
    ),
    Act(
        ident=CARD,
        did="typed a card number into the search box",
        why="a detector: the number becomes [CREDIT_CARD]",
        play=_card,
        secret=True,
        card=True,
        page="Google",
    ),
    _text_at("another-site", *elsewhere.SHOP),
    _text_at("look-alike-1", *elsewhere.LOOK_ALIKES[0]),
    _text_at("look-alike-2", *elsewhere.LOOK_ALIKES[1]),
    _text_at("sign-in", *elsewhere.SIGN_IN, element="password"),
    _text_at(LOG_IN, wikipedia.HOST, "/wiki/Special:UserLogin", element="account"),
    _text_at(MESSAGE, linkedin.HOST, "/messaging/", element="message"),
    Act(
        ident=FRAME,
        did="typed in a frame of a foreign origin",
        why="every document up to the page must be allowed",
        play=_frame,
        secret=True,
    ),
    Act(
        ident=PRIVATE,
        did="searched in a private window",
        why="private windows: never, whatever the page",
        play=_private,
        secret=True,
    ),
    Act(ident=TERMINAL, did="typed in a terminal", why="not a browser: the hook is off", play=_terminal, secret=True),
)
