"""The request to delete what was exported: it holds the deletion handles of withdrawn grants, and nothing about who."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from overt.consent.deletion import DeletionRequest, request_text
from overt.consent.record import parse_record
from overt.errors import ConsentError, FormatError
from overt.format.note import parse_note
from overt.keys.consent_files import read_text, withdrawn
from overt.store import files
from overt.store.home import Home

NAME: Final = "deletion-request.json"


def request_path(home: Home) -> Path:
    """Return where the request is, once something was withdrawn."""
    return home.grants_directory.parent / NAME


def write_request(home: Home) -> Path | None:
    """Write the request for every withdrawn grant of *home* and return where it is; ``None`` where there is no handle.

    Needs no key. A grant that is too damaged to say its handle is left out.

    Raises:
        StorageError: The disk refused.
    """
    handles = tuple(sorted(set(_handles(home))))
    if not handles:
        return None
    text = request_text(DeletionRequest(handles=handles))
    place = request_path(home)
    files.replace(place.parent, place.name, text.encode())
    return place


def _handles(home: Home) -> Iterator[str]:
    """Yield the handle of each withdrawn grant, which on a full disk was moved to the place of its withdrawal."""
    for place in (home.grants_directory, home.withdrawals_directory):
        for path in sorted(place.glob("*.note")):
            try:
                grant = parse_record(parse_note(read_text(path)).text)
            except (ConsentError, FormatError, FileNotFoundError):
                continue
            if withdrawn(home, grant.id):
                yield grant.parties.deletion_handle
