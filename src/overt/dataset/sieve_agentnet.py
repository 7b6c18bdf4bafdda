"""AgentNet lines of a data set: which episodes are in them, and a copy without some."""

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from overt.dataset.agentnet import FOLDER, LINES, PICTURES
from overt.dataset.manifest import create
from overt.errors import FormatError
from overt.store.files import read_anywhere

_TASK: Final = re.compile(r"(?:synthetic_)?([0-9a-f]{32})_\d{3,}")
_PICTURE: Final = re.compile(r"[0-9a-f]{64}\.png")


def agentnet_episodes(directory: Path) -> set[str]:
    """Return the id of each episode that has a line in the data set *directory*; raises ``FormatError``."""
    return {episode_id for episode_id, _, _ in _lines(directory)}


def copy_agentnet(directory: Path, doomed: Collection[str], out: Path) -> dict[str, int]:
    """Write the lines of *directory*, and their pictures, into *out* without the episodes *doomed*; return the rows.

    Raises:
        FormatError: a line is malformed.
        StorageError: a picture is missing, or the disk refused.
    """
    pictures = out / FOLDER / PICTURES
    pictures.mkdir(mode=0o700, parents=True)
    kept: list[str] = []
    steps = 0
    for episode_id, line, shown in _lines(directory):
        if episode_id not in doomed:
            kept.append(line)
            steps += len(shown)
            for name in sorted(set(shown)):
                _copy(directory / FOLDER / PICTURES / name, pictures / name)
    create(out / FOLDER / LINES, "".join(kept))
    return {"agentnet": len(kept), "agentnet_steps": steps}


def _copy(picture: Path, target: Path) -> None:
    if not target.exists():
        with target.open("xb") as file:
            file.write(read_anywhere(picture))


def _lines(directory: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the episode of each line, the line as it stands, and the names of its pictures."""
    with (directory / FOLDER / LINES).open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                read: Any = json.loads(line)
                task = _TASK.fullmatch(read["task_id"])
                shown = [turn["image"] for turn in read["traj"]]
            except (ValueError, KeyError, TypeError, RecursionError):
                raise FormatError(f"line {number} of {LINES} is malformed") from None
            if task is None or not all(isinstance(name, str) and _PICTURE.fullmatch(name) for name in shown):
                raise FormatError(f"line {number} of {LINES} is not one of ours")
            yield task[1], line, shown
