"""``MANIFEST.json``: every file, every count, every receipt; and beside it the card and two more descriptions of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from overt import __version__
from overt.dataset.interface import SCHEMA_VERSION, Format
from overt.dataset.output import MANIFEST
from overt.dataset.release import About

MANIFEST_FORMAT: Final = "overt-dataset/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What stands behind an episode of a data set: the *receipt* of its grant, and its deletion *tag*."""

    receipt: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What an export did, in numbers that add up: *offered* episodes are *exported*, *skipped* by reason, or *deleted*.

    *left_out* counts events that became no action, *frames_left_out* frames, *judges* names who looked a second time,
    and *lossy* what a format could not say; each is ``None`` once a deletion has made it untrue. *rows* count it all,
    *splits* each split. *receipts* stand for the grants that cover the data, under *receipt_salt*, and *sources* name
    that of each episode. *tombstones* stand for episodes that were deleted. *revoked_by* is the key that signs the
    manifest, and revocation lists for it. *months* are the first and the last of the recordings, as ``YYYY-MM``.
    """

    purpose: str
    trial: bool
    synthetic: bool
    formats: tuple[Format, ...]
    gaps: bool
    split_after_s: int
    offered: int
    exported: int
    skipped: Mapping[str, int]
    left_out: Mapping[str, int] | None
    frames_left_out: Mapping[str, int] | None
    judges: Mapping[str, str]
    rows: Mapping[str, int]
    splits: Mapping[str, Mapping[str, int]]
    lossy: Mapping[str, int] | None
    receipts: tuple[str, ...]
    sources: Mapping[str, Source]
    revoked_by: str
    holdout: int
    receipt_salt: str
    about: About
    months: tuple[str, str]
    signals: tuple[str, ...]
    deleted: int = 0
    tombstones: tuple[str, ...] = ()
    schema: str = SCHEMA_VERSION
    version: str = field(default=__version__)


def write_manifest(directory: Path, account: Account, files: Mapping[str, str]) -> None:
    """Write the manifest of the export in *directory*, with its *files* and their SHA-256; raises ``OSError``."""
    create(directory / MANIFEST, json.dumps(_manifest(account, files), indent=2, sort_keys=True) + "\n")


def _manifest(account: Account, files: Mapping[str, str]) -> dict[str, object]:
    return {
        "format": MANIFEST_FORMAT,
        "schema_version": account.schema,
        "exporter_version": account.version,
        "purpose": account.purpose,
        "trial": account.trial,
        "synthetic": account.synthetic,
        "about": _about(account.about),
        "parameters": {
            "formats": [name.value for name in account.formats],
            "gaps": "buckets" if account.gaps else "withheld",
            "split_after_s": account.split_after_s,
            "holdout_percent": account.holdout,
        },
        "collected": {"months": list(account.months), "signals": list(account.signals)},
        "episodes": {
            "offered": account.offered,
            "exported": account.exported,
            "skipped": _named(account.skipped),
            "deleted": account.deleted,
        },
        "rows": _named(account.rows),
        "splits": {str(split): _named(rows) for split, rows in account.splits.items()},
        "events_left_out": _told(account.left_out),
        "frames_left_out": _told(account.frames_left_out),
        "judges": dict(account.judges),
        "lossy": _told(account.lossy),
        **_people(account),
        "files": dict(files),
    }


def _people(account: Account) -> dict[str, object]:
    """What leads from the data to the consent of people, and never to a person."""
    return {
        "receipt_salt": account.receipt_salt,
        "consent_receipts_sha256": list(account.receipts),
        "sources": {
            episode_id: {"consent_receipt_sha256": source.receipt, "deletion_tag": source.tag}
            for episode_id, source in account.sources.items()
        },
        "tombstones": list(account.tombstones),
        "revoked_by": account.revoked_by,
    }


def _about(about: About) -> dict[str, object]:
    receiver = about.receiver
    return {
        "controller": about.controller,
        "contact": about.contact,
        "jurisdictions": list(about.jurisdictions),
        "receiver": receiver and {"name": receiver.name, "contact": receiver.contact, "country": receiver.country},
    }


def _told(counts: Mapping[str, int] | None) -> dict[str, int] | None:
    return None if counts is None else _named(counts)


def _named(counts: Mapping[str, int]) -> dict[str, int]:
    return {str(name): count for name, count in counts.items()}


def create(path: Path, text: str) -> None:
    """Write *text* into the new file *path*; raises ``OSError``."""
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
