"""``overt redact`` shows what would be withheld from any text, line by line, and keeps nothing of it."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Overt = Callable[..., Any]


@pytest.fixture
def told(overt: Overt, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return what runs ``overt redact`` with some bytes on standard input."""

    def run(data: bytes, *options: str) -> Any:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        return overt("redact", *options)

    return run


def objects(outcome: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in outcome.out.splitlines()]


def test_one_object_a_line_says_where_and_what(told: Any) -> None:
    outcome = told(b"mail ada@example.com now\n\nweather berlin\n", "--json")

    assert outcome.code == 0
    assert objects(outcome) == [
        {
            "line": 1,
            "spans": [{"start": 5, "end": 20, "kind": "EMAIL"}],
            "by": [["emails"]],
            "stored": "mail [EMAIL] now",
        },
        {"line": 2, "spans": [], "by": [], "stored": ""},
        {"line": 3, "spans": [], "by": [], "stored": "weather berlin"},
    ]


def test_a_person_sees_the_marker_and_the_detector(told: Any) -> None:
    outcome = told(b"my password is Swordfish\n")

    assert outcome.out == "my password is [PASSWORD]    (PASSWORD by passwords)\n"
    assert outcome.err == ""


def test_places_are_counted_in_characters_of_the_line(told: Any) -> None:
    line = "Grüße 🙂 an ada@example.com"

    (found,) = objects(told(f"{line}\r\n".encode(), "--json"))

    (span,) = found["spans"]
    assert line[span["start"] : span["end"]] == "ada@example.com"


def test_a_private_key_is_withheld_over_all_its_lines(told: Any) -> None:
    text = b"-----BEGIN PRIVATE KEY-----\nMIIE\nabcd\n-----END PRIVATE KEY-----\nweather\nMIIE\n"

    stored = [each["stored"] for each in objects(told(text, "--json"))]

    assert stored == ["[PRIVATE_KEY]"] * 4 + ["weather", "MIIE"]


def test_lines_are_looked_at_one_by_one(told: Any) -> None:
    """Four digits at the end of one line and four at the begin of the next are no number of eight."""
    assert [each["spans"] for each in objects(told(b"year 2024\n2025 plans\n", "--json"))] == [[], []]


def test_special_categories_are_named_when_asked_for(told: Any) -> None:
    assert objects(told(b"breast cancer\nweather\n", "--json", "--special"))[0]["special"] == ["health"]
    assert told(b"breast cancer\n", "--special").out == "breast cancer    (speaks of health)\n"
    assert "special" not in objects(told(b"breast cancer\n", "--json"))[0]


def test_bytes_that_are_no_text_and_signs_that_steer_a_terminal_do_no_harm(told: Any) -> None:
    outcome = told(b"a\xff\x1b[31mb\n")

    assert outcome.code == 0
    assert outcome.out == "a\ufffd·[31mb\n"


def test_nothing_on_standard_input_is_nothing_on_standard_output(told: Any) -> None:
    outcome = told(b"")

    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


def test_nothing_that_was_read_is_written_anywhere(told: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    told(b"password: canaryword\n", "--json")

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_person_at_the_terminal_is_told_how_to_end(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overt.cli.redact.at_terminal", lambda: True)

    assert "Ctrl+D" in told(b"").err


def test_a_line_of_very_many_secrets_takes_no_longer_than_its_length(told: Any) -> None:
    """Found by a line of ten megabytes: each finding was held against every span."""
    (found,) = objects(told(b"my pin is 4821 and 4111 1111 1111 1111 " * 3000, "--json"))

    assert len(found["spans"]) == len(found["by"]) == 6000
    assert found["by"][:2] == [["passwords"], ["numbers"]]


def test_unusual_characters_shift_no_place(told: Any) -> None:
    line = "\0🙂e\u0301 pw: t\u0301iger"

    (found,) = objects(told(f"{line}\r\n".encode(), "--json"))

    (span,) = found["spans"]
    assert line[span["start"] : span["end"]] == "t\u0301iger"
