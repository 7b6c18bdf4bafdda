"""One episode between its worker and the export, sealed under a key of the run: no disk and no cluster can read it."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pydantic import TypeAdapter, ValidationError

from overt.dataset.eligible import SkipReason
from overt.errors import FormatError
from overt.events.redacted import RedactedFrame
from overt.format import age_stream
from overt.store.files import refusal
from overt.trajectory.build import Trajectory

KEY_BYTES: Final = 16
_OFFSET_BYTES: Final = 8
_UNFINISHED: Final = ".tmp"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Outcome:
    """What reading one episode came to: *trajectories*, or a *reason* to skip it, with *findings* by kind.

    *left_out* counts events that became no action, *frames_left_out* frames, both by reason.
    """

    reason: SkipReason | None = None
    findings: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    frames_left_out: Mapping[str, int] = field(default_factory=dict)
    trajectories: tuple[Trajectory, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Kept:
    """What stands at the end of a part: the outcome, and where in it each frame is, by its SHA-256."""

    outcome: Outcome
    frames: Mapping[str, tuple[int, int]]


_KEPT: Final = TypeAdapter(_Kept)


def part_key(run_key: bytes, name: str) -> bytes:
    """Return the key of the part *name*, so that no part passes for another."""
    return hmac.digest(run_key, f"overt part\n{name}".encode(), "sha256")[:KEY_BYTES]


class PartWriter:
    """Keeps frames as they are read, and then the outcome; nothing has the name *path* before it is complete.

    Leaving its block without ``finish`` leaves nothing behind.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        """Begin the part *path* under *key*, over what was begun before; raises ``StorageError``."""
        self._path, self._key = path, key
        self._begun = path.with_name(path.name + _UNFINISHED)
        self._where: dict[str, tuple[int, int]] = {}
        self._end = 0
        try:
            self._begun.unlink(missing_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self._file = os.fdopen(os.open(self._begun, flags, 0o600), "w+b")
        except OSError as problem:
            raise refusal("write", str(path), problem) from None

    def put(self, frame: RedactedFrame) -> None:
        """Keep the PNG file of *frame*, once; raises ``StorageError``."""
        if frame.event.sha256 not in self._where:
            self._where[frame.event.sha256] = self._append(frame.png)

    def get(self, sha256: str) -> bytes:
        """Return the PNG file with this SHA-256, which must have been put."""
        return age_stream.unseal(_at(self._file.fileno(), *self._flushed(sha256)), self._key)

    def finish(self, outcome: Outcome) -> None:
        """Write *outcome* and give the part its name; of an episode that is skipped no frame is kept."""
        try:
            if outcome.reason is not None:
                self._file.truncate(0)
                self._where, self._end = {}, 0
            offset, _ = self._append(_KEPT.dump_json(_Kept(outcome=outcome, frames=self._where)))
            self._file.write(offset.to_bytes(_OFFSET_BYTES, "big"))
            self._file.flush()
            os.fsync(self._file.fileno())
            self._begun.rename(self._path)
        except OSError as problem:
            raise refusal("write", str(self._path), problem) from None

    def _flushed(self, sha256: str) -> tuple[int, int]:
        self._file.flush()
        return self._where[sha256]

    def _append(self, content: bytes) -> tuple[int, int]:
        sealed = age_stream.seal(content, self._key, secrets.token_bytes(age_stream.NONCE_BYTES))
        where = (self._end, len(sealed))
        try:
            self._file.seek(self._end)
            self._file.write(sealed)
        except OSError as problem:
            raise refusal("write", str(self._path), problem) from None
        self._end += len(sealed)
        return where

    def __enter__(self) -> Self:
        """Return this writer; leaving the block closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file, and remove it unless it was finished."""
        self._file.close()
        self._begun.unlink(missing_ok=True)


class Part:
    """A complete part. Use it in a ``with`` block, which closes its file."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Open the part *path* under *key*.

        Raises:
            FormatError: it was changed, cut, or sealed under another key.
            StorageError: it cannot be read.
        """
        self._key = key
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as problem:
            raise refusal("read", str(path), problem) from None
        try:
            kept = self._kept()
        except BaseException:
            os.close(self._descriptor)
            raise
        self.outcome, self._where = kept.outcome, kept.frames

    def frame(self, sha256: str) -> bytes:
        """Return the PNG file with this SHA-256, which a step of the outcome shows; raises ``FormatError``."""
        png = age_stream.unseal(_at(self._descriptor, *self._where[sha256]), self._key)
        if hashlib.sha256(png).hexdigest() != sha256:
            raise FormatError("a frame between worker and export is another one")
        return png

    def _kept(self) -> _Kept:
        end = os.fstat(self._descriptor).st_size - _OFFSET_BYTES
        offset = int.from_bytes(_at(self._descriptor, max(end, 0), _OFFSET_BYTES), "big")
        if not 0 <= offset < end:
            raise FormatError("what a worker has written is cut off")
        try:
            return _KEPT.validate_json(age_stream.unseal(_at(self._descriptor, offset, end - offset), self._key))
        except ValidationError:
            # Its text would quote the content.
            raise FormatError("what a worker has written is malformed") from None

    def __enter__(self) -> Self:
        """Return this part; leaving the block closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        os.close(self._descriptor)


def _at(descriptor: int, offset: int, size: int) -> bytes:
    return os.pread(descriptor, size, offset)
