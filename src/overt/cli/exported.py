"""What is done with an export afterwards: prove that it is as it was signed, and delete from it what was taken back."""

from pathlib import Path

import click

from overt.cli.asking import (
    PLACE,
    counted,
    ends,
    home_option,
    json_option,
    note,
    now,
    opened,
    passphrase_option,
    passphrase_source,
    retried,
    say,
)
from overt.cli.recalls import read_recall
from overt.consent.revocation_list import Recall
from overt.dataset.journal import export_log
from overt.dataset.known import known
from overt.dataset.purge import Log, Purged, interrupted, purge, resume
from overt.dataset.recalling import recalled
from overt.dataset.receiver import controller_signer
from overt.dataset.signature import check_dataset
from overt.errors import UsageError
from overt.format.note import NoteSigner
from overt.keys.deletions import asked
from overt.keys.passphrase import PassphraseSource, asked_once
from overt.store.home import Home, Role


@click.command(
    "verify",
    short_help="Prove that DATASET is as its exporter signed it.",
    epilog=ends(
        "overt export verify dataset --key 'admin-1f0c+8d21c3aa+AX…'",
        "0 proven, 1 changed, or signed by nobody or another key, 7 unreadable, 8 no data set, or no key",
    ),
)
@click.argument("dataset", type=PLACE)
@click.option("--key", "vkey", metavar="VKEY", help="The exporter's verifier key, as you got it from them.")
@json_option
def verify_command(*, dataset: Path, vkey: str | None, as_json: bool) -> None:
    """Prove that DATASET holds the files of its manifest, unchanged and no others, and that its exporter signed that.

    Needs no home. Without --key the key that DATASET itself names has to have signed it: that proves that it is whole,
    and not whose it is. Trust it only if you know the key.
    """
    if interrupted(dataset):
        note("a purge of it was interrupted: run it again to finish it, overt export purge")
    proof = check_dataset(dataset, vkey)
    if proof.signed_by is None:
        note("nobody has signed it: whoever deleted something from it had not its exporter's key")
    elif vkey is None:
        note("no key given: who exported this is not proven")
    by = f"signed by {proof.signed_by.partition('+')[0]}" if proof.signed_by else "not signed"
    files = counted(len(proof.manifest.files), "file")
    line = f"{dataset} is whole: {files}, {counted(proof.manifest.episodes.exported, 'episode')}, {by}"
    facts = {
        "dataset": str(dataset),
        "manifest_sha256": proof.manifest_sha256,
        "signed_by": proof.signed_by,
        "trusted": vkey is not None,
        "files": len(proof.manifest.files),
        "episodes": proof.manifest.episodes.exported,
        "deleted": proof.manifest.episodes.deleted,
    }
    say(facts, [line], as_json=as_json)


@click.command(
    "purge",
    short_help="Delete from DATASET, in place, what was taken back.",
    epilog=ends(
        "overt export purge dataset --from submitted",
        "0 purged, or nothing to delete, 1 DATASET or a list was changed, 2 wrong use, 4 nothing may stay, "
        "6 key locked, 7 disk, 8 no data set",
    ),
)
@click.argument("dataset", type=PLACE)
@click.argument("lists", nargs=-1, type=PLACE)
@click.option(
    "--from", "stores", type=PLACE, multiple=True, metavar="DIR", help="Where people submit; repeatable."
)  # fmt: skip
@click.option("--unsigned", is_flag=True, help="You only got DATASET: leave it without a signature.")
@home_option
@passphrase_option
@json_option
def purge_command(  # noqa: PLR0913 - one parameter for each option
    *,
    dataset: Path,
    lists: tuple[Path, ...],
    stores: tuple[Path, ...],
    unsigned: bool,
    home: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Delete from DATASET what the LISTS, or the withdrawals and erasures in DIR, want deleted, and sign it again.

    Only the files concerned are rewritten, each at once; a purge that was interrupted is finished by the next one. Who
    has a copy is told by overt revocations write. Nothing here reaches a model that was trained.
    """
    if not (lists or stores):
        raise UsageError("nothing says what is to be deleted", hint="name lists, or where people submit: --from DIR")
    signer, log = (None, _no_log) if unsigned else _signer_and_log(dataset, home, passphrase_file)
    resumed = resume(dataset, signer)
    found = recalled(dataset, _wanted(dataset, lists, stores))
    done = purge(dataset, found, signer, log) if found else None
    _tell(dataset, done, resumed=resumed, as_json=as_json)


def _signer_and_log(dataset: Path, home: Path | None, passphrase_file: Path | None) -> tuple[NoteSigner, Log]:
    admin = opened(home, Role.ADMIN)
    source = asked_once(passphrase_source(passphrase_file), "the admin key")
    return retried(lambda: _unlocked(dataset, admin, source), passphrase_file)


def _unlocked(dataset: Path, admin: Home, source: PassphraseSource) -> tuple[NoteSigner, Log]:
    return controller_signer(admin, source), export_log(admin, source, known(dataset).purpose, now())


def _no_log(manifest: str) -> None:
    """Log nothing: whoever only got a data set has no log of exports."""
    del manifest


def _wanted(dataset: Path, lists: tuple[Path, ...], stores: tuple[Path, ...]) -> Recall:
    for store in stores:
        if not store.is_dir():
            raise UsageError(f"there is no directory {store}", hint="name the one that people submit their episodes to")
    by_list, by_store = read_recall(dataset, lists), asked(stores)
    for grant in by_store.unknown:
        note(f"the withdrawn grant {grant} is not among those handed over: only its person's request can name it")
    return Recall(
        handles=by_list.handles | frozenset(by_store.handles), episodes=by_list.episodes | frozenset(by_store.episodes)
    )


def _tell(dataset: Path, done: Purged | None, *, resumed: bool, as_json: bool) -> None:
    if resumed:
        note("a purge that was interrupted has been finished first")
    if done is None:
        facts: dict[str, object] = {"deleted": [], "kept": None, "rewritten": [], "removed": []}
        lines = [f"{dataset} holds nothing that was taken back"]
    else:
        facts = {name: getattr(done, name) for name in ("deleted", "kept", "rewritten", "removed")}
        lines = [f"{dataset} purged: {counted(done.kept, 'episode')} stay" + ("s" if done.kept == 1 else "")]
        lines += [f"deleted {each}" for each in done.deleted]
        lines += [f"rewrote {each}" for each in done.rewritten]
        lines += [f"removed {counted(len(done.removed), 'file')}"] if done.removed else []
    say({"dataset": str(dataset), "resumed": resumed, **facts}, lines, as_json=as_json)
