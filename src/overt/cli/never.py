"""``overt never``: pages of which one person wants nothing recorded, whatever the policy allows."""

import sys
from pathlib import Path

import click

from overt.cli.asking import confirmed, counted, ends, home_option, json_option, note, opened, say
from overt.cli.rows import printable
from overt.errors import UsageError
from overt.keys.never_list import read_never
from overt.store.home import Role
from overt.subject.never import add_never, empty_never, remove_never

_EXITS = "0 done, 2 wrong use, 5 no page of a recorded site, 7 disk, 8 damaged, 9 no home"
_MOST = 1 << 16


@click.group("never", epilog=ends("overt never add en.wikipedia.org/wiki/Depression && overt never list"))
def command() -> None:
    """Name pages of which nothing is to be recorded, inside what the policy allows.

    An entry is the beginning of an address: a host, a host and the beginning of a path, or a search that begins so
    (www.google.com/search?q=clinic). Your list stays in your home; neither admin nor officer learns of it.
    """


@command.command(
    "add", short_help="Never record pages that begin so.", epilog=ends("overt never add en.wikipedia.org", _EXITS)
)
@click.argument("prefixes", nargs=-1, required=True, metavar="PREFIX...")
@home_option
@json_option
def add_command(*, prefixes: tuple[str, ...], home: Path | None, as_json: bool) -> None:
    """Never record pages whose address begins with PREFIX (- reads them from standard input, one a line).

    It holds at once, also while a recording runs. What was recorded before stays: see overt episodes redact.
    """
    added = add_never(opened(home, Role.EMPLOYEE), _read(prefixes))
    say({"added": list(added)}, [f"added {counted(len(added), 'entry', 'entries')}"], as_json=as_json)


@command.command("list", short_help="Show your list.", epilog=ends("overt never list --json", _EXITS))
@home_option
@json_option
def list_command(*, home: Path | None, as_json: bool) -> None:
    """Show what is never recorded."""
    known = read_never(opened(home, Role.EMPLOYEE))
    say({"never": list(known)}, [printable(each) for each in known] or ["the list is empty"], as_json=as_json)


@command.command(
    "remove", short_help="Take entries from the list.", epilog=ends("overt never remove en.wikipedia.org", _EXITS)
)
@click.argument("prefixes", nargs=-1, metavar="PREFIX...")
@click.option("--all", "every", is_flag=True, help="Empty the list, also a damaged one.")
@click.option("--yes", is_flag=True, help="Without asking once more.")
@home_option
@json_option
def remove_command(*, prefixes: tuple[str, ...], every: bool, yes: bool, home: Path | None, as_json: bool) -> None:
    """Take entries from the list, as they were added: their pages are recorded again if the policy allows it."""
    if bool(prefixes) == every:
        raise UsageError("which entries?", hint="name some, or give --all; see: overt never list")
    person = opened(home, Role.EMPLOYEE)
    if every:
        confirmed("Empty the list?", yes=yes)
    gone = empty_never(person) if every else remove_never(person, _read(prefixes))
    say({"removed": list(gone)}, [f"removed {counted(len(gone), 'entry', 'entries')}"], as_json=as_json)
    if not gone and not every:
        note("nothing on the list is written so; see: overt never list")


def _read(prefixes: tuple[str, ...]) -> list[str]:
    if "-" not in prefixes:
        return list(prefixes)
    try:
        lines = sys.stdin.buffer.read(_MOST).decode().splitlines()
    except UnicodeDecodeError:
        raise UsageError("standard input is no text in UTF-8") from None
    return [line for line in (*prefixes, *lines) if line.strip() and line != "-"]
