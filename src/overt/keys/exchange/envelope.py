"""An envelope: a canonical ``ustar`` archive whose first member is a signed slip that names every other by its hash."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from overt.errors import FormatError, VerificationError
from overt.format.container import read_members, render_member

MANIFEST: Final = "manifest.note"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Envelope:
    """What an envelope holds: the signed *manifest*, not yet believed, and the files beside it by name."""

    manifest: str
    files: dict[str, bytes]

    def check(self, hashes: Mapping[str, str], what: str) -> None:
        """Raise ``VerificationError`` unless the files are exactly those of *hashes*, which the manifest states."""
        if hashes != hashes_of(self.files):
            raise VerificationError(f"a file in {what} was changed, is missing, or was added")


def hashes_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each of *files* by its name."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def render_envelope(manifest: str, files: Mapping[str, bytes]) -> bytes:
    """Return the bytes of the envelope; raises ``FormatError`` when a file is over 64 MiB."""
    members = [(MANIFEST, manifest.encode()), *sorted(files.items())]
    return b"".join(render_member(name, data) for name, data in members)


def read_envelope(data: bytes, what: str) -> Envelope:
    """Return what the envelope *data* holds; *what* names it in a message.

    Raises:
        FormatError: It is no envelope, or a name stands twice or out of order in it.
    """
    try:
        members = [(member.name, member.data) for member in read_members(data)]
        manifest = members[0][1].decode() if members and members[0][0] == MANIFEST else ""
    except (FormatError, UnicodeDecodeError):
        raise FormatError(f"{what} is damaged, or another kind of file") from None
    files = dict(members[1:])
    if not manifest or list(files) != sorted(files) or len(files) != len(members) - 1:
        raise FormatError(f"{what} is damaged, or another kind of file")
    return Envelope(manifest=manifest, files=files)
