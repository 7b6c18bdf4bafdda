"""Take back out of a data set what people want deleted: what of it is there, and a copy without it."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from overt.consent.revocation_list import Recall
from overt.dataset.describing import describe
from overt.dataset.interface import Format
from overt.dataset.known import Manifest, account_of, known
from overt.dataset.manifest import Account
from overt.dataset.output import MANIFEST, drafted, publish
from overt.dataset.release import Split, root_of, tombstone
from overt.dataset.sieves import copy_without, episodes_in
from overt.dataset.staying import Stay, copied
from overt.errors import ConsentError, FormatError, UsageError
from overt.store.files import refusal


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
    left = staying(directory, manifest, doomed)
    if out.resolve().is_relative_to(directory.resolve()):
        raise UsageError("the copy would lie in the data set itself", hint="choose another --out")
    with drafted(out) as draft:
        rows = sifted(directory, manifest, doomed, draft, copied)
        describe(draft, remaining(manifest, doomed, rows), None)
        published = publish(draft, out)
    return Recalled(deleted=tuple(sorted(doomed)), kept=len(left), unchanged=not published)


def staying(directory: Path, manifest: Manifest, doomed: Collection[str]) -> set[str]:
    """Return the ids of the episodes that stay; raises ``ConsentError`` when none may."""
    left = manifest.sources.keys() - set(doomed)
    if not left:
        raise ConsentError("nothing of the data set may stay", hint=f"delete the whole directory {directory}")
    return left


def _held(directory: Path, manifest: Manifest) -> set[tuple[str, str]]:
    """Return id and tag of every episode that anything in *directory* names."""
    told = {(episode_id, source.deletion_tag) for episode_id, source in manifest.sources.items()}
    for split in manifest.splits:
        told |= _rows_in(root_of(directory, split), manifest, told)
    return told


def _rows_in(root: Path, manifest: Manifest, told: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return id and tag of what the rows below *root* name; lines bear no tag, so they must be *told* of."""
    found: set[tuple[str, str]] = set()
    for name in manifest.parameters.formats:
        if name is Format.PARQUET:
            from overt.dataset.sieve_parquet import parquet_episodes  # noqa: PLC0415 - pyarrow is an extra

            found |= parquet_episodes(root)
        else:
            _check_told(root, episodes_in(name, root), {episode_id for episode_id, _ in told | found})
    return found


def _check_told(directory: Path, held: set[str], told: set[str]) -> None:
    """Refuse what is of episodes that nothing says the tag of: nobody could have them deleted."""
    strangers = held - told
    if strangers:
        raise FormatError(f"{directory} holds {len(strangers)} episodes that its {MANIFEST} does not name")


def sifted(
    directory: Path, manifest: Manifest, doomed: Collection[str], draft: Path, stay: Stay
) -> dict[Split, Mapping[str, int]]:
    """Write the data of *directory* into *draft* without *doomed*, and return the rows that stay, by split.

    What holds nothing of them is given to *stay*.

    Raises:
        FormatError: it cannot be read.
        StorageError: something is missing.
        OSError: the disk refused.
    """
    rows: dict[Split, Mapping[str, int]] = {}
    for split in manifest.splits:
        root_of(draft, split).mkdir(mode=0o700, exist_ok=True)
        counted: dict[str, int] = {}
        for name in manifest.parameters.formats:
            counted |= copy_without(name, root_of(directory, split), doomed, root_of(draft, split), stay)
        rows[split] = counted
    return rows


def remaining(manifest: Manifest, doomed: Collection[str], rows: Mapping[Split, Mapping[str, int]]) -> Account:
    """Return the account of what is left of the data set of *manifest*, of which *rows* are counted by split.

    Counts that also counted what is deleted nobody can tell any more.
    """
    account = account_of(manifest)
    sources = {episode_id: each for episode_id, each in account.sources.items() if episode_id not in doomed}
    gone = account.sources.keys() - sources.keys()
    total = Counter[str]()
    for each in rows.values():
        total.update(each)
    return replace(
        account,
        sources=sources,
        receipts=tuple(sorted({each.receipt for each in sources.values()})),
        exported=account.exported - len(gone),
        deleted=account.deleted + len(gone),
        tombstones=tuple(sorted({*account.tombstones, *map(tombstone, gone)})),
        rows=dict(total),
        splits={split.value: rows[split] for split in manifest.splits},
        left_out=None,
        frames_left_out=None,
        lossy=None,
    )
