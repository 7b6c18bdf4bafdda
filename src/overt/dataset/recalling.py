"""Take back out of a data set what people want deleted: what of it is there, and a copy without it."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.consent.revocation_list import Recall
from overt.dataset.interface import Format
from overt.dataset.known import Manifest, account_of, known
from overt.dataset.manifest import card, create
from overt.dataset.output import MANIFEST, drafted, hashed, publish
from overt.dataset.sieves import copy_without, episodes_in
from overt.errors import ConsentError, FormatError, UsageError
from overt.store.files import refusal

_UNTOLD: Final = dict.fromkeys(("events_left_out", "frames_left_out", "lossy"))
"""Counts that also counted what is deleted, and that nobody can tell any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What a copy left out: the ids of its *deleted* episodes, and how many it *kept*; *unchanged*: it was there."""

    deleted: tuple[str, ...]
    kept: int
    unchanged: bool


def controller_of(directory: Path) -> str:
    """Return the key that signs revocation lists for the data set in *directory*; raises ``FormatError``."""
    return known(directory).revoked_by


def recalled(directory: Path, recall: Recall) -> tuple[str, ...]:
    """Return the id of each episode in the data set *directory* that *recall* wants deleted, sorted.

    What the rows, the lines and the manifest say is looked at, each by itself.

    Raises:
        FormatError: it is no data set of ours, or holds episodes that nothing says the tag of.
        BackendUnavailableError: it has tables, and pyarrow is not installed.
    """
    try:
        held = _held(directory, known(directory))
    except OSError as problem:
        raise refusal("read", str(directory), problem) from None
    return tuple(sorted({each for each, tag in held if recall.names(each, tag)}))


def write_without(directory: Path, doomed: Collection[str], out: Path) -> Recalled:
    """Write the data set *directory* without the episodes *doomed* to the new directory *out*, which appears whole.

    Raises:
        ConsentError: nothing would be left.
        UsageError: *out* holds something else, or lies in *directory*.
        FormatError: it is no data set of ours.
        StorageError: the disk refused.
    """
    manifest = known(directory)
    left = manifest.sources.keys() - set(doomed)
    if not left:
        raise ConsentError("nothing of the data set may stay", hint=f"delete the whole directory {directory}")
    if out.resolve().is_relative_to(directory.resolve()):
        raise UsageError("the copy would lie in the data set itself", hint="choose another --out")
    with drafted(out) as draft:
        rows = _copied(directory, manifest, doomed, draft)
        _describe(_remaining(manifest, doomed, rows), draft)
        published = publish(draft, out)
    return Recalled(deleted=tuple(sorted(doomed)), kept=len(left), unchanged=not published)


def _held(directory: Path, manifest: Manifest) -> set[tuple[str, str]]:
    """Return id and tag of every episode that anything in *directory* names."""
    told = {(episode_id, source.deletion_tag) for episode_id, source in manifest.sources.items()}
    for name in manifest.parameters.formats:
        if name is Format.PARQUET:
            from overt.dataset.sieve_parquet import parquet_episodes  # noqa: PLC0415 - pyarrow is an extra

            told |= parquet_episodes(directory)
        else:
            _check_told(directory, episodes_in(name, directory), {episode_id for episode_id, _ in told})
    return told


def _check_told(directory: Path, held: set[str], told: set[str]) -> None:
    """Refuse what is of episodes that nothing says the tag of: nobody could have them deleted."""
    strangers = held - told
    if strangers:
        raise FormatError(f"{directory} holds {len(strangers)} episodes that its {MANIFEST} does not name")


def _copied(directory: Path, manifest: Manifest, doomed: Collection[str], draft: Path) -> dict[str, int]:
    rows: dict[str, int] = {}
    for name in manifest.parameters.formats:
        rows |= copy_without(name, directory, doomed, draft)
    return rows


def _remaining(manifest: Manifest, doomed: Collection[str], rows: dict[str, int]) -> Manifest:
    sources = {episode_id: each for episode_id, each in manifest.sources.items() if episode_id not in doomed}
    gone = len(manifest.sources) - len(sources)
    episodes = manifest.episodes.model_copy(
        update={"exported": manifest.episodes.exported - gone, "deleted": manifest.episodes.deleted + gone}
    )
    receipts = sorted({each.consent_receipt_sha256 for each in sources.values()})
    changed = {"sources": sources, "episodes": episodes, "rows": rows, "consent_receipts_sha256": receipts}
    untold = _UNTOLD if manifest.withheld_at_export is None else {**_UNTOLD, "withheld_at_export": None}
    return manifest.model_copy(update={**changed, **untold})


def _describe(remaining: Manifest, draft: Path) -> None:
    create(draft / "README.md", card(account_of(remaining), remaining.exporter_version))
    text = remaining.model_dump(mode="json", exclude_unset=True) | {"files": hashed(draft)}
    create(draft / MANIFEST, json.dumps(text, indent=2, sort_keys=True) + "\n")
