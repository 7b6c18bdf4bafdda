"""Receipts: a file by which anybody can check, offline, that a log holds an entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from overt.errors import FormatError, UsageError, VerificationError
from overt.format import merkle
from overt.format.cosignature import Cosigned, read_cosignature
from overt.format.proof import InclusionFile
from overt.ledger.entry import parse_entry
from overt.ledger.log import verify_ledger
from overt.ledger.reading import SignedHead, TileNodes, prove_inclusion, read_entry_tile, read_head, signed_head
from overt.ledger.tiles import WIDTH, Tile
from overt.ledger.witness import read_witnessed
from overt.policy.canonical import JsonValue
from overt.store.lock import locked


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A receipt that was checked: *entry* is number *index* of the log *origin*, which had *size* entries then.

    *cosigned* says by whom and when that was witnessed, if a witness was asked for.
    """

    origin: str
    index: int
    size: int
    entry: dict[str, JsonValue]
    cosigned: Cosigned | None


def make_receipt(directory: Path, vkey: str, index: int) -> str:
    """Return the receipt of entry *index* of the log in *directory*, under a witnessed checkpoint if one covers it.

    Raises:
        UsageError: there is no such entry.
        VerificationError: the log was changed.
        StorageError: the system refused.
    """
    with locked(directory, shared=True):
        newest = read_head(directory, vkey)
        if not 0 <= index < newest.checkpoint.size:
            raise UsageError(f"the log has {newest.checkpoint.size:,} entries, numbered from 0")
        entry = _read_entry(directory, index, newest.checkpoint.size)
        head = _best_head(directory, vkey, index, newest)
        nodes = TileNodes(directory, newest.checkpoint.size)
        hashes = prove_inclusion(nodes, index, head.checkpoint, entry)
    return InclusionFile(index=index, hashes=tuple(hashes), checkpoint=head.note, extra=entry).text()


def check_receipt(text: str, vkey: str, witness: str | None = None) -> Proven:
    """Return what the receipt *text* proves about the log of *vkey*; with a *witness*, that it vouches for it.

    Raises:
        FormatError: it is malformed.
        VerificationError: it proves nothing, or not by that key and that witness.
    """
    claim = InclusionFile.parse(text)
    head = signed_head(claim.checkpoint, vkey).checkpoint
    merkle.verify_inclusion(merkle.leaf_hash(claim.extra), claim.index, head.size, claim.hashes, head.root)
    return Proven(
        origin=head.origin,
        index=claim.index,
        size=head.size,
        entry=parse_entry(claim.extra, head.origin),
        cosigned=read_cosignature(claim.checkpoint, witness) if witness else None,
    )


def find_last(directory: Path, vkey: str, wanted: Mapping[str, JsonValue]) -> int | None:
    """Return the index of the last entry with the fields *wanted* in the log in *directory*, once all of it is proven.

    Raises:
        VerificationError: the log was changed.
        StorageError: the system refused.
    """
    entries = verify_ledger(directory, vkey).entries
    return next((at for at in reversed(range(len(entries))) if wanted.items() <= entries[at].items()), None)


def find_ends(directory: Path, vkey: str) -> dict[str, int]:
    """Return, for each episode that ended, the index of the entry in the log in *directory* that says how.

    Raises:
        VerificationError: the log was changed.
        StorageError: the system refused.
    """
    ends: dict[str, int] = {}
    for index, entry in enumerate(verify_ledger(directory, vkey).entries):
        if entry["type"] in {"episode-close", "recovered"}:
            ends.setdefault(str(entry["id"]), index)
    return ends


def _best_head(directory: Path, vkey: str, index: int, newest: SignedHead) -> SignedHead:
    witnessed = read_witnessed(directory, vkey)
    return witnessed if witnessed is not None and index < witnessed.checkpoint.size else newest


def _read_entry(directory: Path, index: int, size: int) -> bytes:
    number, at = divmod(index, WIDTH)
    try:
        return read_entry_tile(directory, Tile(level="entries", index=number, width=min(WIDTH, size - number * WIDTH)))[
            at
        ]
    except FormatError as problem:
        raise VerificationError(f"the log is malformed: {problem}") from problem
