"""A change of policy is said in words, with what it means for people who already consented."""

from collections.abc import Callable

import pytest

from overt.policy.changes import Meaning, asks_anew, changes
from overt.policy.document import Policy, parse_policy
from overt.policy.templates import trial_policy_text

Made = Callable[..., Policy]

ANEW, NOTHING, TELL = Meaning.ANEW, Meaning.NOTHING, Meaning.TELL


def said(old: Policy, new: Policy) -> list[tuple[str, str, Meaning]]:
    return [(change.entry, change.what, change.meaning) for change in changes(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "there", "back"),
    [
        (
            'sites = ["google", ',
            "sites = [",
            ("sites", "no longer the site google", NOTHING),
            ("sites", "a new site google", ANEW),
        ),
        (
            '"clicks", ',
            '"clicks", "moves", ',
            ("signals", "a new signal moves", ANEW),
            ("signals", "no longer the signal moves", NOTHING),
        ),
        (
            'purposes = ["model_training", "research"]\np',
            'purposes = ["model_training", "research", "model_evaluation"]\np',
            ("purposes", "a new purpose model_evaluation", ANEW),
            ("purposes", "no longer the purpose model_evaluation", NOTHING),
        ),
        (
            '["linkedin/pulse"]',
            "[]",
            ("excluded", "no longer left out: linkedin/pulse", ANEW),
            ("excluded", "now left out: linkedin/pulse", NOTHING),
        ),
        ("trial = false", "trial = true", ("trial", "now a trial", ANEW), ("trial", "no longer a trial", ANEW)),
        (
            '["EU"]',
            '["EU", "US-IL"]',
            ("jurisdictions", "now also the law of US-IL", ANEW),
            ("jurisdictions", "no longer the law of US-IL", ANEW),
        ),
        (
            '"Acme Ltd"',
            '"Bcme Ltd"',
            ("controller.name", "Bcme Ltd answers for the data instead of Acme Ltd", ANEW),
            ("controller.name", "Acme Ltd answers for the data instead of Bcme Ltd", ANEW),
        ),
        (
            "privacy@acme",
            "other@acme",
            ("controller.contact", "now other@acme.example", TELL),
            ("controller.contact", "now privacy@acme.example", TELL),
        ),
        (
            "retention_days = 90",
            "retention_days = 60",
            ("retention", "kept shorter for model_training, 60 days instead of 90", NOTHING),
            ("retention", "kept longer for model_training, 90 days instead of 60", ANEW),
        ),
        (
            "research = 30",
            "research = 31",
            ("retention", "kept longer for research, 31 days instead of 30", ANEW),
            ("retention", "kept shorter for research, 30 days instead of 31", NOTHING),
        ),
        (
            "retention_days = 90\n",
            "retention_days = 90\nreview_days = 10\n",
            ("limits.review_days", "lowered from 30 to 10", NOTHING),
            ("limits.review_days", "raised from 10 to 30", ANEW),
        ),
        (
            "_minutes = 100",
            "_minutes = 101",
            ("limits.daily_cap_minutes", "raised from 100 to 101", ANEW),
            ("limits.daily_cap_minutes", "lowered from 101 to 100", NOTHING),
        ),
        (
            "cohort_floor = 60",
            "cohort_floor = 61",
            ("limits.cohort_floor", "raised from 60 to 61", NOTHING),
            ("limits.cohort_floor", "lowered from 61 to 60", ANEW),
        ),
        (
            "grant_max_days = 183",
            "grant_max_days = 90",
            ("limits.grant_max_days", "lowered from 183 to 90", TELL),
            ("limits.grant_max_days", "raised from 90 to 183", TELL),
        ),
        (
            "cooling_off_hours = 24",
            "cooling_off_hours = 48",
            ("limits.cooling_off_hours", "raised from 24 to 48", TELL),
            ("limits.cooling_off_hours", "lowered from 48 to 24", TELL),
        ),
        (
            'end = "24:00"',
            'end = "23:00"',
            ("schedule", "60 minutes less of the week in which recording is possible", NOTHING),
            ("schedule", "60 minutes more of the week in which recording is possible", ANEW),
        ),
        (
            "privacy@research",
            "other@research",
            ("recipients", "another contact of Example Research", TELL),
            ("recipients", "another contact of Example Research", TELL),
        ),
        (
            "amount_minor = 1000",
            "amount_minor = 900",
            ("incentive", "another offer; what was earned under the old one stays earned", TELL),
            ("incentive", "another offer; what was earned under the old one stays earned", TELL),
        ),
        (
            '"DPIA 7"',
            '"DPIA 8"',
            ("documents.dpia", "another data protection impact assessment", TELL),
            ("documents.dpia", "another data protection impact assessment", TELL),
        ),
        (
            '"Hall 2"',
            '"Hall 3"',
            ("notice.locations", "the notice says something else", ANEW),
            ("notice.locations", "the notice says something else", ANEW),
        ),
    ],
)
def test_a_change_means_one_thing_there_and_another_back(
    made: Made, old: str, new: str, there: tuple[str, str, Meaning], back: tuple[str, str, Meaning]
) -> None:
    before, after = made(), made((old, new))

    assert said(before, after) == [there]
    assert said(after, before) == [back]
    assert asks_anew(before, after) is (there[2] is ANEW)


def test_another_recipient_needs_consent_anew_and_fewer_do_not(made: Made) -> None:
    before, after = made(), made(('country = "DE"', 'country = "CH"'))

    assert said(before, after) == [
        ("recipients", "Example Research (CH) is given exports for research", ANEW),
        ("recipients", "Example Research (DE) is no longer given exports for research", NOTHING),
    ]
    assert said(before, before.model_copy(update={"recipients": ()})) == [
        ("recipients", "Example Research (DE) is no longer given exports for research", NOTHING)
    ]


def test_an_amount_may_come_and_go_and_what_was_earned_stays(made: Made) -> None:
    paid, unpaid = made(), made().model_copy(update={"incentive": None})

    assert said(unpaid, paid) == [("incentive", "an amount is offered", TELL)]
    assert said(paid, unpaid) == [("incentive", "no amount is offered any more; what was earned stays earned", TELL)]


def test_a_document_may_come_and_go(made: Made) -> None:
    other = made(("documents.dpia", "documents.works_agreement"))

    assert said(made(), other) == [
        ("documents.dpia", "no data protection impact assessment any more", TELL),
        ("documents.works_agreement", "a works agreement", TELL),
    ]


def test_order_and_layout_change_nothing(made: Made) -> None:
    reordered = made(('"google", "wikipedia"', '"wikipedia", "google"'), ("trial = false", "trial   =   false # no"))

    assert changes(made(), reordered) == ()
    assert not asks_anew(made(), reordered)


def test_a_new_purpose_is_said_once_and_not_as_longer_retention(made: Made) -> None:
    before = made(('purposes = ["model_training", "research"]\np', 'purposes = ["research"]\np'))

    assert said(before, made()) == [("purposes", "a new purpose model_training", ANEW)]


def test_a_change_is_one_line_that_says_what_to_do(made: Made) -> None:
    lines = [str(change) for change in changes(made(), parse_policy(trial_policy_text()))]

    assert "signals: a new signal moves: consent must be given anew" in lines
    assert "purposes: no longer the purpose research: nothing to do" in lines
    assert "limits.grant_max_days: lowered from 183 to 30: tell people; no consent ends by it" in lines
    assert not any("\n" in line for line in lines)
