"""Hostile pages in real browsers under real recordings: what may be kept is kept, and nothing else is anywhere.

Every case has two words of its own that are really typed there. The whole corpus is played once in each browser, page
after page; the episode is opened at the end, and each test looks for the words of its own case.
"""

import os
import shutil
import sys
from collections.abc import Iterator

import pytest
from tests.desktop.pages import playing
from tests.desktop.pages.case import ANY, Case, Expect
from tests.desktop.pages.corpus import AROUND, FIREFOX, INSIDE
from tests.desktop.pages.lane import Lane
from tests.desktop.pages.playing import Evidence

from overt.demo import programs

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(900)]

ALLOWED_HOSTS = {"en.wikipedia.org", "de.wikipedia.org", "www.google.com", "www.linkedin.com"}
FIREFOX_THERE = shutil.which("firefox-esr") is not None
LANES = {
    "inside, in chromium": (INSIDE, playing.chromium),
    "around, in chromium": (AROUND, playing.chromium),
    "both, in firefox": (FIREFOX, playing.firefox),
}
"""What is played side by side, each on a desktop of its own with a recorder of its own."""

PLAYED = [(lane, case) for lane, (cases, _) in LANES.items() for case in cases]
IDS = [f"{case.name} ({lane.rpartition(' ')[2]})" for lane, case in PLAYED]


@pytest.fixture(scope="module")
def lanes() -> Iterator[dict[str, Lane]]:
    """Play the corpus in every browser that is there."""
    if absent := programs.missing():
        line = f"desktop tests need {', '.join(absent)}: {programs.apt_line(absent)}"
        pytest.fail(line) if os.environ.get("CI") == "true" else pytest.skip(line)
    made = {name: Lane(*given) for name, given in LANES.items() if FIREFOX_THERE or "firefox" not in name}
    for lane in made.values():
        lane.start()
    yield made
    for lane in made.values():
        lane.join()


@pytest.fixture
def evidence(lanes: dict[str, Lane], lane: str) -> Evidence:
    """What came of the corpus in *lane*."""
    if lane not in lanes:
        pytest.skip("firefox-esr is not installed: its pages go unchecked")
    return lanes[lane].result()


@pytest.mark.parametrize(("lane", "case"), PLAYED, ids=IDS)
def test_what_may_be_kept_is_kept_and_nothing_else_is_anywhere(evidence: Evidence, case: Case) -> None:
    """Not in the episode, not in any file, not in what the recorder says; and for the reason that was expected."""
    assert case.name not in evidence.broken, evidence.broken[case.name]
    if case.expect is Expect.KEPT:
        if case.name in evidence.hurried and case.canary not in evidence.typed:
            pytest.skip("the machine was too busy each time: that it can be kept goes unchecked")
        assert case.canary in evidence.typed
        return

    assert evidence.leaked(case) == []
    assert evidence.detected(case) == [], "a detector found it, but it was let in"
    if case.expect is Expect.REFUSED and case.reason != ANY:
        assert case.reason in evidence.seen[case.name]


@pytest.mark.parametrize("lane", LANES)
def test_no_file_of_the_recorder_holds_what_was_typed(evidence: Evidence) -> None:
    """Whatever was typed, kept or not, is in no byte that it left on the disk."""
    assert evidence.on_disk == []


@pytest.mark.parametrize("lane", LANES)
def test_no_page_that_may_not_be_named_is_named(evidence: Evidence) -> None:
    unnamed = [case for case in evidence.cases.values() if case.expect is Expect.REFUSED and not case.named]

    assert [case.name for case in unnamed if case.path in evidence.text] == []
    assert [host for host in {case.host for case in unnamed} - ALLOWED_HOSTS if host in evidence.text] == []


@pytest.mark.parametrize("lane", LANES)
def test_the_recorder_says_nothing_of_any_of_it(evidence: Evidence) -> None:
    assert evidence.said.err == ""
    assert [case.name for case in evidence.cases.values() if case.canary in evidence.said.out] == []


@pytest.mark.parametrize("lane", LANES)
def test_what_is_allowed_is_kept(evidence: Evidence, capsys: pytest.CaptureFixture[str]) -> None:
    """Otherwise nothing above would prove anything; a page that had no time to answer says nothing of it."""
    cases = [case for case in evidence.cases.values() if case.expect is Expect.KEPT]
    kept = [case for case in cases if case.canary in evidence.typed]
    hurried = [case for case in cases if case.name in evidence.hurried and case not in kept]
    with capsys.disabled():
        sys.stdout.write(f"\nallowed text: kept whole on {len(kept)} of {len(cases)} pages, {len(hurried)} hurried\n")

    assert len(kept) + len(hurried) == len(cases)
    assert kept


@pytest.mark.parametrize("lane", ["inside, in chromium", "both, in firefox"])
def test_the_episode_says_that_something_was_withheld(evidence: Evidence) -> None:
    cases = [case for case in evidence.cases.values() if case.expect is Expect.WITHHELD]

    assert sum(bool(evidence.withheld(case)) for case in cases) * 2 >= len(cases)
