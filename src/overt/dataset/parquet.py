"""The canonical format: Parquet tables with an explicit schema, which ``datasets`` loads as they are."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from overt.dataset.arrow import Arrow, pa, pq
from overt.dataset.interface import Episode, FrameReader, Written
from overt.dataset.rows import Row, episode_rows, query_rows, step_rows, task_rows, visit_rows
from overt.dataset.schema import TABLES

FOLDER: Final = "data"
GROUP_PICTURES: Final = 100
"""Pictures per row group: viewers read a whole group to show one row."""
GROUP_ROWS: Final = 5_000
"""Rows per row group where there are no pictures."""
SHARD_BYTES: Final = 400_000_000
"""Pictures of about this many bytes go into one file."""
SHARD_ROWS: Final = 1_000_000

_PICTURE: Final = "image.bytes"


class _Table:
    """One table, spread over numbered files."""

    def __init__(self, name: str, directory: Path) -> None:
        self.rows = 0
        self._name = name
        self._schema = TABLES[name]
        self._directory = directory
        self._pending: list[Row] = []
        self._parts: list[Path] = []
        self._open: Arrow = None
        self._pictures = self._shard_rows = self._shard_bytes = 0

    def extend(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._pending.append(row)
            if row.get("image"):
                self._shard_bytes += len(row["image"]["bytes"])
                self._pictures += 1
            if self._pictures >= GROUP_PICTURES or len(self._pending) >= GROUP_ROWS:
                self._flush()

    def close(self) -> None:
        """Write what is left, at least an empty file, and give every part its final name."""
        self._flush()
        self._writer()
        self.discard()
        for number, part in enumerate(self._parts):
            part.rename(self._directory / f"{self._name}-{number:05d}-of-{len(self._parts):05d}.parquet")

    def discard(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _flush(self) -> None:
        if not self._pending:
            return
        table = pa.Table.from_pylist(self._pending, schema=self._schema)
        self._writer().write_table(table, row_group_size=len(self._pending))
        self.rows += len(self._pending)
        self._shard_rows += len(self._pending)
        self._pending, self._pictures = [], 0
        if self._shard_bytes >= SHARD_BYTES or self._shard_rows >= SHARD_ROWS:
            self.discard()
            self._shard_bytes = self._shard_rows = 0

    def _writer(self) -> Arrow:
        if self._open is None and (not self._parts or self._pending):
            part = self._directory / f"{self._name}-{len(self._parts):05d}.part"
            self._open = shard_writer(part, self._schema)
            self._parts.append(part)
        return self._open


def shard_writer(part: Path, schema: Arrow) -> Arrow:
    """Open a shard's file; pictures are compressed already, and statistics of them would repeat whole pictures."""
    leaves = _leaves(schema)
    plain = [path for path in leaves if path != _PICTURE]
    return pq.ParquetWriter(
        part,
        schema,
        compression={path: "NONE" if path == _PICTURE else "ZSTD" for path in leaves},
        use_dictionary=plain,
        write_statistics=plain,
        write_page_index=True,
    )


def _leaves(schema: Arrow) -> list[str]:
    """The columns as Parquet names them, learnt from an empty file."""
    sink = pa.BufferOutputStream()
    pq.write_table(schema.empty_table(), sink)
    parquet = pq.ParquetFile(sink.getvalue()).schema
    return [parquet.column(number).path for number in range(len(parquet))]


class ParquetWriter:
    """Writes ``data/{steps,episodes,visits,queries,tasks}-*.parquet``; byte-identical for the same episodes."""

    def __init__(self, directory: Path) -> None:
        """Write into the folder ``data`` of *directory*."""
        folder = directory / FOLDER
        folder.mkdir(mode=0o700)
        self._tables = {name: _Table(name, folder) for name in TABLES}

    def add(self, episode: Episode, frames: FrameReader) -> None:
        """Append the rows of *episode* to every table."""
        self._tables["steps"].extend(step_rows(episode, frames))
        self._tables["episodes"].extend(episode_rows(episode))
        self._tables["visits"].extend(visit_rows(episode))
        self._tables["queries"].extend(query_rows(episode))
        self._tables["tasks"].extend(task_rows(episode))

    def close(self) -> Written:
        """Finish the tables; Parquet says everything, so nothing is lossy."""
        for table in self._tables.values():
            table.close()
        return Written(rows={name: table.rows for name, table in self._tables.items()})

    def discard(self) -> None:
        """Close what is open."""
        for table in self._tables.values():
            table.discard()
