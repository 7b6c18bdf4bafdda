"""Every rule by which the bytes of an episode are refused, each with a code that never changes.

The codes and their order are those of the tables in ``docs/spec/episode-v1.md``, section 7.
"""

from enum import StrEnum
from typing import Self

from overt.errors import FormatError


class Rule(StrEnum):
    """A rule that bytes broke. Its value is the code for machines, *sentence* says it to people."""

    sentence: str

    def __new__(cls, code: str, sentence: str) -> Self:
        """Make the rule *code*, which *sentence* explains."""
        rule = str.__new__(cls, code)
        rule._value_ = code
        rule.sentence = sentence
        return rule

    # The container.
    GROUP_CUT = "group-cut", "the file ends between two members of a group"
    HEADER_CUT = "header-cut", "the file is cut off inside a header"
    HEADER_NOT_CANONICAL = "header-not-canonical", "a header is not canonical"
    MEMBER_TOO_LONG = "member-too-long", "a member is longer than any may be"
    MEMBER_CUT = "member-cut", "the file is cut off inside a member"
    PADDING_NOT_ZERO = "padding-not-zero", "padding is not zero"
    # The grammar.
    BYTES_AFTER_CLOSE = "bytes-after-close", "there are bytes after the end of the episode"
    MEMBER_UNEXPECTED = "member-unexpected", "a member stands where it may not"
    TEXT_TOO_LONG = "text-too-long", "a note or a JSON member is longer than it may be"
    EPISODE_MALFORMED = "episode-malformed", "the member episode.json is malformed"
    OPEN_NOTE_MALFORMED = "open-note-malformed", "the member open.note is not a signed note"
    OPEN_NOTE_FOREIGN = "open-note-foreign", "open.note speaks of another episode"
    SEGMENT_NOT_SEALED = "segment-not-sealed", "a segment is not an age file for exactly one post-quantum recipient"
    CLOSE_MALFORMED = "close-malformed", "the member close.json is malformed"
    CLOSE_FOREIGN = "close-foreign", "close.json speaks of another episode or another number of flushes"
    # The checkpoint of each group.
    CHECKPOINT_MALFORMED = "checkpoint-malformed", "a checkpoint is not a signed note"
    CHECKPOINT_SIGNER = "checkpoint-signer", "a checkpoint is not signed by the episode key alone"
    CHECKPOINT_SIGNATURE = "checkpoint-signature", "the signature of a checkpoint is wrong"
    CHECKPOINT_COVERAGE = "checkpoint-coverage", "a checkpoint does not cover the bytes before it"
    # The device.
    DEVICE_SIGNER = "device-signer", "open.note is not signed by the device that it names, and by it alone"
    DEVICE_UNTRUSTED = "device-untrusted", "open.note is signed by another key than that of the expected device"
    DEVICE_SIGNATURE = "device-signature", "the signature of the device on open.note is wrong"
    # Reading with keys.
    KEYS_MALFORMED = "keys-malformed", "a .keys file is malformed or was changed"
    KEYS_FOREIGN = "keys-foreign", "the .keys file belongs to another episode"
    SEGMENT_UNREADABLE = "segment-unreadable", "a segment does not open with the key of its section"
    SEGMENT_LENGTH = "segment-length", "a segment's padding is not what its length asks for"
    SEGMENT_PADDING = "segment-padding", "a segment's padding is not zero"
    RECORD_CUT = "record-cut", "a record runs past the end of its segment"
    RECORD_TAG = "record-tag", "a record is of an unknown kind"
    RECORD_MALFORMED = "record-malformed", "a record is not one of the vocabulary of its section"
    PICTURE_MISPLACED = "picture-misplaced", "a picture does not follow the record of its frame"
    PICTURE_FOREIGN = "picture-foreign", "a frame is not the one that its record announces"


class BrokenRuleError(FormatError):
    """Bytes of an episode broke *rule*. The message quotes nothing of them."""

    def __init__(self, rule: Rule) -> None:
        """Say what *rule* says."""
        super().__init__(rule.sentence)
        self.rule = rule
