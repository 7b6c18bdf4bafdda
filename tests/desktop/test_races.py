"""Races that the person wins: what is typed while the focus moves is nowhere, and what is typed while it rests is kept.

Both browsers are played, each in one recording. How much is lost inside the 250 ms around a change is printed.
"""

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator

import pytest
from tests.desktop.pages import playing, races
from tests.desktop.pages.case import Case, Expect
from tests.desktop.pages.lane import Lane
from tests.desktop.pages.playing import Evidence

from overt.demo import programs

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(600)]

BROWSERS = {"chromium": playing.chromium, "firefox": playing.firefox}
LOST = [case for case in races.CASES if case.expect is Expect.REFUSED]


@pytest.fixture(scope="module")
def lanes() -> Iterator[dict[str, Lane]]:
    """Play each browser that is there, side by side, with a terminal to turn to."""
    if absent := programs.missing():
        line = f"desktop tests need {', '.join(absent)}: {programs.apt_line(absent)}"
        pytest.fail(line) if os.environ.get("CI") == "true" else pytest.skip(line)
    there = [name for name in BROWSERS if name != "firefox" or shutil.which("firefox-esr")]
    made = {name: Lane(races.CASES, playing.beside_a_terminal(BROWSERS[name])) for name in there}
    for lane in made.values():
        lane.start()
    yield made
    for lane in made.values():
        lane.join()


@pytest.fixture(params=BROWSERS)
def evidence(lanes: dict[str, Lane], request: pytest.FixtureRequest) -> Evidence:
    if request.param not in lanes:
        pytest.skip("firefox-esr is not installed: its races go unchecked")
    return lanes[request.param].result()


@pytest.mark.parametrize("case", LOST, ids=[case.name for case in LOST])
def test_what_is_typed_while_the_focus_moves_away_is_nowhere(evidence: Evidence, case: Case) -> None:
    assert case.name not in evidence.broken, evidence.broken[case.name]
    assert evidence.leaked(case) == []
    assert evidence.on_disk == []


def test_what_is_typed_while_the_focus_rests_is_kept(evidence: Evidence, capsys: pytest.CaptureFixture[str]) -> None:
    """At least 99.5 % of the keys, and every click and Enter, also those that leave their page."""
    assert "rounds" not in evidence.broken, evidence.broken["rounds"]
    mine = [each for each in evidence.opened.content if each.get("visit") in _visits(evidence, "/wiki/Round_")]
    texts = Counter(each["text"] for each in mine if each["kind"] == "type")
    wanted = [races.text_of(number) for number in range(races.ROUNDS)]
    kept = sum(len(text) for text in wanted if texts[text])
    instant = next(case for case in races.CASES if case is not races.RESTING and case.expect is Expect.KEPT)
    with capsys.disabled():
        sys.stdout.write(
            f"\nwhile the focus rests: {kept} of {sum(map(len, wanted))} keys kept; "
            f"at once after a click: {_longest(instant.canary, evidence)} of {len(instant.canary)}\n"
        )

    clicks = sum(each["kind"] == "click" for each in mine)
    enters = sum(each["kind"] == "key" and each["keys"] == ["enter"] for each in mine)
    late = sum(each.get("dropped", {}).get("late", 0) for each in evidence.opened.metadata)
    acts = races.ROUNDS + races.ROUNDS // 2, races.ROUNDS // 2

    assert kept >= 0.995 * sum(map(len, wanted))
    # A machine with too much to do looks too late to know where a click was made; that is counted, page by page.
    assert sum(acts) - late <= clicks + enters <= sum(acts)
    if not late:
        assert (clicks, enters) == acts


def _visits(evidence: Evidence, path: str) -> set[int]:
    entered = [each for each in evidence.opened.content if each["kind"] == "page_entered"]
    return {each["visit"] for each in entered if path in each["url"]}


def _longest(text: str, evidence: Evidence) -> int:
    """Return how many of the last letters of *text* were kept in a row."""
    return next(size for size in range(len(text), -1, -1) if text[len(text) - size :] in evidence.typed)
