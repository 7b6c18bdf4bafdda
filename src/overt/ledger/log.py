"""Append to the log, read it, and prove it: a directory of tiles under a signed checkpoint."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from overt.errors import FormatError, OvertError, StorageError, VerificationError
from overt.format.checkpoint import Checkpoint
from overt.format.note import NoteSigner
from overt.ledger import tiles
from overt.ledger.edge import Edge
from overt.ledger.entry import parse_entry, render_entry
from overt.ledger.reading import CHECKPOINT, SignedHead, check_growth, read_edge, read_head, read_proven, read_text
from overt.ledger.waiting import log_waiting
from overt.policy.canonical import JsonValue
from overt.store import files
from overt.store.lock import locked


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
    """The log in one directory, for its one signer.

    It proves what it relies on: the checkpoint's signature, the last tile of each level against its root, and, when
    another process has added something, that the log only grew. :func:`verify_ledger` proves the rest. To open it is
    also to log what waited for the signer's key (:mod:`overt.ledger.waiting`).
    """

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
                files.replace(directory, CHECKPOINT, self._signed(Edge.empty()).encode())
            self._head = read_head(directory, signer.vkey)
            self._edge: Edge | None = read_edge(directory, self._head.checkpoint)
        log_waiting(directory, self.append)

    def append(self, entry: Mapping[str, JsonValue]) -> int:
        """Log *entry* durably and return its index.

        Raises:
            FormatError: it is not on the closed list.
            VerificationError: the log on the disk was changed.
            StorageError: the system refused; the entry does not count as logged, and the log is whole.
        """
        data = render_entry(entry, self._signer.name)
        with locked(self._directory):
            edge = self._current_edge()
            try:
                return self._append(edge, data)
            except BaseException:
                # What is in memory may be ahead of the disk now, and the disk is right.
                self._edge = None
                with suppress(OvertError):
                    self._current_edge()
                raise

    def entries(self) -> list[dict[str, JsonValue]]:
        """Return every entry of the whole log, proven; raises as :func:`verify_ledger`."""
        return read_entries(self._directory, self._signer.vkey)

    def checkpoint(self) -> str:
        """Return the signed checkpoint over everything that is logged."""
        return self._head.note

    @property
    def size(self) -> int:
        """The number of entries."""
        return self._head.checkpoint.size

    def _current_edge(self) -> Edge:
        if self._edge is not None and read_text(self._directory) == self._head.note:
            return self._edge
        # Another process of this person has logged something since, or the last write failed.
        head = read_head(self._directory, self._signer.vkey)
        edge = read_edge(self._directory, head.checkpoint)
        check_growth(self._directory, self._head.checkpoint, head.checkpoint)
        self._head, self._edge = head, edge
        return edge

    def _append(self, edge: Edge, data: bytes) -> int:
        old = edge.size
        for tile, content in edge.append(data):
            directory = files.ensure_directory(self._directory.joinpath(*tile.directory))
            files.replace(directory, tile.name, content)
        signed = self._signed(edge)
        files.replace(self._directory, CHECKPOINT, signed.encode())
        self._head = SignedHead(note=signed, checkpoint=self._checkpoint(edge))
        _drop_superseded(self._directory, old)
        return old

    def _checkpoint(self, edge: Edge) -> Checkpoint:
        return Checkpoint(origin=self._signer.name, size=edge.size, root=edge.root())

    def _signed(self, edge: Edge) -> str:
        return self._signer.sign(self._checkpoint(edge).text())


def verify_ledger(directory: Path, vkey: str) -> LedgerState:
    """Return the log in *directory* once every tile and the root are recomputed and the signature by *vkey* holds.

    Raises:
        VerificationError: the log was changed, is another's, or holds what no log may hold.
        StorageError: a file is missing, or the system refused.
    """
    with locked(directory, shared=True):
        head = read_head(directory, vkey)
        data = read_proven(directory, head.checkpoint)
    try:
        entries = tuple(parse_entry(entry, head.checkpoint.origin) for entry in data)
    except FormatError as problem:
        raise VerificationError(f"the log holds what no log may hold: {problem}") from problem
    return LedgerState(checkpoint=head.note, entries=entries, root=head.checkpoint.root.hex())


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


def _drop_superseded(directory: Path, old: int) -> None:
    """Remove the partial tiles that only a log of *old* entries has: the newer checkpoint is durable by now."""
    partial = [tile for tile in tiles.changed_tiles(old + 1, old) if tile.width < tiles.WIDTH]
    for tile in partial:
        place = directory.joinpath(*tile.directory)
        # What stays behind costs some space and proves nothing wrong; what was asked for is logged.
        with suppress(StorageError):
            files.unlink(place, tile.name, missing_ok=True)
