"""Rules combine to the strictest; profiles are dated, sourced, and bring those of what they belong to."""

import ast
from datetime import date, timedelta
from pathlib import Path

import pytest

from overt.errors import PolicyError
from overt.policy import law
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.jurisdictions.us_ny import STATUTORY_NOTICE
from overt.policy.law import (
    LONGEST_LIFE,
    ConsentForm,
    Demand,
    Duty,
    Fact,
    Profile,
    Rules,
    combine,
    lesser,
    profiles_for,
    strictest,
)
from overt.policy.signals import Signal
from overt.policy.tables import DocumentKind

ONE = Rules(
    signals_off=frozenset({Signal.TEXT}),
    documents=frozenset({DocumentKind.DPIA}),
    demands=frozenset({Demand(fact=Fact.TRANSFERS)}),
    texts=frozenset({"a"}),
    consent=frozenset({ConsentForm.EXPLICIT}),
    duties=frozenset({Duty.NO_MESSAGES}),
    retention_days=90,
    expires_on=date(2027, 1, 1),
)
OTHER = Rules(
    signals_off=frozenset({Signal.MOVES}),
    documents=frozenset({DocumentKind.RISK_ASSESSMENT}),
    demands=frozenset({Demand(fact=Fact.LOCATIONS, since=date(2026, 10, 1))}),
    texts=frozenset({"b"}),
    consent=frozenset({ConsentForm.GRANULAR}),
    duties=frozenset({Duty.NO_KEY_TIMING}),
    retention_days=60,
    daily_cap_minutes=120,
    expires_on=date(2026, 12, 1),
)


def test_two_places_ask_for_all_that_either_asks_for() -> None:
    assert combine(ONE, OTHER) == Rules(
        signals_off=frozenset({Signal.TEXT, Signal.MOVES}),
        documents=frozenset({DocumentKind.DPIA, DocumentKind.RISK_ASSESSMENT}),
        demands=frozenset({Demand(fact=Fact.TRANSFERS), Demand(fact=Fact.LOCATIONS, since=date(2026, 10, 1))}),
        texts=frozenset({"a", "b"}),
        consent=frozenset({ConsentForm.EXPLICIT, ConsentForm.GRANULAR}),
        duties=frozenset({Duty.NO_MESSAGES, Duty.NO_KEY_TIMING}),
        retention_days=60,
        daily_cap_minutes=120,
        expires_on=date(2026, 12, 1),
    )


def test_no_place_asks_for_nothing() -> None:
    assert strictest([]) == Rules()
    assert strictest([ONE]) == ONE
    assert strictest([ONE, OTHER]) == combine(ONE, OTHER)


@pytest.mark.parametrize(
    ("one", "other", "least"), [(None, None, None), (1, None, 1), (None, 2, 2), (1, 2, 1), (2, 1, 1), (0, None, 0)]
)
def test_no_ceiling_is_higher_than_any(one: int | None, other: int | None, least: int | None) -> None:
    assert lesser(one, other) == least


@pytest.mark.parametrize(("day", "asked"), [(date(2026, 9, 30), False), (date(2026, 10, 1), True), (date.max, True)])
def test_a_demand_begins_on_its_day(day: date, asked: bool) -> None:
    assert (Fact.LOCATIONS in OTHER.facts(day)) is asked


@pytest.mark.parametrize(
    ("codes", "heeded"),
    [
        (["DE"], ["DE", "EU"]),
        (["EU", "DE", "FR", "DE"], ["DE", "EU", "FR"]),
        (["US-NY", "GB"], ["GB", "US", "US-NY"]),
        (["GB", "DE", "DE"], ["DE", "EU", "GB"]),
        ([], []),
    ],
)
def test_a_place_brings_what_it_belongs_to(codes: list[str], heeded: list[str]) -> None:
    assert [profile.code for profile in profiles_for(codes, PROFILES)] == heeded


def test_a_place_without_a_profile_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(PolicyError, match="for XX") as caught:
        profiles_for(["DE", "XX"], PROFILES)

    assert caught.value.hint == "there are: DE, EU, FR, GB, US, US-CA, US-CT, US-DE, US-IL, US-NY"


def test_a_profile_expires_with_its_rules() -> None:
    assert PROFILES["DE"].dated().expires_on == PROFILES["DE"].expires_on
    assert PROFILES["DE"].dated().signals_off == PROFILES["DE"].rules.signals_off


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.code)
def test_each_profile_is_dated_and_sourced_and_expires_within_a_year(profile: Profile) -> None:
    assert PROFILES[profile.code] is profile
    assert timedelta(0) < profile.expires_on - profile.reviewed_on <= LONGEST_LIFE
    assert profile.sources
    assert all(source.citation and source.says.endswith(".") for source in profile.sources)
    assert profile.within is None or profile.within in PROFILES
    assert profile.rules.expires_on == date.max


@pytest.mark.parametrize("path", sorted((Path(law.__file__).parent / "jurisdictions").glob("[!_]*.py")), ids=str)
def test_a_file_of_law_is_data_without_code(path: Path) -> None:
    allowed = ast.ImportFrom | ast.AnnAssign | ast.Expr
    tree = ast.parse(path.read_text())
    code = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda | ast.If | ast.IfExp | ast.FunctionDef)]

    assert all(isinstance(statement, allowed) for statement in tree.body)
    assert code == []


@pytest.mark.parametrize("code", ["DE", "FR"])
def test_in_germany_and_france_no_typed_text_and_no_picture_is_recorded(code: str) -> None:
    assert PROFILES[code].rules.signals_off == {Signal.TEXT, Signal.SCREENSHOTS}
    assert PROFILES[code].within == "EU"


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("EU", {DocumentKind.DPIA}),
        ("DE", {DocumentKind.DPIA, DocumentKind.WORKS_AGREEMENT}),
        ("FR", {DocumentKind.DPIA, DocumentKind.WORKER_CONSULTATION}),
        ("GB", {DocumentKind.DPIA, DocumentKind.WORKER_CONSULTATION}),
        ("US-NY", set()),
        ("US-CT", set()),
        ("US-DE", set()),
        ("US-CA", {DocumentKind.RISK_ASSESSMENT}),
        ("US-IL", set()),
    ],
)
def test_each_place_asks_for_its_documents(code: str, kinds: set[DocumentKind]) -> None:
    assert strictest(profile.rules for profile in profiles_for([code], PROFILES)).documents == kinds


def test_new_york_has_its_sentence_word_for_word() -> None:
    assert PROFILES["US-NY"].rules.texts == {STATUTORY_NOTICE}
    assert STATUTORY_NOTICE.startswith("any and all telephone conversations or transmissions, electronic mail or")
    assert STATUTORY_NOTICE.endswith("may be subject to monitoring at any and all times and by any lawful means")
    assert "  " not in STATUTORY_NOTICE
    assert ConsentForm.ACKNOWLEDGED in PROFILES["US-NY"].rules.consent


def test_connecticut_asks_for_locations_since_its_law_changed() -> None:
    rules = PROFILES["US-CT"].rules

    assert rules.facts(date(2026, 9, 30)) == {Fact.POSTED_AT}
    assert rules.facts(date(2026, 10, 1)) == {Fact.POSTED_AT, Fact.LOCATIONS}


def test_no_place_but_the_union_and_germany_has_a_number() -> None:
    assert {
        code: profile.rules.retention_days for code, profile in PROFILES.items() if profile.rules.retention_days
    } == {"EU": 90}
    assert {code for code, profile in PROFILES.items() if profile.rules.daily_cap_minutes} == {"DE"}
