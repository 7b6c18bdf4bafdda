"""An export is loaded by the trainers' own code; not part of `make test`, since they are large (`make validate`)."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from overt.dataset.pipeline import Report

pytestmark = pytest.mark.validators

Train = Callable[..., Any]


def rows_of(report: Report, name: str) -> list[dict[str, Any]]:
    return [row for path in sorted((report.out / name / "data").iterdir()) for row in pq.read_table(path).to_pylist()]


def pictures(report: Report, name: str) -> int:
    return sum(len(row["images"]) for row in rows_of(report, name))


def spoilt(report: Report, name: str, where: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """A copy of the conversations *name* whose first row is changed."""
    shutil.copytree(report.out / name, where / name)
    path = min((where / name / "data").iterdir())
    schema, rows = pq.read_schema(path), pq.read_table(path).to_pylist()
    change(rows[0])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return where / name


def two_turns_in_a_row(row: dict[str, Any]) -> None:
    row["messages"].insert(2, row["messages"][2])


def typed_mark(row: dict[str, Any]) -> None:
    row["messages"][2]["content"] += "<image>"


def test_llama_factory_keeps_every_conversation_with_every_picture(train: Train, report: Report) -> None:
    said = train("llama_factory", report.out / "chat")

    rows = report.account.rows["chat"]
    assert said == {"rows": rows, "kept": rows, "pictures": pictures(report, "chat"), "wrong": []}


def test_llama_factory_empties_what_does_not_alternate(train: Train, report: Report, tmp_path: Path) -> None:
    said = train("llama_factory", spoilt(report, "chat", tmp_path, two_turns_in_a_row))

    assert said["kept"] == said["rows"] - 1


def test_llama_factory_stops_at_a_mark_that_somebody_typed(train: Train, report: Report, tmp_path: Path) -> None:
    said = train("llama_factory", spoilt(report, "chat", tmp_path, typed_mark))

    assert said["wrong"] == ["ValueError"]


def test_ms_swift_loads_strictly_and_drops_nothing(train: Train, report: Report) -> None:
    said = train("ms_swift", *sorted((report.out / "chat/data").iterdir()))

    assert said == {"rows": report.account.rows["chat"], "pictures": pictures(report, "chat")}


def test_ms_swift_notices_an_unknown_role(train: Train, report: Report, tmp_path: Path) -> None:
    def unknown(row: dict[str, Any]) -> None:
        row["messages"][1]["role"] = "nobody"

    said = train("ms_swift", *sorted((spoilt(report, "chat", tmp_path, unknown) / "data").iterdir()))

    assert "error" in said


def test_trl_puts_each_picture_into_its_own_turn(train: Train, report: Report) -> None:
    said = train("trl_messages", *sorted((report.out / "trl/data").iterdir()))

    shown = pictures(report, "trl")
    rows = report.account.rows["trl"]
    assert said == {"rows": rows, "pictures": shown, "placed": shown, "first": 1, "wrong": []}


def test_trl_notices_a_picture_without_a_place(train: Train, report: Report, tmp_path: Path) -> None:
    said = train(
        "trl_messages",
        *sorted((spoilt(report, "trl", tmp_path, lambda row: row["images"].pop()) / "data").iterdir()),
    )

    assert said["wrong"] == ["ValueError"]


def test_verl_consumes_every_picture(train: Train, report: Report) -> None:
    said = train("verl_messages", *sorted((report.out / "chat/data").iterdir()))

    assert said == {"rows": report.account.rows["chat"], "pictures": pictures(report, "chat"), "wrong": []}


def test_verl_stops_at_a_mark_that_somebody_typed(train: Train, report: Report, tmp_path: Path) -> None:
    said = train("verl_messages", *sorted((spoilt(report, "chat", tmp_path, typed_mark) / "data").iterdir()))

    assert said["wrong"]
