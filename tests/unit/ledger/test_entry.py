"""The closed list of entries: nothing else is written, and nothing else is believed."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from overt.errors import FormatError
from overt.ledger.entry import ENTRIES, entry_day, parse_entry, render_entry
from overt.policy.canonical import canonical_json

SPEC = Path(__file__).parents[3] / "docs/spec/log-v1.md"
ID, HASH, DAY = "0123456789abcdef" * 2, "ab" * 32, "2026-11-23"
SAMPLES = {
    "id": ID, "sha256": HASH, "number": 3, "state": "open", "purpose": "model_training", "reader": "auditor",
    "section": "m", "key": "witness",
}  # fmt: skip


def example(name: str, form: str) -> dict[str, Any]:
    fields = dict(field.split(":") for field in form.split())
    return {"type": name, **{key.rstrip("?"): SAMPLES[kind] for key, kind in fields.items()}}


EXAMPLES = [example(name, form) for name, forms in ENTRIES.items() for form in forms]

IDS = ["-".join([entry["type"], *sorted(entry.keys() - {"type"})]) for entry in EXAMPLES]


@pytest.mark.parametrize("entry", EXAMPLES, ids=IDS)
def test_every_form_on_the_list_is_written_and_read(entry: dict[str, Any]) -> None:
    timed = {**entry, "at": "2026-11-23T10:00:00Z"}

    assert parse_entry(render_entry(entry, "device-1"), "device-1") == entry
    assert parse_entry(render_entry({**entry, "day": DAY}, "device-1"), "device-1") == {**entry, "day": DAY}
    assert parse_entry(render_entry(timed, "vault-1"), "vault-1") == timed


@pytest.mark.parametrize("entry", EXAMPLES, ids=IDS)
def test_a_missing_foreign_or_malformed_field_is_refused(entry: dict[str, Any]) -> None:
    for name in entry.keys() - {"request"}:
        refused({key: value for key, value in entry.items() if key != name})
        for value in ("", "x", None, True, 1.5, -1, 2**53, [], {}, entry[name] * 2):
            if value != 6:
                refused({**entry, name: value})
    refused({**entry, "note": ID})


def refused(entry: Any, origin: str = "device-1") -> None:
    with pytest.raises(FormatError):
        render_entry(entry, origin)
    if not any(isinstance(value, float) for value in entry.values()):
        with pytest.raises(FormatError):
            parse_entry(canonical_json(entry).encode(), origin)


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"id": ID},
        {"type": "test", "id": ID},
        {"type": ["erase"], "id": ID},
        {"type": "erase", "id": "jane doe"},
        {"type": "erase", "id": ID.upper()},
        {"type": "erase", "id": ID + "\n"},
        {"type": "release", "id": ID, "purpose": "because I say so", "role": "auditor", "section": "m"},
        {"type": "shred", "epoch": 1},
        {"type": "shred", "epoch": 1, "grant": ID, "id": ID},
        {"type": "heartbeat"},
        {"type": "heartbeat", "day": "2026-02-30"},
        {"type": "heartbeat", "day": "2026-W01-1"},
        {"type": "heartbeat", "day": "20260101"},
        {"type": "heartbeat", "day": "2026-01-01", "at": "2026-01-01T00:00:00Z"},
    ],
    ids=repr,
)
def test_what_is_not_on_the_list_is_refused(entry: dict[str, Any]) -> None:
    for origin in ("device-1", "vault-1"):
        refused(entry, origin)


def test_the_log_of_a_person_says_days_and_never_hours() -> None:
    refused({"type": "erase", "id": ID, "at": "2026-11-23T10:00:00Z"}, "device-1")
    refused({"type": "erase", "id": ID, "at": "2026-11-23T10:00:00Z"}, "dev-1")


@pytest.mark.parametrize("at", ["2026-11-23", "2026-11-23T10:00:00.5Z", "2026-11-23T10:00:00+01:00", None])
def test_the_logs_of_admin_and_vault_say_the_second(at: str | None) -> None:
    for origin in ("admin-1", "vault-1"):
        refused({"type": "vault-rekey", "epoch": 1} | ({"at": at} if at else {}), origin)
        refused({"type": "vault-rekey", "epoch": 1, "day": DAY}, origin)


@pytest.mark.parametrize(
    "data", [b'{"id":"' + ID.encode() + b'", "type":"erase"}', b"\xff", b"[]", b'{"type":"erase","type":"erase"}']
)
def test_another_way_of_writing_an_entry_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        parse_entry(data, "device-1")


def test_the_day_of_an_entry_is_told_from_either_time() -> None:
    assert entry_day({"type": "erase", "id": ID, "day": DAY}) == date(2026, 11, 23)
    assert entry_day({"type": "erase", "id": ID, "at": "2026-11-23T10:00:00Z"}) == date(2026, 11, 23)
    assert entry_day({"type": "erase", "id": ID}) is None


def test_the_specification_has_the_same_list() -> None:
    rows = re.findall(
        r"^\| `([a-z-]+)` \| ([^|]*) \|", SPEC.read_text().partition("## 3.")[2].partition("| kind |")[0], re.MULTILINE
    )

    assert {name: tuple(fields.replace("`", "").strip().split(" or ")) for name, fields in rows} == {
        name: forms or ("",) for name, forms in ENTRIES.items()
    }
