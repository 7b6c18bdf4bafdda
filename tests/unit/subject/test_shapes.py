"""The SHACL shapes: every record of ours is as they ask, and each of the thirteen defects is found. No network."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from overt.consent.grant import Grant
from overt.consent.record import record_text
from overt.errors import BackendUnavailableError, ConsentError
from overt.store.home import Home
from overt.subject import shapes
from overt.subject.receipt import receipt_file
from overt.subject.shapes import shape_problems

pytest.importorskip("pyshacl", reason="the extra audit is not installed: no shapes are looked at")


def _records() -> ModuleType:
    """Return the defects by name, from the tests of the record itself."""
    path = Path(__file__).parents[1] / "consent/test_record.py"
    spec = importlib.util.spec_from_file_location("defects_of_records", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RECORDS = _records()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **named: object) -> None:
        del arguments, named
        raise AssertionError("a socket was asked for")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)


def test_a_record_of_ours_is_as_the_shapes_ask(grant: Grant) -> None:
    assert shape_problems(record_text(grant)) == ()


def test_a_receipt_of_ours_is_as_the_shapes_ask(employee: Home, grant: Grant) -> None:
    assert shape_problems(receipt_file(employee, grant.given_at)) == ()


@pytest.mark.parametrize("defect", RECORDS.RESEARCHED)
def test_the_shapes_and_not_only_the_words_find(grant: Grant, defect: str) -> None:
    problems = shape_problems(RECORDS.rewritten(grant, RECORDS.RESEARCHED[defect]))

    assert [problem for problem in problems if not problem.startswith("unknown word")]


def test_a_context_of_another_is_refused_before_anything_could_be_fetched(grant: Grant) -> None:
    def elsewhere(record: dict[str, Any]) -> None:
        record["@context"] = "https://example.org/context.jsonld"

    with pytest.raises(ConsentError, match="context"):
        shape_problems(RECORDS.rewritten(grant, elsewhere))


def test_a_receipt_with_a_context_of_another_inside_is_refused(employee: Home, grant: Grant) -> None:
    receipt = json.loads(receipt_file(employee, grant.given_at))
    receipt["dpv:hasRecordOfActivity"][0]["@context"] = "https://example.org/context.jsonld"

    with pytest.raises(ConsentError, match="context"):
        shape_problems(json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n")


def test_what_is_no_document_is_refused() -> None:
    with pytest.raises(ConsentError):
        shape_problems("{")


def test_without_the_extra_it_is_named(grant: Grant, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(shapes, "import_module", missing)

    with pytest.raises(BackendUnavailableError) as caught:
        shape_problems(record_text(grant))

    assert "audit" in caught.value.hint
