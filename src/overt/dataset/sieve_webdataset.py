"""WebDataset samples of a data set: which episodes are in them, and a copy without some."""

import re
import tarfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from overt.dataset.staying import Stay
from overt.dataset.webdataset import FOLDER, add_member, open_shard
from overt.errors import FormatError

_MEMBER: Final = re.compile(r"(?:synthetic_)?([0-9a-f]{32})_\d{3,}_\d{5,}\.(json|png)")


def webdataset_episodes(directory: Path) -> set[str]:
    """Return the id of each episode that has a sample in the data set *directory*; raises ``FormatError``."""
    found: set[str] = set()
    for path in _shards(directory):
        with _opened(path) as shard:
            found.update(episode_id for episode_id, _, _ in _members(path, shard))
    return found


def copy_webdataset(directory: Path, doomed: Collection[str], out: Path, stay: Stay) -> dict[str, int]:
    """Write the shards of *directory* into *out* without *doomed*, each under its name; return the rows.

    Raises:
        FormatError: a shard cannot be read.
    """
    (out / FOLDER).mkdir(mode=0o700)
    samples = 0
    for path in _shards(directory):
        with _opened(path) as shard:
            named = [(episode_id, kind) for episode_id, kind, _ in _members(path, shard)]
        samples += sum(kind == "json" for episode_id, kind in named if episode_id not in doomed)
        if any(episode_id in doomed for episode_id, _ in named):
            _copy(path, doomed, out / FOLDER / path.name)
        else:
            stay(path, out / FOLDER / path.name)
    return {FOLDER: samples}


def _copy(path: Path, doomed: Collection[str], target: Path) -> None:
    with _opened(path) as shard, open_shard(target) as copy:
        for episode_id, _, member in _members(path, shard):
            content = shard.extractfile(member)
            if episode_id not in doomed and content is not None:
                add_member(copy, member.name, content.read())


def _members(path: Path, shard: tarfile.TarFile) -> Iterator[tuple[str, str, tarfile.TarInfo]]:
    for member in shard:
        named = _MEMBER.fullmatch(member.name)
        if named is None or not member.isreg():
            raise FormatError(f"{path.name} is not one of ours")
        yield named[1], named[2], member


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:") as shard:
            yield shard
    except tarfile.TarError:
        raise FormatError(f"{path.name} is no tar file, or damaged") from None


def _shards(directory: Path) -> list[Path]:
    return sorted((directory / FOLDER).glob("*.tar"))
