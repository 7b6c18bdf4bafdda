"""One entry of the log: one of a closed list, made of random ids, hashes, whole numbers, days and closed words."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from overt.consent.instants import read_instant
from overt.errors import FormatError
from overt.policy.canonical import JsonValue, canonical_json, read_canonical
from overt.policy.purposes import Purpose

ENTRIES: Final[Mapping[str, tuple[str, ...]]] = {
    "join": ("policy:sha256 serial:number",),
    "grant": ("grant:id notice:sha256 policy:sha256",),
    "withdraw": ("grant:id",),
    "approve": ("id:id root:sha256",),
    "submit": ("id:id",),
    "erase": ("id:id",),
    "episode-open": ("grant:id id:id sha256:sha256",),
    "episode-close": ("id:id root:sha256 size:number",),
    "recovered": ("id:id reason:state root:sha256 size:number",),
    "reseal": ("from:id id:id",),
    "put": ("grant:id id:id sha256:sha256",),
    "release": ("id:id purpose:purpose request?:sha256 role:reader section:section",),
    "shred": ("epoch:number grant:id", "epoch:number id:id"),
    "vault-rekey": ("epoch:number",),
    "rewrap": ("id:id sha256:sha256",),
    "rotate": ("epoch:number role:key sha256:sha256",),
    "export": ("dataset:sha256 purpose:purpose",),
    "heartbeat": (),
}
"""Every type, and the fields of its forms as ``name:kind``; a ``?`` marks one that may be missing.

To these come ``type`` and the time: see :func:`check_entry`. ``docs/spec/log-v1.md`` has the same table.
"""

TIMED_ORIGINS: Final = ("admin-", "vault-")
"""How the origin of a log begins that carries the second of each entry; every other log carries days only."""

_ID: Final = re.compile(r"[0-9a-f]{32}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST: Final = 2**53 - 1
_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "key": frozenset({"admin", "auditor", "device", "employee", "exporter", "vault", "vault-log", "witness"}),
    "purpose": frozenset({*(purpose.value for purpose in Purpose), "audit", "review"}),
    "reader": frozenset({"auditor", "employee", "exporter"}),
    "section": frozenset({"c", "m"}),
    "state": frozenset({"closed", "damaged-tail", "invalid", "open"}),
}
"""The closed words of each kind."""

_Form = Mapping[str, str]


def render_entry(entry: Mapping[str, JsonValue], origin: str = "") -> bytes:
    """Return the bytes of *entry* for the log named *origin*.

    Raises:
        FormatError: it is not on the closed list.
    """
    check_entry(entry, origin)
    return canonical_json(dict(entry)).encode()


def parse_entry(data: bytes, origin: str) -> dict[str, JsonValue]:
    """Return the entry of the log named *origin* whose bytes are *data*.

    Raises:
        FormatError: they are not the canonical form of an entry on the closed list.
    """
    try:
        entry = read_canonical(data.decode(), "a log entry")
    except UnicodeDecodeError:
        raise FormatError("a log entry is not text") from None
    check_entry(entry, origin)
    return entry


def check_entry(entry: Mapping[str, JsonValue], origin: str) -> None:
    """Confirm that *entry* is on the closed list and may stand in the log named *origin*.

    Raises:
        FormatError: its type is unknown, a field is missing, foreign or no value of its kind, or its time is too fine.
    """
    kind = entry.get("type")
    forms = _FORMS.get(kind) if isinstance(kind, str) else None
    if forms is None:
        raise FormatError("a log entry is of no type on the closed list")
    timed = kind != "heartbeat" and origin.startswith(TIMED_ORIGINS)
    if not any(_fits(entry, form, timed=timed) for form in forms):
        raise FormatError(f"a log entry of the type {kind} has exactly its own fields: ids, hashes, numbers and days")


def entry_day(entry: Mapping[str, JsonValue]) -> date | None:
    """Return the UTC day that *entry*, which is on the closed list, says it was logged on, if it says one."""
    text = entry.get("day", entry.get("at"))
    return date.fromisoformat(text[:10]) if isinstance(text, str) else None


def _fits(entry: Mapping[str, JsonValue], form: _Form, *, timed: bool) -> bool:
    named = {"at": "instant"} if timed else {"day" if entry.get("type") == "heartbeat" else "day?": "day"}
    kinds = {"type": "type", **form, **named}
    needed = {name for name in kinds if not name.endswith("?")}
    known = {name.rstrip("?"): kind for name, kind in kinds.items()}
    return needed <= entry.keys() <= known.keys() and all(_is(value, known[name]) for name, value in entry.items())


def _is(value: JsonValue, kind: str) -> bool:
    if isinstance(value, str):
        return _CHECKS[kind](value) if kind in _CHECKS else value in _WORDS.get(kind, ())
    return kind == "number" and type(value) is int and 0 <= value <= _MOST


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_instant(text: str) -> bool:
    try:
        return bool(read_instant(text))
    except FormatError:
        return False


_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "id": lambda text: _ID.fullmatch(text) is not None,
    "sha256": lambda text: _SHA256.fullmatch(text) is not None,
    "day": _is_day,
    "instant": _is_instant,
    "type": lambda text: text in ENTRIES,
}


def _form(fields: str) -> _Form:
    return dict(field.split(":") for field in fields.split())


_FORMS: Final[Mapping[str, tuple[_Form, ...]]] = {
    name: tuple(map(_form, forms or ("",))) for name, forms in ENTRIES.items()
}
