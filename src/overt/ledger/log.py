"""Append to the log, read it, and prove it: a directory of tiles under a signed checkpoint."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.errors import FormatError, StorageError, VerificationError
from overt.format import merkle, note
from overt.format.checkpoint import Checkpoint
from overt.format.note import NoteSigner, VerifierKey
from overt.ledger import tiles
from overt.ledger.entry import parse_entry, render_entry
from overt.ledger.tiles import Tile
from overt.policy.canonical import JsonValue
from overt.store import files
from overt.store.lock import locked

CHECKPOINT: Final = "checkpoint"
_MAX_CHECKPOINT_BYTES: Final = 1 << 16
_MAX_TILE_BYTES: Final = tiles.WIDTH * (1 << 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerState:
    """A log that was proven: its *checkpoint* note, and its *entries* in order under the *root* (hexadecimal)."""

    checkpoint: str
    entries: tuple[dict[str, JsonValue], ...]
    root: str

    @property
    def size(self) -> int:
        """The number of entries."""
        return len(self.entries)


class Ledger:
    """The log in one directory, for its one signer. Every append is proven against what is on the disk first."""

    def __init__(self, directory: Path, signer: NoteSigner) -> None:
        """Open the log in *directory*, or start it.

        Raises:
            VerificationError: what is there is not a log by *signer*, or was changed.
            StorageError: the system refused.
        """
        self._directory = directory
        self._signer = signer
        files.ensure_directory(directory)
        with locked(directory):
            if _is_new(directory):
                files.replace(directory, CHECKPOINT, self._signed(merkle.Tree()).encode())
            self._load()

    def append(self, entry: Mapping[str, JsonValue]) -> int:
        """Log *entry* durably and return its index.

        Raises:
            FormatError: it holds something that may not be logged.
            VerificationError: the log on the disk was changed.
            StorageError: the system refused; the entry does not count as logged, and the log is whole.
        """
        data = render_entry(entry)
        with locked(self._directory):
            if _read_checkpoint(self._directory) != self._checkpoint:
                # Another process of this person has logged something since.
                self._load()
            try:
                return self._append(data)
            except StorageError:
                self._load()
                raise

    def checkpoint(self) -> str:
        """Return the signed checkpoint over everything that is logged."""
        return self._checkpoint

    @property
    def size(self) -> int:
        """The number of entries."""
        return len(self._entries)

    def _load(self) -> None:
        self._checkpoint, self._entries, self._tree = _read_proven(self._directory, self._signer.vkey)

    def _append(self, data: bytes) -> int:
        old = len(self._entries)
        self._entries.append(data)
        self._tree.append(data)
        for tile in tiles.changed_tiles(old, old + 1):
            self._write(tile)
        signed = self._signed(self._tree)
        files.replace(self._directory, CHECKPOINT, signed.encode())
        self._checkpoint = signed
        _drop_superseded(self._directory, old)
        return old

    def _write(self, tile: Tile) -> None:
        directory = files.ensure_directory(self._directory.joinpath(*tile.directory))
        files.replace(directory, tile.name, _render(tile, self._entries, self._tree))

    def _signed(self, tree: merkle.Tree) -> str:
        return self._signer.sign(Checkpoint(origin=self._signer.name, size=tree.size, root=tree.root()).text())


def verify_ledger(directory: Path, vkey: str) -> LedgerState:
    """Return the log in *directory* once every tile and the root are recomputed and the signature by *vkey* holds.

    Raises:
        VerificationError: the log was changed, or is another's.
        StorageError: a file is missing, or the system refused.
    """
    with locked(directory, shared=True):
        checkpoint, entries, tree = _read_proven(directory, vkey)
    return LedgerState(
        checkpoint=checkpoint, entries=tuple(parse_entry(entry) for entry in entries), root=tree.root().hex()
    )


def read_entries(directory: Path, vkey: str) -> list[dict[str, JsonValue]]:
    """Return the entries of the proven log in *directory*; raises as :func:`verify_ledger`."""
    return list(verify_ledger(directory, vkey).entries)


def _is_new(directory: Path) -> bool:
    there = files.names(directory)
    if CHECKPOINT not in there and there:
        raise VerificationError(
            "the log has lost its checkpoint", hint="restore the log's directory from a backup, and tell your officer"
        )
    return not there


def _read_checkpoint(directory: Path) -> str:
    try:
        return files.read(directory, CHECKPOINT, limit=_MAX_CHECKPOINT_BYTES).decode()
    except UnicodeDecodeError:
        raise VerificationError("the log's checkpoint is not text") from None


def _read_proven(directory: Path, vkey: str) -> tuple[str, list[bytes], merkle.Tree]:
    signed = _read_checkpoint(directory)
    try:
        claimed = Checkpoint.parse(note.verify_note(signed, vkey, others=True))
        entries = [entry for tile in tiles.entry_tiles(claimed.size) for entry in _read_entry_tile(directory, tile)]
    except FormatError as problem:
        raise VerificationError(f"the log is malformed: {problem}") from problem
    tree = merkle.Tree(merkle.leaf_hash(entry) for entry in entries)
    if claimed.origin != VerifierKey.parse(vkey).name or tree.root() != claimed.root:
        raise VerificationError("the log's entries are not those of its checkpoint")
    for tile in tiles.hash_tiles(claimed.size):
        if _read_tile(directory, tile) != tiles.render_hashes(tree, tile):
            raise VerificationError("a hash tile of the log was changed")
    return signed, entries, tree


def _read_entry_tile(directory: Path, tile: Tile) -> list[bytes]:
    return tiles.parse_entries(_read_tile(directory, tile), tile.width)


def _read_tile(directory: Path, tile: Tile) -> bytes:
    return files.read(directory.joinpath(*tile.directory), tile.name, limit=_MAX_TILE_BYTES)


def _render(tile: Tile, entries: list[bytes], tree: merkle.Tree) -> bytes:
    if tile.level == "entries":
        start = tile.index * tiles.WIDTH
        return tiles.render_entries(entries[start : start + tile.width])
    return tiles.render_hashes(tree, tile)


def _drop_superseded(directory: Path, old: int) -> None:
    """Remove the partial tiles that only a log of *old* entries has: the newer checkpoint is durable by now."""
    partial = [tile for tile in tiles.changed_tiles(old + 1, old) if tile.width < tiles.WIDTH]
    for tile in partial:
        place = directory.joinpath(*tile.directory)
        # What stays behind costs some space and proves nothing wrong; what was asked for is logged.
        with suppress(StorageError):
            files.unlink(place, tile.name, missing_ok=True)
