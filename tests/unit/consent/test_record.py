"""The consent record: one text for each grant, and nothing else is one."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from overt.consent.grant import Grant, Scope
from overt.consent.record import MAX_RECORD_CHARACTERS, parse_record, record_of, record_text
from overt.consent.vocabulary import CONTEXT
from overt.errors import ConsentError
from overt.policy.purposes import Purpose
from overt.policy.signals import Signal

REQUIRED_OF_RECORDS = {
    "@type", "dct:conformsTo", "dct:identifier", "dpv:hasIdentifier", "dpv:hasDataSubject", "dpv:hasNotice",
    "dpv:hasProcess", "dpv:hasConsentStatus",
}  # fmt: skip
REQUIRED_OF_PROCESSES = {
    "dpv:hasPurpose", "dpv:hasPersonalData", "dpv:hasStorageCondition", "dpv:hasDataController", "dpv:hasRecipient",
    "dpv:hasConsentControl", "dpv:hasJurisdiction", "dpv:hasRight", "dpv:hasProhibition",
}  # fmt: skip
REQUIRED_OF_EVENTS = {
    "@type", "dpv:hasLegalBasis", "dpv:isIndicatedAtTime", "dpv:hasDuration", "dpv:isIndicatedBy",
    "dpv:hasIndicationMethod",
}  # fmt: skip
"""What the W3C's profile of the standard marks with a cardinality of 1 or more."""


def rewritten(grant: Grant, change: Callable[[dict[str, Any]], object]) -> str:
    """Return the record of *grant* after *change*, canonical again."""
    record = json.loads(record_text(grant))
    change(record)
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def test_a_record_states_its_grant(grant: Grant) -> None:
    assert parse_record(record_text(grant)) == grant


def test_a_record_is_one_line_of_json_ld_with_the_context_inline(grant: Grant) -> None:
    text = record_text(grant)

    record = json.loads(text)
    assert text.count("\n") == 1
    assert record["@type"] == "dpv:ConsentRecord"
    assert record["@context"] == CONTEXT


def test_each_purpose_has_a_process_of_its_own_with_its_own_retention(
    granted: Callable[..., Grant], grant: Grant
) -> None:
    processes = record_of(granted(promises=grant.promises.model_copy(update={"retention": (7, 30)})))["dpv:hasProcess"]

    assert [process["dpv:hasPurpose"] for process in processes] == [
        ["dpv:ResearchAndDevelopment", "rec:ModelEvaluation"],
        ["ai:ModelTraining", "dpv:ResearchAndDevelopment"],
    ]
    assert [process["dpv:hasStorageCondition"][1]["dpv:hasDuration"] for process in processes] == ["P7D", "P30D"]


def test_a_record_has_every_field_that_the_profile_asks_for(grant: Grant) -> None:
    record = record_of(grant)

    assert record.keys() >= REQUIRED_OF_RECORDS
    assert all(process.keys() >= REQUIRED_OF_PROCESSES for process in record["dpv:hasProcess"])
    assert all(event.keys() >= REQUIRED_OF_EVENTS for event in record["dpv:hasConsentStatus"])
    assert all(notice.keys() >= {"@type", "dct:language"} for notice in record["dpv:hasNotice"])
    kinds = [condition["@type"] for condition in record["dpv:hasProcess"][0]["dpv:hasStorageCondition"]]
    assert kinds == ["dpv:StorageLocation", "dpv:StorageDuration", "dpv:StorageDeletion"]


def test_every_party_has_a_name_an_identifier_and_a_role(grant: Grant) -> None:
    record = record_of(grant)
    process = record["dpv:hasProcess"][0]

    parties = [record["dpv:hasDataSubject"], *process["dpv:hasDataController"], *process["dpv:hasRecipient"]]
    assert all(party.keys() >= {"@type", "dpv:hasName", "dpv:hasIdentifier"} for party in parties)
    assert process["dpv:hasDataController"][0]["schema:contactPoint"]["@type"] == "schema:ContactPoint"


@pytest.mark.parametrize(
    ("contact", "kind"), [("privacy@acme.example", "schema:email"), ("1 Main Street, Springfield", "schema:address")]
)
def test_a_contact_is_an_address_or_an_email(
    granted: Callable[..., Grant], grant: Grant, contact: str, kind: str
) -> None:
    controller = grant.parties.controller.model_copy(update={"contact": contact})
    reached = granted(parties=grant.parties.model_copy(update={"controller": controller}))

    text = record_text(reached)

    point = json.loads(text)["dpv:hasProcess"][0]["dpv:hasDataController"][0]["schema:contactPoint"]
    assert point == {"@type": "schema:ContactPoint", kind: contact}
    assert parse_record(text) == reached


def test_a_renewal_names_what_it_renews_and_what_came_before(granted: Callable[..., Grant]) -> None:
    renewed = granted(previous="e" * 64, renews="f" * 32)

    record = json.loads(record_text(renewed))

    assert record["rec:prevHash"] == "e" * 64
    assert record["dpv:hasConsentStatus"][0]["@type"] == ["dpv:ExplicitlyExpressedConsent", "dpv:RenewedConsentGiven"]
    assert record["dpv:hasConsentStatus"][0]["rec:renews"] == f"urn:overt:grant:{'f' * 32}"
    assert parse_record(record_text(renewed)) == renewed


def test_a_first_grant_in_a_trial_without_questions_says_nothing_of_them(granted: Callable[..., Grant]) -> None:
    unasked = granted(questions=None)

    assert "rec:comprehension" not in record_text(unasked)
    assert "rec:prevHash" not in record_text(unasked)
    assert "rec:renews" not in record_of(unasked)["dpv:hasConsentStatus"][0]
    assert parse_record(record_text(unasked)) == unasked


def test_outside_a_trial_no_grant_is_without_questions(granted: Callable[..., Grant], grant: Grant) -> None:
    with pytest.raises(ConsentError):
        granted(questions=None, promises=grant.promises.model_copy(update={"trial": False}))


def test_nothing_is_renewed_that_did_not_come_before(granted: Callable[..., Grant]) -> None:
    with pytest.raises(ConsentError):
        granted(renews="f" * 32)


def test_the_recipients_are_those_of_the_terms(granted: Callable[..., Grant], grant: Grant) -> None:
    with pytest.raises(ConsentError):
        granted(terms=grant.terms.model_copy(update={"recipients_sha256": "c" * 64}))


@pytest.mark.parametrize("retention", [(30,), (30, 30, 30)])
def test_there_is_one_retention_for_each_purpose(
    granted: Callable[..., Grant], grant: Grant, retention: tuple[int, ...]
) -> None:
    with pytest.raises(ConsentError):
        granted(promises=grant.promises.model_copy(update={"retention": retention}))


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(days=30), "P30D"),
        (timedelta(seconds=1), "P0DT1S"),
        (timedelta(days=1, seconds=3601), "P1DT3601S"),
        (timedelta(days=183), "P183D"),
    ],
)
def test_a_length_is_written_in_days_and_the_seconds_left(
    granted: Callable[..., Grant], grant: Grant, length: timedelta, written: str
) -> None:
    record = record_of(granted(expires_at=grant.given_at + length))

    assert record["dpv:hasConsentStatus"][0]["dpv:hasDuration"] == written


def event(record: dict[str, Any]) -> dict[str, Any]:
    return record["dpv:hasConsentStatus"][0]


def process(record: dict[str, Any], number: int = 0) -> dict[str, Any]:
    return record["dpv:hasProcess"][number]


def without_retention(record: dict[str, Any]) -> None:
    conditions = process(record)["dpv:hasStorageCondition"]
    conditions[:] = [condition for condition in conditions if condition["@type"] != "dpv:StorageDuration"]


def told(record: dict[str, Any], kinds: list[str]) -> None:
    event(record)["@type"] = kinds


RESEARCHED: dict[str, Callable[[dict[str, Any]], object]] = {
    "no notice": lambda record: record.pop("dpv:hasNotice"),
    "no withdrawal control": lambda record: process(record).pop("dpv:hasConsentControl"),
    "no retention": without_retention,
    "no event duration": lambda record: event(record).pop("dpv:hasDuration"),
    "endless duration": lambda record: event(record).update({"dpv:hasDuration": "dpv:EndlessDuration"}),
    "consent indicated by the employer": lambda record: event(record).update(
        {"dpv:isIndicatedBy": "dpv:DataController"}
    ),
    "performance monitoring as a purpose": lambda record: process(record).update(
        {"dpv:hasPurpose": ["dpv:PersonnelPerformanceMonitoring"]}
    ),
    "implied consent": lambda record: event(record).update({"dpv:hasLegalBasis": "dpv:ImpliedConsent"}),
    "a state that DPV does not know": lambda record: told(
        record, ["dpv:ExplicitlyExpressedConsent", "dpv:ConsentTerminated"]
    ),
    "no recipient": lambda record: process(record, -1).pop("dpv:hasRecipient"),
    "no jurisdiction": lambda record: process(record).pop("dpv:hasJurisdiction"),
    "a controller without contact": lambda record: process(record)["dpv:hasDataController"][0].pop(
        "schema:contactPoint"
    ),
    "two subjects": lambda record: record.update(
        {
            "dpv:hasDataSubject": [
                record["dpv:hasDataSubject"],
                record["dpv:hasDataSubject"] | {"@id": f"urn:overt:subject:{'9' * 32}"},
            ]
        }
    ),
}
"""The thirteen defects that a validator has to find, each by its name."""

OTHERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "no end": lambda record: event(record).pop("rec:validUntil"),
    "an end that is no instant": lambda record: event(record).update({"rec:validUntil": "9999-99-99T00:00:00Z"}),
    "an empty list of jurisdictions": lambda record: process(record).update({"dpv:hasJurisdiction": []}),
    "a withdrawn consent": lambda record: told(record, ["dpv:ExplicitlyExpressedConsent", "dpv:ConsentWithdrawn"]),
    "a prohibition dropped": lambda record: process(record)["dpv:hasProhibition"].pop(),
    "two processes that differ": lambda record: process(record, 1).update({"rec:allowlist": ["linkedin"]}),
    "a truth value as a number": lambda record: record.update({"rec:trial": 1}),
    "an extra key": lambda record: record.update({"rec:more": "x"}),
    "no process": lambda record: record.update({"dpv:hasProcess": []}),
    "a process that is a text": lambda record: record.update({"dpv:hasProcess": ["x"]}),
    "a score": lambda record: event(record)["rec:comprehension"].update({"rec:passed": 1}),
    "questions that were not passed": lambda record: event(record)["rec:comprehension"].update({"rec:passed": False}),
    "another context": lambda record: record["@context"].update({"dpv": "https://example.org/"}),
}
MUTATIONS = RESEARCHED | OTHERS


@pytest.mark.parametrize("defect", MUTATIONS)
def test_a_record_with_a_defect_is_refused(grant: Grant, defect: str) -> None:
    text = rewritten(grant, MUTATIONS[defect])

    with pytest.raises(ConsentError):
        parse_record(text)


@pytest.mark.parametrize(
    "text",
    ["", "\n", "{}\n", "[]\n", "null\n", '{"a":1,"a":1}\n', '{"a":1.5}\n', "[" * 5000 + "\n", '"' + "\ud800" + '"\n'],
    ids=["empty", "newline", "object", "list", "null", "twice", "fraction", "deep", "surrogate"],
)
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(ConsentError):
        parse_record(text)


def test_a_record_with_a_key_twice_is_refused(grant: Grant) -> None:
    text = record_text(grant).replace('"rec:trial":true', '"rec:trial":true,"rec:trial":true')

    with pytest.raises(ConsentError):
        parse_record(text)


def test_a_record_of_any_length_is_not_read(grant: Grant) -> None:
    with pytest.raises(ConsentError, match="longer"):
        parse_record(record_text(grant) + " " * MAX_RECORD_CHARACTERS)


def test_a_record_written_with_spaces_is_refused(grant: Grant) -> None:
    with pytest.raises(ConsentError):
        parse_record(json.dumps(json.loads(record_text(grant))) + "\n")


@pytest.mark.parametrize("name", ["sites", "signals", "purposes"])
def test_a_grant_with_nothing_switched_on_is_no_grant(name: str) -> None:
    switched = {"sites": ("google",), "signals": (Signal.TEXT,), "purposes": (Purpose.RESEARCH,)} | {name: ()}

    with pytest.raises(ValueError, match=name):
        Scope(**switched)


def test_a_grant_that_ends_when_it_begins_is_no_grant(granted: Callable[..., Grant], facts: dict[str, Any]) -> None:
    with pytest.raises(ConsentError):
        granted(expires_at=facts["starts_at"])


@pytest.mark.parametrize("key", ["given_at", "starts_at", "expires_at"])
def test_a_grant_knows_no_time_finer_than_a_second(
    granted: Callable[..., Grant], facts: dict[str, Any], key: str
) -> None:
    shift = timedelta(microseconds=-1 if key == "given_at" else 1)

    with pytest.raises(ConsentError):
        granted(**{key: facts[key] + shift})
