"""The JSON Schema of the record: generated, kept beside the specification, and stricter than nothing."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from overt.consent.grant import Grant
from overt.consent.record import record_of, record_text
from overt.consent.schema import record_schema

HERE = Path(__file__).parent


def beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"consent_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RECORDS = beside("test_record")


@pytest.fixture(scope="module")
def validates() -> Callable[[Any], bool]:
    """Return what says whether a document keeps to the schema."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed: the schema judges no record")
    validator = jsonschema.Draft202012Validator(record_schema())
    jsonschema.Draft202012Validator.check_schema(record_schema())
    return validator.is_valid


def test_the_schema_beside_the_specification_is_the_one_of_the_program() -> None:
    module = beside("make_schema")

    assert module.PLACE.read_text() == module.schema_text()


def objects(schema: Any) -> list[dict[str, Any]]:
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else []
    own = [schema] if isinstance(schema, dict) and schema.get("type") == "object" else []
    return own + [found for each in inner for found in objects(each)]


def test_no_object_of_the_schema_takes_a_key_that_it_does_not_name() -> None:
    found = objects(record_schema())

    assert len(found) > 10
    assert all(each["additionalProperties"] is False for each in found)


def test_the_schema_names_every_key_of_a_record(granted: Callable[..., Grant]) -> None:
    record = record_of(granted(previous="e" * 64, renews="f" * 32))

    assert record_schema()["properties"].keys() == record.keys()
    assert set(record_schema()["required"]) == record.keys() - {"rec:prevHash"}


def test_every_record_keeps_to_the_schema(
    granted: Callable[..., Grant], grant: Grant, validates: Callable[[Any], bool]
) -> None:
    renewed = granted(previous="e" * 64, renews="f" * 32, questions=None)

    assert validates(json.loads(record_text(grant)))
    assert validates(json.loads(record_text(renewed)))


@pytest.mark.parametrize("defect", RECORDS.RESEARCHED)
def test_the_schema_finds(grant: Grant, validates: Callable[[Any], bool], defect: str) -> None:
    assert not validates(json.loads(RECORDS.rewritten(grant, RECORDS.RESEARCHED[defect])))
