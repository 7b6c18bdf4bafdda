"""RedactedEvent in, sealed bytes out; holds recipients' public keys and one signing key, and can read nothing back.

What a flush leaves in memory: the plaintext of a segment is put together in one buffer, which is sealed from where it
lies and then overwritten. Not overwritten, because Python gives no way to it, are the records themselves, their JSON
and a frame's PNG, which are immutable objects of the caller and of pydantic: they are freed when the flush returns, and
the allocator may show them again until it uses the place for something else. The same holds for the text of the section
identities and shares while an episode is opened. What bounds all of it is the end of the recorder's process.
"""

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self, get_args

from overt.errors import FormatError, UsageError
from overt.events.redacted import FrameTaken, MetaRecord, RedactedEvent, RedactedFrame
from overt.events.verdict import EndReason
from overt.format import age_write, container, episode, merkle, section_keys
from overt.format.checkpoint import Checkpoint
from overt.format.episode import CloseRecord, EpisodeHeader, SectionName, Sections
from overt.format.note import NoteSigner
from overt.format.payload import JSON, PNG, Record, render_payload
from overt.format.share import ShareLabel, render_share
from overt.keys.recipients import RoleRecipients

_META_TYPES: Final = get_args(get_args(MetaRecord)[0])
_EVENT_TYPES: Final = get_args(get_args(RedactedEvent)[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What to store before anything is recorded, in this order: *shares* in the vault, *keys*, then *first*.

    *first* starts ``<id>.ep``, *keys* is ``<id>.keys``; *shares* holds for each section, ``m`` and ``c``, the age file
    of its share under the vault's master.
    """

    episode_id: str
    first: bytes = field(repr=False)
    keys: bytes = field(repr=False)
    shares: Mapping[SectionName, bytes] = field(repr=False)


class EpisodeSealer:
    """Seals one episode from its opening to its close. It knows public keys, hashes and the episode's signing key.

    Append each result to the file before asking for the next; when the store refuses one, call :meth:`take_back`.
    """

    def __init__(self, header: EpisodeHeader, signer: NoteSigner) -> None:
        """Seal for the recipients that *header* names, under *signer*; use :meth:`begin`."""
        self._header = header
        self._signer: NoteSigner | None = signer
        self._tree = merkle.Tree()
        self._groups = 0
        self._kept: int | None = None

    @classmethod
    def begin(
        cls,
        *,
        grant: str,
        policy_sha256: str,
        trial: bool,
        device: NoteSigner,
        roles: RoleRecipients,
        vault_recipient: str,
    ) -> tuple[Self, Opening]:
        """Open an episode: make its keys, lock them away, forget them.

        Raises:
            FormatError: *grant* or *policy_sha256* is malformed, or a recipient is.
        """
        episode_id = secrets.token_hex(16)
        labels = (
            ShareLabel(device=device.vkey, grant=grant, episode=episode_id, section=section)
            for section in episode.SECTIONS
        )
        locked = {label.section: _lock(label, roles.of(label.section), vault_recipient) for label in labels}
        signer = NoteSigner.generate(episode.origin(device.name, episode_id))
        header = EpisodeHeader.checked(
            grant=grant,
            id=episode_id,
            policy=policy_sha256,
            sections=Sections(c=locked["c"].recipient, m=locked["m"].recipient),
            trial=trial,
            vkey=signer.vkey,
        )
        sealer = cls(header, signer)
        opening = Opening(
            episode_id=episode_id,
            first=sealer._open(device),
            keys=section_keys.render_keys({section: lock.wrapped for section, lock in locked.items()}),
            shares={section: lock.share for section, lock in locked.items()},
        )
        return sealer, opening

    @property
    def episode_id(self) -> str:
        """The random id of the episode."""
        return self._header.id

    @property
    def flushes(self) -> int:
        """The number of flushes sealed so far."""
        return self._groups - 1

    @property
    def root(self) -> bytes:
        """The Merkle root over everything sealed so far, for the log."""
        return self._tree.root()

    def flush(self, *, meta: Sequence[MetaRecord], content: Sequence[RedactedEvent | RedactedFrame]) -> bytes:
        """Return the bytes of one flush, to be appended with one write; none when there is nothing to seal.

        Raises:
            FormatError: a record is of a type that may not be stored, a frame is not the one that it announces, or
                the flush is over 64 MiB. Nothing is sealed then, and the next flush may follow.
            UsageError: the episode is closed.
        """
        records = {"m": list(_meta_records(meta)), "c": list(_content_records(content))}
        number = self._groups
        sealed = {
            episode.segment_name(number, section): self._seal(section, records[section])
            for section in episode.SECTIONS
            if records[section]
        }
        if not sealed:
            return b""
        kept = self._tree.size
        data = self._group(sealed)
        self._kept = kept
        return data

    def take_back(self) -> None:
        """Forget the last flush, because the store did not keep its bytes; the next one takes its number.

        Raises:
            UsageError: there is no flush to take back, or the episode is closed.
        """
        if self._signer is None or self._kept is None:
            raise UsageError("there is no flush to take back")
        self._tree.truncate(self._kept)
        self._groups -= 1
        self._kept = None

    def close(self, *, reason: EndReason | str, meta: Sequence[MetaRecord] = ()) -> bytes:
        """Return the last bytes of the episode, a flush of *meta* included, and forget the signing key.

        Raises:
            FormatError: *reason* is none of :class:`EndReason`.
            UsageError: the episode is closed.
        """
        # Checked first: a flush that was sealed and never handed out would leave a gap.
        record = CloseRecord.checked(flushes=self.flushes + bool(meta), id=self.episode_id, reason=str(reason))
        last = self.flush(meta=meta, content=())
        closing = self._group({episode.CLOSING: record.render()})
        self._signer = None
        return last + closing

    def _open(self, device: NoteSigner) -> bytes:
        opening = device.sign(self._header.opening_text()).encode()
        return self._group({episode.EPISODE: self._header.render(), episode.OPENING: opening})

    def _seal(self, section: SectionName, records: list[Record]) -> bytes:
        plaintext = render_payload(records)
        try:
            return age_write.encrypt(plaintext, [self._header.sections.recipient(section)])
        finally:
            plaintext[:] = bytes(len(plaintext))

    def _group(self, members: Mapping[str, bytes]) -> bytes:
        if self._signer is None:
            raise UsageError("this episode is closed")
        rendered = [container.render_member(name, data) for name, data in members.items()]
        for name, data in members.items():
            self._tree.append(container.leaf(name, data))
        checkpoint = Checkpoint(origin=self._signer.name, size=self._tree.size, root=self._tree.root())
        name, signed = episode.checkpoint_name(self._groups), self._signer.sign(checkpoint.text()).encode()
        self._groups += 1
        return b"".join(rendered) + container.render_member(name, signed)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Lock:
    recipient: str
    wrapped: bytes
    share: bytes


def _lock(label: ShareLabel, roles: Sequence[str], vault_recipient: str) -> _Lock:
    """Make one section's identity and share; both secrets end with this call."""
    identity, share = age_write.new_identity(), age_write.new_identity()
    return _Lock(
        recipient=identity.recipient,
        wrapped=section_keys.wrap(identity, share.recipient, roles),
        share=age_write.encrypt(render_share(label, share.text), [vault_recipient]),
    )


def _meta_records(records: Sequence[MetaRecord]) -> Iterator[Record]:
    for record in records:
        if not isinstance(record, _META_TYPES):
            raise FormatError("only metadata records are sealed as metadata")
        yield Record(tag=JSON, body=record.model_dump_json().encode())


def _content_records(records: Sequence[RedactedEvent | RedactedFrame]) -> Iterator[Record]:
    for record in records:
        if isinstance(record, RedactedFrame):
            yield from _frame_records(record.event, record.png)
        elif isinstance(record, _EVENT_TYPES):
            yield Record(tag=JSON, body=record.model_dump_json().encode())
        else:
            raise FormatError("only redacted records are sealed as content")


def _frame_records(event: FrameTaken, png: bytes) -> Iterator[Record]:
    if hashlib.sha256(png).hexdigest() != event.sha256:
        # Sealed all the same, it would make the whole segment unreadable.
        raise FormatError("a frame is not the one that its record announces")
    yield Record(tag=JSON, body=event.model_dump_json().encode())
    yield Record(tag=PNG, body=png)
