"""What each recorder has kept, read back from its own files: the text as it can be read, and as key codes."""

import csv
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

from overt.demo.tool import Tool

NAMES = {"space": " ", "enter": "\n", "tab": "\t"}


def openadapt(store: Path, letters: dict[int, str]) -> tuple[str, str]:
    """Return what ``recording.db`` has as characters, and what its key codes say."""
    readable, coded = [], []
    for database in store.rglob("recording.db"):
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            connection.row_factory = sqlite3.Row
            rows = [dict(row) for row in connection.execute("SELECT * FROM action_event ORDER BY id")]
        for row in rows:
            if row.get("name") != "press":
                continue
            readable.append(row.get("key_char") or row.get("canonical_key_char") or "")
            code = "".join(filter(str.isdigit, str(row.get("key_vk") or row.get("canonical_key_vk") or "")))
            name = str(row.get("key_name") or "")
            if name.startswith("keycode_"):
                code = name.removeprefix("keycode_")
            coded.append(letters.get(int(code), "") if code else readable[-1])
    return "".join(readable), "".join(coded)


def opencapture(store: Path, _: dict[int, str]) -> tuple[str, str]:
    """Return what its daily logs say."""
    text = "".join(file.read_text(encoding="utf-8", errors="replace") for file in sorted(store.rglob("*.log")))
    return text, text


def iorecorder(store: Path, _: dict[int, str]) -> tuple[str, str]:
    """Return the keys that ``keyboard_events.csv`` says were pressed."""
    keys = []
    for file in sorted(store.rglob("keyboard_events.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.reader(lines) if len(row) == 6 and row[5] == "True"]
        keys += [NAMES.get(row[4], row[4] if len(row[4]) == 1 else "") for row in rows]
    return "".join(keys), "".join(keys)


def overt(tool: Tool) -> str:
    """Return the typed text of all episodes as their own person may read it, with the key that only they have."""
    texts = []
    for listed in tool.run("episodes", "list", "--json").json()["episodes"]:
        shown = tool.run("episodes", "show", listed["episode_id"], "--json").json()
        texts += [each for row in shown["events"] for each in _texts(row)]
    return "\n".join(texts)


def _texts(row: object) -> list[str]:
    if isinstance(row, dict):
        found = [row["text"]] if isinstance(row.get("text"), str) else []
        return found + [each for value in row.values() for each in _texts(value)]
    return [each for value in row for each in _texts(value)] if isinstance(row, list) else []


def every_byte(store: Path) -> bytes:
    """Return all that lies below *store*, one file after the other, as it lies there."""
    return b"\n".join(file.read_bytes() for file in sorted(store.rglob("*")) if file.is_file())


READERS: dict[str, Callable[[Path, dict[int, str]], tuple[str, str]]] = {
    "openadapt": openadapt,
    "opencapture": opencapture,
    "iorecorder": iorecorder,
}


def told(value: object) -> str:
    """Return *value* as one line of JSON."""
    return json.dumps(value, ensure_ascii=False)
