"""What a policy comes to on a day: refused for a reason that says what to do, or less than it offers, never more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from overt.errors import PolicyError
from overt.policy.document import Policy
from overt.policy.effective import effective, excesses, refusals
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.law import ConsentForm, Duty
from overt.policy.purposes import Purpose
from overt.policy.schedule import Permission
from overt.policy.signals import Signal

Made = Callable[..., Policy]

DAY = date(2026, 12, 1)
TRIAL = ("trial = false", "trial = true")
GERMANY = ('["EU"]', '["DE"]')


def refused(policy: Policy, on: date = DAY) -> list[str]:
    return [problem.entry for problem in refusals(policy, PROFILES, on)]


def test_all_that_a_sound_policy_offers_remains(made: Made) -> None:
    left = effective(made(), PROFILES, DAY)

    assert left.sites == {"google", "wikipedia", "linkedin"}
    assert left.excluded == {"linkedin/pulse"}
    assert left.signals == {Signal.TEXT, Signal.CLICKS, Signal.SCROLLS, Signal.SCREENSHOTS}
    assert left.retention == {Purpose.MODEL_TRAINING: 90, Purpose.RESEARCH: 30}
    assert (left.daily_cap_minutes, left.cohort_floor) == (100, 60)
    assert left.schedule == made().schedule
    assert left.texts == frozenset()
    assert left.consent == {ConsentForm.EXPLICIT, ConsentForm.GRANULAR}
    assert left.duties == {Duty.NO_EMOTION_INFERENCE, Duty.NO_INDIVIDUAL_INSIGHT}
    assert left.places == ("EU",)
    assert left.holds_until == date(2027, 6, 1)


def test_the_rules_of_a_day_answer_for_an_instant_and_an_episode(made: Made) -> None:
    left = effective(made(), PROFILES, DAY)
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)

    assert left.permission(monday, timedelta(minutes=99)) is Permission.OPEN
    assert left.permission(monday, timedelta(minutes=100)) is Permission.CAP_USED_UP
    assert left.permission(monday + timedelta(hours=3), timedelta(0)) is Permission.OUTSIDE_HOURS
    assert left.gone_on(frozenset({Purpose.RESEARCH}), date(2026, 1, 1)) == date(2026, 1, 31)
    assert left.usable(Purpose.RESEARCH, date(2026, 1, 1), date(2026, 1, 30))
    assert not left.usable(Purpose.RESEARCH, date(2026, 1, 1), date(2026, 1, 31))


def test_what_the_law_takes_away_is_gone_even_when_it_is_offered(made: Made) -> None:
    agreement = made().documents.dpia
    policy = made(GERMANY, ("retention_days = 90", "retention_days = 180"), ("_minutes = 100", "_minutes = 200"))
    policy = policy.model_copy(update={"documents": policy.documents.model_copy(update={"works_agreement": agreement})})

    left = effective(policy, PROFILES, DAY)

    assert left.signals == {Signal.CLICKS, Signal.SCROLLS}
    assert left.retention == {Purpose.MODEL_TRAINING: 90, Purpose.RESEARCH: 30}
    assert left.daily_cap_minutes == 120
    assert [(problem.entry, problem.what) for problem in excesses(policy, PROFILES)] == [
        ("signals[1]", "the law of DE takes text away"),
        ("signals[4]", "the law of DE takes screenshots away"),
        ("limits.retention_days", "is over the 90 that these places come to"),
        ("limits.daily_cap_minutes", "is over the 120 that these places come to"),
    ]
    assert all(problem.remedy for problem in excesses(policy, PROFILES))


@pytest.mark.parametrize(
    ("entry", "old", "new"),
    [
        ("limits.retention_days", "retention_days = 90", "retention_days = 91"),
        ("retention.research", "research = 30", "research = 91"),
    ],
)
def test_a_number_at_its_ceiling_is_within_and_the_next_is_not(made: Made, entry: str, old: str, new: str) -> None:
    roomy = ("retention_days = 90", "retention_days = 100")

    assert excesses(made(), PROFILES) == ()
    changed = made(*(() if old == roomy[0] else (roomy,)), (old, new))
    assert entry in [problem.entry for problem in excesses(changed, PROFILES)]


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 10, 31), ["documents.dpia.approved_on"]),
        (date(2026, 11, 1), []),
        (date(2027, 5, 31), []),
        (date(2027, 6, 1), ["documents.dpia.review_by"]),
    ],
)
def test_a_document_holds_from_its_approval_up_to_its_review(made: Made, on: date, said: list[str]) -> None:
    assert refused(made(), on) == said


@pytest.mark.parametrize(("days", "said"), [(-1, []), (0, ["jurisdictions"]), (1, ["jurisdictions"])])
def test_an_expired_profile_refuses_capture_from_its_very_day(made: Made, days: int, said: list[str]) -> None:
    policy = made(("review_by = 2027-06-01", "review_by = 2029-01-01"))
    on = PROFILES["EU"].expires_on + timedelta(days=days)

    assert refused(policy, on) == said


def test_the_first_profile_to_expire_ends_it_for_all(made: Made) -> None:
    policy = made(('["EU"]', '["EU", "US-IL"]'), ("review_by = 2027-06-01", "review_by = 2029-01-01"))
    early = {**PROFILES, "US": replace(PROFILES["US"], expires_on=date(2026, 12, 24))}

    assert effective(policy, early, date(2026, 12, 23)).holds_until == date(2026, 12, 24)
    with pytest.raises(PolicyError, match="the profile US has expired on 2026-12-24"):
        effective(policy, early, date(2026, 12, 24))


def test_without_a_works_agreement_germany_refuses_and_says_what_to_add(made: Made) -> None:
    with pytest.raises(PolicyError, match="the law of DE asks for a works agreement") as caught:
        effective(made(GERMANY), PROFILES, DAY)

    assert "add [documents.works_agreement] with reference, sha256, approved_by" in str(caught.value)
    assert "overt policy check" in caught.value.hint
    assert "\n" not in str(caught.value)


def test_every_reason_is_given_at_once(made: Made) -> None:
    policy = made(("documents.dpia", "documents.risk_assessment"), ('legal_basis = "consent"\n', ""))

    assert refused(policy) == ["documents.dpia", "notice.legal_basis"]
    assert refused(policy, date(2028, 1, 1)) == ["jurisdictions", "documents.dpia", "notice.legal_basis"]


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        ("notice.legal_basis", 'legal_basis = "consent"\n'),
        ("notice.transfers", 'transfers = "none"\n'),
        ("notice.authority", 'authority = "the authority"\n'),
    ],
)
def test_each_fact_that_the_union_asks_for_is_missed(made: Made, fact: str, line: str) -> None:
    assert refused(made((line, ""))) == [fact]


@pytest.mark.parametrize(("on", "said"), [(date(2026, 9, 30), []), (date(2026, 10, 1), ["notice.locations"])])
def test_a_notice_without_locations_is_refused_in_connecticut_since_its_law_changed(
    made: Made, on: date, said: list[str]
) -> None:
    policy = made(('["EU"]', '["US-CT"]'), ('locations = ["Hall 2"]', "locations = []"))

    assert refused(policy, on) == said
    if not said:
        assert effective(policy, PROFILES, on).holds_until == date(2026, 10, 1)


def test_a_notice_that_has_what_will_be_asked_for_holds_past_that_day(made: Made) -> None:
    policy = made(('["EU"]', '["US-CT"]'))

    assert effective(policy, PROFILES, date(2026, 9, 30)).holds_until == PROFILES["US-CT"].expires_on
    assert effective(policy, PROFILES, date(2026, 10, 1)).holds_until == PROFILES["US-CT"].expires_on


def test_an_estimate_of_the_value_is_asked_for_only_where_something_is_paid(made: Made) -> None:
    california = (('["EU"]', '["US-CA"]'), ("documents.dpia", "documents.risk_assessment"))
    paid = made(*california, ('value_estimate = "about 10 EUR"\n', ""))

    assert refused(made(*california)) == []
    assert refused(paid) == ["incentive.value_estimate"]
    assert refused(paid.model_copy(update={"incentive": None})) == []


def test_a_place_without_a_profile_is_refused_in_a_trial_too(made: Made) -> None:
    policy = made(('["EU"]', '["EU", "XX"]'), TRIAL)

    assert refused(policy) == ["jurisdictions"]
    with pytest.raises(PolicyError, match="for XX"):
        excesses(policy, PROFILES)


def test_a_policy_of_which_the_law_leaves_nothing_is_refused_in_a_trial_too(made: Made) -> None:
    policy = made(GERMANY, TRIAL, ('"text", "clicks", "scrolls", "screenshots"', '"text", "screenshots"'))

    (problem,) = refusals(policy, PROFILES, DAY)

    assert (problem.entry, problem.what) == ("signals", "the law of DE takes all of them away")
    assert problem.remedy == "offer one of classes, clicks, scrolls, moves"


def test_a_trial_is_asked_for_no_paper_and_outlives_old_profiles(made: Made) -> None:
    policy = made(GERMANY, TRIAL, ("[notice]\nlegal_basis", "[notice]\ndata_protection_officer"), DPO)

    left = effective(policy, PROFILES, date(2040, 1, 1))

    assert left.signals == {Signal.CLICKS, Signal.SCROLLS}
    assert left.holds_until == date.max


DPO = ('data_protection_officer = "dpo@acme.example"\n', "")


def test_another_set_of_profiles_can_be_passed(made: Made) -> None:
    lenient = {"EU": replace(PROFILES["EU"], rules=PROFILES["US"].rules)}

    assert effective(made(("documents.dpia", "documents.risk_assessment")), lenient, DAY).places == ("EU",)


@pytest.mark.parametrize(
    ("words", "union", "elsewhere"), [("", True, False), ('"drop"', True, True), ('"keep"', True, False)]
)
def test_texts_about_special_categories_are_dropped_where_the_law_or_the_policy_says(
    made: Made, words: str, union: bool, elsewhere: bool
) -> None:
    entry = f"[redaction]\nspecial_categories = {words}\n\n[limits]" if words else "[limits]"

    assert effective(made(("[limits]", entry)), PROFILES, DAY).special_dropped is union
    assert effective(made(("[limits]", entry), ('["EU"]', '["US"]')), PROFILES, DAY).special_dropped is elsewhere


def test_keeping_them_is_more_than_the_union_allows(made: Made) -> None:
    policy = made(("[limits]", '[redaction]\nspecial_categories = "keep"\n\n[limits]'))

    assert [problem.entry for problem in excesses(policy, PROFILES)] == ["redaction.special_categories"]
