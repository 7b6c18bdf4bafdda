"""What has been kept too long goes: by hand, daily, and before every recording."""

import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from overt.cli import record as recording
from overt.cli import sweeping
from overt.subject.keeping import Kept, Overdue

Overt = Callable[..., Any]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return what sets the clock so many days ahead."""

    def ahead(days: int) -> None:
        monkeypatch.setattr(sweeping, "now", lambda: datetime.now(UTC) + timedelta(days=days))

    return ahead


def test_a_dry_run_says_what_would_go_and_erases_nothing(
    overt: Overt, episode: str, later: Callable[[int], None]
) -> None:
    later(31)

    said = overt("episodes", "sweep", "--dry-run", "--clock-is-right", "--json").said

    assert [each["episode_id"] for each in said["due"]] == [episode]
    assert (said["erased"], said["doubted"]) == ([], [])
    assert len(overt("episodes", "list", "--json").said["episodes"]) == 1


def test_a_clock_that_jumped_is_told_of_and_can_be_believed(
    overt: Overt, episode: str, later: Callable[[int], None]
) -> None:
    later(31)

    doubted = overt("episodes", "sweep")
    believed = overt("episodes", "sweep", "--clock-is-right")

    assert doubted.out == "nothing has been kept too long\n"
    assert "the clock has jumped: 1 more wait" in doubted.err
    assert believed.out == f"erased {episode}\n"
    assert overt("episodes", "list", "--json").said["episodes"] == []


@pytest.mark.parametrize(("code", "ends"), [(0, 3), (7, 7)])
def test_a_recording_begins_with_a_sweep_in_a_process_of_its_own_and_not_without_it(
    overt: Overt, episode: str, monkeypatch: pytest.MonkeyPatch, code: int, ends: int
) -> None:
    ran: list[list[str]] = []

    def run(words: list[str], **_more: object) -> subprocess.CompletedProcess[str]:
        ran.append(words)
        return subprocess.CompletedProcess(words, code, "erased it\n", "")

    due = Kept(episode_id=episode, recorded=date(2026, 1, 1), gone_on=date(2026, 1, 31))
    monkeypatch.setattr(recording, "overdue", lambda _home, _at: Overdue(due=(due,)))
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.delenv("DISPLAY", raising=False)

    outcome = overt("record")

    assert outcome.code == ends
    assert [words[1:5] for words in ran] == [["-m", "overt", "episodes", "sweep"]]
    assert "erased it" in outcome.err
    assert outcome.out == ""
