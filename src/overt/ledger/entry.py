"""One entry of the log: a small canonical JSON object of random ids, hashes, numbers and days."""

import re
from collections.abc import Mapping
from typing import Final

from overt.errors import FormatError
from overt.policy.canonical import JsonValue, canonical_json, read_canonical

MAX_BYTES: Final = 65_535
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
# No space, dot, slash or at sign: a name, an address or a title does not slip into what can never be erased.
_WORD: Final = re.compile(r"[A-Za-z0-9_:+-]{0,200}")


def render_entry(entry: Mapping[str, JsonValue]) -> bytes:
    """Return the bytes of *entry*.

    Raises:
        FormatError: it holds something that may not be logged, or is over 65,535 bytes long.
    """
    if not entry or not all(_KEY.fullmatch(key) and _may_be_logged(value) for key, value in entry.items()):
        raise FormatError("a log entry holds ids, hashes, whole numbers and instants only")
    data = canonical_json(dict(entry)).encode()
    if len(data) > MAX_BYTES:
        raise FormatError(f"a log entry has {len(data):,} bytes, over the limit of {MAX_BYTES:,}")
    return data


def parse_entry(data: bytes) -> dict[str, JsonValue]:
    """Return the entry whose bytes are *data*.

    Raises:
        FormatError: they are not the canonical form of an object.
    """
    try:
        return read_canonical(data.decode(), "a log entry")
    except UnicodeDecodeError:
        raise FormatError("a log entry is not text") from None


def _may_be_logged(value: JsonValue) -> bool:
    match value:
        case str():
            return _WORD.fullmatch(value) is not None
        case bool() | int():
            return True
        case list():
            return all(isinstance(item, str) and _may_be_logged(item) for item in value)
        case _:
            return False
