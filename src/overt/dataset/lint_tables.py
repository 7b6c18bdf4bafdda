"""Faults of tables: schemas that differ, points outside pictures, people in two splits, turns out of turn."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from overt.dataset.arrow import Arrow, pa, pq
from overt.dataset.chat import SCHEMA as CHAT
from overt.dataset.interface import Format
from overt.dataset.parquet import FOLDER
from overt.dataset.qwen import GRID
from overt.dataset.release import Split, root_of, splits_in
from overt.dataset.schema import TABLES
from overt.dataset.trl import SCHEMA as TRL
from overt.errors import FormatError

_CALL: Final = re.compile(r"<tool_call>\n(.*)\n</tool_call>")
_PLAIN: Final = ("image_width", "image_height", "image_sha256", "contributor", "split")


def table_faults(name: Format, directory: Path, split: Split) -> Iterator[str]:
    """Yield each fault of the tables that *name* keeps in *directory*, where *split* lies."""
    try:
        if name is Format.PARQUET:
            yield from _canonical(directory / FOLDER, split)
        else:
            yield from _conversations(name, directory / name.value / FOLDER)
    except pa.ArrowException:
        yield "a table cannot be read"
    except FormatError as problem:
        yield str(problem)


def _canonical(folder: Path, split: Split) -> Iterator[str]:
    for table, schema in TABLES.items():
        paths = sorted(folder.glob(f"{table}-*.parquet"))
        if not paths:
            yield f"there is no table of {table}"
        for path in paths:
            if not pq.read_schema(path).equals(schema):
                yield f"{path.name} has another schema than is written down"
            elif table == "steps":
                yield from _steps(path)
            elif any(told != split for told in pq.read_table(path, columns=["split"])["split"].to_pylist()):
                yield f"{path.name} has rows of another split"


def split_faults(directory: Path) -> Iterator[str]:
    """Yield whether a person is in more than one split of the data set *directory*, as its tables tell it."""
    seen: dict[str, Split] = {}
    for split in splits_in(directory):
        for path in (root_of(directory, split) / FOLDER).glob("episodes-*.parquet"):
            for contributor in _contributors(path):
                if seen.setdefault(contributor, split) is not split:
                    yield "a person is on both sides of a split"


def _contributors(path: Path) -> set[str]:
    try:
        return set(pq.read_table(path, columns=["contributor"])["contributor"].to_pylist())
    except (pa.ArrowException, OSError, KeyError):
        return set()  # that it cannot be read is told of the table itself


def _steps(path: Path) -> Iterator[str]:
    with pq.ParquetFile(path) as shard:
        for group in range(shard.num_row_groups):
            rows = shard.read_row_group(group, columns=["action", "quality", "image", *_PLAIN])
            yield from (f"{path.name} {fault}" for fault in _pictures(rows))
            yield from (f"{path.name} {fault}" for fault in _points(rows))


def _pictures(rows: Arrow) -> Iterator[str]:
    checked: dict[str, bool] = {}
    for sha256, image in zip(rows["image_sha256"], rows["image"], strict=True):
        name = sha256.as_py()
        if name is not None and name not in checked:
            checked[name] = hashlib.sha256(image["bytes"].as_py()).hexdigest() == name
    if not all(checked.values()):
        yield "has a picture that is not what its row says"


def _points(rows: Arrow) -> Iterator[str]:
    """Compare whole columns: an export of text alone is checked at little cost."""
    action, flagged = rows["action"].combine_chunks(), rows["quality"].combine_chunks().field("out_of_bounds")
    for axis, limit in (("x", "image_width"), ("y", "image_height"), ("x2", "image_width"), ("y2", "image_height")):
        for value, most, known in zip(
            action.field(axis).to_pylist(), rows[limit].to_pylist(), flagged.to_pylist(), strict=True
        ):
            if value is not None and not known and (value < 0 or (most is not None and value >= most)):
                yield "has a point outside its picture that is not flagged"


def _conversations(name: Format, folder: Path) -> Iterator[str]:
    schema = CHAT if name is Format.CHAT else TRL
    for path in sorted(folder.glob("*.parquet")):
        with pq.ParquetFile(path) as shard:
            if not shard.schema_arrow.equals(schema):
                yield f"{path.name} has another schema than is written down"
                continue
            for group in range(shard.num_row_groups):
                for row in shard.read_row_group(group, columns=["messages", "images"]).to_pylist():
                    yield from (f"{path.name} {fault}" for fault in conversation_faults(row))


def conversation_faults(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with one conversation, in the shape of either."""
    roles = [message["role"] for message in row["messages"]]
    if roles != ["system", *["user", "assistant"] * (len(roles) // 2)] or len(roles) == 1:
        yield "has turns that do not alternate, which LLaMA-Factory empties and ms-swift drops"
    marks = sum(_marks(message["content"]) for message in row["messages"])
    if marks != len(row["images"]):
        yield "has other marks of pictures than pictures"
    for image in row["images"]:
        if hashlib.sha256(image["bytes"]).hexdigest() != image["path"].removesuffix(".png"):
            yield "has a picture that is not what its name says"
    for message in row["messages"]:
        if message["role"] == "assistant":
            yield from _calls(_text(message["content"]))


def _marks(content: str | list[dict[str, str]]) -> int:
    if isinstance(content, str):
        return content.count("<image>")
    return sum(part["type"] == "image" or "<image>" in (part["text"] or "") for part in content)


def _text(content: str | list[dict[str, str]]) -> str:
    return content if isinstance(content, str) else "".join(part["text"] or "" for part in content)


def _calls(said: str) -> Iterator[str]:
    calls = _CALL.findall(said)
    if "\n".join(f"<tool_call>\n{call}\n</tool_call>" for call in calls) != said or not calls:
        yield "has a turn that is no call"
    for call in calls:
        point = json.loads(call)["arguments"].get("coordinate", (0, 0))
        if not all(isinstance(value, int) and 0 <= value < GRID for value in point):
            yield "has a point off the grid"
