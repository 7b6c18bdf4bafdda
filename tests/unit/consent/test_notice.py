"""The notice says what the policy says, in every language, and fits a screen."""

import string
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from overt.consent import details, notice
from overt.consent.notice import (
    LAYERS,
    SCREEN_COLUMNS,
    SCREEN_LINES,
    layer,
    notice_sha256,
    notice_text,
    statutory_text,
    summary_of,
)
from overt.consent.offers import words_for
from overt.consent.words import LANGUAGES, words
from overt.errors import PolicyError
from overt.policy.document import Policy, parse_policy, text_sha256
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.purposes import Prohibition, Purpose
from overt.policy.signals import Signal
from overt.policy.sites import AREAS, SITES
from overt.policy.tables import Day, Document, Documents, Incentive, NoticeFacts, Recipient, Window
from overt.policy.templates import new_policy_text

DPIA = Document(
    reference="DPIA 7",
    sha256="a" * 64,
    approved_by="Ada Ash",
    approved_on=date(2026, 1, 2),
    review_by=date(2027, 1, 2),
)
RECIPIENT = Recipient(name="Lab Ltd", contact="lab@lab.example", country="CH", purposes=(Purpose.MODEL_TRAINING,))
INCENTIVE = Incentive(amount_minor=1234, currency="EUR", window_days=28, alternative="two hours of scripted tasks")
WINDOW = Window(days=(Day.MONDAY, Day.FRIDAY), begin="08:15", end="17:45")
FACTS = NoticeFacts(
    legal_basis="works agreement 9",
    transfers="to Switzerland by adequacy",
    authority="Board of Privacy",
    data_protection_officer="Dee Dee",
    locations=("Hall 3",),
    posted_at=("the canteen",),
)


@pytest.fixture
def real() -> Policy:
    return parse_policy(new_policy_text("Acme GmbH", "privacy@acme.example"))


def with_limits(policy: Policy, **limits: int) -> Policy:
    return policy.model_copy(update={"limits": policy.limits.model_copy(update=limits)})


@pytest.fixture
def fullest(policy: Policy) -> Policy:
    """Return a policy that states everything that a policy can state."""
    offered = policy.model_copy(
        update={
            "sites": tuple(sorted(SITES)),
            "signals": tuple(Signal),
            "purposes": tuple(Purpose),
            "jurisdictions": ("EU", "DE", "US-NY"),
            "controller": policy.controller.model_copy(update={"name": "N" * 200, "contact": "c" * 200}),
            "excluded": (AREAS[0],),
            "retention": {Purpose.RESEARCH: 7},
            "schedule": (WINDOW,),
            "recipients": (RECIPIENT,),
            "incentive": INCENTIVE.model_copy(update={"value_estimate": "3 EUR", "value_method": "market prices"}),
            "documents": Documents(dpia=DPIA, works_agreement=DPIA, worker_consultation=DPIA, risk_assessment=DPIA),
            "notice": FACTS,
        }
    )
    return with_limits(offered, retention_days=730, daily_cap_minutes=480, cooling_off_hours=720)


CHANGES: dict[str, dict[str, Any]] = {
    "a site": {"sites": ("google",)},
    "a signal": {"signals": (Signal.TEXT,)},
    "a purpose": {"purposes": (Purpose.RESEARCH,)},
    "a place": {"jurisdictions": ("FR",)},
    "no trial": {"trial": False},
    "a prohibited use": {"prohibited": (Prohibition.EMOTION_INFERENCE,)},
    "an area left out": {"excluded": (AREAS[0],)},
    "retention of one purpose": {"retention": {Purpose.MODEL_TRAINING: 3}},
    "hours": {"schedule": (WINDOW,)},
    "a recipient": {"recipients": (RECIPIENT,)},
    "an incentive": {"incentive": INCENTIVE},
    "a document": {"documents": Documents(dpia=DPIA)},
    "a legal basis": {"notice": NoticeFacts(legal_basis="x")},
    "transfers": {"notice": NoticeFacts(transfers="x")},
    "an authority": {"notice": NoticeFacts(authority="x")},
    "an officer": {"notice": NoticeFacts(data_protection_officer="x")},
    "a place of work": {"notice": NoticeFacts(locations=("x",))},
    "where it hangs": {"notice": NoticeFacts(posted_at=("x",))},
}


def test_the_same_policy_has_the_same_notice_byte_for_byte(policy: Policy) -> None:
    assert notice_text(policy) == notice_text(policy.model_copy())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", CHANGES)
def test_every_setting_that_matters_changes_what_a_person_reads(policy: Policy, change: str, language: str) -> None:
    changed = policy.model_copy(update=CHANGES[change])

    before, after = notice_text(policy, language), notice_text(changed, language)

    assert layer(before, 1) + layer(before, 2) != layer(after, 1) + layer(after, 2)
    assert layer(before, 3) != layer(after, 3)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "limit", ["retention_days", "grant_max_days", "daily_cap_minutes", "cooling_off_hours", "cohort_floor"]
)
def test_each_limit_is_in_the_details(policy: Policy, limit: str, language: str) -> None:
    assert " 1717 " in layer(notice_text(with_limits(policy, **{limit: 1717}), language), 2)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["name", "contact"])
def test_who_answers_for_the_data_is_named_whole(policy: Policy, part: str, language: str) -> None:
    controller = policy.controller.model_copy(update={part: "x" * 200})

    assert "x" * 200 in layer(notice_text(policy.model_copy(update={"controller": controller}), language), 2)


def test_the_third_layer_has_every_setting_of_the_policy(fullest: Policy) -> None:
    shown = layer(notice_text(fullest), 3).splitlines()

    names = {line.partition(" = ")[0] for line in shown[2:]}
    assert {name.partition(".")[0] for name in names} == set(Policy.model_fields)
    assert {"limits." + name for name in type(fullest.limits).model_fields} <= names
    assert {"documents.dpia." + name for name in Document.model_fields} <= names


def test_the_third_layer_writes_each_setting_on_a_line(real: Policy) -> None:
    shown = layer(notice_text(real), 3).splitlines()

    assert shown[0] == "EVERY SETTING of the policy, as your consent would name it"
    assert shown[1] == ""
    assert 'controller.name = "Acme GmbH"' in shown
    assert "limits.daily_cap_minutes = 120" in shown
    assert shown[2:] == sorted(shown[2:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_layer_is_one_screen_whatever_the_policy_states(fullest: Policy, language: str) -> None:
    lines = summary_of(notice_text(fullest, language)).splitlines()

    assert len(lines) <= SCREEN_LINES
    assert max(map(len, lines)) <= SCREEN_COLUMNS


def test_the_first_layer_says_what_when_where_and_all_the_rest(real: Policy) -> None:
    shown = summary_of(notice_text(real))

    assert shown.startswith("RECORDING YOUR WORK IN THE BROWSER, for Acme GmbH\n\n")
    labels = [line.split("  ")[0] for line in shown.splitlines()[2:] if line and not line.startswith(" ")]
    assert labels == [
        "Your choice", "What", "Where", "When", "How long", "Who reads", "For what", "Never for", "Taking back", "More",
    ]  # fmt: skip
    flat = " ".join(shown.split())
    assert "120 minutes a day" in flat
    assert "183 days at most, first after 24 hours. What is kept: 180 days" in flat
    assert "overt consent withdraw" in flat
    assert "exported or learned before, it cannot undo" in flat


def test_the_first_layer_speaks_of_hours_and_others_only_where_there_are_any(real: Policy, fullest: Policy) -> None:
    plain, full = (" ".join(summary_of(notice_text(policy)).split()) for policy in (real, fullest))

    assert "Never outside the hours in the details." in full
    assert "Other organisations: 1." in full
    assert "hours in the details" not in plain
    assert "Other organisations" not in plain


@pytest.mark.parametrize(("length", "shown"), [(36, "n" * 36), (37, "n" * 35 + "…")])
def test_a_name_too_long_for_the_screen_is_cut_where_it_shows(policy: Policy, length: int, shown: str) -> None:
    named = policy.model_copy(
        update={"controller": policy.controller.model_copy(update={"name": "n" * length}), "trial": False}
    )

    assert summary_of(notice_text(named)).splitlines()[0].endswith(f", for {shown}")


def test_a_trial_says_so_and_a_real_policy_does_not(policy: Policy, real: Policy) -> None:
    assert "THIS IS A TRIAL" in summary_of(notice_text(policy))
    assert "TRIAL" not in notice_text(real)
    assert "because this is a trial" not in notice_text(real)
    assert "because this is a trial" in notice_text(policy)


def test_without_documents_or_incentive_the_notice_says_so(real: Policy, fullest: Policy) -> None:
    assert "The policy names no document." in layer(notice_text(real), 2)
    assert "What you get for taking part\n- Nothing.\n" in layer(notice_text(real), 2)
    assert "names no document" not in notice_text(fullest)
    assert "- Nothing." not in notice_text(fullest)


def test_the_details_state_each_fact_of_the_fullest_policy(fullest: Policy) -> None:
    shown = layer(notice_text(fullest), 2)

    for fact in (
        "Data protection officer: Dee Dee",
        "Legal basis beside your consent: works agreement 9",
        f"Left out of these: {AREAS[0]}",
        "At these places of work: Hall 3",
        "This notice also hangs at: the canteen",
        "Only in these hours: Monday, Friday, from 08:15 to 17:45 by your clock.",
        "For research: kept for at most 7 days, then erased by: overt episodes sweep.",
        "For measuring them: kept for at most 730 days, then erased by: overt episodes sweep.",
        "Outside, what is exported: Lab Ltd in CH (lab@lab.example), for training models that use a computer.",
        "Transfers to other countries: to Switzerland by adequacy",
        "1234 of the smallest unit of EUR for each 28 days",
        "The same amount without being recorded: two hours of scripted tasks",
        "What the data are thought to be worth: 3 EUR",
        "How that was estimated: market prices",
        "data protection impact assessment: DPIA 7, approved by Ada Ash on 2026-01-02, to be reviewed by 2027-01-02",
        "works agreement: DPIA 7",
        "consultation of the workers: DPIA 7",
        "risk assessment: DPIA 7",
        "The authority: Board of Privacy",
        "The law that applies here: EU, DE, US-NY.",
        "figures about fewer than 50 people",
    ):
        assert f"- {fact}" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_law_wants_said_stands_there_word_for_word(policy: Policy, language: str) -> None:
    in_new_york = policy.model_copy(update={"jurisdictions": ("US-NY", "EU")})

    shown = layer(notice_text(in_new_york, language), 2)

    assert len(PROFILES["US-NY"].rules.texts) == 1
    assert all(text in shown for text in PROFILES["US-NY"].rules.texts)
    assert shown.rstrip().endswith(("and no more.", "und nicht mehr."))


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "What the law wants said word for word"), ("de", "Was das Recht im Wortlaut gesagt haben will")],
)
def test_what_a_law_wants_said_can_be_shown_by_itself(policy: Policy, language: str, heading: str) -> None:
    in_new_york = policy.model_copy(update={"jurisdictions": ("US-NY", "EU")})

    shown = statutory_text(in_new_york, language)

    assert shown.splitlines()[0] == heading
    assert all(text in shown for text in PROFILES["US-NY"].rules.texts)
    assert shown in notice_text(in_new_york, language)


def test_where_no_law_wants_anything_said_there_is_no_such_section(policy: Policy) -> None:
    somewhere = policy.model_copy(update={"jurisdictions": ("EU", "XX")})

    assert "word for word" not in notice_text(somewhere)
    assert statutory_text(somewhere, "en") == ""


def test_the_details_have_each_section_once_and_none_empty(real: Policy) -> None:
    blocks = layer(notice_text(real), 2).split("\n\n")

    assert blocks[0] == "DETAILS"
    assert [block.splitlines()[0] for block in blocks[1:]] == [
        "Who answers for the data", "Your choice", "Where you may switch it on", "What you may switch on",
        "What you may allow it to be used for", "What it is never used for", "When and how long", "Who can read what",
        "What you get for taking part", "What was examined beforehand", "What withdrawing does",
        "What withdrawing cannot undo", "Your rights",
    ]  # fmt: skip
    assert all(block.splitlines()[1].startswith("- ") for block in blocks[1:])


def test_the_exact_hosts_of_a_site_are_named_by_their_hash(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    before = notice_text(policy)

    monkeypatch.setattr("overt.consent.fit.HOSTS", {"www.google.com": "google"})

    assert "1 exact host names" in notice_text(policy)
    assert notice_sha256(notice_text(policy)) != notice_sha256(before)


class Listener(dict[str, str]):
    """A catalogue that notes what was looked up in it."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def get(self, sentence: str, default: Any = None) -> Any:
        self.heard.append(sentence)
        return default


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def sentences(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    listener = Listener()
    english = words("en")
    monkeypatch.setattr(notice, "words", lambda _: type(english)(language="en", catalogue=listener))
    notice_text(policy)
    yield from listener.heard


def test_german_says_everything_that_english_says(
    fullest: Policy, real: Policy, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    german = words("de").catalogue

    said = {sentence for each in (fullest, real, policy) for sentence in sentences(each, monkeypatch)}

    assert len(said) > 90
    assert {sentence for sentence in said if sentence not in german} == set()


def test_a_translation_has_the_placeholders_of_its_sentence() -> None:
    german = words("de").catalogue

    assert {key: text for key, text in german.items() if fields(key) != fields(text)} == {}
    assert all(text.strip() == text and text for text in german.values())


def test_both_languages_state_the_same_facts_in_the_same_order(fullest: Policy) -> None:
    facts = ("1234", "EUR", "28", "Lab Ltd", "lab@lab.example", "CH", "DPIA 7", "2027-01-02", "Dee Dee", "Hall 3")

    english, german = (layer(notice_text(fullest, language), 2) for language in ("en", "de"))

    assert [english.count(fact) for fact in facts] == [german.count(fact) for fact in facts]
    assert english.count("\n- ") == german.count("\n- ")
    assert layer(notice_text(fullest, "de"), 3).splitlines()[1:] == layer(notice_text(fullest), 3).splitlines()[1:]


@pytest.mark.parametrize("number", [0, LAYERS + 1, -1])
def test_there_is_no_other_layer(policy: Policy, number: int) -> None:
    with pytest.raises(PolicyError, match=f"no layer {number}"):
        layer(notice_text(policy), number)


def test_the_layers_are_the_notice_and_nothing_besides(policy: Policy) -> None:
    text = notice_text(policy)
    rule = "\n" + "=" * 72 + "\n"

    assert rule.join(layer(text, number) for number in range(1, LAYERS + 1)) == text
    assert text.count(rule) == LAYERS - 1
    assert summary_of(text) == layer(text, 1)
    assert notice_sha256(text) == text_sha256(text)


def test_there_is_no_notice_in_a_language_that_nobody_wrote(policy: Policy) -> None:
    with pytest.raises(PolicyError, match="xx") as caught:
        notice_text(policy, "xx")

    assert caught.value.hint == "there is: en, de"


def test_what_is_offered_without_words_is_called_by_its_name() -> None:
    assert words_for("something_new") == "something_new"
    assert words_for("moves") == "the way of the pointer, at most ten points a second"
    assert words_for("moves", "de") == "der Weg des Zeigers, höchstens zehn Punkte je Sekunde"


@pytest.mark.parametrize("kind", [SITES, Signal, Purpose, Prohibition], ids=["sites", "signals", "purposes", "uses"])
def test_everything_that_can_be_offered_has_words(kind: Any) -> None:
    said = [details.in_full(name, words("de")) for name in kind]
    brief = [details.in_short(name, words("de")) for name in kind]

    assert [name for name in kind if name in said or name in brief] == []
