"""A finished export in an object store: every file first, the manifest last, and nothing of anybody's overwritten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from overt.dataset.objects import Prefix
from overt.dataset.output import MANIFEST
from overt.errors import UsageError
from overt.store import files

_AT_A_TIME: Final = 8

UNFINISHED: Final = "UPLOADING.json"
"""The manifest that an export will have, while its files are on their way: what tells them from anybody else's."""


def files_of(directory: Path) -> list[str]:
    """Return the name of every file of the export in *directory* but its manifest, with forward slashes, sorted."""
    every = (path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file())
    return sorted(name for name in every if name != MANIFEST)


def check_free(place: Prefix) -> None:
    """Refuse *place* unless it is empty, or holds an export or one that is on its way.

    Raises:
        UsageError: something else is there.
        StorageError: the store refused.
    """
    names = place.names()
    if names and not {MANIFEST, UNFINISHED} & set(names):
        raise UsageError(
            f"{place.address} is not empty and holds no export", hint="nothing is overwritten: choose another --out"
        )


def upload(directory: Path, place: Prefix, progress: Callable[[], None]) -> bool:
    """Copy the export in *directory* to *place*; return ``False`` when the identical one is there already.

    What was interrupted is done again. *progress* is called for each file.

    Raises:
        UsageError: something else is there, or another export.
        StorageError: the store refused.
    """
    check_free(place)
    manifest = files.read(directory, MANIFEST)
    names = files_of(directory)
    there = set(place.names())
    if MANIFEST in there:
        if place.read(MANIFEST) == manifest and there - {UNFINISHED} == {*names, MANIFEST}:
            place.remove([UNFINISHED] if UNFINISHED in there else [])
            return False
        raise UsageError(
            f"{place.address} holds another export, or one that was changed",
            hint="nothing is overwritten: choose another --out",
        )
    if there - {*names, UNFINISHED}:
        raise UsageError(f"another export is on its way to {place.address}", hint="choose another --out")
    place.put(UNFINISHED, manifest)
    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        for _ in threads.map(lambda name: place.put(name, directory / name), names):
            progress()
    place.put(MANIFEST, manifest)
    place.remove([UNFINISHED])
    return True
