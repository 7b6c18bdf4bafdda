"""AgentNet: one JSON line per trajectory, and its pictures as files in a folder."""

import json
from collections import Counter
from pathlib import Path
from typing import Final

from overt.dataset.agentnet_code import render
from overt.dataset.interface import Episode, FrameReader, Written, task_id
from overt.dataset.pictures import PictureFolder
from overt.trajectory.build import Trajectory

FOLDER: Final = "agentnet"
LINES: Final = "agentnet.jsonl"


class AgentNetWriter:
    """Writes ``agentnet/agentnet.jsonl`` and ``agentnet/images/<SHA-256>.png``."""

    def __init__(self, directory: Path) -> None:
        """Write into the folder ``agentnet`` of *directory*."""
        folder = directory / FOLDER
        folder.mkdir(mode=0o700)
        self._pictures = PictureFolder(folder)
        self._lines = (folder / LINES).open("x", encoding="utf-8", newline="\n")
        self._lossy: Counter[str] = Counter()
        self._rows = self._steps = 0

    def add(self, episode: Episode, frames: FrameReader) -> None:
        """Append a line for each trajectory of *episode* that has anything to show."""
        for trajectory in episode.trajectories:
            turns = self._turns(trajectory, frames)
            if not turns:
                self._lossy["trajectory_without_image"] += 1
                continue
            line = {"task_id": task_id(episode, trajectory), "instruction": "", "traj": turns}
            self._lines.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._rows += 1
            self._steps += len(turns)

    def close(self) -> Written:
        """Finish the lines and say what they could not."""
        self.discard()
        lossy = {f"{FOLDER}.{name}": count for name, count in sorted(self._lossy.items())}
        return Written(rows={"agentnet": self._rows, "agentnet_steps": self._steps}, lossy=lossy)

    def discard(self) -> None:
        """Close what is open."""
        self._lines.close()

    def _turns(self, trajectory: Trajectory, frames: FrameReader) -> list[dict[str, object]]:
        turns: list[dict[str, object]] = []
        for step in trajectory.steps:
            rendered = render(step)
            self._lossy.update(rendered.lossy)
            if rendered.code is None or step.frame is None:
                continue
            image = self._pictures.name(step.frame, frames)
            turns.append({"index": len(turns), "image": image, "value": {"code": rendered.code}})
        return turns
