"""A finished export in an object store: every file first, the manifest last, and nothing of anybody's overwritten."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from overt.dataset.objects import Prefix
from overt.dataset.output import MANIFEST, read_manifest
from overt.errors import FormatError, UsageError
from overt.store import files

UNFINISHED: Final = "UPLOADING.json"
"""The manifest that an export will have, while its files are on their way: what tells them from anybody else's."""


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
    names = sorted(_files(directory))
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
    for name in names:
        place.put(name, directory / name)
        progress()
    place.put(MANIFEST, manifest)
    place.remove([UNFINISHED])
    return True


def _files(directory: Path) -> list[str]:
    named = read_manifest(directory)["files"]
    if not isinstance(named, dict):
        raise FormatError(f"the {MANIFEST} in {directory} is malformed")
    return [str(name) for name in named]
