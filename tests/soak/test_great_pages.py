"""Pages of 20,000 nodes, and developer tools: what opens, or is read, too slowly for a test of every day."""

import sys

import pytest
from tests.desktop.pages import playing
from tests.desktop.pages.case import Case, Expect
from tests.desktop.pages.corpus import GREAT
from tests.desktop.pages.playing import Evidence

from overt.demo import programs

pytestmark = [pytest.mark.soak, pytest.mark.desktop, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """Play every great page in one recording."""
    if absent := programs.missing():
        pytest.skip(f"needs {', '.join(absent)}")
    return playing.play(GREAT, playing.chromium)


@pytest.mark.parametrize("case", GREAT, ids=[case.name for case in GREAT])
def test_a_great_page_keeps_what_is_allowed_and_nothing_else(
    evidence: Evidence, case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    assert case.name not in evidence.broken, evidence.broken[case.name]
    with capsys.disabled():
        sys.stdout.write(f"\n{case.name}: {evidence.took[case.name]:.0f} s\n")
    if case.expect is Expect.KEPT:
        if case.name in evidence.hurried and case.canary not in evidence.typed:
            pytest.skip("the machine was too busy each time: that it can be kept goes unchecked")
        assert case.canary in evidence.typed
        return

    assert evidence.leaked(case) == []


def test_no_file_of_the_recorder_holds_what_was_typed(evidence: Evidence) -> None:
    assert evidence.on_disk == []
    assert evidence.said.err == ""
