"""What stands inside a segment: tagged records behind their length, padded so that sizes tell nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from overt.errors import FormatError

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


def render_payload(records: Iterable[Record]) -> bytes:
    """Return the padded plaintext of a segment that holds *records*.

    Raises:
        FormatError: there is no record, or they are over the limit of a segment together.
    """
    joined = b"".join(part for record in records for part in (record.tag, _number(len(record.body)), record.body))
    if not joined or len(joined) > _MAX_BYTES:
        raise FormatError(f"a segment holds 1 to {_MAX_BYTES:,} bytes of records, not {len(joined):,}")
    return (_number(len(joined)) + joined).ljust(padded_size(len(joined) + _LENGTH_BYTES), b"\0")


def parse_payload(plaintext: bytes) -> list[Record]:
    """Return the records of the plaintext of a segment.

    Raises:
        FormatError: it is not exactly what :func:`render_payload` writes. The message quotes nothing of it.
    """
    end = _LENGTH_BYTES + int.from_bytes(plaintext[:_LENGTH_BYTES], "big")
    if end == _LENGTH_BYTES or len(plaintext) != padded_size(end) or plaintext[end:].strip(b"\0"):
        raise FormatError("a segment's padding is not what its length asks for")
    records = []
    offset = _LENGTH_BYTES
    while offset < end:
        tag = plaintext[offset : offset + 1]
        start = offset + _HEAD_BYTES
        offset = start + int.from_bytes(plaintext[offset + 1 : start], "big")
        if tag not in {JSON, PNG} or start > end or offset > end:
            raise FormatError("a segment holds a malformed record")
        records.append(Record(tag=tag, body=plaintext[start:offset]))
    return records


def padded_size(size: int) -> int:
    """Return the size to which *size* bytes are padded: PADMÉ, and never below 1 KiB."""
    wanted = max(size, FLOOR)
    exponent = wanted.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-wanted // step) * step


def _number(value: int) -> bytes:
    return value.to_bytes(_LENGTH_BYTES, "big")
