"""``overt revocations``: what people took back is deleted from data sets too, by whoever has them."""

from pathlib import Path

import click

from overt.cli.asking import (
    PLACE,
    ends,
    home_option,
    json_option,
    note,
    now,
    opened,
    passphrase_option,
    passphrase_source,
    read_document,
    retried,
    say,
)
from overt.cli.countersigning import write_document
from overt.cli.recalls import read_recall
from overt.consent.deletion import parse_request
from overt.dataset.recalling import recalled, write_without
from overt.errors import UsageError, VerificationError
from overt.keys.deletions import asked, keep_request
from overt.keys.identities import load_signer
from overt.keys.revocations import write_revocations
from overt.store.home import Role


@click.group("revocations", epilog=ends("overt revocations check dataset revoked.note"))
def command() -> None:
    """Delete from data sets what people took back: the admin writes a list, whoever has a data set applies it."""


@command.command(
    "write",
    short_help="Write the list for those who have data sets (admin).",
    epilog=ends(
        "overt revocations write --from submitted --request from-somebody.json --out revoked.note",
        "0 written, 2 wrong use, 4 no such request, 5 no policy, 6 key, 7 disk, 9 no admin's home",
    ),
)
@click.option(
    "--from", "stores", type=PLACE, multiple=True, required=True, metavar="DIR", help="Where people submit; repeatable."
)
@click.option("--request", "requests", type=PLACE, multiple=True, metavar="FILE", help="A person's request to delete.")
@click.option("--out", type=PLACE, required=True, metavar="LIST", help="Where the list goes.")
@home_option
@passphrase_option
@json_option
def write_command(
    *,
    stores: tuple[Path, ...],
    requests: tuple[Path, ...],
    out: Path,
    home: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """For the admin: sign a list of everything that people want deleted, and send it to whoever got a data set.

    It is made of the withdrawals and erasures in DIR (overt vault shred --store) and of requests to delete, which say
    of nobody who asks. A request is kept in DIR, its episodes are unlinked, and none is exported from there again. The
    list names random handles only.
    """
    admin = opened(home, Role.ADMIN)
    for store in stores:
        _check_store(store)
    wanted = [parse_request(read_document(path)) for path in requests]
    unlinked = [each for store in stores for request in wanted for each in keep_request(store, request).episodes]
    known = asked(stores)
    source = passphrase_source(passphrase_file)
    write_document(out, retried(lambda: write_revocations(known, load_signer(admin, source), now()), passphrase_file))
    for grant in known.unknown:
        note(f"the withdrawn grant {grant} is not among those handed over: only its person's request can name it")
    facts = {
        "out": str(out),
        "handles": len(known.handles),
        "episodes": len(known.episodes),
        "unlinked": sorted(set(unlinked)),
        "unknown": list(known.unknown),
    }
    told = f"wrote {out}, with {len(known.handles)} handles and {len(known.episodes)} single episodes"
    say(facts, [told, "send it to everybody who has a data set of yours, and apply it to your own"], as_json=as_json)


@command.command(
    "check",
    short_help="Say whether DATASET holds what was taken back.",
    epilog=ends(
        "overt revocations check dataset revoked.note",
        "0 it holds nothing of it, 1 it does, or a list was changed, 4 no list, 7 disk, 8 no data set, 10 no pyarrow",
    ),
)
@click.argument("dataset", type=PLACE)
@click.argument("lists", nargs=-1, required=True, type=PLACE)
@json_option
def check_command(*, dataset: Path, lists: tuple[Path, ...], as_json: bool) -> None:
    """Say which episodes in DATASET the LISTS want deleted: signed lists, and requests to delete as people write them.

    Needs no home and no key. A list counts if the key that DATASET names has signed it.
    """
    found = recalled(dataset, read_recall(dataset, lists))
    lines = [f"to be deleted: {each}" for each in found] or [f"{dataset} holds nothing that was taken back"]
    say({"dataset": str(dataset), "revoked": list(found)}, lines, as_json=as_json)
    if found:
        raise VerificationError(
            f"{dataset} still holds {len(found)} episodes that were taken back",
            hint="write a copy without them: overt revocations apply DATASET LISTS --out NEW",
        )


@command.command(
    "apply",
    short_help="Write DATASET without what was taken back.",
    epilog=ends(
        "overt revocations apply dataset revoked.note --out dataset-2",
        "0 written, or nothing to delete, 1 a list was changed, 2 wrong use, 4 nothing may stay, 7 disk, 8 no data set",
    ),
)
@click.argument("dataset", type=PLACE)
@click.argument("lists", nargs=-1, required=True, type=PLACE)
@click.option("--out", type=PLACE, required=True, metavar="NEW", help="The new directory; made as a whole.")
@json_option
def apply_command(*, dataset: Path, lists: tuple[Path, ...], out: Path, as_json: bool) -> None:
    """Write DATASET into NEW without the episodes that the LISTS want deleted. Nothing is changed in place.

    Then delete DATASET and every copy of it yourself. If it holds nothing of the kind, nothing is written.
    """
    found = recalled(dataset, read_recall(dataset, lists))
    if not found:
        say(
            {"out": None, "deleted": [], "kept": None},
            [f"{dataset} holds nothing that was taken back"],
            as_json=as_json,
        )
        return
    done = write_without(dataset, found, out.absolute())
    lines = [f"{out} {'is there already' if done.unchanged else 'written'}: {done.kept} episodes stay"]
    lines += [f"deleted {each}" for each in done.deleted]
    say({"out": str(out), "deleted": list(done.deleted), "kept": done.kept}, lines, as_json=as_json)
    note(f"now delete {dataset}, and every copy of it; what was trained on it cannot be undone here")


def _check_store(store: Path) -> None:
    if not store.is_dir():
        raise UsageError(f"there is no directory {store}", hint="name the one that people submit their episodes to")
