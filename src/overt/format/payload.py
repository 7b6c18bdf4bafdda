"""What stands inside a segment: tagged records behind their length, padded so that sizes tell nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from overt.errors import FormatError
from overt.format.rules import BrokenRuleError, Rule

JSON: Final = b"j"
PNG: Final = b"p"
FLOOR: Final = 1024
_LENGTH_BYTES: Final = 4
_HEAD_BYTES: Final = 1 + _LENGTH_BYTES
_MAX_BYTES: Final = 1 << 26


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Record:
    """One record: *tag* says whether *body* is JSON or a PNG file."""

    tag: bytes
    body: bytes


def render_payload(records: Iterable[Record]) -> bytearray:
    """Return the padded plaintext of a segment that holds *records*, in one buffer that the caller can wipe.

    Raises:
        FormatError: there is no record, or they are over the limit of a segment together.
    """
    parts = [part for record in records for part in (record.tag, _number(len(record.body)), record.body)]
    size = sum(map(len, parts))
    if not 0 < size <= _MAX_BYTES:
        raise FormatError(f"a segment holds 1 to {_MAX_BYTES:,} bytes of records, not {size:,}")
    # Filled in place: a buffer that grows leaves copies of what it held behind.
    payload = bytearray(padded_size(size + _LENGTH_BYTES))
    offset = 0
    for part in (_number(size), *parts):
        payload[offset : offset + len(part)] = part
        offset += len(part)
    return payload


def parse_payload(plaintext: bytes | bytearray) -> list[Record]:
    """Return the records of the plaintext of a segment.

    Raises:
        BrokenRuleError: it is not exactly what :func:`render_payload` writes. The message quotes nothing of it.
    """
    end = _LENGTH_BYTES + int.from_bytes(plaintext[:_LENGTH_BYTES], "big")
    if end == _LENGTH_BYTES or len(plaintext) != padded_size(end):
        raise BrokenRuleError(Rule.SEGMENT_LENGTH)
    if plaintext[end:].strip(b"\0"):
        raise BrokenRuleError(Rule.SEGMENT_PADDING)
    records = []
    offset = _LENGTH_BYTES
    while offset < end:
        record, offset = _record(plaintext, offset, end)
        records.append(record)
    return records


def _record(plaintext: bytes | bytearray, offset: int, end: int) -> tuple[Record, int]:
    start = offset + _HEAD_BYTES
    if start > end:
        raise BrokenRuleError(Rule.RECORD_CUT)
    tag = bytes(plaintext[offset : offset + 1])
    if tag not in {JSON, PNG}:
        raise BrokenRuleError(Rule.RECORD_TAG)
    after = start + int.from_bytes(plaintext[offset + 1 : start], "big")
    if after > end:
        raise BrokenRuleError(Rule.RECORD_CUT)
    return Record(tag=tag, body=bytes(plaintext[start:after])), after


def padded_size(size: int) -> int:
    """Return the size to which *size* bytes are padded: PADMÉ, and never below 1 KiB."""
    wanted = max(size, FLOOR)
    exponent = wanted.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-wanted // step) * step


def _number(value: int) -> bytes:
    return value.to_bytes(_LENGTH_BYTES, "big")
