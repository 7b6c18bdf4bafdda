"""A data set as its manifest describes it, read strictly: it may come from anywhere."""

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from overt.dataset.interface import Format
from overt.dataset.manifest import Account, Source
from overt.dataset.output import read_manifest
from overt.dataset.release import About, Receiver, Split
from overt.errors import FormatError

EpisodeId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
_Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Count = Annotated[int, Field(ge=0)]
_Counts = dict[str, _Count]
_Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}$")]
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
    holdout_percent: Annotated[int, Field(ge=0, le=100)]


class KnownReceiver(_Part):
    """The organisation that it was made for."""

    name: _Line
    contact: _Line
    country: _Line


class KnownAbout(_Part):
    """Who answers for it."""

    controller: _Line
    contact: _Line
    jurisdictions: tuple[_Word, ...]
    receiver: KnownReceiver | None


class Collected(_Part):
    """When it was recorded, and what."""

    months: tuple[_Month, _Month]
    signals: tuple[_Word, ...]


class Episodes(_Part):
    """How many episodes were offered to the export, are in the data set, were skipped, and were deleted since."""

    offered: _Count
    exported: _Count
    skipped: _Counts
    deleted: _Count


class Manifest(_Part):
    """``MANIFEST.json``, as ``docs/spec/dataset-v1.md`` defines it. Counts that a deletion made untrue are ``None``."""

    format: Literal["overt-dataset/1"]
    schema_version: _Word
    exporter_version: _Word
    purpose: _Word
    trial: bool
    synthetic: bool
    about: KnownAbout
    parameters: Parameters
    collected: Collected
    episodes: Episodes
    rows: _Counts
    splits: dict[Split, _Counts]
    events_left_out: _Counts | None
    frames_left_out: _Counts | None
    judges: dict[_Word, Annotated[str, Field(max_length=200)]]
    lossy: _Counts | None
    receipt_salt: _Hash
    consent_receipts_sha256: list[_Hash]
    sources: dict[EpisodeId, KnownSource]
    tombstones: list[_Hash]
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
    """Return what *manifest* says, as the card and the manifest of what is left of it are made of it."""
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
        left_out=manifest.events_left_out,
        frames_left_out=manifest.frames_left_out,
        judges=manifest.judges,
        rows=manifest.rows,
        splits={split.value: rows for split, rows in manifest.splits.items()},
        lossy=manifest.lossy,
        receipts=tuple(manifest.consent_receipts_sha256),
        sources={
            episode_id: Source(receipt=each.consent_receipt_sha256, tag=each.deletion_tag)
            for episode_id, each in manifest.sources.items()
        },
        revoked_by=manifest.revoked_by,
        holdout=manifest.parameters.holdout_percent,
        receipt_salt=manifest.receipt_salt,
        about=_about(manifest.about),
        months=manifest.collected.months,
        signals=manifest.collected.signals,
        deleted=manifest.episodes.deleted,
        tombstones=tuple(manifest.tombstones),
        schema=manifest.schema_version,
        version=manifest.exporter_version,
    )


def _about(about: KnownAbout) -> About:
    given = about.receiver
    receiver = None if given is None else Receiver(name=given.name, contact=given.contact, country=given.country)
    return About(
        controller=about.controller,
        contact=about.contact,
        jurisdictions=about.jurisdictions,
        receiver=receiver,
    )
