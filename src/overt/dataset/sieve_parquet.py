"""Parquet tables of a data set: which episodes are in them, and a copy without some."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from overt.dataset.arrow import Arrow, pa, pq
from overt.dataset.parquet import FOLDER, shard_writer
from overt.dataset.staying import Stay
from overt.errors import FormatError

_ID: Final = "episode_id"
_TAG: Final = "deletion_tag"


def parquet_episodes(directory: Path) -> set[tuple[str, str]]:
    """Return id and tag of each episode that has a row in the data set *directory*; raises ``FormatError``."""
    found: set[tuple[str, str]] = set()
    for path in _shards(directory, FOLDER):
        with _opened(path) as shard:
            for batch in shard.iter_batches(columns=[_ID, _TAG]):
                found.update(zip(batch[_ID].to_pylist(), batch[_TAG].to_pylist(), strict=True))
    return {(str(episode_id), str(tag)) for episode_id, tag in found}


def conversation_episodes(directory: Path, name: str) -> set[str]:
    """Return the id of each episode that has a row in the conversations *name*; raises ``FormatError``."""
    found: set[str] = set()
    for path in _shards(directory, f"{name}/{FOLDER}"):
        with _opened(path) as shard:
            for batch in shard.iter_batches(columns=[_ID]):
                found.update(str(each) for each in batch[_ID].to_pylist())
    return found


def copy_conversations(directory: Path, doomed: Collection[str], out: Path, stay: Stay) -> dict[str, int]:
    """Write the conversations in *directory* into *out* without *doomed*; return the rows by the directory's name.

    Raises:
        FormatError: a file cannot be read.
    """
    (out / FOLDER).mkdir(mode=0o700, parents=True)
    rows = turns = 0
    for path in _shards(directory, FOLDER):
        target = out / FOLDER / path.name
        rows += _copy(path, doomed, target, stay)
        with _opened(target if target.exists() else path) as copy:
            for batch in copy.iter_batches(columns=["messages.list.element.role"]):
                turns += sum(each["role"] == "assistant" for row in batch["messages"].to_pylist() for each in row)
    for path in sorted(directory.glob("*.json")):
        stay(path, out / path.name)
    return {out.name: rows, f"{out.name}_steps": turns}


def copy_parquet(directory: Path, doomed: Collection[str], out: Path, stay: Stay) -> Counter[str]:
    """Write the tables of *directory* into *out* without the episodes *doomed*, and return the rows by table.

    A shard keeps its name, and has no row when all of its rows go.

    Raises:
        FormatError: a table cannot be read.
    """
    rows: Counter[str] = Counter()
    (out / FOLDER).mkdir(mode=0o700)
    for path in _shards(directory, FOLDER):
        table = path.name.partition("-")[0]
        rows[table] += _copy(path, doomed, out / FOLDER / path.name, stay)
    return rows


def _copy(path: Path, doomed: Collection[str], target: Path, stay: Stay) -> int:
    """Write the shard *path* to *target* without *doomed*, or let it stay; return its rows."""
    kept = 0
    with _opened(path) as shard:
        if not any(each in doomed for batch in shard.iter_batches(columns=[_ID]) for each in batch[_ID].to_pylist()):
            stay(path, target)
            return int(shard.metadata.num_rows)
        with shard_writer(target, shard.schema_arrow) as writer:
            for number in range(shard.num_row_groups):
                group = shard.read_row_group(number)
                group = group.filter(pa.array([each not in doomed for each in group[_ID].to_pylist()], pa.bool_()))
                if group.num_rows:
                    writer.write_table(group, row_group_size=group.num_rows)
                kept += group.num_rows
    return kept


@contextmanager
def _opened(path: Path) -> Iterator[Arrow]:
    try:
        with pq.ParquetFile(path) as shard:
            yield shard
    except (pa.ArrowException, KeyError):
        raise FormatError(f"{path.name} is no table of ours, or damaged") from None
    except OSError as problem:
        if problem.errno is not None:
            raise
        # What pyarrow says of bytes that it cannot make sense of.
        raise FormatError(f"{path.name} is no table of ours, or damaged") from None


def _shards(directory: Path, folder: str) -> list[Path]:
    return sorted((directory / folder).glob("*.parquet"))
