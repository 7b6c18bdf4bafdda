"""The receipt as a document: one text for each, and the record in it is the one that was signed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from overt.consent.grant import Grant
from overt.consent.receipt import MAX_RECEIPT_CHARACTERS, Receipt, parse_receipt, receipt_text
from overt.consent.record import record_of, record_text
from overt.consent.vocabulary import CONTEXT, unknown_terms
from overt.errors import ConsentError

NOON = datetime(2026, 2, 28, 12, tzinfo=UTC)


@pytest.fixture
def receipt(grant: Grant) -> Receipt:
    return Receipt(created=NOON, signed_record=f"{record_text(grant)}\n— device-0a AAAA\n", notice="READ ME\n")


def rewritten(receipt: Receipt, change: Callable[[dict[str, Any]], object]) -> str:
    document = json.loads(receipt_text(receipt))
    change(document)
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


@pytest.mark.parametrize("countersignature", [None, "a note\n\n— admin BBBB\n"])
def test_a_receipt_is_read_as_it_was_written(receipt: Receipt, countersignature: str | None) -> None:
    held = Receipt(created=NOON, signed_record=receipt.signed_record, notice="n", countersignature=countersignature)

    assert parse_receipt(receipt_text(held)) == held
    assert ("rec:countersignature" in receipt_text(held)) == (countersignature is not None)


def test_a_receipt_is_a_receipt_of_the_standard_with_the_record_in_it(receipt: Receipt, grant: Grant) -> None:
    document = json.loads(receipt_text(receipt))

    assert document == {
        "@context": CONTEXT,
        "@id": f"urn:overt:receipt:{grant.id}",
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": "https://w3id.org/dpv/schema/dpv-27560#receipt",
        "dct:created": "2026-02-28T12:00:00Z",
        "dct:identifier": f"receipt-{grant.id}",
        "dpv:hasIdentifier": f"receipt-{grant.id}",
        "dpv:hasRecordOfActivity": [record_of(grant)],
        "rec:notice": "READ ME\n",
        "rec:signedRecord": receipt.signed_record,
    }
    assert unknown_terms(document) == ()


DEFECTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a record that differs": lambda document: document["dpv:hasRecordOfActivity"][0].update({"rec:trial": False}),
    "two records": lambda document: document["dpv:hasRecordOfActivity"].append({}),
    "no record": lambda document: document.pop("dpv:hasRecordOfActivity"),
    "an extra key": lambda document: document.update({"rec:more": "x"}),
    "a day for an instant": lambda document: document.update({"dct:created": "2026-02-28"}),
    "another identifier": lambda document: document.update({"dct:identifier": "receipt-x"}),
    "a countersignature of nothing": lambda document: document.update({"rec:countersignature": None}),
    "no notice": lambda document: document.pop("rec:notice"),
    "no signed record": lambda document: document.pop("rec:signedRecord"),
    "a record signed by nobody": lambda document: document.update({"rec:signedRecord": "nothing"}),
    "a number for a record": lambda document: document.update({"rec:signedRecord": 1}),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_receipt_that_says_anything_else_is_refused(receipt: Receipt, defect: str) -> None:
    with pytest.raises(ConsentError):
        parse_receipt(rewritten(receipt, DEFECTS[defect]))


@pytest.mark.parametrize("text", ["", "{}\n", "[]\n", "null", '{"a":1,"a":1}\n', "x" * 9])
def test_what_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(ConsentError):
        parse_receipt(text)


def test_a_receipt_of_any_length_is_not_read(receipt: Receipt) -> None:
    with pytest.raises(ConsentError, match=f"longer than {MAX_RECEIPT_CHARACTERS}"):
        parse_receipt(receipt_text(receipt) + " " * MAX_RECEIPT_CHARACTERS)


def test_a_receipt_with_a_key_twice_is_refused(receipt: Receipt) -> None:
    text = receipt_text(receipt).replace('"rec:notice":', '"rec:notice":"x","rec:notice":')

    with pytest.raises(ConsentError):
        parse_receipt(text)
