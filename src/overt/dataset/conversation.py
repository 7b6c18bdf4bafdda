"""Trajectories as conversations: a picture, what was done, the next picture, in Qwen's words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from overt.dataset.arrow import Arrow, pa
from overt.dataset.calls import say
from overt.dataset.interface import Episode, Format, FrameReader, Written
from overt.dataset.parquet import FOLDER, shard_writer
from overt.dataset.qwen import WORDS, written
from overt.trajectory.build import Trajectory
from overt.trajectory.step import Frame

Row = dict[str, Any]

NO_PICTURE: Final = "(no picture)"
GROUP_ROWS: Final = 100
GROUP_BYTES: Final = 64_000_000
"""Pictures of about this many bytes end a row group early: a reader holds a whole group."""
SHARD_BYTES: Final = 400_000_000

IMAGE: Final = pa.struct({"bytes": pa.binary(), "path": pa.string()})
COLUMNS: Final = {
    "episode_id": pa.string(),
    "trajectory": pa.int32(),
    "contributor": pa.string(),
    "consent_receipt_sha256": pa.string(),
    "deletion_tag": pa.string(),
    "trial": pa.bool_(),
    "synthetic": pa.bool_(),
}
"""What every row of a conversation ends with: where it comes from, and by what it is deleted."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Turn:
    """What was seen, if a picture was taken, and what was then done."""

    frame: Frame | None
    said: str


def turns_of(trajectory: Trajectory, lossy: Counter[str]) -> Iterator[Turn]:
    """Yield the turns of *trajectory*, and count in *lossy* what cannot be said."""
    for step in trajectory.steps:
        said = say(step, WORDS)
        lossy.update(said.lossy)
        if said.calls:
            yield Turn(frame=step.frame, said=written(said.calls))


def pictures_of(turns: list[Turn], frames: FrameReader) -> list[Row]:
    """Return the pictures of *turns* in their order, one for each turn that has one."""
    shown = (turn.frame for turn in turns if turn.frame is not None)
    return [{"bytes": frames(frame.sha256), "path": f"{frame.sha256}.png"} for frame in shown]


def origin_of(episode: Episode, trajectory: Trajectory) -> Row:
    """Return the columns that say where a row comes from."""
    origin = episode.provenance
    return {
        "episode_id": origin.episode_id,
        "trajectory": trajectory.index,
        "contributor": origin.contributor,
        "consent_receipt_sha256": origin.consent_sha256,
        "deletion_tag": origin.deletion_tag,
        "trial": origin.trial,
        "synthetic": origin.synthetic,
    }


class ConversationWriter:
    """Writes ``NAME/data/train-NNNNN-of-NNNNN.parquet``, a row per trajectory that has anything to tell."""

    schema: Arrow
    name: Format

    def __init__(self, directory: Path) -> None:
        """Write into the folder *name*``/data`` of *directory*."""
        self._folder = directory / self.name.value / FOLDER
        self._folder.mkdir(mode=0o700, parents=True)
        self._lossy: Counter[str] = Counter()
        self._pending: list[Row] = []
        self._parts: list[Path] = []
        self._open: Arrow = None
        self._rows = self._turns = self._group_bytes = self._shard_bytes = 0

    def messages(self, turns: list[Turn]) -> list[Row]:
        """Return *turns* in the shape that a trainer reads."""
        raise NotImplementedError

    def add(self, episode: Episode, frames: FrameReader) -> None:
        """Append a row for each trajectory of *episode*."""
        for trajectory in episode.trajectories:
            turns = list(turns_of(trajectory, self._lossy))
            if not turns:
                self._lossy["empty_trajectory"] += 1
                continue
            images = pictures_of(turns, frames)
            self._pending.append({"messages": self.messages(turns), "images": images, **origin_of(episode, trajectory)})
            self._rows += 1
            self._turns += len(turns)
            self._group_bytes += sum(len(image["bytes"]) for image in images)
            if len(self._pending) >= GROUP_ROWS or self._group_bytes >= GROUP_BYTES:
                self._flush()

    def close(self) -> Written:
        """Finish every file, at least an empty one, and say what the words could not."""
        self._flush()
        self._writer()
        self.discard()
        for number, part in enumerate(self._parts):
            part.rename(self._folder / f"train-{number:05d}-of-{len(self._parts):05d}.parquet")
        name = self.name.value
        lossy = {f"{name}.{why}": count for why, count in sorted(self._lossy.items())}
        return Written(rows={name: self._rows, f"{name}_steps": self._turns}, lossy=lossy)

    def discard(self) -> None:
        """Close what is open."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _flush(self) -> None:
        if not self._pending:
            return
        table = pa.Table.from_pylist(self._pending, schema=self.schema)
        self._writer().write_table(table, row_group_size=len(self._pending))
        self._shard_bytes += self._group_bytes
        self._pending, self._group_bytes = [], 0
        if self._shard_bytes >= SHARD_BYTES:
            self.discard()
            self._shard_bytes = 0

    def _writer(self) -> Arrow:
        if self._open is None and (not self._parts or self._pending):
            part = self._folder / f"train-{len(self._parts):05d}.part"
            self._open = shard_writer(part, self.schema)
            self._parts.append(part)
        return self._open
