"""``overt audit incident``: whom a loss touches, and until when the authority has to be told."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from overt.audit.incident import CLOCK, Readable, What, incident
from overt.cli.asking import PLACE, counted, ends, home_option, json_option, now, opened, say
from overt.consent.instants import read_instant
from overt.errors import FormatError, UsageError
from overt.store.home import Role


@click.command(
    "incident",
    short_help="Say whom the loss of something touches.",
    epilog=ends(
        "overt audit incident laptop --about device-1f0c --from submitted",
        "0 told, 2 wrong use, 5 no organisation joined, 7 unreadable, 8 no manifest, 9 no such home",
    ),
)
@click.argument("what", type=click.Choice([each.value for each in What]))
@click.option("--from", "store", type=PLACE, required=True, metavar="DIR", help="Submitted episodes, public files.")
@click.option("--about", default="", metavar="NAME", help="Whose device, or which of DIR/exports.")
@click.option("--known", metavar="INSTANT", help="Since when you know, as 2026-01-31T09:00:00Z (default: now).")
@home_option
@json_option
def command(*, what: str, store: Path, about: str, known: str | None, home: Path | None, as_json: bool) -> None:
    """Say whom the loss of WHAT touches, what kinds of data, and whether anybody can read them.

    People are told by device and by the pseudonyms of their grants. Nothing is opened, and no key is needed.
    """
    officer = opened(home, Role.OFFICER)
    row: dict[str, Any] = incident(officer, store.absolute(), What(what), about, _since(known)).row()
    say(row, list(_lines(row)), as_json=as_json)


def _since(known: str | None) -> datetime:
    if known is None:
        return now()
    try:
        return read_instant(known)
    except FormatError as problem:
        raise UsageError(str(problem)) from None


def _lines(row: dict[str, Any]) -> Iterator[str]:
    told = f"tell the authority by {row['deadline']}"
    left = read_instant(row["deadline"]) - now()
    hours = max(0, int(left.total_seconds() // 3600))
    yield f"{told}: {counted(hours, 'hour')} left of {int(CLOCK.total_seconds() // 3600)}"
    people = len(row["people"])
    yield f"touches {counted(row['episodes'], 'episode')} of {counted(people, 'person', 'people')}"
    readable = {
        Readable.NO.value: "nobody can read them with it",
        Readable.TOGETHER.value: f"readable only together with {' and '.join(row['needs'])}",
        Readable.YES.value: "they can be read",
    }
    yield f"{readable[row['readable']]}: {row['because']}"
    for name in ("signals", "sites", "purposes"):
        yield f"{name:<9}{', '.join(row[name]) or 'none'}"
    yield from (f"{'given to':<9}{each['name']} ({each['country']})" for each in row["recipients"])
    if row["released"]:
        yield f"{counted(row['released'], 'episode')} of them were released to that role: the release needs no vault"
    if row["destroyed"]:
        yield f"{counted(row['destroyed'], 'episode')} more are destroyed, and touch nobody"
    for each in row["people"]:
        yield f"{'person':<9}{each['device']}, {', '.join(each['subjects'])}: {counted(each['episodes'], 'episode')}"
    yield from (f"{'do':<9}{step}" for step in row["steps"])
    yield from (f"{'unknown':<9}{each}" for each in row["unknown"])
