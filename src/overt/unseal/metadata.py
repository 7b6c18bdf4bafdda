"""The metadata section of an episode: what an auditor may know without reading what was done."""

from pydantic import ValidationError

from overt.events.redacted import META, MetaRecord
from overt.format.payload import JSON, Record
from overt.format.rules import BrokenRuleError, Rule
from overt.unseal.section import read_records


def read_metadata(episode: bytes, keys: bytes, *, role_identity: str, share: str) -> list[MetaRecord]:
    """Return the metadata records of *episode* that stand under a verified checkpoint, in order.

    Args:
        episode: the bytes of ``<id>.ep``; verify them first, this trusts no device.
        keys: the bytes of ``<id>.keys``.
        role_identity: the identity of a role that may read metadata.
        share: the metadata share's identity, as the vault released it.

    Raises:
        KeyAccessError: a key does not fit.
        FormatError: the opening of the episode does not count, or the keys, a segment or a record are malformed.
    """
    flushes = read_records(episode, keys, "m", role_identity=role_identity, share=share)
    return [_record(record) for records in flushes for record in records]


def _record(record: Record) -> MetaRecord:
    if record.tag != JSON:
        raise BrokenRuleError(Rule.PICTURE_MISPLACED)
    try:
        return META.validate_json(record.body)
    except ValidationError:
        # Its text would quote the record.
        raise BrokenRuleError(Rule.RECORD_MALFORMED) from None
