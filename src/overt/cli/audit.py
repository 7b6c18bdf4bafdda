"""``overt audit``: the privacy officer's work, without any key that opens content."""

import os
from pathlib import Path

import click

from overt.audit.cosigning import cosign as vouch
from overt.cli import auditing, incidents, reporting, sampling
from overt.cli.asking import (
    PLACE,
    counted,
    ends,
    home_option,
    json_option,
    now,
    opened,
    passphrase_option,
    passphrase_source,
    read_document,
    retried,
    say,
)
from overt.format.note import VerifierKey
from overt.store import files
from overt.store.home import Role


@click.group("audit", epilog=ends("overt audit run --from submitted --out report.json"))
def command() -> None:
    """Check every episode without opening any, and witness logs, as their privacy officer."""


@command.command(
    short_help="Witness the log that FILE, an offer, is about.",
    epilog=ends(
        "overt audit cosign desk.offer --out desk.cosigned --log 'device-1f0c+8d21c3aa+AX…'",
        "0 cosigned, 1 the log was rewritten, cut back or replaced, 2 wrong use, 6 the key is locked, "
        "7 the disk refused, 8 not an offer or no verifier key, 9 no such home",
    ),
)
@click.argument("file", type=PLACE)
@click.option("--out", type=PLACE, required=True, metavar="FILE", help="Where the answer goes.")
@click.option("--log", "log_vkey", metavar="VKEY", help="The log's verifier key; needed the first time.")
@home_option
@passphrase_option
@json_option
def cosign(
    *, file: Path, out: Path, log_vkey: str | None, home: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    """Witness the log that FILE, an offer, is about: sign its head if it only grew since you last did.

    Keep the answer: with overt verify --seen it convicts a log that is rewritten later.
    """
    officer = opened(home, Role.OFFICER)
    known = str(VerifierKey.parse(log_vkey.strip())) if log_vkey is not None else None
    offer, source = read_document(file), passphrase_source(passphrase_file)
    said = retried(lambda: vouch(officer, offer, source, now(), log_vkey=known), passphrase_file)
    place = Path(os.path.abspath(out))  # noqa: PTH100 - a symlink must stay visible
    files.replace(place.parent, place.name, said.answer.note.encode())
    head = said.answer.checkpoint
    result = {
        "answer": str(out),
        "log": head.origin,
        "old": said.answer.old,
        "size": head.size,
        "root": head.root.hex(),
        "witness": said.witness,
    }
    entries, new = counted(head.size, "entry", "entries"), head.size - said.answer.old
    lines = [
        f"cosigned {head.origin}: {entries}, {new:,} of them new",
        f"wrote {out}; give it back, and keep a copy",
    ]
    say(result, lines, as_json=as_json)


command.add_command(auditing.run)
command.add_command(incidents.command)
command.add_command(reporting.command)
command.add_command(sampling.command)
