"""JSON lines of a data set, a trajectory each, with pictures: which episodes are in them, and a copy without some."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from overt.dataset import agentnet, anthropic, lines, openai
from overt.dataset.manifest import create
from overt.dataset.pictures import PICTURES
from overt.dataset.staying import Stay
from overt.errors import FormatError

TASK: Final = re.compile(r"(?:synthetic_)?([0-9a-f]{32})_\d{3,}")
PICTURE: Final = re.compile(r"[0-9a-f]{64}\.png")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Where the lines of one format lie, and under which key their steps are."""

    folder: str
    file: str
    steps: str

    def episodes(self, directory: Path) -> set[str]:
        """Return the id of each episode that has a line in the data set *directory*; raises ``FormatError``."""
        return {episode_id for episode_id, _, _, _ in self._read(directory)}

    def copy(self, directory: Path, doomed: Collection[str], out: Path, stay: Stay) -> dict[str, int]:
        """Write the lines of *directory*, and their pictures, into *out* without *doomed*; return the rows.

        Raises:
            FormatError: a line is malformed.
            StorageError: a picture is missing, or the disk refused.
        """
        pictures = out / self.folder / PICTURES
        pictures.mkdir(mode=0o700, parents=True)
        kept: list[str] = []
        steps = gone = 0
        for episode_id, line, count, shown in self._read(directory):
            if episode_id in doomed:
                gone += 1
                continue
            kept.append(line)
            steps += count
            for name in sorted(shown):
                stay(directory / self.folder / PICTURES / name, pictures / name)
        if gone:
            create(out / self.folder / self.file, "".join(kept))
        else:
            stay(directory / self.folder / self.file, out / self.folder / self.file)
        return {self.folder: len(kept), f"{self.folder}_steps": steps}

    def _read(self, directory: Path) -> Iterator[tuple[str, str, int, set[str]]]:
        """Yield the episode of each line, the line as it stands, how many steps, and the names of its pictures."""
        with (directory / self.folder / self.file).open(encoding="utf-8", newline="\n") as read:
            for number, line in enumerate(read, start=1):
                try:
                    told: Any = json.loads(line)
                    task = TASK.fullmatch(told["task_id"])
                    shown = [step["image"] for step in told[self.steps]]
                except (ValueError, KeyError, TypeError, RecursionError):
                    raise FormatError(f"line {number} of {self.file} is malformed") from None
                named = {name for name in shown if name is not None}
                if task is None or not all(isinstance(name, str) and PICTURE.fullmatch(name) for name in named):
                    raise FormatError(f"line {number} of {self.file} is not one of ours")
                yield task[1], line, len(shown), named


AGENTNET: Final = Lines(folder=agentnet.FOLDER, file=agentnet.LINES, steps="traj")
ANTHROPIC: Final = Lines(folder=anthropic.NAME, file=lines.LINES, steps="steps")
OPENAI: Final = Lines(folder=openai.NAME, file=lines.LINES, steps="steps")
