"""Parquet tables of a data set: which episodes are in them, and a copy without some."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from overt.dataset.arrow import Arrow, pa, pq
from overt.dataset.parquet import FOLDER, shard_writer
from overt.errors import FormatError

_ID: Final = "episode_id"
_TAG: Final = "deletion_tag"


def parquet_episodes(directory: Path) -> set[tuple[str, str]]:
    """Return id and tag of each episode that has a row in the data set *directory*; raises ``FormatError``."""
    found: set[tuple[str, str]] = set()
    for path in _shards(directory):
        with _opened(path) as shard:
            for batch in shard.iter_batches(columns=[_ID, _TAG]):
                found.update(zip(batch[_ID].to_pylist(), batch[_TAG].to_pylist(), strict=True))
    return {(str(episode_id), str(tag)) for episode_id, tag in found}


def copy_parquet(directory: Path, doomed: Collection[str], out: Path) -> Counter[str]:
    """Write the tables of *directory* into *out* without the episodes *doomed*, and return the rows by table.

    A shard keeps its name, and has no row when all of its rows go.

    Raises:
        FormatError: a table cannot be read.
    """
    rows: Counter[str] = Counter()
    (out / FOLDER).mkdir(mode=0o700)
    for path in _shards(directory):
        table = path.name.partition("-")[0]
        rows[table] += _copy(path, doomed, out / FOLDER / path.name)
    return rows


def _copy(path: Path, doomed: Collection[str], target: Path) -> int:
    kept = 0
    with _opened(path) as shard, shard_writer(target, shard.schema_arrow) as writer:
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


def _shards(directory: Path) -> list[Path]:
    return sorted((directory / FOLDER).glob("*.parquet"))
