"""There and back: what a real session was exported as is done again, and the same pages come to the same state."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.desktop.pages.replaying import Replayer

from overt.demo import allowed
from overt.demo.act import Stage, Wanted
from overt.demo.browser import Chromium
from overt.demo.compare import align
from overt.demo.desktop import PrivateDesktop
from overt.demo.pages import shell, table
from overt.demo.person import Pace, Person
from overt.demo.site import LocalSite, Page
from overt.demo.tool import Tool

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(500)]

START = "https://www.google.com/"
FORM = "https://en.wikipedia.org/wiki/Form"
RESULT = "https://en.wikipedia.org/wiki/Result"
LATENCY = 0.4
"""Seconds."""
CHOICE = ("google", "wikipedia")


@dataclass
class State:
    """What one page had come to when it was left."""

    url: str
    values: dict[str, str] = field(default_factory=dict)
    scroll: tuple[int, int] = (0, 0)
    selection: str = ""


def states(site: LocalSite, since: int, until: int) -> list[State]:
    """Return the state of each page that was loaded between two marks, in order."""
    found: list[State] = []
    for each in site._reports[since:until]:
        if each.why == "load":
            found.append(State(each.page))
        if found and each.page == found[-1].url:
            found[-1] = State(each.page, each.values, each.scroll, each.selection)
    return found


def form(query: dict[str, str]) -> str:
    """Return a page with a few fields, which the next page repeats."""
    del query
    fields = (
        '<p><input type="text" id="title" name="title" aria-label="Title of the note" autocomplete="off"></p>'
        '<p><input type="text" id="note" name="note" aria-label="The note" autocomplete="off"></p>'
        '<p><input type="text" id="colour" name="colour" aria-label="Colour" autocomplete="off" value="dark grey"></p>'
        '<p><label><input type="checkbox" id="keep" name="keep" value="yes"> keep it</label></p>'
        '<p><button id="save">Save the note</button></p>'
    )
    body = f'<main><form action="/wiki/Result" method="get">{fields}</form></main>'
    return shell.document("Form - Wikipedia", body)


def result(query: dict[str, str]) -> str:
    """Return what the form was sent with."""
    rows = "".join(
        f'<p><input type="text" readonly id="got-{escape(name)}" aria-label="{name}" value="{escape(value)}"></p>'
        for name, value in sorted(query.items())
    )
    return shell.document("Result - Wikipedia", f'<main><h1 id="head">Saved</h1>{rows}</main>')


def typed(text: str) -> Wanted:
    return {"kind": "type", "text": text}


def fill(stage: Stage) -> list[Wanted]:
    """Fill the form as people do: with mistakes, second thoughts, keys and the mouse."""
    person = stage.person
    person.go(FORM)
    stage.pause()
    first = stage.click("title")
    stage.pause()
    person.type('Lamp\'s "first" lihgt')
    for _ in "hgt":
        person.press("backspace")
    person.type("ght & <b>more</b>")
    stage.pause()
    person.press("tab")
    stage.pause()
    person.type("oil, flour; 50% of it")
    stage.pause()
    kept = stage.click("keep")
    stage.pause()
    # Into the middle of what is there, and to its end by a key that no record tells of.
    box = person.latest().boxes["title"]
    person.click(box.x + 60, box.y + box.height // 2)
    stage.pause()
    person.press("end")
    person.type(" again")
    stage.pause()
    colour = stage.click("colour", count=3)
    stage.pause()
    person.type("blue")
    stage.pause()
    note = stage.click("note")
    stage.pause()
    person.press("home")
    person.type("Bring ")
    stage.pause()
    with person.arriving(RESULT):
        saved = stage.click("save")
    done: list[Wanted] = [{"kind": "navigate", "text": FORM}, first, typed('Lamp\'s "first" light & <b>more</b>')]
    done += [{"kind": "key", "keys": ["tab"]}, typed("oil, flour; 50% of it"), kept, {"kind": "click"}, typed(" again")]
    return [*done, colour, typed("blue"), note, typed("Bring oil, flour; 50% of it"), saved]


def refine(stage: Stage) -> list[Wanted]:
    """Search again for more: the field holds the question before, which nobody typed into this page."""
    clicked = stage.click("q")
    stage.pause()
    stage.person.type(" At night")
    stage.pause()
    with stage.person.arriving("https://www.google.com/search"):
        stage.person.press("enter")
    return [clicked, typed(" At night"), {"kind": "key", "keys": ["enter"]}]


def act(stage: Stage) -> list[Wanted]:
    """Do everything, and return what must be in the export, in order."""
    search, opened = (each.play for each in allowed.SEARCH_THE_WEB)
    rest = (each.play for each in allowed.READ_AN_ARTICLE)
    done: list[Wanted] = []
    for play in (search, refine, opened, *rest, fill):
        stage.pause()
        done += play(stage)
    stage.pause()
    return done


def slowed(page: Page) -> Page:
    """Make *page* take as long as one from afar: one that leaves at once takes with it what was clicked on."""

    def answer(query: dict[str, str]) -> str:
        time.sleep(LATENCY)
        return page(query)

    return answer


@pytest.fixture
def pages(site: LocalSite) -> Iterator[LocalSite]:
    usual = site._pages
    own = {("en.wikipedia.org", "/wiki/Form"): form, ("en.wikipedia.org", "/wiki/Result"): result}
    # Not what the site serves by now: another test may have put a page of its own in the place of ours.
    site._pages = {place: slowed(page) for place, page in {**table.ALL, **own}.items()}
    yield site
    site._pages = usual


def exported(tool: Tool, episode_id: str, out: Path) -> list[dict[str, Any]]:
    """Return the steps of the only episode, as whoever was given the data set has them."""
    tool.run("episodes", "approve", episode_id, "--yes")
    submitted = str(tool.home / "admin" / "submitted")
    tool.run("episodes", "submit", submitted, episode_id)
    tool.run("export", "--purpose", "model_training", "--from", submitted, "--out", str(out))
    steps: list[dict[str, Any]] = pq.read_table(next((out / "data").glob("steps-*.parquet"))).to_pylist()
    return steps


def agree(tool: Tool) -> None:
    tool.run("init", "--all-in-one")
    choice = [word for site in CHOICE for word in ("--site", site)]
    choice += [word for signal in ("text", "clicks", "scrolls") for word in ("--signal", signal)]
    tool.run("consent", "give", *choice, "--purpose", "model_training", "--yes")


def test_what_was_exported_done_again_brings_every_page_to_the_same_state(
    desktop: PrivateDesktop, pages: LocalSite, browser: Callable[[str], Chromium], person: Person, tmp_path: Path
) -> None:
    if shutil.which("xdotool") is None:
        line = "nothing is replayed without xdotool: apt-get install xdotool"
        pytest.fail(line) if os.environ.get("CI") == "true" else pytest.skip(line)
    tool = Tool(tmp_path / "home", tmp_path / "work", desktop.env)
    agree(tool)
    began = pages.mark()
    recorded_in = browser(START)
    recording = tool.record()
    recording.wait_armed()
    person.pace = Pace(key=0.025)
    wanted = act(Stage(desktop=desktop, site=pages, browser=recorded_in, person=person, canaries={}, rest=0.65))
    ended = recording.stop()
    recorded_in.close()
    first = states(pages, began, pages.mark())
    steps = exported(tool, recording.episode(ended), tmp_path / "dataset")

    # Whether a slow machine loses acts is asked elsewhere, and what was lost nobody can do again.
    lost = align(wanted, [step["action"] for step in steps]).count(None)
    assert not lost, f"waited in vain for a recorder that keeps up: {lost} of {len(wanted)} acts were not kept"

    again = pages.mark()
    browser(START)
    Replayer(desktop.env, pages).play(steps, START)

    second = states(pages, again, pages.mark())
    assert [each.url for each in second] == [each.url for each in first]
    assert len(first) == 8
    for there, back in zip(first, second, strict=True):
        assert back == there
    assert first[-1].values == {
        "got-title": 'Lamp\'s "first" light & <b>more</b> again',
        "got-note": "Bring oil, flour; 50% of it",
        "got-colour": "blue",
        "got-keep": "yes",
    }
