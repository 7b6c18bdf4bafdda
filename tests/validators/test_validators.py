"""An export is read by the programs that it is made for; and each of them is shown to notice what is wrong."""

import hashlib
import json
import shutil
import tarfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.dataset.pipeline import Report

pytestmark = pytest.mark.validators

Ask = Callable[..., Any]


def documents(dataset: Path) -> list[Path]:
    return sorted((dataset / "atif").glob("*.json"))


def changed(source: Path, target: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """A copy of the ATIF document *source*, beside its pictures, with something wrong in it."""
    told = json.loads(source.read_text())
    change(told)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not (target.parent / "images").exists():
        shutil.copytree(source.parent / "images", target.parent / "images")
    target.write_text(json.dumps(told))
    return target


def test_harbor_accepts_every_atif_document(ask: Ask, dataset: Path) -> None:
    said = ask("harbor_atif", *documents(dataset))

    assert len(said) >= 10
    assert not any(said.values()), said


def test_harbor_refuses_what_is_wrong_in_each_of_these_ways(ask: Ask, dataset: Path, tmp_path: Path) -> None:
    good = documents(dataset)[0]
    wrong: dict[str, Callable[[dict[str, Any]], object]] = {
        "version": lambda told: told.update(schema_version="ATIF-v9"),
        "extra": lambda told: told.update(surprise=1),
        "order": lambda told: told["steps"][1].update(step_id=7),
        "empty": lambda told: told.update(steps=[]),
        "call": lambda told: told["steps"][1]["observation"]["results"][0].update(source_call_id="nobody"),
        "source": lambda told: told["steps"][1].update(source="human"),
    }
    files = [changed(good, tmp_path / f"{name}.json", change) for name, change in wrong.items()]
    lost = changed(good, tmp_path / "lost" / "picture.json", lambda _: None)
    shutil.rmtree(lost.parent / "images")

    said = ask("harbor_atif", *files, lost)

    assert len(said) == len(wrong) + 1
    assert all(said.values()), {name: errors for name, errors in said.items() if not errors}


@pytest.mark.parametrize("provider", ["anthropic", "openai"])
def test_a_providers_own_models_accept_every_action(ask: Ask, report: Report, provider: str) -> None:
    said = ask("providers", provider, report.out / provider / "actions.jsonl")

    assert said["wrong"] == []
    assert said["fine"] >= report.account.rows[f"{provider}_steps"]


WRONG: dict[str, list[dict[str, Any]]] = {
    "anthropic": [
        {"name": "left_click", "input": {"coordinate": [1.5, 2]}},
        {"name": "scroll", "input": {"scroll_amount": 3}},
        {"name": "press_harder", "input": {}},
    ],
    "openai": [
        {"type": "click", "button": "middle", "x": 1, "y": 2},
        {"type": "scroll", "x": 1, "y": 2},
        {"type": "triple_click", "x": 1, "y": 2},
    ],
}


@pytest.mark.parametrize("provider", ["anthropic", "openai"])
def test_a_providers_own_models_notice_wrong_actions(ask: Ask, tmp_path: Path, provider: str) -> None:
    (tmp_path / "list").write_text(json.dumps({"steps": [{"actions": WRONG[provider]}]}))

    said = ask("providers", provider, tmp_path / "list")

    assert (said["fine"], len(said["wrong"])) == (0, 3)


def test_datasets_loads_and_streams_everything(ask: Ask, report: Report) -> None:
    tables = ("steps", "episodes", "visits", "queries", "tasks")
    files = {
        "agentnet": "json:agentnet/agentnet.jsonl",
        "chat": "parquet:chat/data/*.parquet",
        "trl": "parquet:trl/data/*.parquet",
        "anthropic": "json:anthropic/actions.jsonl",
        "openai": "json:openai/actions.jsonl",
        "webdataset": "webdataset:webdataset/*.tar",
    }
    wanted = {f"card:{table}": table for table in tables} | {path: name for name, path in files.items()}

    said = ask("hugging_face", report.out, *wanted)

    rows = report.account.rows
    assert not {what: told for what, told in said.items() if "error" in told}
    assert {what: told["rows"] for what, told in said.items()} == {what: rows[name] for what, name in wanted.items()}
    assert all(told["streamed"] == told["rows"] for told in said.values())
    shown = rows["webdataset"]
    assert said["card:steps"]["pictures"] == said["webdataset:webdataset/*.tar"]["pictures"] == shown
    assert said["parquet:trl/data/*.parquet"]["pictures"] > 0
    assert {"json", "png"} <= set(said["webdataset:webdataset/*.tar"]["columns"])


def test_datasets_reports_a_file_that_was_cut(ask: Ask, dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "chat.parquet").write_bytes(next((dataset / "chat/data").glob("*.parquet")).read_bytes()[:-40])
    (tmp_path / "list.jsonl").write_text('{"task_id": "a"}\n{"task_id": ')

    said = ask("hugging_face", tmp_path, "parquet:chat.parquet", "json:list.jsonl", "card:steps")

    assert all("error" in told for told in said.values()), said


def test_webdataset_reads_every_sample_with_its_picture(ask: Ask, report: Report) -> None:
    said = ask("tars", *sorted((report.out / "webdataset").glob("*.tar")))

    assert (said["samples"], said["kinds"], said["sizes"]) == (report.account.rows["webdataset"], ["json", "png"], True)
    assert len(set(said["keys"])) == said["samples"]


def test_webdataset_takes_a_dotted_name_apart_which_ours_never_have(ask: Ask, dataset: Path, tmp_path: Path) -> None:
    with tarfile.open(next((dataset / "webdataset").glob("*.tar"))) as good, tarfile.open(tmp_path / "t", "w") as bad:
        for member in good.getmembers()[:4]:
            content = good.extractfile(member)
            member.name = f"en.{member.name}"
            bad.addfile(member, content)

    said = ask("tars", tmp_path / "t")

    assert said["kinds"] != ["json", "png"]


def described(files: Path, field: str) -> dict[str, Any]:
    """The least that describes the tables of episodes in Croissant's words."""
    context = {"@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/"}
    context |= {"cr": "http://mlcommons.org/croissant/", "dct": "http://purl.org/dc/terms/"}
    context |= {"conformsTo": "dct:conformsTo", "recordSet": "cr:recordSet", "field": "cr:field"}
    context |= {"dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "source": "cr:source", "extract": "cr:extract"}
    context |= {"fileObject": "cr:fileObject", "column": "cr:column"}
    source = {"fileObject": {"@id": "file"}, "extract": {"column": field}}
    one = {"@type": "cr:Field", "@id": "episodes/id", "name": "id", "dataType": "sc:Text", "source": source}
    (file,) = files.glob("episodes-*.parquet")
    return {
        "@context": context,
        "@type": "sc:Dataset",
        "name": "overt",
        "url": "https://example.org/",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "distribution": [
            {"@type": "cr:FileObject", "@id": "file", "name": "file", "contentUrl": f"data/{file.name}"}
            | {"encodingFormat": "application/x-parquet", "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        ],
        "recordSet": [{"@type": "cr:RecordSet", "@id": "episodes", "name": "episodes", "field": [one]}],
    }


@pytest.mark.parametrize(("column", "valid"), [("episode_id", True), ("nobody_wrote_this", False)])
def test_mlcroissant_reads_our_tables_and_notices_a_column_that_is_not_there(
    ask: Ask, report: Report, tmp_path: Path, column: str, valid: bool
) -> None:
    (tmp_path / "croissant.json").write_text(json.dumps(described(report.out / "data", column)))
    shutil.copytree(report.out / "data", tmp_path / "data", ignore=shutil.ignore_patterns("steps-*"))

    said = ask("croissant", tmp_path / "croissant.json", "episodes")

    assert said["valid"] == valid
    assert not valid or said["records"] == report.account.rows["episodes"]


def test_what_people_type_comes_through_every_format_that_says_it_in_full(dataset: Path) -> None:
    typed = Counter[str]()
    for path in documents(dataset):
        for step in json.loads(path.read_text())["steps"]:
            for call in step.get("tool_calls", ()):
                typed["<|im_end|>" in call["arguments"].get("text", "")] += 1

    assert typed[True] >= 5  # the others were written over before the field was left
