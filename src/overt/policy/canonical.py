"""One way to write a signed document as JSON (RFC 8785, without fractions), and one strict way to read it."""

import json
from typing import Never

from overt.errors import FormatError

JsonValue = None | bool | int | str | list["JsonValue"] | dict[str, "JsonValue"]
"""What our signed documents are made of: no fractions, whose text differs between languages."""


def canonical_json(value: JsonValue) -> str:
    """Return *value* as canonical JSON on one line, keys sorted, without a final newline.

    Keys must be ASCII: RFC 8785 sorts by UTF-16, which agrees with Python for those.
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def read_canonical(text: str, what: str) -> dict[str, JsonValue]:
    """Return the JSON object that *text* is, if it is written exactly as ``canonical_json`` writes it.

    Raises:
        FormatError: *text* is not JSON, has a key twice, holds a fraction, or is written in another way.
    """
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_float=_no_fraction, parse_constant=_no_fraction)
    except (ValueError, RecursionError):
        raise FormatError(f"{what} is not a JSON document of ours") from None
    if not isinstance(value, dict):
        raise FormatError(f"{what} is not a JSON object")
    if not _is_canonical(value, text):
        raise FormatError(f"{what} is not written canonically")
    return value


def _is_canonical(value: JsonValue, text: str) -> bool:
    return canonical_json(value) == text


def _unique(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key appears twice")
    return document


def _no_fraction(number: str) -> Never:
    del number
    raise ValueError("a number is not whole")
