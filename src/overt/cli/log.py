"""``overt log``: the tamper-evident log of a home: show it, prove it, have it witnessed, look after it."""

import os
import re
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Final

import click

from overt.cli.asking import (
    PLACE,
    counted,
    ends,
    home_option,
    json_option,
    now,
    passphrase_option,
    passphrase_source,
    read_document,
    retried,
    say,
)
from overt.consent.instants import instant_text
from overt.errors import StorageError, UsageError
from overt.keys.consent_files import load_organisation
from overt.keys.identities import load_signer, signer_vkey
from overt.ledger.heartbeat import beat, silences
from overt.ledger.log import Ledger, verify_ledger
from overt.ledger.reading import CHECKPOINT
from overt.ledger.receipt import find_last, make_receipt
from overt.ledger.waiting import waiting
from overt.ledger.witness import accept as accept_answer
from overt.ledger.witness import make_offer, read_witnessed
from overt.policy.canonical import JsonValue
from overt.store import files
from overt.store.home import Home, Role, home_path, open_home, roles_at

_EXITS: Final = "0 done, 1 the log was changed, 2 wrong use, 6 the key is locked, 7 the disk refused, 9 no such home"
_ID: Final = re.compile(r"[0-9a-f]{32}")
_HASH: Final = 64
_SHOWN_FIRST: Final = ("type", "at", "day")
_KEEPERS: Final = (Role.EMPLOYEE, Role.VAULT, Role.ADMIN)

role_option = click.option(
    "--role",
    type=click.Choice([role.value for role in _KEEPERS]),
    help="Whose log, where several homes lie side by side (default: the employee's).",
)


@click.group("log", epilog=ends("overt log show --json"))
def command() -> None:
    """Show and prove the log of a home, and have it witnessed. It holds ids, hashes and days, and cannot be erased."""


@command.command(short_help="Prove the log and print it.", epilog=ends("overt log show", _EXITS))
@home_option
@role_option
@json_option
def show(*, home: Path | None, role: str | None, as_json: bool) -> None:
    """Prove the whole log and print its entries, the days without any, and how far it was witnessed."""
    place = _opened(home, role)
    state = verify_ledger(_log(place), signer_vkey(place))
    seen = read_witnessed(place.log_directory, signer_vkey(place))
    silent = silences(state.entries, now().date())
    result = {
        "log": signer_vkey(place),
        "size": state.size,
        "root": state.root,
        "witnessed": seen.checkpoint.size if seen is not None else None,
        "entries": list(state.entries),
        "waiting": waiting(place.log_directory),
        "silences": [{"first": str(each.first), "last": str(each.last)} for each in silent],
    }
    lines = [f"{index:>7}  {_entry_line(entry)}" for index, entry in enumerate(state.entries)]
    lines += [f"nobody looked after it from {each.first} to {each.last}" for each in silent]
    lines += [
        f"{counted(state.size, 'entry', 'entries')}, proven; {result['witnessed'] or 0:,} of them witnessed",
        f"key: {result['log']}",
    ]
    say(result, lines, as_json=as_json)


@command.command(
    short_help="Write a receipt: a proof that the log holds an entry.",
    epilog=ends("overt log prove 1b4e28ba2fa1411ab5c3d6e0a1b2c3d4 --out receipt.tlog-proof", _EXITS),
)
@click.argument("which", metavar="ID|INDEX")
@click.option("--out", type=PLACE, required=True, metavar="FILE", help="Where the receipt goes.")
@home_option
@role_option
@json_option
def prove(*, which: str, out: Path, home: Path | None, role: str | None, as_json: bool) -> None:
    """Write a receipt: a proof that the log holds an entry, which overt verify checks without the log.

    ID is that of an episode: its last entry in the log. INDEX is an entry's number in overt log show.
    """
    place = _opened(home, role)
    index = _index(place, which)
    receipt = make_receipt(_log(place), signer_vkey(place), index)
    _write(out, receipt)
    lines = [f"wrote {out}: the proof that the log holds entry {index}"]
    say({"receipt": str(out), "index": index, "log": signer_vkey(place)}, lines, as_json=as_json)


@command.command(
    short_help="Write what your privacy officer needs to witness it.",
    epilog=ends("overt log offer --out desk.offer", _EXITS),
)
@click.option("--out", type=PLACE, required=True, metavar="FILE", help="Where the offer goes.")
@click.option("--from", "old", type=click.IntRange(min=0), help="From how many entries on (default: those witnessed).")
@home_option
@role_option
@json_option
def offer(*, out: Path, old: int | None, home: Path | None, role: str | None, as_json: bool) -> None:
    """Write what the privacy officer needs to witness this log: its head, and the proof that it only grew."""
    place = _opened(home, role)
    _write(out, make_offer(_log(place), signer_vkey(place), old=old))
    lines = [
        f"wrote {out}; give it to your privacy officer, for overt audit cosign",
        "next: keep the answer with overt log accept; the first time, tell them your log's key on another way:",
        f"  {signer_vkey(place)}",
    ]
    say({"offer": str(out), "log": signer_vkey(place)}, lines, as_json=as_json)


@command.command(
    short_help="Keep the officer's answer FILE with the log.", epilog=ends("overt log accept desk.cosigned", _EXITS)
)
@click.argument("file", type=PLACE)
@click.option("--witness", metavar="VKEY", help="The officer's verifier key (default: the one in your bundle).")
@home_option
@role_option
@json_option
def accept(*, file: Path, witness: str | None, home: Path | None, role: str | None, as_json: bool) -> None:
    """Keep the officer's answer FILE with the log, so that receipts can show that it was witnessed."""
    place = _opened(home, role)
    vkey = witness or load_organisation(place).recipients.auditor
    cosigned = accept_answer(_log(place), signer_vkey(place), read_document(file), vkey)
    at = instant_text(cosigned.at)
    say({"witness": cosigned.witness, "at": at}, [f"witnessed by {cosigned.witness} at {at}"], as_json=as_json)


@command.command(short_help="Log that this home was looked after today.", epilog=ends("overt log heartbeat", _EXITS))
@home_option
@role_option
@passphrase_option
@json_option
def heartbeat(*, home: Path | None, role: str | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Log that this home was looked after today (UTC); a second time on one day adds nothing.

    Let a daily timer run it, for example a systemd user timer: days without a heartbeat show as silence.
    """
    place = _opened(home, role)
    day = now().astimezone(UTC).date()
    source = passphrase_source(passphrase_file)
    signer = retried(lambda: load_signer(place, source), passphrase_file)
    new = beat(Ledger(place.log_directory, signer), day)
    said = f"logged the heartbeat of {day}" if new else f"the heartbeat of {day} is in the log already"
    say({"day": day.isoformat(), "new": new}, [said], as_json=as_json)


def _entry_line(entry: Mapping[str, JsonValue]) -> str:
    """Return *entry* on one line, with ids whole, since commands take them, and only the beginning of each hash."""
    when = entry.get("at") or entry.get("day") or ""
    facts = [f"{name} {_shortened(value)}" for name, value in sorted(entry.items()) if name not in _SHOWN_FIRST]
    return f"{entry['type']:<13}  {when:<20}  {', '.join(facts)}".rstrip()


def _shortened(value: JsonValue) -> str:
    text = str(value)
    return f"{text[:12]}…" if len(text) == _HASH else text


def _opened(home: Path | None, role: str | None) -> Home:
    path = home_path(home, os.environ)
    there = [each for each in _KEEPERS if each in roles_at(path)]
    if not there:
        raise UsageError("an officer's home has no log", hint="name the home of an employee, a vault or an admin")
    return open_home(path, Role(role) if role else there[0])


def _log(home: Home) -> Path:
    if not (home.log_directory / CHECKPOINT).exists():
        raise StorageError(f"there is no log in {home.path} yet", hint="it begins with the first act: consent, a share")
    return home.log_directory


def _index(home: Home, which: str) -> int:
    if which.isascii() and which.isdigit() and len(which) < 20:  # noqa: PLR2004 - an id has 32
        return int(which)
    if not _ID.fullmatch(which):
        raise UsageError("an entry is named by its number, or by the id of an episode")
    index = find_last(_log(home), signer_vkey(home), {"id": which})
    if index is None:
        raise UsageError(f"the log has no entry about the episode {which}")
    return index


def _write(out: Path, text: str) -> None:
    place = Path(os.path.abspath(out))  # noqa: PTH100 - a symlink must stay visible
    files.replace(place.parent, place.name, text.encode())
