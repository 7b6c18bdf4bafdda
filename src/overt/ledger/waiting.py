"""Acts that need no key, kept beside the log until its key is next at hand: withdrawing and erasing ask for nothing."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from overt.errors import FormatError, OvertError
from overt.ledger.entry import parse_entry, render_entry
from overt.policy.canonical import JsonValue
from overt.store import files

_BESIDE: Final = "log-waiting"
_LIMIT: Final = 1 << 16
ACTS: Final = frozenset({"erase", "join", "submit", "withdraw"})
"""The acts that ask for no key. No other may wait: the log's key would sign what anybody has put there."""


def wait_for_key(log: Path, entry: Mapping[str, JsonValue]) -> None:
    """Keep *entry* for the log in the directory *log*, which need not exist yet.

    Raises:
        FormatError: it is not on the closed list, or of an act that asks for a key.
        StorageError: the disk refused.
    """
    data = render_entry(entry)
    if entry["type"] not in ACTS:
        raise FormatError(f"an entry of the type {entry['type']} does not wait: its act asks for the log's key")
    place = files.ensure_directory(_place(log))
    # Sorted by name they are in the order in which they came, nearly always: the order proves nothing.
    name = f"{len(files.names(place)):06}-{secrets.token_hex(8)}"
    files.create_exclusive(place, name, data)


def waiting(log: Path) -> list[dict[str, JsonValue]]:
    """Return what waits for the log in the directory *log*; nothing vouches for it yet."""
    return [entry for _, entry in _waiting(log) if entry is not None]


def log_waiting(log: Path, append: Callable[[Mapping[str, JsonValue]], int]) -> None:
    """Append what waits for the log in the directory *log*; what is no entry of these acts is dropped.

    Killed in between, it logs an act a second time: twice is no contradiction, never would be.
    """
    for name, entry in _waiting(log):
        with suppress(FormatError):
            if entry is not None:
                append(entry)
        files.unlink(_place(log), name, missing_ok=True)


def _waiting(log: Path) -> list[tuple[str, dict[str, JsonValue] | None]]:
    if not _place(log).exists():
        return []
    return [(name, _read(log, name)) for name in files.names(_place(log))]


def _read(log: Path, name: str) -> dict[str, JsonValue] | None:
    try:
        entry = parse_entry(files.read(_place(log), name, limit=_LIMIT), "")
    except OvertError:
        return None
    return entry if entry["type"] in ACTS else None


def _place(log: Path) -> Path:
    return log.with_name(_BESIDE)
