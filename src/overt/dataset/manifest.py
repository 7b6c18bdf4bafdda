"""``MANIFEST.json`` (every file, every count, every receipt) and ``README.md`` (the card that ``datasets`` reads)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt import __version__
from overt.dataset.interface import SCHEMA_VERSION, Format
from overt.dataset.output import MANIFEST, hashed

MANIFEST_FORMAT: Final = "overt-dataset/1"
_TABLES: Final = ("steps", "episodes", "visits", "queries", "tasks")

_LOADED: Final = {
    Format.AGENTNET: "agentnet/agentnet.jsonl",
    Format.CHAT: "chat/data/*.parquet",
    Format.TRL: "trl/data/*.parquet",
    Format.ANTHROPIC: "anthropic/actions.jsonl",
    Format.OPENAI: "openai/actions.jsonl",
    Format.WEBDATASET: "webdataset/*.tar",
}
"""What ``datasets`` loads of an export without the canonical tables; it makes no table of ATIF's documents."""

_TRIAL: Final = "**This is a trial: no real person's consent stands behind it. Train nothing on it.**"
_SYNTHETIC: Final = """\
**This is synthetic: a program made up every action, text and picture in it. No person was recorded.** Every row
says `synthetic`. What is said of people and consent below holds for recordings; here the people are made up as well."""
_ABOUT: Final = """\
Recorded by consent for one purpose, `{purpose}`, and usable for no other.
Exported by Overt {version}, schema {schema}; `MANIFEST.json` has every count and hash.

Typed text, titles and addresses were redacted while they were recorded, and looked through again at export; `[KIND]`
marks what was withheld. There is no time inside an action, and no pointer path. Dwell is in whole seconds.
What may still identify a person: vocabulary, the size of the window, and the steps of the wheel.

Consent can be withdrawn: delete what the revocation lists that reach you name (`overt revocations apply`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What stands behind an episode of a data set: the SHA-256 of its grant as *receipt*, and its deletion *tag*."""

    receipt: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What an export did, in numbers that add up: *offered* episodes are *exported* or *skipped*, by reason.

    *left_out* counts events that became no action, *frames_left_out* frames, *judges* names who looked a second time,
    and *lossy* what a format could not say. *receipts* are the SHA-256 of the grants that cover the data, and *sources*
    name that of each episode. *revoked_by* is the key that signs revocation lists for it.
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
    left_out: Mapping[str, int]
    frames_left_out: Mapping[str, int]
    judges: Mapping[str, str]
    rows: Mapping[str, int]
    lossy: Mapping[str, int]
    receipts: tuple[str, ...]
    sources: Mapping[str, Source]
    revoked_by: str


def describe(directory: Path, account: Account) -> None:
    """Write the card and then the manifest of the export that lies complete in *directory*."""
    create(directory / "README.md", card(account))
    create(directory / MANIFEST, json.dumps(_manifest(account, hashed(directory)), indent=2, sort_keys=True) + "\n")


def card(account: Account, version: str = __version__) -> str:
    """Return the text of ``README.md``, of an export by *version* of Overt."""
    title = _title(account)
    steps = (count for name, count in account.rows.items() if name.endswith("steps") or name == "webdataset")
    size = account.rows.get("steps", max(steps, default=0))
    return (
        "\n".join(["---", *_yaml(account, title, size), "---", "", f"# {title}", "", *_prose(account, version)]) + "\n"
    )


def _title(account: Account) -> str:
    if account.synthetic:
        return "Synthetic computer-use trajectories: nobody was recorded"
    return "Trial export: not for training" if account.trial else "Consented computer-use trajectories"


def _yaml(account: Account, title: str, size: int) -> list[str]:
    return [
        f"pretty_name: {title!r}",
        "license: other",
        f"license_name: consent-{account.purpose.replace('_', '-')}",
        "task_categories:",
        "- image-text-to-text",
        "annotations_creators:",
        "- no-annotation",
        "tags:",
        "- computer-use",
        "- agent",
        "- overt",
        *(["- trial"] if account.trial else []),
        *(["- synthetic"] if account.synthetic else []),
        "size_categories:",
        f"- {_size_category(size)}",
        *_configs(account),
    ]


def _configs(account: Account) -> list[str]:
    if Format.PARQUET not in account.formats:
        name = next((name for name in account.formats if name in _LOADED), None)
        return ["configs:", *_config(name.value, _LOADED[name]), "  default: true"] if name else []
    tables = [table for table in _TABLES if account.rows[table]]  # ``datasets`` cannot load a split without rows
    lines = [line for table in tables for line in _config(table, f"data/{table}-*.parquet")]
    return ["configs:", *lines[:4], "  default: true", *lines[4:]]


def _config(name: str, path: str) -> list[str]:
    return [f"- config_name: {name}", "  data_files:", "  - split: train", f"    path: {path}"]


def _size_category(rows: int) -> str:
    limits = {1_000: "n<1K", 10_000: "1K<n<10K", 100_000: "10K<n<100K", 1_000_000: "100K<n<1M"}
    return next((name for limit, name in limits.items() if rows < limit), "1M<n<10M")


def _prose(account: Account, version: str) -> list[str]:
    warning = [_SYNTHETIC, ""] if account.synthetic else [_TRIAL, ""] if account.trial else []
    return [*warning, _ABOUT.format(purpose=account.purpose, version=version, schema=SCHEMA_VERSION)]


def _manifest(account: Account, files: dict[str, str]) -> dict[str, object]:
    return {
        "format": MANIFEST_FORMAT,
        "schema_version": SCHEMA_VERSION,
        "exporter_version": __version__,
        "purpose": account.purpose,
        "trial": account.trial,
        "synthetic": account.synthetic,
        "parameters": {
            "formats": [name.value for name in account.formats],
            "gaps": "buckets" if account.gaps else "withheld",
            "split_after_s": account.split_after_s,
        },
        "episodes": {"offered": account.offered, "exported": account.exported, "skipped": _named(account.skipped)},
        "rows": _named(account.rows),
        "events_left_out": _named(account.left_out),
        "frames_left_out": _named(account.frames_left_out),
        "judges": dict(account.judges),
        "lossy": _named(account.lossy),
        "consent_receipts_sha256": list(account.receipts),
        "sources": {
            episode_id: {"consent_receipt_sha256": source.receipt, "deletion_tag": source.tag}
            for episode_id, source in account.sources.items()
        },
        "revoked_by": account.revoked_by,
        "files": files,
    }


def _named(counts: Mapping[str, int]) -> dict[str, int]:
    return {str(name): count for name, count in counts.items()}


def create(path: Path, text: str) -> None:
    """Write *text* into the new file *path*; raises ``OSError``."""
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
