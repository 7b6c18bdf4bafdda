"""The strictest law wins: in any order, any grouping, however often; and another place never loosens anything."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from overt.errors import PolicyError
from overt.policy.document import Policy, parse_policy
from overt.policy.effective import EffectivePolicy, effective, excesses, refusals
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.law import ConsentForm, Demand, Duty, Fact, Rules, combine, strictest
from overt.policy.signals import Signal
from overt.policy.tables import Document, DocumentKind, Documents, NoticeFacts
from overt.policy.templates import new_policy_text

days = st.dates(date(2026, 1, 1), date(2029, 1, 1))
ceilings = st.none() | st.integers(1, 500)
rules = st.builds(
    Rules,
    signals_off=st.frozensets(st.sampled_from(Signal)),
    documents=st.frozensets(st.sampled_from(DocumentKind)),
    demands=st.frozensets(st.builds(Demand, fact=st.sampled_from(Fact), since=days)),
    texts=st.frozensets(st.sampled_from("abc")),
    consent=st.frozensets(st.sampled_from(ConsentForm)),
    duties=st.frozensets(st.sampled_from(Duty)),
    retention_days=ceilings,
    daily_cap_minutes=ceilings,
    expires_on=days,
)
codes = st.sampled_from(sorted(PROFILES))
places = st.lists(codes, min_size=1, max_size=4, unique=True)

PAPER = Document(
    reference="7", sha256="0" * 64, approved_by="b", approved_on=date(2026, 6, 1), review_by=date(2028, 6, 1)
)
SOUND = parse_policy(new_policy_text("Acme", "a@acme.example")).model_copy(
    update={
        "documents": Documents(dpia=PAPER, works_agreement=PAPER, worker_consultation=PAPER, risk_assessment=PAPER),
        "notice": NoticeFacts(legal_basis="c", transfers="n", authority="a", locations=("h",), posted_at=("h",)),
    }
)


def at(where: list[str], **changes: object) -> Policy:
    return SOUND.model_copy(update={"jurisdictions": tuple(where), **changes})


def outcome(policy: Policy, on: date) -> EffectivePolicy | None:
    try:
        return effective(policy, PROFILES, on)
    except PolicyError:
        return None


def no_looser(one: Rules, other: Rules) -> bool:
    """Say whether *one* asks for all that *other* asks for."""
    return combine(one, other) == one


@given(rules, rules)
def test_the_order_of_places_does_not_matter(one: Rules, other: Rules) -> None:
    assert combine(one, other) == combine(other, one)


@given(rules, rules, rules)
def test_the_grouping_of_places_does_not_matter(one: Rules, other: Rules, third: Rules) -> None:
    assert combine(combine(one, other), third) == combine(one, combine(other, third)) == strictest([one, other, third])


@given(rules)
def test_naming_a_place_twice_changes_nothing_and_naming_none_neither(one: Rules) -> None:
    assert combine(one, one) == one
    assert combine(one, Rules()) == one


@given(rules, rules, days)
def test_another_place_loosens_nothing(one: Rules, other: Rules, on: date) -> None:
    both = combine(one, other)

    assert both.signals_off >= one.signals_off
    assert both.documents >= one.documents
    assert both.facts(on) >= one.facts(on)
    assert both.texts >= one.texts
    assert both.consent >= one.consent
    assert both.duties >= one.duties
    assert one.retention_days is None or (both.retention_days or 0) <= one.retention_days
    assert one.daily_cap_minutes is None or (both.daily_cap_minutes or 0) <= one.daily_cap_minutes
    assert both.expires_on <= one.expires_on


@given(rules, rules, rules)
def test_stricter_law_stays_stricter_beside_any_other(one: Rules, other: Rules, third: Rules) -> None:
    stricter = combine(one, other)

    assert no_looser(combine(stricter, third), combine(one, third))


@given(places, codes, days)
def test_a_policy_for_one_place_more_comes_to_no_more(where: list[str], another: str, on: date) -> None:
    before, after = outcome(at(where), on), outcome(at([*where, another]), on)

    if after is not None:
        assert before is not None
        assert after.signals <= before.signals
        assert all(after.retention[use] <= before.retention[use] for use in before.retention)
        assert after.daily_cap_minutes <= before.daily_cap_minutes
        assert after.texts >= before.texts
        assert after.consent >= before.consent
        assert after.holds_until <= before.holds_until


@given(places, days)
def test_the_order_in_which_a_policy_names_places_does_not_matter(where: list[str], on: date) -> None:
    assert outcome(at(where), on) == outcome(at(where[::-1]), on)


@given(places, st.integers(0, 2000))
def test_nothing_is_recorded_once_a_profile_has_expired(where: list[str], later: int) -> None:
    ends = min(PROFILES[code].expires_on for code in where)

    assert outcome(at(where), ends + timedelta(days=later)) is None


@given(places, days)
def test_what_is_permitted_is_permitted_up_to_the_day_that_it_names(where: list[str], on: date) -> None:
    policy = at(where)
    left = outcome(policy, on)

    if left is not None:
        assert on < left.holds_until
        last = outcome(policy, left.holds_until - timedelta(days=1))
        assert last == left
        assert outcome(policy, left.holds_until) is None


@given(
    places,
    st.lists(st.sampled_from(Signal), min_size=1, unique=True),
    st.integers(1, 730),
    st.integers(1, 480),
)
def test_a_policy_without_excess_comes_to_exactly_what_it_says(
    where: list[str], signals: list[Signal], kept: int, minutes: int
) -> None:
    limits = SOUND.limits.model_copy(update={"retention_days": kept, "daily_cap_minutes": minutes})
    policy = at(where, signals=tuple(signals), limits=limits)
    on = date(2026, 12, 1)
    left = outcome(policy, on)

    says = (frozenset(signals), {kept}, minutes)
    if left is not None:
        comes_to = (left.signals, set(left.retention.values()), left.daily_cap_minutes)
        assert (comes_to == says) is (excesses(policy, PROFILES) == ())
        assert left.signals <= frozenset(signals)
        assert max(left.retention.values()) <= kept
        assert left.daily_cap_minutes <= minutes
    else:
        assert refusals(policy, PROFILES, on)
