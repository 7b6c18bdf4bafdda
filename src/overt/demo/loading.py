"""Loads an export with ``datasets``, as whoever trains on it would; run as a program, it says what it found as JSON."""

import base64
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from overt.errors import BackendUnavailableError, FormatError

TABLES: Final = ("steps", "episodes", "visits", "queries", "tasks")
_SECONDS: Final = 180.0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Loaded:
    """The rows of each table as ``datasets`` gives them, and the PNG file of each step (or ``None``)."""

    tables: dict[str, list[dict[str, Any]]]
    images: list[bytes | None]
    decoded: int
    """How many images ``datasets`` itself decoded to pixels."""


def load(directory: Path, env: Mapping[str, str], cache: Path) -> Loaded:
    """Load the export in *directory* in a process of its own, whose cache is *cache* and which reaches no network.

    Raises:
        BackendUnavailableError: ``datasets`` is not installed.
        FormatError: It does not load.
    """
    offline = {
        "HF_HOME": str(cache),
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
    argv = [sys.executable, "-m", "overt.demo.loading", str(directory)]
    try:
        done = subprocess.run(
            argv, env={**env, **offline}, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
        said = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.SubprocessError, OSError, ValueError):
        raise FormatError("the export could not be loaded with datasets") from None
    if "No module named" in done.stderr:
        raise BackendUnavailableError("datasets is not installed", hint="pip install 'overt[demo]'")
    if not said:
        raise FormatError("the export could not be loaded with datasets")
    images = [None if each is None else base64.b64decode(each) for each in said["images"]]
    return Loaded(tables=said["tables"], images=images, decoded=said["decoded"])


def _main(directory: str) -> None:
    datasets: Any = importlib.import_module("datasets")
    datasets.disable_progress_bars()
    tables: dict[str, list[dict[str, Any]]] = {}
    images: list[str | None] = []
    decoded = 0
    for name in TABLES:
        if not _has_rows(directory, name):
            tables[name] = []
            continue
        table = datasets.load_dataset(directory, name, split="train")
        if "image" in table.column_names:
            decoded = sum(each is not None for each in table["image"])
            raw = table.cast_column("image", datasets.Image(decode=False))
            images = [base64.b64encode(each["bytes"]).decode() if each else None for each in raw["image"]]
            table = table.remove_columns("image")
        tables[name] = list(table)
    json.dump({"tables": tables, "images": images, "decoded": decoded}, sys.stdout)


def _has_rows(directory: str, name: str) -> bool:
    # A table without rows has its file but no entry in the card: ``datasets`` refuses a split without rows.
    card = Path(directory, "README.md").read_text(encoding="utf-8")
    return f"config_name: {name}" in card


if __name__ == "__main__":
    os.environ.setdefault("HF_DATASETS_OFFLINE", "1")
    _main(sys.argv[1])
