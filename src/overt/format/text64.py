"""Strict base64: one text for each sequence of bytes, so that no spare bit is left to flip."""

import base64
import binascii

from overt.errors import FormatError


def encode(data: bytes) -> str:
    """Return *data* as standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes that :func:`encode` turns into exactly *text*.

    Raises:
        FormatError: *text* is not the canonical base64 of anything.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise FormatError("malformed base64") from None
    if encode(data) != text:
        raise FormatError("base64 is not canonical")
    return data


def encode_bare(data: bytes) -> str:
    """Return *data* as standard base64 without padding, as age writes it."""
    return encode(data).rstrip("=")


def decode_bare(text: str) -> bytes:
    """Return the bytes that :func:`encode_bare` turns into exactly *text*.

    Raises:
        FormatError: *text* has padding or is not canonical.
    """
    if "=" in text:
        raise FormatError("base64 has padding where none belongs")
    return decode(text + "=" * (-len(text) % 4))
