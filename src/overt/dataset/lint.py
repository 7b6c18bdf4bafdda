"""What other people's validators let pass: points outside pictures, repeated ids, pictures that are not theirs."""

import hashlib
import json
import struct
import tarfile
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, Final

from overt.dataset import agentnet, anthropic, atif, lines, openai, webdataset
from overt.dataset.interface import Format
from overt.dataset.lint_agentnet import agentnet_faults
from overt.dataset.pictures import PICTURES
from overt.dataset.release import Split, root_of, splits_in
from overt.errors import FormatError

Size = tuple[int, int]

_POINTS: Final = ("coordinate", "start_coordinate")
_PAIRS: Final = (("x", "y"), ("end_x", "end_y"))


def check(directory: Path, formats: Collection[Format]) -> None:
    """Raise ``FormatError`` when the export that lies in *directory*, in *formats*, has a fault."""
    faults = list(lint(directory, formats))
    if faults:
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise FormatError(
            f"the export has a fault: {faults[0]}{more}", hint="nothing was exported; this is a defect of Overt's"
        )


def lint(directory: Path, formats: Collection[Format]) -> Iterator[str]:
    """Yield each fault of the export in *directory*, told without its content.

    Raises:
        BackendUnavailableError: pyarrow is needed, and is not installed.
    """
    for split, name in product(splits_in(directory), formats):
        try:
            yield from (f"{name.value}: {fault}" for fault in _lint(name, root_of(directory, split), split))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, struct.error, OSError, tarfile.TarError):
            yield f"{name.value}: it cannot be read"
    if Format.PARQUET in formats:
        from overt.dataset.lint_tables import split_faults  # noqa: PLC0415 - pyarrow is an extra

        yield from split_faults(directory)


def _lint(name: Format, directory: Path, split: Split) -> Iterator[str]:
    match name:
        case Format.PARQUET | Format.CHAT | Format.TRL:
            from overt.dataset.lint_tables import table_faults  # noqa: PLC0415 - pyarrow is an extra

            return table_faults(name, directory, split)
        case Format.AGENTNET:
            return _agentnet(directory / agentnet.FOLDER)
        case Format.ANTHROPIC:
            return _actions(directory / anthropic.NAME, _anthropic_points)
        case Format.OPENAI:
            return _actions(directory / openai.NAME, _pixel_points)
        case Format.ATIF:
            return _atif(directory / atif.FOLDER)
        case Format.WEBDATASET:
            return _samples(directory / webdataset.FOLDER)


def _agentnet(folder: Path) -> Iterator[str]:
    sizes = _sizes(folder)
    yield from _false_pictures(folder)
    for number, told in _told(folder / agentnet.LINES):
        for turn in told["traj"]:
            if turn["image"] not in sizes:
                yield f"line {number} shows a picture that is not there"
            yield from (f"line {number} {fault}" for fault in agentnet_faults(turn["value"]["code"]))


def _actions(folder: Path, points: Callable[[Mapping[str, Any]], list[Size]]) -> Iterator[str]:
    sizes = _sizes(folder)
    yield from _false_pictures(folder)
    seen: set[str] = set()
    for number, told in _told(folder / lines.LINES):
        if told["task_id"] in seen:
            yield f"line {number} repeats a task_id"
        seen.add(told["task_id"])
        for step in told["steps"]:
            size = sizes.get(step["image"])
            if step["image"] is not None and (size is None or size != (step["width"], step["height"])):
                yield f"line {number} shows a picture that is not there, or of another size"
            for action in step["actions"]:
                yield from _outside(f"line {number}", points(action), size)


def _atif(folder: Path) -> Iterator[str]:
    sizes = _sizes(folder)
    yield from _false_pictures(folder)
    for path in sorted(folder.glob("*.json")):
        told = json.loads(path.read_bytes())
        ids = [call["tool_call_id"] for step in told["steps"] for call in step.get("tool_calls", ())]
        if len(set(ids)) != len(ids):
            yield f"{path.name} repeats a tool_call_id"
        size: Size | None = None
        for step in told["steps"]:
            for call in step.get("tool_calls", ()):
                yield from _outside(path.name, _pixel_points(call["arguments"]), size)
            size = _shown(step, sizes)


def _shown(step: Mapping[str, Any], sizes: Mapping[str, Size]) -> Size | None:
    """The size of the picture that *step* leaves in view."""
    results = step.get("observation", {}).get("results", ())
    parts = step["message"] if isinstance(step["message"], list) else []
    parts = [*parts, *(part for result in results for part in result["content"])]
    names = [part["source"]["path"].removeprefix(f"{PICTURES}/") for part in parts if part["type"] == "image"]
    return sizes.get(names[-1]) if names else None


def _samples(folder: Path) -> Iterator[str]:
    keys: set[str] | None = None
    for path in sorted(folder.glob("*.tar")):
        sha256 = ""
        with tarfile.open(path, "r:") as shard:
            for member in shard:
                content = shard.extractfile(member)
                body = content.read() if content else b""
                if member.name.count(".") != 1 or member.mtime:
                    yield f"{path.name} has a sample with a dot in its name, or a time"
                if member.name.endswith(".json"):
                    told = json.loads(body)
                    keys, sha256 = keys or set(told), told["image_sha256"]
                    if set(told) != keys:
                        yield f"{path.name} has samples with different keys"
                elif hashlib.sha256(body).hexdigest() != sha256:
                    yield f"{path.name} has a picture that is not the one of its sample"


def _anthropic_points(action: Mapping[str, Any]) -> list[Size]:
    given = (action["input"][name] for name in _POINTS if name in action["input"])
    return [(x, y) for x, y in given]


def _pixel_points(action: Mapping[str, Any]) -> list[Size]:
    given = [(action[x], action[y]) for x, y in _PAIRS if x in action]
    return [*given, *((each["x"], each["y"]) for each in action.get("path", ()))]


def _outside(where: str, points: list[Size], size: Size | None) -> Iterator[str]:
    if points and size is None:
        yield f"{where} names a point without a picture"
    elif size is not None and not all(0 <= x < size[0] and 0 <= y < size[1] for x, y in points):
        yield f"{where} names a point outside its picture"


def _told(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open(encoding="utf-8") as told:
        for number, line in enumerate(told, start=1):
            yield number, json.loads(line)


def _sizes(folder: Path) -> dict[str, Size]:
    """The size of each picture, as its first bytes tell it."""
    sizes: dict[str, Size] = {}
    for path in (folder / PICTURES).iterdir():
        with path.open("rb") as png:
            sizes[path.name] = struct.unpack_from(">II", png.read(24), 16)
    return sizes


def _false_pictures(folder: Path) -> Iterator[str]:
    for path in (folder / PICTURES).iterdir():
        if hashlib.sha256(path.read_bytes()).hexdigest() != path.stem:
            yield "a picture is not what its name says"
