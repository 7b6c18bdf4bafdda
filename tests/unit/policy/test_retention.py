"""What was recorded goes on the day that was promised, and is not used for a purpose past that purpose's end."""

from datetime import date

import pytest

from overt.policy.purposes import Purpose
from overt.policy.retention import gone_on, review_ends, usable

TRAINING, EVALUATION, RESEARCH = Purpose.MODEL_TRAINING, Purpose.MODEL_EVALUATION, Purpose.RESEARCH
KEPT = {TRAINING: 30, EVALUATION: 90}
DAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("purposes", "day"),
    [
        ({TRAINING}, date(2026, 1, 31)),
        ({EVALUATION}, date(2026, 4, 1)),
        ({TRAINING, EVALUATION}, date(2026, 4, 1)),
        ({RESEARCH}, date(2026, 1, 31)),
        ({RESEARCH, EVALUATION}, date(2026, 4, 1)),
        (set(), date(2026, 1, 31)),
    ],
)
def test_an_episode_goes_when_the_last_of_its_purposes_ends(purposes: set[Purpose], day: date) -> None:
    assert gone_on(KEPT, purposes, DAY) == day


@pytest.mark.parametrize(
    ("purpose", "on", "may"),
    [
        (TRAINING, DAY, True),
        (TRAINING, date(2026, 1, 30), True),
        (TRAINING, date(2026, 1, 31), False),
        (EVALUATION, date(2026, 1, 31), True),
        (EVALUATION, date(2026, 4, 1), False),
        (RESEARCH, DAY, False),
    ],
)
def test_a_purpose_ends_on_its_own_day(purpose: Purpose, on: date, may: bool) -> None:
    assert usable(KEPT, purpose, DAY, on) is may


def test_the_end_of_the_calendar_is_no_error() -> None:
    assert gone_on(KEPT, {TRAINING}, date(9999, 12, 2)) == date.max
    assert gone_on(KEPT, {TRAINING}, date(9999, 12, 1)) == date.max
    assert gone_on(KEPT, {TRAINING}, date(9999, 11, 30)) == date(9999, 12, 30)
    assert review_ends(date(9999, 12, 2), 30) == date.max


def test_what_nobody_approves_goes_when_the_days_for_review_are_over() -> None:
    assert review_ends(DAY, 14) == date(2026, 1, 15)
