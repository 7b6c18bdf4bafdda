"""Our own lint passes every export of ours, and finds each thing that other people's validators let pass."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from overt.dataset.interface import Format
from overt.dataset.lint import check, lint
from overt.dataset.lint_agentnet import agentnet_faults
from overt.dataset.lint_tables import conversation_faults
from overt.errors import FormatError

EVERY = tuple(Format)


@pytest.fixture
def out(story: Any, tmp_path: Path) -> Path:
    story.exported(tmp_path / "out", story.eligible(story.search()), formats=EVERY)
    return tmp_path / "out"


def document(out: Path) -> Path:
    return next((out / "atif").glob("*.json"))


def rewritten(path: Path, change: Callable[[Any], object]) -> None:
    told = json.loads(path.read_text())
    change(told)
    path.write_text(json.dumps(told) + "\n")


def test_an_export_of_ours_has_no_fault(out: Path) -> None:
    assert list(lint(out, EVERY)) == []


def test_a_fault_stops_an_export(out: Path) -> None:
    next((out / "openai/images").iterdir()).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(30))

    with pytest.raises(FormatError, match=r"^the export has a fault: openai: "):
        check(out, EVERY)


def outside_atif(told: Any) -> None:
    told["steps"][2]["tool_calls"][0]["arguments"]["x"] = 64


def repeated_call(told: Any) -> None:
    told["steps"][2]["tool_calls"][0]["tool_call_id"] = told["steps"][1]["tool_calls"][0]["tool_call_id"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [(outside_atif, "names a point outside its picture"), (repeated_call, "repeats a tool_call_id")],
)
def test_what_harbor_lets_pass_is_found(out: Path, change: Callable[[Any], object], fault: str) -> None:
    rewritten(document(out), change)

    (found,) = lint(out, (Format.ATIF,))

    assert found.endswith(fault)


WRONG: dict[str, tuple[str, Callable[[Any], object]]] = {
    "right of it": ("anthropic", lambda told: told["steps"][1]["actions"][0]["input"].update(coordinate=[64, 1])),
    "left of it": ("anthropic", lambda told: told["steps"][1]["actions"][0]["input"].update(coordinate=[-1, 1])),
    "no picture": ("anthropic", lambda told: told["steps"][1].update(image=None)),
    "below it": ("openai", lambda told: told["steps"][1]["actions"][0].update(y=48)),
    "another size": ("openai", lambda told: told["steps"][1].update(width=1)),
    "unknown": ("openai", lambda told: told["steps"][1].update(image="nobody.png")),
    "unknown to code": ("agentnet", lambda told: told["traj"][0].update(image="nobody.png")),
    "code": ("agentnet", lambda told: told["traj"][0]["value"].update(code="pyautogui.click(x=1.5, y=0.1)")),
    "malformed": ("agentnet", lambda told: told.pop("traj")),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_point_outside_and_a_picture_that_is_not_there_are_found(out: Path, what: str) -> None:
    name, change = WRONG[what]
    (path,) = (out / name).glob("*.jsonl")
    rewritten(path, change)

    assert list(lint(out, (Format(name),)))


def test_a_repeated_task_is_found(out: Path) -> None:
    path = out / "openai/actions.jsonl"
    path.write_text(path.read_text() * 2)

    assert list(lint(out, (Format.OPENAI,))) == ["openai: line 2 repeats a task_id"]


@pytest.mark.parametrize("code", ["computer.tripleClick(x=0.1, y=0.1)", "pyautogui.scroll(0)", "import os", ""])
def test_code_that_agentnets_readers_do_not_parse_is_found(code: str) -> None:
    assert list(agentnet_faults(code))


def test_a_schema_that_was_guessed_is_found(out: Path) -> None:
    (path,) = (out / "data").glob("visits-*.parquet")
    rows = [{"query": None} | row for row in pq.read_table(path).to_pylist()]
    pq.write_table(pa.Table.from_pylist(rows), path)

    (found,) = lint(out, (Format.PARQUET,))

    assert found.endswith("has another schema than is written down")


@pytest.mark.parametrize("field", ["contributor", "image", "point"])
def test_rows_that_contradict_themselves_are_found(out: Path, field: str) -> None:
    table = "episodes" if field == "contributor" else "steps"
    (path,) = (out / "data").glob(f"{table}-*.parquet")
    schema, rows = pq.read_schema(path), pq.read_table(path).to_pylist()
    if field == "contributor":
        rows.append(rows[0] | {"split": "test"})
    elif field == "image":
        rows[1]["image"]["bytes"] = b"another"
    else:
        rows[1]["action"]["x"] = 64
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)

    assert len(list(lint(out, (Format.PARQUET,)))) == 1


def test_a_table_that_was_cut_is_a_fault_and_no_traceback(out: Path) -> None:
    (path,) = (out / "chat/data").glob("*.parquet")
    path.write_bytes(path.read_bytes()[:50])

    assert list(lint(out, (Format.CHAT,))) == ["chat: a table cannot be read"]


def conversation(*turns: tuple[str, str]) -> dict[str, Any]:
    return {"messages": [{"role": role, "content": content} for role, content in turns], "images": []}


CALL = '<tool_call>\n{"name": "computer_use", "arguments": {"action": "wait"}}\n</tool_call>'
OFF = CALL.replace('"action"', '"coordinate": [1000, 1], "action"')


@pytest.mark.parametrize(
    "row",
    [
        conversation(("system", ""), ("user", "a"), ("user", "b"), ("assistant", CALL)),
        conversation(("system", "")),
        conversation(("system", ""), ("user", "<image>"), ("assistant", CALL)),
        conversation(("system", ""), ("user", "a"), ("assistant", "click there")),
        conversation(("system", ""), ("user", "a"), ("assistant", OFF)),
    ],
)
def test_a_conversation_that_trainers_would_drop_or_misread_is_found(row: dict[str, Any]) -> None:
    assert list(conversation_faults(row))
    assert not list(conversation_faults(conversation(("system", ""), ("user", "a"), ("assistant", CALL))))
