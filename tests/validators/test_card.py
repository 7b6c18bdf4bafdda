"""What catalogues make of the card and of Croissant's description, of an export with people held out, and purged."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.dataset.interface import Format
from overt.dataset.lint import lint
from overt.dataset.pipeline import Report
from overt.dataset.purge import purge
from overt.format.note import NoteSigner

pytestmark = pytest.mark.validators

Ask = Callable[..., Any]
SIGNER = NoteSigner.from_seed("admin-0c0c", bytes(range(32)))
TABLES = ("steps", "episodes", "visits", "queries", "tasks")


@pytest.fixture(scope="module")
def held_out(export_to: Callable[..., Report], tmp_path_factory: pytest.TempPathFactory) -> Report:
    """An export of which half of the people are held out."""
    return export_to(tmp_path_factory.mktemp("held") / "dataset", holdout=50)


@pytest.fixture(scope="module")
def said(ask: Ask, held_out: Report) -> Any:
    return ask("catalogue", held_out.out)


def expected(splits: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {f"{table}-rows": {split: rows[table] for split, rows in splits.items() if rows[table]} for table in TABLES}


def test_mlcroissant_reads_every_record_of_every_split(said: Any, held_out: Report) -> None:
    splits = {split: dict(rows) for split, rows in held_out.account.splits.items()}
    assert len(splits) >= 2
    assert {name: rows for name, rows in said["records"].items() if name != "splits"} == expected(splits)
    assert said["pictures"] > 100
    assert said["errors"] == []
    assert all("citeAs" in each or "datePublished" in each for each in said["warnings"]), said["warnings"]


def test_the_responsible_ai_fields_are_read(said: Any) -> None:
    assert [name for name, told in said["rai"].items() if not told] == []
    assert said["conforms_to"] == ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
    assert said["months"] == ["2026-11"]


def test_the_hub_reads_the_head_of_the_card(said: Any, held_out: Report) -> None:
    card = said["card"]

    assert card["license_name"] == "consent-model-training"
    assert {"overt", "synthetic", "trial"} <= set(card["tags"])
    steps = next(each for each in card["configs"] if each["config_name"] == "steps")
    assert [each["split"] for each in steps["data_files"]] == list(held_out.account.splits)


def test_what_is_left_after_a_purge_is_read_like_any_release(
    ask: Ask, said: Any, export_to: Callable[..., Report], tmp_path: Path
) -> None:
    report = export_to(tmp_path / "dataset", holdout=50)
    doomed = sorted(report.account.sources)[:3]

    purge(report.out, doomed, SIGNER, lambda _: None)

    left = ask("catalogue", report.out)
    assert sum(left["records"]["episodes-rows"].values()) < sum(said["records"]["episodes-rows"].values())
    assert left["errors"] == []
    assert list(lint(report.out, tuple(Format))) == []
