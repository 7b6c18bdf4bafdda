"""The manifests of exports, as far as an audit reads them."""

import hashlib
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from overt.errors import FormatError
from overt.store.files import read_anywhere

EXPORTS: Final = "exports"
MANIFEST: Final = "MANIFEST.json"
_LIMIT: Final = 1 << 28
_Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class _Part(BaseModel):
    # What else a manifest says is the exporter's business; a new key of theirs must not end an audit.
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Source(_Part):
    """What stands for the grant of one episode, and by what its person can have it deleted."""

    consent_receipt_sha256: _Hash
    deletion_tag: _Hash


class _Episodes(_Part):
    deleted: Annotated[int, Field(ge=0)] = 0


class Receiver(_Part):
    """To whom a release was made."""

    name: str
    country: str


class About(_Part):
    """For whom a release is; without a receiver it stays in the house."""

    receiver: Receiver | None = None


class Manifest(_Part):
    """What an audit reads of a manifest; *sources* by episode id."""

    format: Annotated[str, StringConstraints(pattern=r"^overt-dataset/1$")]
    purpose: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,64}$")]
    trial: bool
    synthetic: bool
    episodes: _Episodes
    receipt_salt: _Hash | None = None
    sources: dict[_Id, Source]
    revoked_by: str
    about: About | None = None


def read_manifest(place: Path) -> tuple[str, Manifest]:
    """Return the manifest of the export in *place*, and its SHA-256, by which the log names it.

    Raises:
        StorageError: it cannot be read.
        FormatError: it is none of ours.
    """
    data = read_anywhere(place / MANIFEST, limit=_LIMIT)
    try:
        return hashlib.sha256(data).hexdigest(), Manifest.model_validate_json(data)
    except ValidationError:
        raise FormatError(f"the manifest of {place.name} is malformed") from None
