"""A data set as its manifest describes it, read strictly: it may come from anywhere."""

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from overt.dataset.interface import Format
from overt.dataset.manifest import Account, Source
from overt.dataset.output import read_manifest
from overt.errors import FormatError

EpisodeId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
_Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Count = Annotated[int, Field(ge=0)]
_Counts = dict[str, _Count]
_Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.+-]{1,64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class KnownSource(_Part):
    """The grant and the deletion tag of one episode."""

    consent_receipt_sha256: _Hash
    deletion_tag: _Hash


class Parameters(_Part):
    """With what it was exported."""

    formats: Annotated[tuple[Format, ...], Field(min_length=1)]
    gaps: Literal["buckets", "withheld"]
    split_after_s: _Count


class Episodes(_Part):
    """How many episodes were offered to the export, are in the data set, were skipped, and were deleted since."""

    offered: _Count
    exported: _Count
    skipped: _Counts
    deleted: _Count = 0


class Manifest(_Part):
    """``MANIFEST.json``, as ``docs/spec/dataset-v1.md`` defines it. Counts that a deletion made untrue are ``None``."""

    format: Literal["overt-dataset/1"]
    schema_version: _Word
    exporter_version: _Word
    purpose: _Word
    trial: bool
    synthetic: bool
    parameters: Parameters
    episodes: Episodes
    rows: _Counts
    events_left_out: _Counts | None
    frames_left_out: _Counts | None
    judges: dict[_Word, Annotated[str, Field(max_length=200)]] = {}
    withheld_at_export: _Counts | None = None
    """What exporters withheld before a finding barred an episode; no longer written."""
    lossy: _Counts | None
    consent_receipts_sha256: list[_Hash]
    sources: dict[EpisodeId, KnownSource]
    revoked_by: Annotated[str, Field(max_length=1_000)]
    files: dict[str, _Hash]


def known(directory: Path) -> Manifest:
    """Return the manifest of the data set in *directory*; raises ``FormatError`` when there is none of ours."""
    try:
        return Manifest.model_validate_json(json.dumps(read_manifest(directory)))
    except ValidationError as invalid:
        wrong = ", ".join(sorted({str(error["loc"][0]) for error in invalid.errors()}))
        raise FormatError(f"the manifest in {directory} is malformed in: {wrong}") from None


def account_of(manifest: Manifest) -> Account:
    """Return what *manifest* says, as the card is made of it."""
    return Account(
        purpose=manifest.purpose,
        trial=manifest.trial,
        synthetic=manifest.synthetic,
        formats=manifest.parameters.formats,
        gaps=manifest.parameters.gaps == "buckets",
        split_after_s=manifest.parameters.split_after_s,
        offered=manifest.episodes.offered,
        exported=manifest.episodes.exported,
        skipped=manifest.episodes.skipped,
        left_out=manifest.events_left_out or {},
        frames_left_out=manifest.frames_left_out or {},
        judges=manifest.judges,
        rows=manifest.rows,
        lossy=manifest.lossy or {},
        receipts=tuple(manifest.consent_receipts_sha256),
        sources={
            episode_id: Source(receipt=each.consent_receipt_sha256, tag=each.deletion_tag)
            for episode_id, each in manifest.sources.items()
        },
        revoked_by=manifest.revoked_by,
    )
