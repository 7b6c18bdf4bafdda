"""The canonical tables: loadable by ``datasets`` as they are, complete, and the same bytes every time."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from overt.dataset import parquet
from overt.dataset.interface import Format
from overt.dataset.schema import TABLES
from overt.events.redacted import PageEntered


def hashes(directory: Path) -> dict[str, str]:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_datasets_loads_the_steps_with_their_pictures(story: Any, load: Callable[..., Any], tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()))

    steps = load(str(tmp_path / "out"), split="train")

    kinds = [action["kind"] for action in steps["action"]]
    assert kinds == [
        *("navigate", "click", "type", "key", "scroll", "click", "drag", "hotkey", "click", "terminate"),
    ]
    assert steps[1]["image"].size == (64, 48)
    assert steps[0]["image"] is None
    assert steps[2]["action"]["text"] == "it's <image> [EMAIL]"
    assert steps[2]["action"]["redaction_types"] == ["EMAIL"]
    assert steps["step_index"] == list(range(10))


def test_datasets_streams_the_steps(story: Any, load: Callable[..., Any], tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()))

    rows = list(load(str(tmp_path / "out"), split="train", streaming=True))

    assert len(rows) == 10
    assert rows[1]["image"].getpixel((0, 0)) == (1, 100, 200)


@pytest.mark.parametrize(("table", "rows"), [("episodes", 1), ("visits", 3), ("queries", 1)])
def test_datasets_loads_every_other_table(
    story: Any, load: Callable[..., Any], tmp_path: Path, table: str, rows: int
) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()))

    assert len(load(str(tmp_path / "out"), table, split="train")) == rows


def test_a_table_without_rows_is_there_but_not_offered_for_loading(
    story: Any, load: Callable[..., Any], tmp_path: Path
) -> None:
    """``datasets`` refuses a split without rows."""
    story.exported(tmp_path / "out", story.eligible([story.search()[0]]))

    assert len(load(str(tmp_path / "out"), split="train")) == 2
    assert "config_name: queries" not in (tmp_path / "out" / "README.md").read_text()
    assert (tmp_path / "out" / "data" / "queries-00000-of-00001.parquet").exists()


def test_visits_and_searches_are_columns_of_their_own(story: Any, load: Callable[..., Any], tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()))

    visits = load(str(tmp_path / "out"), "visits", split="train")
    searches = load(str(tmp_path / "out"), "queries", split="train")

    assert visits["dwell_s"] == [2, 3, 7]
    assert visits["left"] == ["on_list", "on_list", "off_list"]
    assert searches[0]["query"] == "turing"
    assert searches[0]["clicks"] == [
        {"step_index": 5, "role": "link", "name": "Alan Turing", "to_visit": 3, "off_list": False}
    ]


def test_the_same_episodes_give_the_same_bytes(story: Any, tmp_path: Path) -> None:
    one, two = (story.eligible(story.search(), number) for number in (1, 2))

    story.exported(tmp_path / "first", one, two)
    story.exported(tmp_path / "second", two, one)

    assert hashes(tmp_path / "first") == hashes(tmp_path / "second")


def test_a_column_of_nothing_but_nulls_keeps_its_type(story: Any, load: Callable[..., Any], tmp_path: Path) -> None:
    """Shards with a column typed null make loading fail, depending on the order of the files."""
    bare = story.eligible([story.search()[0]])
    full = story.eligible(story.search(), 2)
    story.exported(tmp_path / "bare", bare)
    story.exported(tmp_path / "full", full)
    files = [str(next((tmp_path / name / "data").glob("steps-*.parquet"))) for name in ("bare", "full")]

    for order in (files, files[::-1]):
        assert len(load("parquet", data_files=order, split="train")) == 12


def test_every_file_of_a_table_has_the_written_schema(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()))

    for name, schema in TABLES.items():
        (file,) = (tmp_path / "out" / "data").glob(f"{name}-*.parquet")
        assert pq.read_schema(file).equals(schema, check_metadata=False)


def test_pictures_are_stored_as_the_recorder_made_them(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()))

    (file,) = (tmp_path / "out" / "data").glob("steps-*.parquet")
    row = pq.read_table(file).slice(1, 1).to_pylist()[0]
    assert row["image"]["bytes"] == story.picture(1)
    assert hashlib.sha256(row["image"]["bytes"]).hexdigest() == row["image_sha256"]


def test_row_groups_stay_small_and_pictures_are_not_compressed_twice(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "GROUP_PICTURES", 3)

    story.exported(tmp_path / "out", story.eligible(story.search()))

    (file,) = (tmp_path / "out" / "data").glob("steps-*.parquet")
    metadata = pq.ParquetFile(file).metadata
    columns = [metadata.row_group(0).column(number) for number in range(metadata.num_columns)]
    assert [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)] == [4, 3, 3]
    assert {c.compression for c in columns if c.path_in_schema == "image.bytes"} == {"UNCOMPRESSED"}
    assert {c.compression for c in columns if c.path_in_schema != "image.bytes"} == {"ZSTD"}
    assert not any(c.has_dictionary_page for c in columns if c.path_in_schema == "image.bytes")


def test_many_rows_are_spread_over_numbered_files(
    story: Any, load: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "GROUP_ROWS", 2)
    monkeypatch.setattr(parquet, "SHARD_ROWS", 4)

    story.exported(tmp_path / "out", story.eligible(story.search()), formats=(Format.PARQUET,))

    names = sorted(path.name for path in (tmp_path / "out" / "data").glob("steps-*"))
    assert names == [f"steps-{number:05d}-of-00003.parquet" for number in range(3)]
    assert load(str(tmp_path / "out"), split="train")["step_index"] == list(range(10))


def test_many_pictures_are_spread_over_numbered_files(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "GROUP_PICTURES", 2)
    monkeypatch.setattr(parquet, "SHARD_BYTES", 2 * len(story.picture(1)))

    story.exported(tmp_path / "out", story.eligible(story.search()))

    assert len(list((tmp_path / "out" / "data").glob("steps-*-of-00005.parquet"))) == 5


def test_no_file_is_added_when_the_rows_just_fill_one(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "GROUP_ROWS", 2)
    monkeypatch.setattr(parquet, "SHARD_ROWS", 10)

    story.exported(tmp_path / "out", story.eligible(story.search()))

    assert [path.name for path in (tmp_path / "out" / "data").glob("steps-*")] == ["steps-00000-of-00001.parquet"]


def test_no_time_leaves_but_dwell_and_month(story: Any, tmp_path: Path) -> None:
    later = [
        event.model_copy(update={"at_ms": event.at_ms + 700}) if not isinstance(event, PageEntered) else event
        for event in story.search()
        if hasattr(event, "at_ms")
    ]
    sooner = [event for event in story.search() if hasattr(event, "at_ms")]

    story.exported(tmp_path / "later", story.eligible(later))
    story.exported(tmp_path / "sooner", story.eligible(sooner))

    assert hashes(tmp_path / "later") == hashes(tmp_path / "sooner")
