"""ATIF documents of a data set: which episodes are in them, and a copy without some."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from overt.dataset.atif import FOLDER
from overt.dataset.pictures import PICTURES
from overt.dataset.sieve_lines import PICTURE, TASK
from overt.dataset.staying import Stay
from overt.errors import FormatError
from overt.store.files import read_anywhere


def atif_episodes(directory: Path) -> set[str]:
    """Return the id of each episode that has a document in the data set *directory*; raises ``FormatError``."""
    return {episode_id for episode_id, _ in _documents(directory)}


def copy_atif(directory: Path, doomed: Collection[str], out: Path, stay: Stay) -> dict[str, int]:
    """Write the documents of *directory*, and their pictures, into *out* without *doomed*; return the rows.

    Raises:
        FormatError: a document is malformed.
        StorageError: a picture is missing, or the disk refused.
    """
    pictures = out / FOLDER / PICTURES
    pictures.mkdir(mode=0o700, parents=True)
    documents = steps = 0
    for episode_id, path in _documents(directory):
        if episode_id in doomed:
            continue
        count, shown = _read(path, read_anywhere(path))
        for name in sorted(shown):
            stay(directory / FOLDER / PICTURES / name, pictures / name)
        stay(path, out / FOLDER / path.name)
        documents, steps = documents + 1, steps + count
    return {FOLDER: documents, "atif_steps": steps}


def _documents(directory: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted((directory / FOLDER).glob("*.json")):
        task = TASK.fullmatch(path.stem)
        if task is None:
            raise FormatError(f"{path.name} is not one of ours")
        yield task[1], path


def _read(path: Path, text: bytes) -> tuple[int, set[str]]:
    """Return how many steps a document has, and the names of its pictures."""
    try:
        steps: Any = json.loads(text)["steps"]
        told = [step["message"] for step in steps]
        told += [each["content"] for step in steps for each in step.get("observation", {}).get("results", ())]
        parts = [part for content in told if isinstance(content, list) for part in content]
        shown = {part["source"]["path"] for part in parts if part["type"] == "image"}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise FormatError(f"{path.name} is malformed") from None
    names = {str(each).removeprefix(f"{PICTURES}/") for each in shown}
    if not all(PICTURE.fullmatch(name) for name in names):
        raise FormatError(f"{path.name} is not one of ours")
    return sum(step.get("source") == "agent" for step in steps), names
