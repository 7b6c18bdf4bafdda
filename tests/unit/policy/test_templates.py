"""A new policy stays inside the law of its places, and says in comments what else that asks for."""

import pytest

from overt.errors import PolicyError
from overt.policy.document import parse_policy, read_policy
from overt.policy.effective import excesses
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.jurisdictions.us_ny import STATUTORY_NOTICE
from overt.policy.signals import Signal
from overt.policy.summary import law_lines, summary_lines
from overt.policy.templates import new_policy_text, synthetic_policy_text, trial_policy_text


@pytest.mark.parametrize("code", PROFILES)
def test_a_new_policy_offers_nothing_that_the_law_takes_away(code: str) -> None:
    policy = parse_policy(new_policy_text("Acme", "a@acme.example", [code], PROFILES))

    assert policy.jurisdictions == (code,)
    assert excesses(policy, PROFILES) == ()


def test_without_profiles_it_is_the_usual_policy_for_the_union() -> None:
    policy = parse_policy(new_policy_text("Acme", "a@acme.example"))

    assert policy.jurisdictions == ("EU",)
    assert policy.signals == (Signal.TEXT, Signal.CLICKS, Signal.SCROLLS, Signal.SCREENSHOTS)
    assert (policy.limits.retention_days, policy.limits.daily_cap_minutes) == (180, 120)
    assert policy.limits.cooling_off_hours == 24
    assert policy.documents.dpia is None


def test_the_options_in_its_comments_are_sound() -> None:
    text = new_policy_text("Acme", "a@acme.example")
    head, options = text.split("# Everything below may be left out.")
    entries = [line.removeprefix("# ") for line in options.splitlines() if "=" in line or line.startswith("# [")]

    policy = read_policy(head + "\n".join(entries))

    assert not isinstance(policy, tuple), policy
    assert policy.incentive is not None
    assert (len(policy.schedule), len(policy.recipients), len(policy.retention)) == (1, 1, 1)


def test_for_new_york_it_quotes_the_statute() -> None:
    text = new_policy_text("Acme", "a@acme.example", ["US-NY"], PROFILES)

    assert STATUTORY_NOTICE in text.replace("\n# ", " ")
    assert "posted_at" in text
    assert "[documents." not in text


def test_a_place_without_a_profile_has_no_template() -> None:
    with pytest.raises(PolicyError, match="for XX"):
        new_policy_text("Acme", "a@acme.example", ["XX"], PROFILES)


def test_no_line_is_wider_than_a_page() -> None:
    text = new_policy_text("Acme", "a@acme.example", sorted(PROFILES), PROFILES)

    assert max(map(len, text.splitlines())) <= 120


def test_a_policy_in_words_names_every_setting(full: str) -> None:
    words = "\n".join(summary_lines(parse_policy(full), PROFILES, PROFILES["EU"].reviewed_on))

    for said in (
        "Acme Ltd (privacy@acme.example)\n",
        "sites: google, wikipedia, linkedin",
        "left out: linkedin/pulse",
        "kept for research: 30 days",
        "hours: mon, tue from 09:00 to 12:00, local time",
        "at most 183 days, first recording after 24 hours",
        "of 60 people or more",
        "to Example Research (DE, privacy@research.example) for research",
        "pays 1000 of the smallest unit of EUR for each 30 days",
        "unrecorded: scripted tasks",
        "data protection impact assessment: DPIA 7, by the board, to be reviewed 2027-06-01",
        "locations: Hall 2",
        "comes to, on 2026-11-23",
        "until: 2027-06-01",
        "None of this is legal advice.",
    ):
        assert said in words


def test_a_refused_policy_in_words_says_why_and_a_trial_that_it_is_one(full: str) -> None:
    day = PROFILES["EU"].reviewed_on
    refused = "\n".join(summary_lines(parse_policy(full.replace("EU", "FR", 1)), PROFILES, day))
    trial = "\n".join(summary_lines(parse_policy(trial_policy_text()), PROFILES, day))

    assert "nothing may be recorded:\n  - documents.worker_consultation: the law of FR asks" in refused
    assert "until:" not in refused
    assert trial.splitlines()[0].endswith(", a trial")
    assert "hands over" not in trial
    assert "until:" not in trial


def test_the_law_in_words_has_its_days_and_every_source() -> None:
    lines = law_lines(PROFILES["US-CT"])

    assert lines[0] == "US-CT: Connecticut, within US; reviewed 2026-11-23, expires 2027-11-23"
    assert "  in the notice: notice.locations since 2026-10-01" in lines
    assert "  in the notice: notice.posted_at" in lines
    assert len([line for line in lines if line.startswith("  source: ")]) == len(PROFILES["US-CT"].sources)
    assert "  at most 90 days kept (our choice, in no statute)" in law_lines(PROFILES["EU"])


def test_an_organisation_of_nobody_says_so_and_keeps_for_longest() -> None:
    policy = parse_policy(synthetic_policy_text())

    assert policy.trial
    assert policy.controller.name == "Synthetic organisation: nobody was recorded"
    assert policy.controller.contact == "nobody"
    assert policy.limits.grant_max_days > parse_policy(trial_policy_text()).limits.grant_max_days
    assert policy.limits.retention_days == policy.limits.review_days == policy.limits.grant_max_days


@pytest.mark.parametrize("code", ["US-NY", "DE"])
def test_what_has_to_be_filled_in_is_announced_for_facts_alone_and_for_documents(code: str) -> None:
    text = new_policy_text("Acme", "a@acme.example", [code], PROFILES)

    assert "Nothing can be recorded before these entries are filled in" in text.replace("\n# ", " ")
