"""On two public sets of synthetic documents every structured secret is covered; the sets are not shipped."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from overt.redact.detect import detect

DATA = Path(__file__).parents[4] / "shared" / "data"
PRESIDIO = DATA / "presidio-research" / "synth_dataset_v2.json"
PII_ANON = DATA / "pii-anon" / "test_technology.jsonl.gz"

Document = tuple[str, list[tuple[int, int, str]]]


def presidio() -> Iterator[Document]:
    for document in json.loads(PRESIDIO.read_text()):
        spans = [(span["start_position"], span["end_position"], span["entity_type"]) for span in document["spans"]]
        yield document["full_text"], spans


def pii_anon() -> Iterator[Document]:
    with gzip.open(PII_ANON, "rt", encoding="utf-8") as lines:
        for line in lines:
            document = json.loads(line)
            spans = [(span["start"], span["end"], span["entity_type"]) for span in document["annotations"] or ()]
            if document["language"] == "en":
                yield document["text"], spans


def covers(documents: Iterator[Document]) -> dict[str, float]:
    """Return for each kind the share of spans of which every letter and digit is withheld."""
    whole: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for text, spans in documents:
        hidden = {place for span in detect(text) for place in range(span.start, span.end)}
        for start, end, kind in spans:
            whole[kind] += 1
            covered[kind] += all(place in hidden for place in range(start, end) if text[place].isalnum())
    return {kind: covered[kind] / count for kind, count in whole.items()}


@pytest.mark.skipif(not PRESIDIO.exists(), reason="the presidio-research set is absent: its cover is not measured")
def test_the_structured_secrets_of_presidio_research_are_covered() -> None:
    shares = covers(presidio())

    kinds = ("CREDIT_CARD", "PHONE_NUMBER", "EMAIL_ADDRESS", "IBAN_CODE", "US_SSN", "IP_ADDRESS")
    assert {kind: shares[kind] for kind in kinds} == dict.fromkeys(kinds, 1.0)


@pytest.mark.skipif(not PII_ANON.exists(), reason="the pii-anon set is absent: its cover is not measured")
def test_the_structured_secrets_of_pii_anon_are_covered() -> None:
    shares = covers(pii_anon())

    kinds = (
        *("PASSWORD", "API_KEY", "EMAIL_ADDRESS", "PHONE_NUMBER", "IP_ADDRESS"),
        *("SOCIAL_SECURITY_NUMBER", "MAC_ADDRESS", "BANK_ACCOUNT_NUMBER"),
    )
    assert {kind: shares[kind] for kind in kinds} == dict.fromkeys(kinds, 1.0)
