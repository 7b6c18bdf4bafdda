"""A provider's action list: one JSON line per trajectory, and its pictures as files in a folder."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from overt.dataset.calls import Vocabulary, say
from overt.dataset.interface import Episode, FrameReader, Written, task_id
from overt.dataset.pictures import PictureFolder
from overt.trajectory.build import Trajectory
from overt.trajectory.step import Frame

LINES: Final = "actions.jsonl"


class ActionListWriter:
    """Writes ``NAME/actions.jsonl`` and ``NAME/images/<SHA-256>.png`` in the words of one provider."""

    def __init__(self, directory: Path, name: str, words: Vocabulary, tool: Mapping[str, object]) -> None:
        """Write into the folder *name* of *directory*; *tool* is said once in each line."""
        self._name = name
        folder = directory / name
        folder.mkdir(mode=0o700)
        self._pictures = PictureFolder(folder)
        self._lines = (folder / LINES).open("x", encoding="utf-8", newline="\n")
        self._words = words
        self._tool = dict(tool)
        self._lossy: Counter[str] = Counter()
        self._rows = self._steps = 0

    def add(self, episode: Episode, frames: FrameReader) -> None:
        """Append a line for each trajectory of *episode* that has anything to tell."""
        for trajectory in episode.trajectories:
            steps = self._told(trajectory, frames)
            if not steps:
                self._lossy["empty_trajectory"] += 1
                continue
            line = {"task_id": task_id(episode, trajectory), "instruction": "", "tool": self._tool, "steps": steps}
            self._lines.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._rows += 1
            self._steps += len(steps)

    def close(self) -> Written:
        """Finish the lines and say what they could not."""
        self.discard()
        lossy = {f"{self._name}.{name}": count for name, count in sorted(self._lossy.items())}
        return Written(rows={self._name: self._rows, f"{self._name}_steps": self._steps}, lossy=lossy)

    def discard(self) -> None:
        """Close what is open."""
        self._lines.close()

    def _told(self, trajectory: Trajectory, frames: FrameReader) -> list[dict[str, object]]:
        told: list[dict[str, object]] = []
        for step in trajectory.steps:
            said = say(step, self._words)
            self._lossy.update(said.lossy)
            if said.calls:
                told.append({"index": len(told), **self._shown(step.frame, frames), "actions": list(said.calls)})
        return told

    def _shown(self, frame: Frame | None, frames: FrameReader) -> dict[str, object]:
        if frame is None:
            return {"image": None, "width": None, "height": None}
        return {"image": self._pictures.name(frame, frames), "width": frame.width, "height": frame.height}
