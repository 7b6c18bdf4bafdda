"""ATIF-v1.7: one JSON file per trajectory, within what both Harbor and the Agent Data Protocol accept."""

import json
from collections import Counter
from pathlib import Path
from typing import Final

from overt import __version__
from overt.dataset.atif_words import TOOL, WORDS
from overt.dataset.calls import Said, say
from overt.dataset.interface import Episode, FrameReader, Written, task_id
from overt.dataset.pictures import PICTURES, PictureFolder
from overt.trajectory.build import Trajectory
from overt.trajectory.step import Frame, Step

FOLDER: Final = "atif"
VERSION: Final = "ATIF-v1.7"
"""The only one that the protocol reads; Harbor reads it as well."""
NO_INSTRUCTION: Final = "A person's own session: nobody wrote an instruction."
NO_PICTURE: Final = "No picture was taken."

Part = dict[str, object]


class AtifWriter:
    """Writes ``atif/<task>.json`` and ``atif/images/<SHA-256>.png``."""

    def __init__(self, directory: Path) -> None:
        """Write into the folder ``atif`` of *directory*."""
        self._folder = directory / FOLDER
        self._folder.mkdir(mode=0o700)
        self._pictures = PictureFolder(self._folder)
        self._lossy: Counter[str] = Counter()
        self._rows = self._steps = 0

    def add(self, episode: Episode, frames: FrameReader) -> None:
        """Write a file for each trajectory of *episode* that has anything to tell."""
        for trajectory in episode.trajectories:
            said = self._said(trajectory)
            if not said:
                self._lossy["empty_trajectory"] += 1
                continue
            name = task_id(episode, trajectory)
            document = {
                "schema_version": VERSION,
                "session_id": episode.provenance.episode_id,
                "trajectory_id": name,
                "agent": {"name": "human", "version": __version__, "tool_definitions": [TOOL]},
                "steps": self._told(said, frames),
                "extra": {"synthetic": episode.provenance.synthetic, "trial": episode.provenance.trial},
            }
            with (self._folder / f"{name}.json").open("x", encoding="utf-8", newline="\n") as file:
                file.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
            self._rows += 1
            self._steps += len(said)

    def close(self) -> Written:
        """Say what could not be said."""
        lossy = {f"{FOLDER}.{name}": count for name, count in sorted(self._lossy.items())}
        return Written(rows={FOLDER: self._rows, "atif_steps": self._steps}, lossy=lossy)

    def discard(self) -> None:
        """Do nothing: no file stays open."""

    def _said(self, trajectory: Trajectory) -> list[tuple[Step, Said]]:
        every = [(step, say(step, WORDS)) for step in trajectory.steps]
        for _, said in every:
            self._lossy.update(said.lossy)
        return [(step, said) for step, said in every if said.calls]

    def _told(self, said: list[tuple[Step, Said]], frames: FrameReader) -> list[Part]:
        """The first picture stands beside the instruction, each later one is what the step before it brought about."""
        first = [{"type": "text", "text": NO_INSTRUCTION}, self._shown(said[0][0].frame, frames)]
        told: list[Part] = [{"step_id": 1, "source": "user", "message": first}]
        for number, (step, each) in enumerate(said, start=2):
            later = said[number - 1][0].frame if number <= len(said) else step.frame
            told.append(self._step(number, each, None if number > len(said) else self._shown(later, frames)))
        return told

    def _step(self, number: int, said: Said, after: Part | None) -> Part:
        ids = [f"call_{number:05d}_{index}" for index in range(len(said.calls))]
        calls = [
            {"tool_call_id": call_id, "function_name": "computer_action", "arguments": call}
            for call_id, call in zip(ids, said.calls, strict=True)
        ]
        step: Part = {"step_id": number, "source": "agent", "message": "", "tool_calls": calls, "llm_call_count": 0}
        if after is not None:
            step["observation"] = {"results": [{"source_call_id": ids[-1], "content": [after]}]}
        return step

    def _shown(self, frame: Frame | None, frames: FrameReader) -> Part:
        if frame is None:
            return {"type": "text", "text": NO_PICTURE}
        path = f"{PICTURES}/{self._pictures.name(frame, frames)}"
        return {"type": "image", "source": {"media_type": "image/png", "path": path}}
