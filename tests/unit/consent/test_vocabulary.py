"""The linter of words: what a record says, it says in terms that its vocabularies have."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.consent.grant import Grant, Scope
from overt.consent.record import record_of
from overt.consent.vocabulary import (
    CONTEXT,
    NAMESPACES,
    PROHIBITED_TERMS,
    PURPOSE_TERMS,
    SIGNAL_TERMS,
    unknown_terms,
    vendored,
)
from overt.policy.purposes import Prohibition, Purpose
from overt.policy.signals import Signal


def test_a_record_of_everything_has_no_word_that_is_unknown(granted: Callable[..., Grant], grant: Grant) -> None:
    everything = granted(
        scope=Scope(
            sites=("google", "linkedin", "wikipedia"), signals=tuple(sorted(Signal)), purposes=tuple(sorted(Purpose))
        ),
        promises=grant.promises.model_copy(update={"retention": (1, 2, 3)}),
        parties=grant.parties.model_copy(update={"jurisdictions": ("EU", "DE", "US-NY", "GB")}),
        previous="e" * 64,
        renews="f" * 32,
    )

    assert unknown_terms(record_of(everything)) == ()


@pytest.mark.parametrize(
    "word",
    [
        "dpv:ConsentTerminated",
        "dpv:WithdrawingFromActivity",
        "dpv:ConsentType",
        "eu-gdpr:GDPR",
        "dpv:ImpliedConsent",
        "ai:Keystrokes",
        "rec:Nonsense",
        "loc:Germany",
        "loc:de",
        "loc:ZZ",
        "eu-gdpr:A99",
        "pd:Keystroke",
        "xsd:dateTime",
        "https://w3id.org/dpv#ConsentTerminated",
        "https://w3id.org/dpv/loc#DE",
        "https://w3id.org/dpv/schema/dpv-27560#receipt-record",
    ],
)
def test_a_word_that_the_vocabularies_do_not_have_is_found_wherever_it_stands(grant: Grant, word: str) -> None:
    record: Any = record_of(grant)
    record["dpv:hasProcess"][1]["dpv:hasRight"].append(word)

    assert unknown_terms(record) == (word,)


def test_the_terms_of_others_are_those_that_were_vendored_with_their_addresses() -> None:
    kept = Path(__file__).parents[2] / "vectors/consent/terms.txt"

    assert vendored() == tuple(kept.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("key", ["dpv:hasKeystrokes", "name", "foo:bar", "@graph", "rec:trial2", "urn:overt:x"])
def test_a_key_that_the_vocabularies_do_not_have_is_found(grant: Grant, key: str) -> None:
    record: Any = record_of(grant)
    record["dpv:hasNotice"][0][key] = "x"

    assert unknown_terms(record) == (key,)


def test_strangers_are_told_once_each_and_sorted() -> None:
    document = {"b": ["dpv:B", "dpv:B"], "a": {"c": "dpv:A"}}

    assert unknown_terms(document) == ("a", "b", "c", "dpv:A", "dpv:B")


@pytest.mark.parametrize("key", ["dpv:hasName", "schema:address", "schema:email", "rec:notice"])
def test_free_text_may_say_anything(key: str) -> None:
    assert unknown_terms({key: "dpv:Nonsense"}) == ()


@pytest.mark.parametrize(
    "value", ["2026-01-31T12:00:00Z", "P30D", "urn:overt:subject:11", "device-0a+00+AQ", 3, True, None]
)
def test_values_that_are_no_terms_are_left_alone(value: Any) -> None:
    assert unknown_terms({"dct:identifier": value}) == ()


def test_the_context_is_inline_and_names_every_prefix() -> None:
    assert isinstance(CONTEXT, dict)
    prefixes = {name: iri for name, iri in CONTEXT.items() if isinstance(iri, str)}

    assert prefixes == dict(NAMESPACES)
    assert {name.partition(":")[0] for name in CONTEXT if ":" in name} <= set(prefixes)
    assert {json.dumps(value) for value in CONTEXT.values() if not isinstance(value, str)} == {
        '{"@type": "@id"}',
        '{"@type": "xsd:date"}',
        '{"@type": "xsd:dateTime"}',
        '{"@type": "xsd:duration"}',
    }


@pytest.mark.parametrize(
    ("terms", "kinds"),
    [(PURPOSE_TERMS, Purpose), (PROHIBITED_TERMS, Prohibition), (SIGNAL_TERMS, Signal)],
    ids=["purposes", "prohibitions", "signals"],
)
def test_everything_has_terms_of_its_own(terms: Any, kinds: Any) -> None:
    assert set(terms) == set(kinds)
    assert len(set(terms.values())) == len(terms)


def test_no_purpose_has_a_term_of_a_prohibited_use() -> None:
    purposes = {term for terms in PURPOSE_TERMS.values() for term in terms}
    prohibited = {term for terms in PROHIBITED_TERMS.values() for term in terms}

    assert purposes & prohibited == set()


def test_terms_are_references_and_instants_are_instants() -> None:
    assert isinstance(CONTEXT, dict)
    kinds = {name: value["@type"] for name, value in CONTEXT.items() if isinstance(value, dict)}

    assert {name for name, kind in kinds.items() if kind == "xsd:dateTime"} == {
        "dct:created", "dpv:isIndicatedAtTime", "rec:coolingOffUntil", "rec:validUntil",
    }  # fmt: skip
    assert {name for name, kind in kinds.items() if kind == "xsd:duration"} == {"dpv:hasDuration"}
    assert {name for name, kind in kinds.items() if kind == "@id"} == {
        "dct:conformsTo", "dpv:hasDataSource", "dpv:hasIndicationMethod", "dpv:hasJurisdiction", "dpv:hasLegalBasis",
        "dpv:hasLocation", "dpv:hasNecessity", "dpv:hasProcessing", "dpv:hasPurpose", "dpv:hasRight",
        "dpv:hasTechnicalMeasure", "dpv:isExercisedAt", "dpv:isIndicatedBy", "rec:deletionMethod", "rec:renews",
        "skos:broader",
    }  # fmt: skip
