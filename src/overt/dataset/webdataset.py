"""WebDataset: tar files of samples, each a picture and a JSON object that has every key in every sample."""

import io
import json
import tarfile
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Final

from overt.dataset.interface import Episode, FrameReader, Written, task_id
from overt.trajectory.action import Action
from overt.trajectory.step import Frame, Quality, Step

FOLDER: Final = "webdataset"
SHARD_BYTES: Final = 400_000_000

_ACTION: Final = tuple(each.name for each in fields(Action) if each.name != "target")
_QUALITY: Final = tuple(each.name for each in fields(Quality))


class WebDatasetWriter:
    """Writes ``webdataset/train-NNNNNN.tar``; the key of a sample has no dot, or what follows it would be its kind."""

    def __init__(self, directory: Path) -> None:
        """Write into the folder ``webdataset`` of *directory*."""
        self._folder = directory / FOLDER
        self._folder.mkdir(mode=0o700)
        self._lossy: Counter[str] = Counter()
        self._tar: tarfile.TarFile | None = None
        self._shards = self._samples = self._bytes = 0

    def add(self, episode: Episode, frames: FrameReader) -> None:
        """Append a sample for each step of *episode* that has a picture."""
        for trajectory in episode.trajectories:
            task = task_id(episode, trajectory)
            for step in trajectory.steps:
                if step.frame is None:
                    self._lossy["step_without_image"] += 1
                    continue
                told = json.dumps(_sample(episode, task, step, step.frame), ensure_ascii=False)
                self._sample(f"{task}_{step.index:05d}", told.encode(), frames(step.frame.sha256))

    def close(self) -> Written:
        """Finish every file, at least an empty one, and say what was left out."""
        self._shard()
        self.discard()
        lossy = {f"{FOLDER}.{name}": count for name, count in sorted(self._lossy.items())}
        return Written(rows={FOLDER: self._samples}, lossy=lossy)

    def discard(self) -> None:
        """Close what is open."""
        if self._tar is not None:
            self._tar.close()
            self._tar = None

    def _sample(self, key: str, told: bytes, png: bytes) -> None:
        if self._bytes >= SHARD_BYTES:
            self.discard()
            self._bytes = 0
        for kind, content in (("json", told), ("png", png)):
            add_member(self._shard(), f"{key}.{kind}", content)
            self._bytes += len(content)
        self._samples += 1

    def _shard(self) -> tarfile.TarFile:
        if self._tar is None and (not self._shards or self._bytes == 0):
            self._tar = open_shard(self._folder / f"train-{self._shards:06d}.tar")
            self._shards += 1
        assert self._tar is not None, "a shard with bytes is open"
        return self._tar


def open_shard(path: Path) -> tarfile.TarFile:
    """Open the new tar file *path*."""
    return tarfile.open(path, "x", format=tarfile.USTAR_FORMAT)


def add_member(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    """Append a file without an owner and without a time, so that the same samples give the same bytes."""
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = 0o600
    tar.addfile(member, io.BytesIO(content))


def _sample(episode: Episode, task: str, step: Step, frame: Frame) -> dict[str, object]:
    """The action and the flags are JSON in a string: a loader that guesses keys from the first samples loses others."""
    origin, target = episode.provenance, step.action.target
    hit = None if target is None else {"role": target.role, "name": target.name, "box": target.box}
    return {
        "episode_id": origin.episode_id,
        "task_id": task,
        "step_index": step.index,
        "site": step.site,
        "area": step.area,
        "visit": step.visit,
        "gap_bucket": step.gap_bucket,
        "action": json.dumps({name: getattr(step.action, name) for name in _ACTION}, ensure_ascii=False),
        "target": json.dumps(hit, ensure_ascii=False),
        "quality": json.dumps({name: getattr(step.quality, name) for name in _QUALITY}),
        "image_width": frame.width,
        "image_height": frame.height,
        "image_sha256": frame.sha256,
        "contributor": origin.contributor,
        "consent_receipt_sha256": origin.consent_sha256,
        "deletion_tag": origin.deletion_tag,
        "trial": origin.trial,
        "synthetic": origin.synthetic,
    }
