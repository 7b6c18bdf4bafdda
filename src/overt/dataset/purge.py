"""Delete from a release in place what people took back: its shards are replaced one by one, and it is signed again.

Everything that changes is first made beside the release and gets the name ``DIR.purge`` when it is complete. From then
on it is only moved in, the manifest last; whoever is interrupted goes on there the next time.
"""

import os
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from overt.dataset.describing import describe
from overt.dataset.known import Manifest, known
from overt.dataset.output import MANIFEST, NOTE, hashed, manifest_sha256, sync, synced
from overt.dataset.recalling import remaining, sifted, staying
from overt.dataset.signature import check_dataset, check_note
from overt.dataset.staying import Left
from overt.errors import VerificationError
from overt.format.note import NoteSigner
from overt.store.drafts import draft_beside
from overt.store.files import refusal
from overt.store.lock import locked

_READY = ".purge"

Log = Callable[[str], None]
"""Called with the SHA-256 of the new manifest before anything is changed; what it raises keeps everything as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What a purge did: *deleted* ids of episodes, how many it *kept*, and files *rewritten* and *removed*, sorted."""

    deleted: tuple[str, ...]
    kept: int
    rewritten: tuple[str, ...]
    removed: tuple[str, ...]


def interrupted(directory: Path) -> bool:
    """Say whether a purge of *directory* was decided and not finished: until it is, it is not what it says it is."""
    return _ready(directory).is_dir()


def resume(directory: Path, signer: NoteSigner | None) -> bool:
    """Finish a purge of *directory* that was interrupted; say whether there was one.

    Raises:
        VerificationError: What lies ready is not signed by *signer*.
        FormatError: It is no part of a data set.
        StorageError: The disk refused, or another process purges it.
    """
    ready = _ready(directory)
    try:
        with locked(directory, wait=False):
            if not interrupted(directory):
                return False
            if signer is not None and (ready / MANIFEST).exists():
                check_note(ready, signer.vkey, manifest_sha256(ready))
            _move_in(ready, directory)
            return True
    except OSError as problem:
        raise refusal("write", str(directory), problem) from None


def purge(directory: Path, doomed: Collection[str], signer: NoteSigner | None, log: Log) -> Purged:
    """Delete the episodes *doomed* from the data set *directory*, in place, and sign what stays.

    Without a *signer*, which only its exporter has, what stays bears no signature. Finish with ``resume`` first what
    was interrupted.

    Raises:
        ConsentError: Nothing would be left.
        VerificationError: It is not as it was signed, or not by *signer*.
        FormatError: It is no data set of ours.
        StorageError: The disk refused, or another process purges it.
    """
    try:
        with locked(directory, wait=False):
            manifest = _checked(directory, signer)
            kept = len(staying(directory, manifest, doomed))
            with draft_beside(directory, f"{directory.name}.tmp-") as draft:
                rewritten = _made(directory, manifest, doomed, draft, signer)
                log(manifest_sha256(draft))
                synced(draft)
                draft.rename(_ready(directory))
                sync(directory.parent)
            removed = _move_in(_ready(directory), directory)
    except OSError as problem:
        raise refusal("write", str(directory), problem) from None
    return Purged(deleted=tuple(sorted(doomed)), kept=kept, rewritten=rewritten, removed=removed)


def _ready(directory: Path) -> Path:
    return directory.with_name(directory.name + _READY)


def _checked(directory: Path, signer: NoteSigner | None) -> Manifest:
    """Return the manifest of what is as it was exported: nobody signs what somebody else has changed."""
    proof = check_dataset(directory, signer.vkey if signer is not None else None)
    if signer is not None and proof.manifest.revoked_by != signer.vkey:
        raise VerificationError(f"{directory} was exported with another key than this home's")
    return proof.manifest


def _made(
    directory: Path, manifest: Manifest, doomed: Collection[str], draft: Path, signer: NoteSigner | None
) -> tuple[str, ...]:
    """Write everything that changes into *draft*, and return the names of the data files among it."""
    left = Left(out=draft)
    rows = sifted(directory, manifest, doomed, draft, left)
    rewritten = tuple(hashed(draft))
    elsewhere = {name: manifest.files[name] for name in left.names}
    describe(draft, remaining(manifest, doomed, rows), signer, elsewhere)
    return rewritten


def _move_in(ready: Path, directory: Path) -> tuple[str, ...]:
    """Move what lies *ready* into its place, and remove what is no longer named; the manifest goes last."""
    removed: list[str] = []
    if (ready / MANIFEST).exists():
        wanted, had = known(ready).files, known(directory).files
        for name in hashed(ready):
            (directory / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (ready / name).replace(directory / name)
        removed = [name for name in had if name not in wanted and (directory / name).exists()]
        for name in removed:
            (directory / name).unlink()
        if not (ready / NOTE).exists():
            (directory / NOTE).unlink(missing_ok=True)
        _sync_folders(directory)
        (ready / MANIFEST).replace(directory / MANIFEST)
    if (ready / NOTE).exists():
        (ready / NOTE).replace(directory / NOTE)
    sync(directory)
    shutil.rmtree(ready)
    return tuple(removed)


def _sync_folders(directory: Path) -> None:
    for root, _, _ in os.walk(directory):
        sync(Path(root))
