"""What a preview reads of an export: rows of the canonical tables, checked, for anybody may have made them."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from overt.dataset.arrow import Arrow, pa, pq
from overt.dataset.parquet import FOLDER
from overt.dataset.release import root_of, splits_in
from overt.dataset.schema import TABLES
from overt.errors import FormatError

_BATCH: Final = 50
"""Rows that are held at once, with their pictures."""
_LARGEST: Final = 1 << 15
"""Pixels on a side, of the largest picture that a screen could show."""

_Side = Annotated[int, Field(ge=1, le=_LARGEST)] | None
_Some = Annotated[tuple[str, ...] | None, Field(strict=False)]
_Numbers = Annotated[tuple[int, ...] | None, Field(strict=False)]


class _Row(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class ActionRow(_Row):
    """The column ``action`` of ``steps``."""

    kind: str
    button: str | None
    count: int | None
    x: int | None
    y: int | None
    x2: int | None
    y2: int | None
    dx: int | None
    dy: int | None
    text: str | None
    keys: _Some
    modifiers: _Some
    status: str | None
    redacted: bool | None
    redaction_types: _Some


class TargetRow(_Row):
    """The element that was acted on."""

    role: str | None
    name: str | None
    box: Annotated[tuple[int, int, int, int] | None, Field(strict=False)]


class ImageRow(_Row):
    """A picture's file."""

    bytes: bytes | None
    path: str | None


class _Of(_Row):
    episode_id: str
    trajectory: int


class StepRow(_Of):
    """An action, and the picture before it."""

    step_index: int
    visit: int
    task: int | None
    gap_bucket: int | None
    action: ActionRow
    target: TargetRow | None
    image: ImageRow | None
    image_width: _Side
    image_height: _Side
    quality: dict[str, bool | None] | None


class EpisodeRow(_Of):
    """A trajectory."""

    sites: _Some
    n_steps: int
    n_visits: int
    end: str | None
    end_reason: str | None
    signals: _Some
    os_family: str | None
    created_month: str | None
    contributor: str | None
    split: str | None
    trial: bool | None
    synthetic: bool | None


class VisitRow(_Of):
    """A stay on a page."""

    visit: int
    site: str | None
    area: str | None
    url: str | None
    title: str | None
    query: str | None
    arrived: str | None
    left: str | None
    dwell_s: int | None


class TaskRow(_Of):
    """A stretch with one aim."""

    task_index: int
    kind: str | None
    query: str | None
    visits: _Numbers
    n_steps: int | None
    dwell_s: int | None
    results_opened: int | None


_AnyRow = TypeVar("_AnyRow", bound=_Of)


def rows_of(
    directory: Path, table: str, row: type[_AnyRow], chosen: Collection[str] | None = None
) -> Iterator[_AnyRow]:
    """Yield each row of *table* in the export *directory*, in order; of the episodes *chosen* alone unless ``None``.

    Raises:
        FormatError: there is no such table, it has another schema, is damaged, or a row makes no sense.
    """
    folders = [root_of(directory, split) / FOLDER for split in splits_in(directory)]
    paths = [path for folder in folders for path in sorted(folder.glob(f"{table}-*.parquet"))]
    if not paths:
        raise FormatError(
            f"there is no table of {table} in {directory}",
            hint="a preview is made of the format parquet: overt export --format parquet",
        )
    for path in paths:
        with _readable(path, table):
            yield from _shard(path, table, row, chosen)


def _shard(path: Path, table: str, row: type[_AnyRow], chosen: Collection[str] | None) -> Iterator[_AnyRow]:
    columns = list(row.model_fields)
    with pq.ParquetFile(path) as shard:
        held, wanted = shard.schema_arrow, TABLES[table]
        if any(name not in held.names or held.field(name).type != wanted.field(name).type for name in columns):
            raise FormatError(f"{path.name} has another schema than is written down")
        for group in _groups(shard, chosen):
            for batch in shard.iter_batches(batch_size=_BATCH, row_groups=[group], columns=columns):
                yield from (row.model_validate(each) for each in _wanted(batch, chosen))


def _groups(shard: Arrow, chosen: Collection[str] | None) -> Iterator[int]:
    """Yield each row group that holds something *chosen*: all others are never read, whatever their pictures weigh."""
    for group in range(shard.num_row_groups):
        if chosen is None or set(shard.read_row_group(group, columns=["episode_id"])["episode_id"].to_pylist()) & {
            *chosen
        }:
            yield group


def _wanted(batch: Arrow, chosen: Collection[str] | None) -> list[dict[str, Any]]:
    if chosen is not None:
        batch = batch.filter(pa.array([each in chosen for each in batch["episode_id"].to_pylist()], pa.bool_()))
    rows: list[dict[str, Any]] = batch.to_pylist()
    return rows


@contextmanager
def _readable(path: Path, table: str) -> Iterator[None]:
    try:
        yield
    except ValidationError:
        raise FormatError(f"{path.name} has a row of {table} that makes no sense") from None
    except (pa.ArrowException, OSError, ValueError, KeyError):
        raise FormatError(f"{path.name} is no table of ours, or damaged") from None
