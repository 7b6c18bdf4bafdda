"""Open one section of an episode: role key and share together, and only what stands under a verified checkpoint."""

from collections.abc import Iterator

from overt.errors import FormatError, KeyAccessError
from overt.format import age_read, age_write, section_keys, xwing
from overt.format.episode import SectionName
from overt.format.payload import Record, parse_payload
from overt.format.rules import BrokenRuleError, Rule
from overt.format.walk import Prefix, Segment, walk


class ForeignKeysError(KeyAccessError):
    """The ``.keys`` file that was given breaks *rule*: it locks the identities of another episode."""

    def __init__(self) -> None:
        """Say so, and what to give instead."""
        super().__init__(Rule.KEYS_FOREIGN.sentence, hint="give the .keys file that lies beside the episode")
        self.rule = Rule.KEYS_FOREIGN


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
        KeyAccessError: a key does not fit; :class:`ForeignKeysError` when the keys are another episode's.
        FormatError: *role_identity* or *share* is no identity; :class:`BrokenRuleError` when the opening of the episode
            does not count, or the keys or a segment are malformed.
    """
    prefix = walk(episode)
    return _records(prefix, section, section_identity(keys, section, role_identity=role_identity, share=share))


def read_opened(episode: bytes, section: SectionName, identity: str) -> Iterator[list[Record]]:
    """Yield the records of each flush of *section* by the section's own *identity*; otherwise as ``read_records``."""
    return _records(walk(episode), section, identity)


def section_identity(keys: bytes, section: SectionName, *, role_identity: str, share: str) -> str:
    """Return the identity of *section*, which opens that section of that one episode and nothing else.

    Raises:
        KeyAccessError: a key does not fit.
        FormatError: *role_identity* or *share* is no identity; :class:`BrokenRuleError` when the keys are malformed.
    """
    wrapped = section_keys.parse_keys(keys)[section]
    for text in (role_identity, share):
        xwing.seed_of(text)  # a malformed identity is the caller's fault, not the file's
    try:
        identity = age_read.decrypt(age_read.decrypt(wrapped, [role_identity]), [share]).decode("ascii")
        age_write.recipient_of(identity)
    except (FormatError, UnicodeDecodeError):
        raise BrokenRuleError(Rule.KEYS_MALFORMED) from None
    return identity


def _records(prefix: Prefix, section: SectionName, identity: str) -> Iterator[list[Record]]:
    if age_write.recipient_of(identity) != prefix.header.sections.recipient(section):
        raise ForeignKeysError
    return (parse_payload(_opened(segment, identity)) for segment in prefix.segments if segment.section == section)


def _opened(segment: Segment, identity: str) -> bytes:
    try:
        return age_read.decrypt(segment.data, [identity])
    except (FormatError, KeyAccessError):
        # Whoever sealed it knew another key than the one that the opening names, or changed it before signing.
        raise BrokenRuleError(Rule.SEGMENT_UNREADABLE) from None
