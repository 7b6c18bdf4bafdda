"""A self-contained HTML page of an export's trajectories, to look at: pictures, what was done in them, and flags."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from overt.dataset.output import read_manifest
from overt.dataset.preview_page import MARK, Shown, Story, Whole, counted, page
from overt.dataset.preview_pictures import Pictures
from overt.dataset.preview_rows import EpisodeRow, StepRow, TaskRow, VisitRow, rows_of
from overt.errors import FormatError, UsageError
from overt.store.files import read_anywhere, refusal, replace

EPISODES: Final = 10
"""Episodes that are shown unless asked for more or fewer."""
PICTURE_BYTES: Final = 24 << 20
"""Of all pictures together, as they stand in the page."""
STEPS: Final = 3_000
"""Steps that are shown at most."""
_ROWS: Final = 20_000
"""Visits, and tasks, that are shown at most."""

_Key = tuple[str, int]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is shown: *episodes*, *steps* of them, and *picture_bytes* of pictures; the rest is told."""

    episodes: int = EPISODES
    steps: int = STEPS
    picture_bytes: int = PICTURE_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What a preview shows of what there is; *size* is in bytes, *unchanged* says that it was there already."""

    out: Path
    size: int
    unchanged: bool
    episodes: tuple[int, int]
    steps: tuple[int, int]
    pictures: int
    pictures_left_out: int


@dataclass(slots=True, repr=False)
class _Taken:
    """What was read of the episodes that are shown."""

    trajectories: list[EpisodeRow]
    steps: defaultdict[_Key, list[Shown]] = field(default_factory=lambda: defaultdict(list))
    visits: defaultdict[_Key, list[VisitRow]] = field(default_factory=lambda: defaultdict(list))
    tasks: defaultdict[_Key, list[TaskRow]] = field(default_factory=lambda: defaultdict(list))


def preview(directory: Path, out: Path, limits: Limits, progress: Progress) -> Previewed:
    """Write a page of the export in *directory* to the file *out*, as a whole or not at all.

    *progress* is told the steps that were drawn, and of how many.

    Raises:
        FormatError: *directory* holds no export with canonical tables, or one that is damaged.
        UsageError: *out* is a file that is no preview.
        StorageError: the system refused.
        BackendUnavailableError: pyarrow or pillow is not installed.
    """
    out = out.absolute()
    before = _replaceable(out)
    purpose = str(read_manifest(directory).get("purpose", "unknown"))
    trajectories, offered = _trajectories(directory, limits.episodes)
    pictures = Pictures(room=limits.picture_bytes)
    taken = _Taken(trajectories)
    _take_steps(directory, taken, pictures, limits.steps, progress)
    _take_pages(directory, taken)
    total = sum(row.n_steps for row in trajectories)
    done = Previewed(
        out=out,
        size=0,
        unchanged=False,
        episodes=(len(_ids(trajectories)), offered),
        steps=(sum(map(len, taken.steps.values())), total),
        pictures=len(pictures),
        pictures_left_out=pictures.left_out + pictures.unreadable,
    )
    whole = _whole(directory.absolute().name, purpose, taken, pictures, done)
    return _written(out, "".join(page(whole)).encode("utf-8", "replace"), before, done)


def _replaceable(out: Path) -> bytes | None:
    """Return what is at *out*, which a preview may take the place of; ``None`` when there is nothing."""
    try:
        if not out.parent.is_dir():
            raise UsageError(f"there is no directory {out.parent}", hint="make it first")
        there = out.exists() or out.is_symlink()
    except OSError as problem:
        raise refusal("write", str(out), problem) from problem
    if not there:
        return None
    content = b"" if out.is_symlink() or not out.is_file() else read_anywhere(out)
    if not content.startswith(MARK.encode()):
        raise UsageError(f"{out} is there, and no preview", hint="nothing else is overwritten: choose another --out")
    return content


def _trajectories(directory: Path, most: int) -> tuple[list[EpisodeRow], int]:
    """Return the trajectories of the first *most* episodes, and how many episodes there are."""
    seen: set[str] = set()
    chosen: set[str] = set()
    kept: list[EpisodeRow] = []
    for row in rows_of(directory, "episodes", EpisodeRow):
        seen.add(row.episode_id)
        if len(chosen) < most:
            chosen.add(row.episode_id)
        if row.episode_id in chosen and len(kept) < _ROWS:
            kept.append(row)
    if not kept:
        raise FormatError(f"{directory} holds no episode")
    return kept, len(seen)


def _ids(trajectories: list[EpisodeRow]) -> set[str]:
    return {row.episode_id for row in trajectories}


def _take_steps(directory: Path, taken: _Taken, pictures: Pictures, most: int, progress: Progress) -> None:
    rows = rows_of(directory, "steps", StepRow, _ids(taken.trajectories))
    total = min(most, sum(row.n_steps for row in taken.trajectories))
    for number, row in enumerate(islice(rows, most), start=1):
        image, width, height = row.image, row.image_width, row.image_height
        picture = None
        if image is not None and image.bytes is not None and width is not None and height is not None:
            picture = pictures.add(image.bytes, width, height)
            # The copy stands for it now.
            row = row.model_copy(update={"image": image.model_copy(update={"bytes": b""})})  # noqa: PLW2901
        taken.steps[row.episode_id, row.trajectory].append(Shown(number=number, row=row, picture=picture))
        progress(number, max(number, total))


def _take_pages(directory: Path, taken: _Taken) -> None:
    chosen = _ids(taken.trajectories)
    for visit in islice(rows_of(directory, "visits", VisitRow, chosen), _ROWS):
        taken.visits[visit.episode_id, visit.trajectory].append(visit)
    for task in islice(rows_of(directory, "tasks", TaskRow, chosen), _ROWS):
        taken.tasks[task.episode_id, task.trajectory].append(task)


def _whole(name: str, purpose: str, taken: _Taken, pictures: Pictures, done: Previewed) -> Whole:
    stories = []
    for row in taken.trajectories:
        key = (row.episode_id, row.trajectory)
        steps, visits, tasks = taken.steps[key], taken.visits[key], taken.tasks[key]
        stories.append(Story(row=row, steps=tuple(steps), visits=tuple(visits), tasks=tuple(tasks)))
    tiles = {
        "episodes": f"{done.episodes[0]:,}",
        "trajectories": f"{len(stories):,}",
        "tasks": f"{sum(len(each.tasks) for each in stories):,}",
        "pages": f"{sum(len(each.visits) for each in stories):,}",
        "steps": f"{done.steps[0]:,}",
        "pictures": f"{done.pictures:,}",
    }
    limits = tuple(_limits(done, pictures))
    return Whole(
        name=name,
        purpose=purpose,
        tiles=tiles,
        limits=limits,
        stories=tuple(stories),
        pictures=pictures.definitions(),
    )


def _limits(done: Previewed, pictures: Pictures) -> list[str]:
    shown, offered = done.episodes
    said = []
    if shown < offered:
        said.append(f"Shown are the first {shown:,} of {offered:,} episodes.")
    if done.steps[0] < done.steps[1]:
        said.append(f"Shown are {done.steps[0]:,} of their {done.steps[1]:,} steps.")
    if pictures.left_out:
        said.append(f"The page is full: {counted(pictures.left_out, 'more picture')} left out.")
    if pictures.unreadable:
        said.append(f"Left out as unreadable: {counted(pictures.unreadable, 'picture')}.")
    return said


def _written(out: Path, content: bytes, before: bytes | None, done: Previewed) -> Previewed:
    unchanged = content == before
    if not unchanged:
        replace(out.parent, out.name, content)
    return Previewed(
        out=out,
        size=len(content),
        unchanged=unchanged,
        episodes=done.episodes,
        steps=done.steps,
        pictures=done.pictures,
        pictures_left_out=done.pictures_left_out,
    )
