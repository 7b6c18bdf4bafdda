"""``overt vault``: what the vault's keeper does with the files that people hand over."""

import os
from dataclasses import asdict
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
    read_document,
    retried,
    say,
)
from overt.cli.progress import bar
from overt.cli.rows import printable
from overt.errors import UsageError, VerificationError
from overt.keys.directory_vault import DirectoryVault
from overt.keys.exchange.answer import refused_of
from overt.keys.exchange.order import read_order
from overt.keys.exchange.request import WHAT, ShareRequest
from overt.keys.exchange.shipment import open_receipt
from overt.keys.exchange.slip import Refused, claimed_slip
from overt.keys.identities import signer_vkey
from overt.keys.passphrase import PassphraseSource, asked_once
from overt.keys.rotate import KEYS_OF_HOME
from overt.keys.tombstones import apply_order
from overt.keys.vault_contract import Holding
from overt.store import files
from overt.store.home import Home, Role

_LIMIT = 1 << 26


@click.group("vault", epilog=ends("overt vault list --home ~/vault"))
def command() -> None:
    """Keep the vault: take shares, release them, destroy them. Each act is logged before it counts."""


@command.command(
    "put",
    short_help="Take the shares in FILE, and write the receipt for them.",
    epilog=ends(
        "overt vault put from-ann.shares --out for-ann.receipt",
        "0 taken, 1 changed or one was refused, 5 no bundle joined, 6 locked or of another vault, 7 disk, 8 malformed",
    ),
)
@click.argument("file", type=PLACE)
@click.option("--out", type=PLACE, required=True, metavar="FILE", help="Where the receipt goes.")
@home_option
@passphrase_option
@json_option
def put(*, file: Path, out: Path, home: Path | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Take the shares that an employee has sent with overt shares send, and write a receipt to give back.

    Putting the same FILE again changes nothing and gives the receipt again.
    """
    keeper = opened(home, Role.VAULT)
    data = files.read_anywhere(file, limit=_LIMIT)
    source = passphrase_source(passphrase_file)
    with bar("taking") as progress:
        receipt = retried(lambda: _vault(keeper, source).put(data, now(), progress), passphrase_file)
    _write(out, receipt.encode())
    told = open_receipt(receipt, signer_vkey(keeper))
    facts = {"receipt": str(out), "kept": len(told.kept), "refused": [each.model_dump() for each in told.refused]}
    say(
        facts,
        [f"{_taken(len(told.kept))}; give back {out}", *_refusals(told.refused)],
        as_json=as_json,
    )
    _complain(told.refused, "taken")


@command.command(
    "release",
    short_help="Log what REQUEST asks for, then answer it.",
    epilog=ends(
        "overt vault release from-officer.request --out for-officer.release",
        "0 answered, 1 not for every episode, 2 not this role's, 5 purpose not offered, 6 refused or locked, 7 disk",
    ),
)
@click.argument("request", type=PLACE)
@click.option("--out", type=PLACE, required=True, metavar="FILE", help="Where the release goes.")
@home_option
@passphrase_option
@json_option
def release(*, request: Path, out: Path, home: Path | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Answer the signed REQUEST of a role: the shares that it may have, sealed to it alone.

    Each share is logged before any is answered; what cannot be logged is not answered. The request, with its reason, is
    kept in your home under requests, where you may delete it; the log holds its hash only. Who asks for what, and why,
    is shown first.
    """
    keeper = opened(home, Role.VAULT)
    asked = read_document(request)
    note(_wish(claimed_slip(asked, ShareRequest, WHAT)))
    source = passphrase_source(passphrase_file)
    with bar("releasing") as progress:
        answer = retried(lambda: _vault(keeper, source).release(asked, now(), progress), passphrase_file)
    _write(out, answer)
    refused = refused_of(answer, signer_vkey(keeper))
    facts = {"release": str(out), "refused": [each.model_dump() for each in refused]}
    say(facts, [f"released; give back {out}", *_refusals(refused)], as_json=as_json)
    _complain(refused, "released")


@command.command(
    "shred",
    short_help="Destroy what ORDERS name: withdrawals and erasures.",
    epilog=ends(
        "overt vault shred withdrawals/*.note",
        "0 destroyed, 1 not signed by the person, 2 wrong use, 6 locked, 7 disk, 8 not an order",
    ),
)
@click.argument("orders", nargs=-1, required=True, type=PLACE)
@click.option("--store", type=PLACE, metavar="DIR", help="Instead of the vault's: unlink copies of episodes in DIR.")
@click.option("--unsigned", is_flag=True, help="Also ones that bear no signature: you have asked the person.")
@home_option
@passphrase_option
@json_option
def shred(
    *,
    orders: tuple[Path, ...],
    store: Path | None,
    unsigned: bool,
    home: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Destroy what ORDERS name, and replace the vault's master, so that old copies of it open nothing.

    ORDERS are files from a person's home: withdrawals, and erasures of single episodes. No key of the person is needed.
    Repeating it finishes what was broken off. With --store, episodes that were submitted to DIR are unlinked instead,
    and can never be exported from there again, wherever a copy comes from; that needs neither vault nor passphrase.
    """
    notes = [read_document(order) for order in orders]
    if store is not None:
        _unlink_copies(store, notes, unsigned=unsigned, as_json=as_json)
        return
    keeper, source = opened(home, Role.VAULT), passphrase_source(passphrase_file)
    with bar("wrapping what stays") as progress:
        done = retried(lambda: _vault(keeper, source).shred(notes, now(), progress, unsigned=unsigned), passphrase_file)
    destroyed = f"destroyed {counted(done.shares, 'key')}" if done.shares else "no key was left to destroy"
    lines = [f"{destroyed}; the vault has a new master (epoch {done.epoch})"]
    say(asdict(done), lines, as_json=as_json)
    note("whoever has copies of the episodes unlinks them with: overt vault shred --store DIR ORDERS")


@command.command("list", epilog=ends("overt vault list --json", "0 listed, 7 disk, 9 not a vault"))
@home_option
@json_option
def list_command(*, home: Path | None, as_json: bool) -> None:
    """List what the vault holds, by grant. Needs no key, and says no name: the vault knows none."""
    held = DirectoryVault(opened(home, Role.VAULT), passphrase_source(None)).list()
    lines = [_line(each) for each in held] or ["the vault holds nothing"]
    say({"grants": [asdict(each) for each in held]}, lines, as_json=as_json)


def _vault(keeper: Home, source: PassphraseSource) -> DirectoryVault:
    """Return the vault, which asks once for the passphrase that its keys share."""
    return DirectoryVault(keeper, asked_once(source, KEYS_OF_HOME))


def _unlink_copies(store: Path, notes: list[str], *, unsigned: bool, as_json: bool) -> None:
    if not store.is_dir():
        raise UsageError(f"there is no directory {store}", hint="name the one that people submit their episodes to")
    unlinked = [apply_order(store, read_order(text), unsigned=unsigned) for text in notes]
    gone = sorted({episode for each in unlinked for episode in each.episodes})
    say({"unlinked": gone}, [f"unlinked {each}" for each in gone] or ["no copy was left"], as_json=as_json)


def _line(held: Holding) -> str:
    if held.withdrawn:
        return f"{held.grant}  withdrawn" + ("" if held.settled else ", the master is still to be replaced")
    erased = f", {len(held.erased)} erased" if held.erased else ""
    waits = "" if held.settled else ", the master is still to be replaced"
    return f"{held.grant}  {counted(len(held.episodes), 'episode')}{erased}{waits}"


def _taken(episodes: int) -> str:
    if not episodes:
        return "no key was in it: the receipt tells the person where keys go from now on"
    return f"kept the keys of {counted(episodes, 'episode')}"


def _wish(asked: ShareRequest) -> str:
    """Say what is asked for, before anything of it is proven."""
    what = counted(len(asked.episodes), "episode")
    return f"the {asked.role} asks for {what}, for {asked.purpose}; the reason given: {printable(asked.reason)}"


def _refusals(refused: tuple[Refused, ...]) -> list[str]:
    return [f"not for {each.id}: {each.reason.replace('_', ' ')}" for each in refused]


def _complain(refused: tuple[Refused, ...], what: str) -> None:
    if refused:
        raise VerificationError(f"not {what}: the keys of {counted(len(refused), 'episode')}")


def _write(out: Path, data: bytes) -> None:
    place = Path(os.path.abspath(out))  # noqa: PTH100 - a symlink must stay visible
    files.replace(place.parent, place.name, data)
