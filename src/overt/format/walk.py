"""Walk through an episode group by group, and stop at the first byte that does not conform. Needs no private key."""

from dataclasses import dataclass, field

from overt.errors import FormatError, VerificationError
from overt.format import container, episode, merkle, note
from overt.format.checkpoint import Checkpoint
from overt.format.container import Member
from overt.format.episode import CloseRecord, EpisodeHeader, SectionName


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Segment:
    """One sealed segment of a group that counts: the group's *number*, the *section*, and the age file."""

    number: int
    section: SectionName
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Prefix:
    """The groups of an episode that count: every byte of them stands under a checkpoint by the episode key.

    *opening* is the note of the device, whose signature is not checked here. *size* is the number of bytes that count,
    *damage* says why the bytes after them do not, and is empty when there are none.
    """

    header: EpisodeHeader
    opening: str
    segments: tuple[Segment, ...]
    flushes: int
    leaves: int
    size: int
    root: bytes
    close: CloseRecord | None
    damage: str


def walk(data: bytes) -> Prefix:
    """Return what counts of the episode *data*.

    Raises:
        FormatError: not even the opening group counts.
        VerificationError: the opening group's checkpoint is not signed by the episode key.
    """
    steps = _Steps.start(data)
    try:
        while steps.offset < len(data):
            steps.advance(data)
    except (FormatError, VerificationError) as problem:
        return steps.prefix(damage=str(problem))
    return steps.prefix(damage="")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Group:
    members: tuple[Member, ...]
    checkpoint: bytes
    end: int

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(member.name for member in self.members)


@dataclass(slots=True, kw_only=True, repr=False)
class _Steps:
    """How far the walk has come; *leaves* and *root* change only when a group counts."""

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
        if group.names != (episode.EPISODE, episode.OPENING):
            raise FormatError("an episode starts with episode.json and open.note")
        header = EpisodeHeader.parse(group.members[0].data)
        opening = _text(group.members[1].data)
        if note.parse_note(opening).text != header.opening_text():
            raise VerificationError("open.note speaks of another episode")
        tree = merkle.Tree()
        _check(group, header, tree)
        return cls(header=header, opening=opening, offset=group.end, leaves=tree.size, root=tree.root(), tree=tree)

    def advance(self, data: bytes) -> None:
        if self.close is not None:
            raise FormatError("there are bytes after the end of the episode")
        group = _read_group(data, self.offset, self.flushes + 1)
        segments = self._segments(group)
        close = None if segments else self._closing(group)
        _check(group, self.header, self.tree)
        self.flushes += bool(segments)
        self.segments += segments
        self.close = close
        self.offset, self.leaves, self.root = group.end, self.tree.size, self.tree.root()

    def prefix(self, *, damage: str) -> Prefix:
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

    def _segments(self, group: _Group) -> list[Segment]:
        number = self.flushes + 1
        sections = {episode.segment_name(number, section): section for section in episode.SECTIONS}
        if group.names == (episode.CLOSING,):
            return []
        if not group.names or group.names != tuple(name for name in sections if name in group.names):
            raise FormatError(f"group {number} does not hold what a flush holds")
        return [Segment(number=number, section=sections[member.name], data=member.data) for member in group.members]

    def _closing(self, group: _Group) -> CloseRecord:
        close = CloseRecord.parse(group.members[0].data)
        if (close.id, close.flushes) != (self.header.id, self.flushes):
            raise FormatError("close.json speaks of another episode or another number of flushes")
        return close


def _read_group(data: bytes, offset: int, number: int) -> _Group:
    members: list[Member] = []
    while True:
        member = container.read_member(data, offset)
        offset = member.end
        if member.name == episode.checkpoint_name(number):
            return _Group(members=tuple(members), checkpoint=member.data, end=offset)
        members.append(member)
        if len(members) > len(episode.SECTIONS):
            raise FormatError(f"group {number} does not end with its checkpoint")


def _check(group: _Group, header: EpisodeHeader, tree: merkle.Tree) -> None:
    for member in group.members:
        tree.append(container.leaf(member.name, member.data))
    expected = Checkpoint(origin=header.origin, size=tree.size, root=tree.root()).text()
    if note.verify_note(_text(group.checkpoint), header.vkey) != expected:
        raise VerificationError("a checkpoint does not cover the bytes before it")


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise FormatError("a note is not valid UTF-8") from None
