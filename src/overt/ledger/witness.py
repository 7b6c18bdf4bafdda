"""The witness: it remembers how far each log had come, and vouches for a log only if it grew from there."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from overt.errors import FormatError, UsageError, VerificationError
from overt.format import merkle, note
from overt.format.checkpoint import Checkpoint
from overt.format.cosignature import Cosigned, cosign, read_cosignature
from overt.format.note import NoteSigner, VerifierKey
from overt.format.proof import GrowthFile
from overt.ledger.reading import CHECKPOINT, SignedHead, TileNodes, check_growth, read_head, read_text, signed_head
from overt.policy.canonical import JsonValue, canonical_json, read_canonical
from overt.store import files
from overt.store.lock import locked

WITNESSED: Final = "witnessed"
"""The file in a log's directory that holds the newest checkpoint with a cosignature."""
_FORMAT: Final = "overt-witnessed/1"
_LIMIT: Final = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The last that a witness saw of the log of *vkey*: *root* over *size* entries."""

    vkey: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a witness gives back: the *note* is the offered *checkpoint* with its cosignature, grown from *old*."""

    note: str
    checkpoint: Checkpoint
    old: int


class Witness:
    """One witness with a memory of its own in one directory. Whoever copies or rolls back that memory disarms it."""

    def __init__(self, directory: Path, signer: NoteSigner) -> None:
        """Remember in *directory*, cosign as *signer*; raises ``StorageError``."""
        self._directory = files.ensure_directory(directory)
        self._signer = signer

    def cosign(self, offer: str, at: datetime, *, vkey: str | None = None) -> Answer:
        """Vouch, as of *at*, for the log in *offer*, once it is proven that it only grew and once that is remembered.

        The log's verifier key *vkey* must be named once; from then on it is remembered too.

        Raises:
            FormatError: *offer* is malformed.
            UsageError: the log is unknown and *vkey* is not named, or the offer starts elsewhere than the memory ends.
            VerificationError: the log was rewritten, cut back or replaced, or is not signed by its key.
            StorageError: the system refused; then nothing is signed.
        """
        claim = GrowthFile.parse(offer)
        origin = Checkpoint.parse(note.parse_note(claim.checkpoint).text).origin
        with locked(self._directory):
            known = self._recall(origin)
            head = signed_head(claim.checkpoint, _trusted(known, vkey))
            _check_growth(claim, head.checkpoint, known)
            self._remember(head.checkpoint, _trusted(known, vkey))
        text = head.checkpoint.text()
        line = note.own_line(head.note, _trusted(known, vkey))
        signed = f"{text}\n{line}{cosign(text, self._signer, at)}"
        return Answer(note=signed, checkpoint=head.checkpoint, old=claim.old)

    def remembered(self, origin: str) -> Remembered | None:
        """Return what is remembered of the log *origin*; raises ``StorageError`` or ``VerificationError``."""
        with locked(self._directory, shared=True):
            return self._recall(origin)

    def _recall(self, origin: str) -> Remembered | None:
        name = _name(origin)
        if name not in files.names(self._directory):
            return None
        try:
            return _read_memory(files.read(self._directory, name, limit=_LIMIT).decode(), origin)
        except (FormatError, ValueError):
            raise VerificationError(
                f"what this witness remembers of the log {origin} is damaged", hint="restore it from a backup"
            ) from None

    def _remember(self, head: Checkpoint, vkey: str) -> None:
        document: dict[str, JsonValue] = {"format": _FORMAT, "log": vkey, "root": head.root.hex(), "size": head.size}
        files.replace(self._directory, _name(head.origin), canonical_json(document).encode())


def remembered_logs(directory: Path) -> list[Remembered]:
    """Return what a witness with its memory in *directory* remembers of each log; an absent directory is none.

    Raises:
        VerificationError: a memory is damaged.
        StorageError: the system refused.
    """
    found = []
    for name in files.names(directory) if directory.exists() else ():
        text = files.read(directory, name, limit=_LIMIT).decode(errors="replace")
        try:
            vkey = str(read_canonical(text, "a witness's memory").get("log"))
            found.append(_read_memory(text, VerifierKey.parse(vkey).name))
        except (FormatError, ValueError):
            raise VerificationError(
                f"the witness's memory {name} is damaged", hint="restore it from a backup"
            ) from None
    return found


def make_offer(directory: Path, vkey: str, *, old: int | None = None) -> str:
    """Return what the log in *directory* asks its witness to vouch for: its head, and that it grew from *old* entries.

    By default from those that the witness last vouched for.

    Raises:
        UsageError: the log has fewer than *old* entries.
        VerificationError: the log was changed.
        StorageError: there is none, or the system refused.
    """
    with locked(directory, shared=True):
        head = read_head(directory, vkey)
        start = _witnessed_size(directory, vkey) if old is None else old
        if start > head.checkpoint.size:
            raise UsageError(f"the log has {head.checkpoint.size:,} entries, fewer than {start:,}")
        hashes = _growth(directory, start, head.checkpoint)
    return GrowthFile(old=start, hashes=tuple(hashes), checkpoint=head.note).text()


def accept(directory: Path, vkey: str, answer: str, witness: str) -> Cosigned:
    """Keep the *answer* of *witness* with the log in *directory*.

    Raises:
        FormatError: it is malformed.
        VerificationError: it is about another log, or about what this log never was, or not by that witness.
        UsageError: a newer one is kept already.
        StorageError: the system refused.
    """
    cosigned = read_cosignature(answer, witness)
    head = signed_head(answer, vkey)
    with locked(directory):
        newest = read_head(directory, vkey)
        kept = None
        with suppress(VerificationError):
            # A damaged one gives way to an answer that proves itself.
            kept = read_witnessed(directory, vkey)
        if kept is not None and kept.checkpoint.size > head.checkpoint.size:
            raise UsageError(f"a newer answer is kept already, over {kept.checkpoint.size:,} entries")
        check_growth(directory, head.checkpoint, newest.checkpoint)
        files.replace(directory, WITNESSED, answer.encode())
        if newest.checkpoint == head.checkpoint:
            files.replace(directory, CHECKPOINT, answer.encode())
    return cosigned


def read_witnessed(directory: Path, vkey: str) -> SignedHead | None:
    """Return the newest checkpoint of the log in *directory* that a witness vouched for, if one is kept.

    Whose cosignature it bears is not checked: see :func:`overt.format.cosignature.read_cosignature`.

    Raises:
        VerificationError: it is malformed or not signed by *vkey*.
        StorageError: the system refused.
    """
    if WITNESSED not in files.names(directory):
        return None
    return signed_head(read_text(directory, WITNESSED), vkey)


def _witnessed_size(directory: Path, vkey: str) -> int:
    witnessed = read_witnessed(directory, vkey)
    return witnessed.checkpoint.size if witnessed is not None else 0


def _read_memory(text: str, origin: str) -> Remembered:
    said = read_canonical(text, "a witness's memory")
    vkey, size, root = (said.get(name) for name in ("log", "size", "root"))
    if not (isinstance(vkey, str) and isinstance(size, int) and isinstance(root, str)):
        raise FormatError("a witness's memory lacks a field")
    if said.get("format") != _FORMAT or VerifierKey.parse(vkey).name != origin:
        raise FormatError("a witness's memory is of another log")
    return Remembered(vkey=vkey, size=size, root=bytes.fromhex(root))


def _growth(directory: Path, old: int, head: Checkpoint) -> list[bytes]:
    return merkle.consistency_proof(old, head.size, TileNodes(directory, head.size).node)


def _trusted(known: Remembered | None, vkey: str | None) -> str:
    if known is None and vkey is None:
        raise UsageError("this log is not known to the witness yet", hint="name its verifier key: --log VKEY")
    if known is not None and vkey not in {None, known.vkey}:
        raise VerificationError("the log is known to this witness under another key")
    return known.vkey if known is not None else str(vkey)


def _check_growth(claim: GrowthFile, head: Checkpoint, known: Remembered | None) -> None:
    size, root = (known.size, known.root) if known is not None else (0, merkle.EMPTY_ROOT)
    if head.size < size:
        raise VerificationError(f"the log was cut back: it had {size:,} entries, and now has {head.size:,}")
    if head.size == size and head.root != root:
        raise VerificationError(f"the log was rewritten: other entries stand in the place of its {size:,}")
    if claim.old != size:
        raise UsageError(
            f"the offer shows how the log grew from {claim.old:,} entries, but this witness knows {size:,} of it",
            hint=f"make another offer: overt log offer --from {size}",
        )
    try:
        merkle.verify_consistency(size, head.size, claim.hashes, root, head.root)
    except VerificationError as problem:
        raise VerificationError(
            f"the log was rewritten since it had {size:,} entries: {problem}",
            hint="keep the offer: it is signed with the log's key, and proves it",
        ) from problem


def _name(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()[:32]
