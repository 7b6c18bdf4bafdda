"""The consent record: one text for each grant, and nothing else is one."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from overt.consent.grant import Grant, Scope
from overt.consent.record import MAX_RECORD_CHARACTERS, parse_record, record_text
from overt.errors import ConsentError
from overt.policy.purposes import Purpose
from overt.policy.signals import Signal


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
    assert all(iri.startswith(("https://", "http://purl.org/", "urn:")) for iri in record["@context"].values())


def test_each_purpose_has_a_process_of_its_own(grant: Grant) -> None:
    processes = json.loads(record_text(grant))["dpv:hasProcess"]

    assert [process["dpv:hasPurpose"] for process in processes] == [["rec:ModelEvaluation"], ["ai:ModelTraining"]]


MUTATIONS: dict[str, Callable[[dict[str, Any]], object]] = {
    "no notice": lambda record: record.pop("dpv:hasNotice"),
    "no way to withdraw": lambda record: record["dpv:hasProcess"][0].pop("dpv:hasConsentControl"),
    "no retention": lambda record: record["dpv:hasProcess"][0].pop("dpv:hasStorageCondition"),
    "no end": lambda record: record["rec:event"].pop("rec:validUntil"),
    "endless": lambda record: record["rec:event"].update({"rec:validUntil": "9999-99-99T00:00:00Z"}),
    "given by the employer": lambda record: record["rec:event"].update({"dpv:isIndicatedBy": "9" * 32}),
    "performance monitoring": lambda record: record["dpv:hasProcess"][0].update(
        {"dpv:hasPurpose": ["dpv:PersonnelPerformanceMonitoring"]}
    ),
    "implied consent": lambda record: record["rec:event"].update({"dpv:hasLegalBasis": "dpv:ImpliedConsent"}),
    "a state that DPV does not know": lambda record: record["rec:event"].update(
        {"dpv:hasConsentStatus": "dpv:ConsentTerminated"}
    ),
    "no recipient": lambda record: record["dpv:hasProcess"][1].pop("dpv:hasRecipient"),
    "no jurisdiction": lambda record: record["dpv:hasProcess"][0].update({"dpv:hasJurisdiction": []}),
    "a controller without contact": lambda record: record["dpv:hasProcess"][0]["dpv:hasDataController"][0].pop(
        "schema:contactPoint"
    ),
    "two subjects": lambda record: record.update({"dpv:hasDataSubject": [record["dpv:hasDataSubject"]] * 2}),
    "a prohibition dropped": lambda record: record["dpv:hasProcess"][0]["dpv:hasRule"].pop(),
    "two processes that differ": lambda record: record["dpv:hasProcess"][1].update({"rec:sites": ["linkedin"]}),
    "a truth value as a number": lambda record: record.update({"rec:trial": 1}),
    "an extra key": lambda record: record.update({"rec:more": "x"}),
    "no process": lambda record: record.update({"dpv:hasProcess": []}),
    "a process that is a text": lambda record: record.update({"dpv:hasProcess": ["x"]}),
}


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
