"""Reads the canonical tables back as the episodes they were written from, so that any format can be made of them."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from overt.dataset.arrow import Arrow, pa, pq
from overt.dataset.formats import open_writer
from overt.dataset.interface import Episode, Format, FrameReader, Provenance, Written
from overt.dataset.parquet import FOLDER
from overt.errors import FormatError
from overt.events.redacted import Target
from overt.trajectory.action import Action, Kind
from overt.trajectory.build import End, Trajectory
from overt.trajectory.step import Frame, Quality, Step
from overt.trajectory.task import Task
from overt.trajectory.visit import PageVisit, ResultClick, SearchQuery

Row = Mapping[str, Any]

_PICTURES: Final = "image"


def render(directory: Path, name: Format, out: Path) -> Written:
    """Write the format *name* into *out*, of the canonical tables of the data set *directory*: the bytes of an export.

    Raises:
        FormatError: the tables cannot be read.
        BackendUnavailableError: what the format needs is not installed.
    """
    writer = open_writer(name, out)
    try:
        for episode, frames in episodes_of(directory):
            writer.add(episode, frames)
        return writer.close()
    finally:
        writer.discard()


def episodes_of(directory: Path) -> Iterator[tuple[Episode, FrameReader]]:
    """Yield each episode of the data set *directory*, with what returns its pictures, in the order of the tables.

    Pictures are read when they are asked for, a row group at a time.

    Raises:
        FormatError: the tables cannot be read.
    """
    try:
        with closing(_Pictures(directory)) as pictures:
            yield from _episodes(directory, pictures)
    except (pa.ArrowException, KeyError, ValueError, TypeError):
        raise FormatError(f"the tables in {directory} are damaged, or none of ours") from None


def _episodes(directory: Path, pictures: "_Pictures") -> Iterator[tuple[Episode, FrameReader]]:
    tables = {name: _Rows(directory, name) for name in ("steps", "visits", "queries", "tasks")}
    parts: list[Row] = []
    for row in _rows(directory, "episodes"):
        if parts and parts[-1]["episode_id"] != row["episode_id"]:
            yield _episode(parts, tables), pictures.get
            parts = []
        parts.append(row)
    if parts:
        yield _episode(parts, tables), pictures.get


def _episode(parts: list[Row], tables: Mapping[str, "_Rows"]) -> Episode:
    return Episode(provenance=_provenance(parts[0]), trajectories=tuple(_trajectory(part, tables) for part in parts))


def _trajectory(part: Row, tables: Mapping[str, "_Rows"]) -> Trajectory:
    of = (part["episode_id"], part["trajectory"])
    return Trajectory(
        index=part["trajectory"],
        steps=tuple(_step(row) for row in tables["steps"].of(*of)),
        visits=tuple(_visit(row) for row in tables["visits"].of(*of)),
        queries=tuple(_query(row) for row in tables["queries"].of(*of)),
        tasks=tuple(_task(row) for row in tables["tasks"].of(*of)),
        end=End(part["end"]),
    )


class _Rows:
    """The rows of one table, taken from the front as their trajectories come."""

    def __init__(self, directory: Path, name: str) -> None:
        self._rows = _rows(directory, name)
        self._next = next(self._rows, None)

    def of(self, episode_id: str, trajectory: int) -> Iterator[Row]:
        while self._next is not None and (self._next["episode_id"], self._next["trajectory"]) == (
            episode_id,
            trajectory,
        ):
            yield self._next
            self._next = next(self._rows, None)


def _rows(directory: Path, name: str) -> Iterator[Row]:
    """Yield the rows of a table, without pictures."""
    for path in _shards(directory, name):
        with pq.ParquetFile(path) as shard:
            columns = [each for each in shard.schema_arrow.names if each != _PICTURES]
            for batch in shard.iter_batches(columns=columns):
                yield from batch.to_pylist()


def _shards(directory: Path, name: str) -> list[Path]:
    paths = sorted((directory / FOLDER).glob(f"{name}-*.parquet"))
    if not paths:
        raise FormatError(f"{directory} has no table named {name}")
    return paths


class _Pictures:
    """The pictures of the table of steps, found by their SHA-256; one row group is held at a time."""

    def __init__(self, directory: Path) -> None:
        self._shards = [pq.ParquetFile(path) for path in _shards(directory, "steps")]
        self._where: dict[str, tuple[int, int, int]] = {}
        self._held: tuple[tuple[int, int], Arrow] | None = None
        for number, shard in enumerate(self._shards):
            starts = [0]
            for group in range(shard.num_row_groups):
                starts.append(starts[-1] + shard.metadata.row_group(group).num_rows)
            row = 0
            for batch in shard.iter_batches(columns=["image_sha256"]):
                for sha256 in batch["image_sha256"].to_pylist():
                    group = bisect_right(starts, row) - 1
                    self._where.setdefault(sha256, (number, group, row - starts[group]))
                    row += 1

    def get(self, sha256: str) -> bytes:
        number, group, row = self._where[sha256]
        if self._held is None or self._held[0] != (number, group):
            pictures = self._shards[number].read_row_group(group, columns=[_PICTURES])[_PICTURES]
            self._held = ((number, group), pictures)
        return bytes(self._held[1][row].as_py()["bytes"])

    def close(self) -> None:
        for shard in self._shards:
            shard.close()


def _provenance(row: Row) -> Provenance:
    return Provenance(
        episode_id=row["episode_id"],
        contributor=row["contributor"],
        consent_sha256=row["consent_receipt_sha256"],
        deletion_tag=row["deletion_tag"],
        policy_sha256=row["policy_sha256"],
        source_sha256=row["source_sha256"],
        recorder_version=row["recorder_version"],
        redactor_version=row["redactor_version"],
        os_family=row["os_family"],
        month=row["created_month"],
        end_reason=row["end_reason"],
        signals=tuple(row["signals"]),
        trial=row["trial"],
        synthetic=row["synthetic"],
        split=row["split"],
    )


def _step(row: Row) -> Step:
    told, target, sha256 = row["action"], row["target"], row["image_sha256"]
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    values |= {"kind": Kind(told["kind"]), "target": None if target is None else _target(target)}
    return Step(
        index=row["step_index"],
        visit=row["visit"],
        site=row["site"],
        area=row["area"],
        gap_bucket=row["gap_bucket"],
        action=Action(**values),
        frame=None if sha256 is None else _frame(row),
        quality=Quality(**row["quality"]),
    )


def _frame(row: Row) -> Frame:
    return Frame(
        number=row["step_index"], sha256=row["image_sha256"], width=row["image_width"], height=row["image_height"]
    )


def _target(row: Row) -> Target:
    box = None if row["box"] is None else tuple(row["box"])
    return Target.model_validate({"role": row["role"], "name": row["name"], "box": box})


def _visit(row: Row) -> PageVisit:
    names = ("site", "area", "url", "title", "query", "arrived", "left", "dwell_s", "first_step", "n_steps")
    return PageVisit(number=row["visit"], **{name: row[name] for name in names})


def _query(row: Row) -> SearchQuery:
    clicks = tuple(
        ResultClick(step=each["step_index"], **{name: each[name] for name in ("role", "name", "to_visit", "off_list")})
        for each in row["clicks"]
    )
    return SearchQuery(
        site=row["site"], area=row["area"], query=row["query"], visits=tuple(row["visits"]), clicks=clicks
    )


def _task(row: Row) -> Task:
    names = ("kind", "first_step", "n_steps", "dwell_s", "results_opened")
    queries, visits = tuple(row["queries"]), tuple(row["visits"])
    return Task(index=row["task_index"], queries=queries, visits=visits, **{name: row[name] for name in names})
