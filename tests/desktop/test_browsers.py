"""What browsers themselves offer beside an allowed page, under real recordings: nothing typed there is anywhere.

Each browser is played through one recording; every case types a word of its own, which is looked for in everything that
was written. What belongs to the page is kept, or the rest would prove nothing.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from tests.desktop.pages import browsers, playing
from tests.desktop.pages.case import ANY, Case, Expect
from tests.desktop.pages.lane import Lane
from tests.desktop.pages.playing import Evidence

from overt.demo import programs

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(600)]

LANES = {"chromium": (browsers.CHROMIUM, playing.chromium), "firefox": (browsers.FIREFOX, playing.firefox)}
PLAYED = [(lane, case) for lane, (cases, _) in LANES.items() for case in cases]


@pytest.fixture(scope="module")
def lanes() -> Iterator[dict[str, Lane]]:
    """Play each browser that is there, side by side."""
    if absent := programs.missing():
        line = f"desktop tests need {', '.join(absent)}: {programs.apt_line(absent)}"
        pytest.fail(line) if os.environ.get("CI") == "true" else pytest.skip(line)
    there = [name for name in LANES if name != "firefox" or shutil.which("firefox-esr")]
    made = {name: Lane(*LANES[name]) for name in there}
    for lane in made.values():
        lane.start()
    yield made
    for lane in made.values():
        lane.join()


@pytest.fixture
def evidence(lanes: dict[str, Lane], lane: str) -> Evidence:
    if lane not in lanes:
        pytest.skip("firefox-esr is not installed: its windows go unchecked")
    return lanes[lane].result()


@pytest.mark.parametrize(("lane", "case"), PLAYED, ids=[f"{case.name} ({lane})" for lane, case in PLAYED])
def test_what_is_the_pages_is_kept_and_nothing_else_is_anywhere(evidence: Evidence, case: Case) -> None:
    assert case.name not in evidence.broken, evidence.broken[case.name]
    if case.expect is Expect.KEPT:
        if case.name in evidence.hurried:
            pytest.skip("the machine was too busy: that it can be kept goes unchecked")
        assert case.canary in evidence.typed
        return

    assert evidence.leaked(case) == []
    if case.reason != ANY:
        assert case.reason in evidence.seen[case.name]


@pytest.mark.parametrize("lane", LANES)
def test_no_file_of_the_recorder_holds_what_was_typed(evidence: Evidence) -> None:
    assert evidence.on_disk == []


@pytest.mark.parametrize("lane", LANES)
def test_the_recorder_says_nothing_of_any_of_it(evidence: Evidence) -> None:
    assert evidence.said.err == ""
    assert [case.name for case in evidence.cases.values() if case.canary in evidence.said.out] == []
