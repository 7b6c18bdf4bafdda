"""The content section of an episode: the redacted actions and the masked frames themselves."""

import hashlib
from collections.abc import Iterator

from pydantic import ValidationError

from overt.events.redacted import REDACTED, FrameTaken, RedactedEvent, RedactedFrame
from overt.format.payload import JSON, PNG, Record
from overt.format.rules import BrokenRuleError, Rule
from overt.unseal.section import read_opened, read_records


def read_content(
    episode: bytes, keys: bytes, *, role_identity: str, share: str
) -> Iterator[RedactedEvent | RedactedFrame]:
    """Yield the content of *episode* that stands under a verified checkpoint, one flush in memory at a time.

    Args:
        episode: the bytes of ``<id>.ep``; verify them first, this trusts no device.
        keys: the bytes of ``<id>.keys``.
        role_identity: the identity of a role that may read content.
        share: the content share's identity, as the vault released it.

    Raises:
        KeyAccessError: a key does not fit; raised at once, not when the first record is asked for.
        FormatError: the opening of the episode does not count, or the keys are malformed; likewise. Or, later, a
            segment or a record is malformed.
    """
    return _content(read_records(episode, keys, "c", role_identity=role_identity, share=share))


def read_opened_content(episode: bytes, identity: str) -> Iterator[RedactedEvent | RedactedFrame]:
    """Yield the content of *episode* by the identity of its content section alone; otherwise as ``read_content``."""
    return _content(read_opened(episode, "c", identity))


def _content(flushes: Iterator[list[Record]]) -> Iterator[RedactedEvent | RedactedFrame]:
    return (record for records in flushes for record in _flush(records))


def _flush(records: list[Record]) -> Iterator[RedactedEvent | RedactedFrame]:
    position = 0
    while position < len(records):
        event = _event(records[position])
        position += 1
        if isinstance(event, FrameTaken) and position < len(records) and records[position].tag == PNG:
            yield _frame(event, records[position].body)
            position += 1
        else:
            yield event


def _event(record: Record) -> RedactedEvent:
    if record.tag != JSON:
        raise BrokenRuleError(Rule.PICTURE_MISPLACED)
    try:
        return REDACTED.validate_json(record.body)
    except ValidationError:
        # Its text would quote the record.
        raise BrokenRuleError(Rule.RECORD_MALFORMED) from None


def _frame(event: FrameTaken, png: bytes) -> RedactedFrame:
    if hashlib.sha256(png).hexdigest() != event.sha256:
        raise BrokenRuleError(Rule.PICTURE_FOREIGN)
    return RedactedFrame(event=event, png=png)
