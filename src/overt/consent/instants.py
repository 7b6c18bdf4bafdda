"""Instants as our documents write them: UTC, whole seconds, a final Z."""

import re
from datetime import UTC, datetime

from overt.errors import FormatError

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


def instant_text(at: datetime) -> str:
    """Return *at*, an aware time of whole seconds, as ``2026-01-31T09:00:00Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_instant(text: str) -> datetime:
    """Return the instant that *text* writes.

    Raises:
        FormatError: *text* is not written as ``instant_text`` writes it.
    """
    if not _INSTANT.fullmatch(text):
        raise FormatError("a time is not written as 2026-01-31T09:00:00Z")
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise FormatError("a time names a day that does not exist") from None


def whole_seconds(at: datetime) -> datetime:
    """Return *at* in UTC without its fraction of a second."""
    return at.astimezone(UTC).replace(microsecond=0)
