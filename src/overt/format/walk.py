"""Walk through an episode group by group, and stop at the first byte that does not conform. Needs no private key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from overt.errors import FormatError, VerificationError
from overt.format import age_header, container, episode, merkle, note, xwing
from overt.format.checkpoint import Checkpoint
from overt.format.container import Member
from overt.format.episode import CloseRecord, EpisodeHeader, SectionName
from overt.format.rules import BrokenRuleError, Rule

MAX_TEXT_BYTES: Final = 65_536
"""Of a note or a JSON member: a reader takes these apart in memory, and owes nobody more of it."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Segment:
    """One sealed segment of a group that counts: the group's *number*, the *section*, and where its age file lies."""

    number: int
    section: SectionName
    member: Member

    @property
    def data(self) -> bytes:
        """A copy of the age file."""
        return self.member.data


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Prefix:
    """The groups of an episode that count: every byte of them stands under a checkpoint by the episode key.

    *opening* is the note of the device, whose signature is not checked here. *size* is the number of bytes that count,
    *damage* says which rule the first byte after them breaks, and is ``None`` when there is none.
    """

    header: EpisodeHeader
    opening: str
    segments: tuple[Segment, ...]
    flushes: int
    leaves: int
    size: int
    root: bytes
    close: CloseRecord | None
    damage: Rule | None


def walk(data: bytes) -> Prefix:
    """Return what counts of the episode *data*, which is not copied.

    Raises:
        BrokenRuleError: not even the opening group counts.
    """
    steps = _Steps.start(data)
    try:
        while steps.offset < len(data):
            steps.advance(data)
    except BrokenRuleError as problem:
        return steps.prefix(damage=problem.rule)
    return steps.prefix(damage=None)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Group:
    """The *members* before a group's *checkpoint*, which ends at *end*."""

    members: tuple[Member, ...]
    checkpoint: Member

    @property
    def end(self) -> int:
        return self.checkpoint.end


@dataclass(slots=True, kw_only=True, repr=False)
class _Steps:
    """How far the walk has come; all but *tree* change only when a group counts."""

    header: EpisodeHeader
    opening: str
    offset: int
    leaves: int
    root: bytes
    tree: merkle.Tree
    flushes: int = 0
    close: CloseRecord | None = None
    segments: list[Segment] = field(default_factory=list)

    @classmethod
    def start(cls, data: bytes) -> "_Steps":
        group = _read_group(data, 0, 0)
        header = _header(group.members[0])
        opening = _opening(group.members[1], header)
        tree = merkle.Tree()
        _check(group, header, tree)
        return cls(header=header, opening=opening, offset=group.end, leaves=tree.size, root=tree.root(), tree=tree)

    def advance(self, data: bytes) -> None:
        if self.close is not None:
            raise BrokenRuleError(Rule.BYTES_AFTER_CLOSE)
        group = _read_group(data, self.offset, self.flushes + 1)
        close = self._closing(group.members[0]) if group.members[0].name == episode.CLOSING else None
        segments = [] if close else [_segment(member, self.flushes + 1) for member in group.members]
        _check(group, self.header, self.tree)
        self.flushes += bool(segments)
        self.segments += segments
        self.close = close
        self.offset, self.leaves, self.root = group.end, self.tree.size, self.tree.root()

    def prefix(self, *, damage: Rule | None) -> Prefix:
        return Prefix(
            header=self.header,
            opening=self.opening,
            segments=tuple(self.segments),
            flushes=self.flushes,
            leaves=self.leaves,
            size=self.offset,
            root=self.root,
            close=self.close,
            damage=damage,
        )

    def _closing(self, member: Member) -> CloseRecord:
        try:
            close = CloseRecord.parse(member.data)
        except FormatError:
            raise BrokenRuleError(Rule.CLOSE_MALFORMED) from None
        if (close.id, close.flushes) != (self.header.id, self.flushes):
            raise BrokenRuleError(Rule.CLOSE_FOREIGN)
        return close


def _read_group(data: bytes, offset: int, number: int) -> _Group:
    members: list[Member] = []
    while True:
        member = container.read_member(data, offset)
        if member.name not in _may_follow([each.name for each in members], number):
            raise BrokenRuleError(Rule.MEMBER_UNEXPECTED)
        if member.size > MAX_TEXT_BYTES and episode.section_of(member.name) is None:
            raise BrokenRuleError(Rule.TEXT_TOO_LONG)
        if member.name == episode.checkpoint_name(number):
            return _Group(members=tuple(members), checkpoint=member)
        members.append(member)
        offset = member.end


def _may_follow(names: Sequence[str], number: int) -> tuple[str, ...]:
    """Return the names that may come next in group *number* after *names*."""
    checkpoint = episode.checkpoint_name(number)
    if number == 0:
        return ((episode.EPISODE, episode.OPENING, checkpoint)[len(names)],)
    meta, content = (episode.segment_name(number, section) for section in episode.SECTIONS)
    if not names:
        return meta, content, episode.CLOSING
    return (content, checkpoint) if names[-1] == meta else (checkpoint,)


def _header(member: Member) -> EpisodeHeader:
    try:
        return EpisodeHeader.parse(member.data)
    except FormatError:
        raise BrokenRuleError(Rule.EPISODE_MALFORMED) from None


def _opening(member: Member, header: EpisodeHeader) -> str:
    try:
        opening = member.data.decode()
        text = note.parse_note(opening).text
    except (FormatError, UnicodeDecodeError):
        raise BrokenRuleError(Rule.OPEN_NOTE_MALFORMED) from None
    if text != header.opening_text():
        raise BrokenRuleError(Rule.OPEN_NOTE_FOREIGN)
    return opening


def _segment(member: Member, number: int) -> Segment:
    section = episode.section_of(member.name)
    assert section is not None
    try:
        stanzas = age_header.parse(bytes(member.view[: age_header.MAX_HEADER_BYTES])).stanzas
    except FormatError:
        raise BrokenRuleError(Rule.SEGMENT_NOT_SEALED) from None
    # A second stanza would be a reader of whom nobody knows.
    if [stanza.type for stanza in stanzas] != [xwing.STANZA]:
        raise BrokenRuleError(Rule.SEGMENT_NOT_SEALED)
    return Segment(number=number, section=section, member=member)


def _check(group: _Group, header: EpisodeHeader, tree: merkle.Tree) -> None:
    """Confirm that the group's checkpoint is the episode key's, over *tree* and the members of *group*."""
    for member in group.members:
        tree.append(container.leaf(member.name, member.view))
    expected = Checkpoint(origin=header.origin, size=tree.size, root=tree.root()).text()
    if _signed_text(group.checkpoint, header) != expected:
        raise BrokenRuleError(Rule.CHECKPOINT_COVERAGE)


def _signed_text(checkpoint: Member, header: EpisodeHeader) -> str:
    key = note.VerifierKey.parse(header.vkey)
    try:
        text = checkpoint.data.decode()
        signatures = note.parse_note(text).signatures
    except (FormatError, UnicodeDecodeError):
        raise BrokenRuleError(Rule.CHECKPOINT_MALFORMED) from None
    if [(line.name, line.key_id) for line in signatures] != [(key.name, key.key_id)]:
        raise BrokenRuleError(Rule.CHECKPOINT_SIGNER)
    try:
        return note.verify_note(text, header.vkey)
    except VerificationError:
        raise BrokenRuleError(Rule.CHECKPOINT_SIGNATURE) from None
