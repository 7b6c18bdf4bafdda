"""Each edit script, typed with real keys into a real page in a real Chromium: no byte on disk has a secret's run."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.demo.browser import Chromium
from overt.demo.canary import Canary, plant_card
from overt.demo.desktop import PrivateDesktop
from overt.demo.opened import open_episode
from overt.demo.person import Pace, Person
from overt.demo.search import search_records, search_tree
from overt.demo.site import LocalSite
from overt.demo.tool import Tool

pytestmark = pytest.mark.desktop

PAGE = "https://en.wikipedia.org/wiki/Boxes"
HALF = 8


@dataclass(frozen=True)
class Hand:
    """Types into the field *own* of the page; *other* is the field beside it."""

    person: Person
    own: str
    other: str

    def press(self, name: str, *held: str, times: int = 1) -> None:
        for _ in range(times):
            self.person.press(*held, name)

    def type(self, text: str) -> None:
        self.person.type(text)

    def click(self, *, before: bool = False) -> None:
        self.person.click_on(self.own)
        self.person.press("home" if before else "end")


Script = Callable[[Hand, str], None]


def plain(hand: Hand, secret: str) -> None:
    hand.type(secret)


def typo(hand: Hand, secret: str) -> None:
    hand.type(secret[:HALF] + "no")
    hand.press("backspace", times=2)
    hand.type(secret[HALF:])


def typed_then_erased(hand: Hand, secret: str) -> None:
    hand.type(secret)
    hand.press("backspace", times=len(secret))
    hand.type("tower")


def halves_by_home(hand: Hand, secret: str) -> None:
    hand.type(secret[HALF:])
    hand.press("home")
    hand.type(secret[:HALF])


def middle_insert(hand: Hand, secret: str) -> None:
    hand.type(secret[:HALF] + secret[-3:])
    hand.press("left", times=3)
    hand.type(secret[HALF:-3])


def select_all_replace(hand: Hand, secret: str) -> None:
    hand.type(secret)
    hand.press("a", "ctrl")
    hand.type("tower")


def click_split(hand: Hand, secret: str) -> None:
    hand.type(secret[:HALF])
    hand.click()
    hand.type(secret[HALF:])


def click_prepend(hand: Hand, secret: str) -> None:
    hand.type(secret[HALF:])
    hand.click(before=True)
    hand.type(secret[:HALF])


def half_paste(hand: Hand, secret: str) -> None:
    hand.type(secret[HALF:])
    hand.press("a", "ctrl")
    hand.press("x", "ctrl")
    hand.type(secret[:HALF])
    hand.press("v", "ctrl")


def refocus(hand: Hand, secret: str) -> None:
    hand.type(secret[:HALF])
    hand.person.click_on(hand.other)
    hand.type("net")
    hand.click()
    hand.type(secret[HALF:])


def shift_noise(hand: Hand, secret: str) -> None:
    hand.type(secret[:HALF])
    hand.press("shift")
    hand.press("ctrl")
    hand.type(secret[HALF:])


def forward_delete(hand: Hand, secret: str) -> None:
    hand.type(secret[:HALF] + "no" + secret[HALF:])
    hand.press("left", times=len(secret) - HALF + 2)
    hand.press("delete", times=2)


def filler_erased(hand: Hand, secret: str) -> None:
    hand.type(secret[:HALF] + " tower ")
    hand.press("backspace", times=len(" tower "))
    hand.type(secret[HALF:])


SCRIPTS: tuple[Script, ...] = (
    *(plain, typo, typed_then_erased, halves_by_home, middle_insert, select_all_replace, click_split, click_prepend),
    *(half_paste, refocus, shift_noise, forward_delete, filler_erased),
)


def page() -> str:
    """Return a page with a field for each script and two beside them."""
    names = [script.__name__ for script in SCRIPTS] + ["beside", "harmless"]
    rows = "".join(f'<p><input id="{name}" aria-label="{name}" autocomplete="off"></p>' for name in names)
    style = "<style>p{margin:4px} input{width:320px;height:18px}</style>"
    return f"<!doctype html><html lang=en><title>Boxes</title>{style}{rows}</html>"


def test_no_byte_on_disk_has_a_run_of_what_was_typed(
    desktop: PrivateDesktop,
    site: LocalSite,
    browser: Callable[[str], Chromium],
    person: Person,
    tmp_path: Path,
) -> None:
    """P1 with real keys: the sealed file, the log, temporary files, what was printed, and the records themselves."""
    randomness = random.Random(5)
    canaries = {script: plant_card(script.__name__, randomness) for script in SCRIPTS}
    tool = Tool(tmp_path / "home", tmp_path / "work", desktop.env)
    tool.run("init", "--all-in-one")
    consent = ("--site", "wikipedia", "--signal", "text", "--signal", "clicks", "--purpose", "model_training")
    tool.run("consent", "give", *consent, "--yes")
    site.add("en.wikipedia.org", "/wiki/Boxes", page())
    browser(PAGE)
    recording = tool.record()
    recording.wait_armed()
    person.pace = Pace(key=0.012, press=0.012, move=0.02)
    person.click_on("harmless", PAGE)
    time.sleep(1.0)
    person.type("lighthouse")

    for script, canary in canaries.items():
        hand = Hand(person, script.__name__, "beside")
        hand.click()
        script(hand, canary.text)
    held = person.until(lambda each: len(each.values.get("filler_erased", "")) >= len("4111111111111111"), "the text")
    ended = recording.stop()
    opened = open_episode(tool.home, recording.episode(ended), datetime.now(UTC))

    _die_while_typing(tool, person, canaries[plain].text)

    _check_the_fields(held.values, canaries)
    found = search_tree(tmp_path, list(canaries.values()))
    found.add(search_records(opened.content, list(canaries.values()), "content"))
    found.add(search_records(opened.metadata, list(canaries.values()), "metadata"))
    said = " ".join(each.out + each.err for each in (*tool.said, ended))
    found.add(search_records([{"said": said}], list(canaries.values()), "said"))
    assert not found.findings
    assert found.files > 10
    texts = [event["text"] for event in opened.content if event["kind"] == "type"]
    assert any("lighthouse" in text for text in texts), "waited in vain for what is harmless to be kept"


def _die_while_typing(tool: Tool, person: Person, secret: str) -> None:
    """Kill a recorder that holds *secret*, which has not been committed."""
    recording = tool.record()
    recording.wait_armed()
    person.click_on("harmless", PAGE)
    person.type(secret)
    person.until(lambda each: secret in each.values.get("harmless", ""), "the second text")
    os.kill(recording.pid, signal.SIGKILL)
    recording.stop()


def _check_the_fields(values: dict[str, str], canaries: dict[Script, Canary]) -> None:
    """Every script did what it is for: its field holds the secret, or what has taken its place."""
    for script, canary in canaries.items():
        gone = script in {typed_then_erased, select_all_replace}
        assert values[script.__name__] == ("tower" if gone else canary.text), script.__name__
