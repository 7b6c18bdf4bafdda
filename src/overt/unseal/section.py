"""Open one section of an episode: role key and share together, and only what stands under a verified checkpoint."""

from collections.abc import Iterator

from overt.errors import FormatError, KeyAccessError
from overt.format import age_read, age_write, section_keys
from overt.format.episode import SectionName
from overt.format.payload import Record, parse_payload
from overt.format.walk import Prefix, walk


def read_records(
    episode: bytes, keys: bytes, section: SectionName, *, role_identity: str, share: str
) -> Iterator[list[Record]]:
    """Yield the records of each flush of *section*; the keys are tried before the first is asked for.

    Args:
        episode: the bytes of ``<id>.ep``; verify them first, this trusts no device.
        keys: the bytes of ``<id>.keys``.
        section: ``m`` or ``c``.
        role_identity: the role's ``AGE-SECRET-KEY-PQ-1…``.
        share: the share's, as the vault released it.

    Raises:
        KeyAccessError: a key does not fit.
        VerificationError: the opening of the episode does not verify.
        FormatError: the episode, the keys or a segment are malformed.
    """
    prefix = walk(episode)
    identity = _section_identity(prefix, keys, section, role_identity, share)
    return (
        parse_payload(age_read.decrypt(segment.data, [identity]))
        for segment in prefix.segments
        if segment.section == section
    )


def _section_identity(prefix: Prefix, keys: bytes, section: SectionName, role_identity: str, share: str) -> str:
    inner = age_read.decrypt(section_keys.parse_keys(keys)[section], [role_identity])
    identity = _text(age_read.decrypt(inner, [share]))
    if age_write.recipient_of(identity) != prefix.header.sections.recipient(section):
        raise KeyAccessError(
            "the .keys file belongs to another episode", hint="give the .keys file that lies beside the episode"
        )
    return identity


def _text(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise FormatError("a wrapped section identity is not text") from None
