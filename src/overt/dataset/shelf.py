"""Where submitted episodes lie: in a directory, or in an object store of which only the small files are copied here."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Final, Protocol

from overt.dataset.objects import Prefix
from overt.store import files
from overt.store.episodes import EpisodeStore

_EPISODE: Final = re.compile(r"(?P<id>[0-9a-f]{32})\.ep")
_BESIDE: Final = re.compile(r"(?:[0-9a-z][0-9A-Za-z_-]{0,63}/)?[0-9a-z][0-9A-Za-z_.-]{0,199}")
"""What lies beside episodes: grants, approvals, keys, orders. No other name is ever made a file here."""


class Shelf(Protocol):
    """Submitted episodes."""

    directory: Path
    """Where everything but the episodes themselves lies, as ``overt.keys.handover`` keeps it."""

    def ids(self) -> list[str]:
        """Return the ids of the episodes, sorted; raises ``StorageError``."""
        ...

    def address(self, episode_id: str) -> str:
        """Return where the episode lies."""
        ...

    def holding(self, episode_id: str) -> AbstractContextManager[None]:
        """Keep the episode in *directory* for the length of the block, if it is there at all; as ``StorageError``."""
        ...


class Folder:
    """A directory (``Shelf``)."""

    def __init__(self, directory: Path) -> None:
        """Look at *directory*."""
        self.directory = directory

    def ids(self) -> list[str]:
        """Return the ids of the episodes, sorted; raises ``StorageError``."""
        return EpisodeStore(self.directory).list()

    def address(self, episode_id: str) -> str:
        """Return the path of the episode."""
        return str(self.directory / f"{episode_id}.ep")

    def holding(self, episode_id: str) -> AbstractContextManager[None]:
        """Do nothing: it is there."""
        del episode_id
        return nullcontext()


class Copied:
    """An object store (``Shelf``): its small files once, and each episode for as long as it is looked at."""

    def __init__(self, place: Prefix, directory: Path) -> None:
        """Copy what lies beside the episodes at *place* into the empty private *directory*; raises ``StorageError``."""
        self.directory = directory
        self._place = place
        names = place.names()
        found = [_EPISODE.fullmatch(name) for name in names]
        self._ids = sorted(match["id"] for match in found if match)
        for name in names:
            if _BESIDE.fullmatch(name) and not _EPISODE.fullmatch(name):
                files.ensure_directory((directory / name).parent)
                place.get_to(name, directory / name)

    def ids(self) -> list[str]:
        """Return the ids of the episodes that were there, sorted."""
        return list(self._ids)

    def address(self, episode_id: str) -> str:
        """Return the address of the episode."""
        return f"{self._place.address}/{episode_id}.ep"

    @contextmanager
    def holding(self, episode_id: str) -> Iterator[None]:
        """Copy the episode for the length of the block; raises ``StorageError``."""
        file = self.directory / f"{episode_id}.ep"
        self._place.get_to(file.name, file)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)
