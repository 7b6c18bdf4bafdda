"""Read a log from its directory and believe only what its signed checkpoint proves."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.errors import FormatError, VerificationError
from overt.format import merkle, note
from overt.format.checkpoint import Checkpoint
from overt.format.note import VerifierKey
from overt.ledger import tiles
from overt.ledger.edge import Edge, partial_widths
from overt.ledger.tiles import Tile
from overt.store import files

CHECKPOINT: Final = "checkpoint"
_MAX_CHECKPOINT_BYTES: Final = 1 << 16
_MAX_TILE_BYTES: Final = tiles.WIDTH * (1 << 16)
_BITS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """A checkpoint that was signed by the log's own key: the *note*, and what it says."""

    note: str
    checkpoint: Checkpoint


def read_text(directory: Path, name: str = CHECKPOINT) -> str:
    """Return the text of the small file *name* of a log; raises ``StorageError`` or ``VerificationError``."""
    try:
        return files.read(directory, name, limit=_MAX_CHECKPOINT_BYTES).decode()
    except UnicodeDecodeError:
        raise VerificationError(f"the file {name} of the log is not text") from None


def signed_head(signed: str, vkey: str) -> SignedHead:
    """Return what the note *signed* says of the log of *vkey*.

    Raises:
        VerificationError: it is malformed, not signed by that key, or about another log.
    """
    try:
        checkpoint = Checkpoint.parse(note.verify_note(signed, vkey, others=True))
    except FormatError as problem:
        raise VerificationError(f"the log is malformed: {problem}") from problem
    if checkpoint.origin != VerifierKey.parse(vkey).name:
        raise VerificationError("a checkpoint is of another log")
    return SignedHead(note=signed, checkpoint=checkpoint)


def read_head(directory: Path, vkey: str) -> SignedHead:
    """Return the newest checkpoint of the log in *directory*; raises as :func:`signed_head`, or ``StorageError``."""
    return signed_head(read_text(directory), vkey)


def read_edge(directory: Path, head: Checkpoint) -> Edge:
    """Return the right edge of the log in *directory*, proven to be the one of *head*.

    Raises:
        VerificationError: the last tiles were changed.
        StorageError: one is missing, or the system refused.
    """
    try:
        levels = [_partial_hashes(directory, head.size, level) for level in range(len(partial_widths(head.size)))]
        width = head.size % tiles.WIDTH
        last = Tile(level="entries", index=head.size // tiles.WIDTH, width=width)
        edge = Edge(head.size, read_entry_tile(directory, last) if width else [], levels)
    except FormatError as problem:
        raise VerificationError(f"the log is malformed: {problem}") from problem
    if edge.root() != head.root:
        raise VerificationError("the last tiles of the log are not those of its checkpoint")
    return edge


def read_proven(directory: Path, head: Checkpoint) -> list[bytes]:
    """Return the bytes of every entry, once each tile of each level and the root are computed from them.

    Raises:
        VerificationError: a tile was changed, or the entries are not those of *head*.
        StorageError: a tile is missing, or the system refused.
    """
    try:
        entries = [entry for tile in tiles.entry_tiles(head.size) for entry in read_entry_tile(directory, tile)]
    except FormatError as problem:
        raise VerificationError(f"the log is malformed: {problem}") from problem
    tree = merkle.Tree(map(merkle.leaf_hash, entries))
    if tree.root() != head.root:
        raise VerificationError("the log's entries are not those of its checkpoint")
    for tile in tiles.hash_tiles(head.size):
        if read_tile(directory, tile) != tiles.render_hashes(tree, tile):
            raise VerificationError("a hash tile of the log was changed")
    return entries


class TileNodes:
    """The perfect subtrees of a log of *size* entries, from its hash tiles as they are asked for.

    Nothing is believed: a proof made of them is to be checked against a signed root.
    """

    def __init__(self, directory: Path, size: int) -> None:
        """Look at the tiles in *directory*."""
        self._directory = directory
        self._size = size
        self._tiles: dict[Tile, list[bytes]] = {}

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of the perfect subtree of ``2 ** level`` leaves that is number *index* of its level.

        Raises:
            VerificationError: its tile is malformed.
            StorageError: its tile is missing, or the system refused.
        """
        row, bits = divmod(level, _BITS)
        start = index << bits
        number = start // tiles.WIDTH
        width = min(tiles.WIDTH, (self._size >> _BITS * row) - number * tiles.WIDTH)
        hashes = self._hashes(Tile(level=row, index=number, width=width))
        at = start - number * tiles.WIDTH
        return merkle.perfect_root(hashes[at : at + (1 << bits)])

    def _hashes(self, tile: Tile) -> list[bytes]:
        if tile not in self._tiles:
            self._tiles[tile] = read_hash_tile(self._directory, tile)
        return self._tiles[tile]


def check_growth(directory: Path, old: Checkpoint, new: Checkpoint) -> list[bytes]:
    """Return the proof that the log in *directory*, whose head is *new*, begins with what *old* says.

    Raises:
        VerificationError: it does not: the log was rewritten or cut back.
        StorageError: a tile is missing, or the system refused.
    """
    if old.size > new.size:
        raise VerificationError(f"the log was cut back from {old.size:,} entries to {new.size:,}")
    proof = merkle.consistency_proof(old.size, new.size, TileNodes(directory, new.size).node)
    merkle.verify_consistency(old.size, new.size, proof, old.root, new.root)
    return proof


def prove_inclusion(nodes: TileNodes, index: int, head: Checkpoint, entry: bytes) -> list[bytes]:
    """Return the proof that the log with these *nodes*, as of *head*, holds *entry* at *index*.

    Raises:
        VerificationError: it does not.
        StorageError: a tile is missing, or the system refused.
    """
    proof = merkle.inclusion_proof(index, head.size, nodes.node)
    merkle.verify_inclusion(merkle.leaf_hash(entry), index, head.size, proof, head.root)
    return proof


def read_entry_tile(directory: Path, tile: Tile) -> list[bytes]:
    """Return the entries in the entry tile *tile*; raises ``FormatError`` or ``StorageError``."""
    return tiles.parse_entries(read_tile(directory, tile), tile.width)


def read_hash_tile(directory: Path, tile: Tile) -> list[bytes]:
    """Return the hashes in the hash tile *tile*; raises ``VerificationError`` or ``StorageError``."""
    data = read_tile(directory, tile)
    if len(data) != tile.width * merkle.HASH_BYTES:
        raise VerificationError("a hash tile of the log was changed")
    return [data[at : at + merkle.HASH_BYTES] for at in range(0, len(data), merkle.HASH_BYTES)]


def read_tile(directory: Path, tile: Tile) -> bytes:
    """Return the bytes of *tile*; raises ``StorageError``."""
    return files.read(directory.joinpath(*tile.directory), tile.name, limit=_MAX_TILE_BYTES)


def _partial_hashes(directory: Path, size: int, level: int) -> list[bytes]:
    count = size >> _BITS * level
    width = count % tiles.WIDTH
    return read_hash_tile(directory, Tile(level=level, index=count // tiles.WIDTH, width=width)) if width else []
