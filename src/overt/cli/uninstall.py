"""``overt uninstall``: leave for good; everything is taken back, and nothing of it stays but a receipt."""

import os
from pathlib import Path

import click

from overt.cli.asking import PLACE, confirmed, counted, ends, home_option, json_option, note, now, say
from overt.cli.progress import bar
from overt.store.home import home_path
from overt.subject.uninstalling import Uninstalled, find_condemned, uninstall
from overt.subject.withdrawing import cannot_undo


@click.command(
    "uninstall",
    epilog=ends(
        "overt uninstall --receipt ~/overt-receipt",
        "0 gone, or nothing was there; 2 not confirmed, 7 disk, or a recorder does not end; 9 not an employee's home",
    ),
)
@click.option("--receipt", type=PLACE, metavar="DIR", help="Where the receipt goes (default: beside the home).")
@click.option("--yes", is_flag=True, help="Without asking once more.")
@home_option
@json_option
def command(*, receipt: Path | None, yes: bool, home: Path | None, as_json: bool) -> None:
    """Withdraw every consent, and destroy your keys, your episodes and your home.

    It needs no passphrase, no network and nobody's help, and works on a home that is broken. A recording under way
    stops. What stays is a receipt: with its files others destroy their copies, also of what was exported. Run it again
    if it was broken off.
    """
    path = home_path(home, os.environ)
    condemned = find_condemned(path)
    if condemned is None:
        say(
            _facts(path, Uninstalled(removed=False)), [f"there is no home at {path}; nothing was done"], as_json=as_json
        )
        return
    confirmed(f"Withdraw everything, and destroy {condemned.root} with all keys in it?", yes=yes)
    place = Path(os.path.abspath(receipt or f"{condemned.root}-receipt"))  # noqa: PTH100 - a symlink must stay visible
    with bar("wrapping what stays of others") as progress:
        done = uninstall(condemned, place, now(), progress)
    say(_facts(path, done), _lines(condemned.root, done), as_json=as_json)
    note("the program itself goes with whatever installed it, for example: pip uninstall overt")


def _lines(root: Path, done: Uninstalled) -> list[str]:
    lines = [
        f"{root} is gone, with every key in it; {counted(len(done.grants), 'consent')} withdrawn",
        f"destroyed: {counted(done.shares, 'key')} in the vault, {counted(done.episodes, 'episode')}",
        f"your receipt is {done.receipt}",
        *(f"still to do: {line}" for line in done.unreached),
    ]
    if done.request is not None:
        lines.append(f"to have what was exported deleted, give {done.request} in it to whoever has it; it names nobody")
        lines += ["this cannot undo:", *(f"  {line}" for line in cannot_undo())]
    return lines


def _facts(path: Path, done: Uninstalled) -> dict[str, object]:
    return {
        "home": str(path),
        "removed": done.removed,
        "receipt": None if done.receipt is None else str(done.receipt),
        "withdrawn": list(done.grants),
        "shares_destroyed": done.shares,
        "episodes_removed": done.episodes,
        "orders": list(done.orders),
        "deletion_request": done.request,
        "still_to_do": list(done.unreached),
        "cannot_undo": list(cannot_undo()),
    }
