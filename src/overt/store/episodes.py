"""One directory of episodes: ``<id>.ep`` grows by whole flushes and is never reopened, ``<id>.keys`` is replaceable."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from overt.errors import StorageError
from overt.store import files

_EPISODE: Final = ".ep"
_KEYS: Final = ".keys"
_ID: Final = re.compile(r"[0-9a-f]{32}")


class EpisodeFile:
    """An episode that is being written, by the one process that created it."""

    def __init__(self, descriptor: int, name: str, size: int) -> None:
        """Own the append-only *descriptor* of the file *name*, which holds *size* bytes."""
        self._descriptor = descriptor
        self._name = name
        self._size = size
        self._broken = False

    @property
    def size(self) -> int:
        """The number of bytes that are durably kept."""
        return self._size

    def append(self, data: bytes) -> None:
        """Add *data*, whole flushes, with one write, and return once the disk has it.

        Raises:
            StorageError: the system refused or wrote only a part: the file is cut back to its last whole flush. When
                even that, or reaching the disk, failed, the file takes nothing more.
        """
        if self._broken:
            raise StorageError(f"{self._name} takes no more data after a failed write or its close")
        try:
            self._write_once(data)
        except OSError as error:
            self._cut_back()
            raise files.refusal("append to", self._name, error) from error
        self._size += len(data)

    def close(self) -> None:
        """Give the file up; closing twice is no error."""
        self._broken = True
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        """Return this file; leaving the block closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()

    def _write_once(self, data: bytes) -> None:
        written = os.write(self._descriptor, data)
        if written != len(data):
            # The system gives the reason for a short write only to whoever tries again.
            files.write_all(self._descriptor, data[written:])
        self._sync()

    def _sync(self) -> None:
        try:
            files.sync_data(self._descriptor)
        except OSError:
            # After a failed sync the kernel may have dropped the pages: nothing later can be trusted to follow them.
            self._broken = True
            raise

    def _cut_back(self) -> None:
        try:
            os.ftruncate(self._descriptor, self._size)
            files.sync_data(self._descriptor)
        except OSError:
            self._broken = True


class EpisodeStore:
    """The episodes in one directory."""

    def __init__(self, directory: Path) -> None:
        """Look at *directory*; it is made when the first episode is."""
        self._directory = directory

    def create(self, episode_id: str, first: bytes) -> EpisodeFile:
        """Start the episode *episode_id* with the bytes *first*; put its keys first, or it may never be read.

        Raises:
            StorageError: it exists already, or the system refused; then no such file is left behind.
        """
        name = _name(episode_id, _EPISODE)
        files.ensure_directory(self._directory)
        with files.opened_directory(self._directory) as parent:
            return EpisodeFile(files.create_open(parent, name, first), name, len(first))

    def put(self, episode_id: str, data: bytes) -> None:
        """Keep the finished episode *data*, for example one that was handed over: the whole of it, or nothing.

        Raises:
            StorageError: it exists already, or the system refused.
        """
        name = _name(episode_id, _EPISODE)
        files.ensure_directory(self._directory)
        files.create_exclusive(self._directory, name, data)

    def put_keys(self, episode_id: str, data: bytes) -> None:
        """Keep the wrapped section keys of a new episode.

        Raises:
            StorageError: there are some already, or the system refused.
        """
        files.ensure_directory(self._directory)
        files.create_exclusive(self._directory, _name(episode_id, _KEYS), data)

    def replace_keys(self, episode_id: str, data: bytes) -> None:
        """Put *data* in the place of the episode's wrapped keys, in one step.

        Raises:
            StorageError: the system refused; then the old keys are still there.
        """
        files.replace(self._directory, _name(episode_id, _KEYS), data)

    def read(self, episode_id: str) -> bytes:
        """Return all bytes of the episode.

        Raises:
            StorageError: there is none, or the system refused.
        """
        return files.read(self._directory, _name(episode_id, _EPISODE))

    def read_keys(self, episode_id: str) -> bytes:
        """Return the wrapped keys of the episode.

        Raises:
            StorageError: there are none, or the system refused.
        """
        return files.read(self._directory, _name(episode_id, _KEYS))

    def holds(self, episode_id: str) -> bool:
        """Say whether something lies in the place of the episode, without looking through the directory."""
        return os.path.lexists(self._directory / _name(episode_id, _EPISODE))

    def list(self) -> list[str]:
        """Return the ids of the episodes, sorted; a directory that does not exist yet holds none.

        Raises:
            StorageError: the directory cannot be listed safely.
        """
        return _stems(self._directory, _EPISODE)

    def list_keys(self) -> Sequence[str]:
        """Return the ids for which there are wrapped keys, with an episode or without; otherwise as :meth:`list`."""
        return _stems(self._directory, _KEYS)

    def unlink(self, episode_id: str) -> None:
        """Remove the episode's keys, then the episode; what is already gone is no error.

        Raises:
            StorageError: the system refused.
        """
        files.unlink(self._directory, _name(episode_id, _KEYS), missing_ok=True)
        files.unlink(self._directory, _name(episode_id, _EPISODE), missing_ok=True)


def _stems(directory: Path, suffix: str) -> list[str]:
    if not directory.exists():
        return []
    stems = [name.removesuffix(suffix) for name in files.names(directory) if name.endswith(suffix)]
    return [stem for stem in stems if _ID.fullmatch(stem)]


def _name(episode_id: str, suffix: str) -> str:
    if not _ID.fullmatch(episode_id):
        raise StorageError("an episode id is 32 lower-case hexadecimal digits")
    return episode_id + suffix
