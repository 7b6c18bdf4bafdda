"""``overt verify``: prove episodes untampered, and files against their log, without any key."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import track

from overt.audit.checking import QUIET_DAYS, FileReport, LogClaim, LogReport, check_file, check_log, missing
from overt.cli.asking import PLACE, counted, ends, note, now, read_document
from overt.consent.instants import instant_text
from overt.errors import HomeError, OvertError, UsageError, VerificationError
from overt.format.cosignature import read_cosignature
from overt.format.note import VerifierKey
from overt.keys.consent_files import load_organisation
from overt.keys.device import device_vkey
from overt.ledger.reading import CHECKPOINT
from overt.ledger.receipt import Proven, check_receipt
from overt.ledger.reconcile import Account, Finding
from overt.ledger.witness import read_witnessed
from overt.store.home import Home, Role, home_path, open_home
from overt.verify import Trust, TrustDevice, UnsafeAnyDevice

_SUFFIX: Final = ".ep"
_RECEIPT: Final = ".tlog-proof"
_KEEP: Final = "keep files and log as they are; what each finding means: docs/spec/log-v1.md, section 8"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What to check: *files*, all that are in their *place* or just *one*, by *trust*, against the log of *claim*."""

    files: tuple[Path, ...]
    one: bool
    trust: Trust
    claim: LogClaim | None
    handed_over: bool
    quiet_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What came of it: a report for each file, one of the log if there was one, and what is *missing*."""

    files: tuple[FileReport, ...]
    log: LogReport | None
    missing: tuple[Finding, ...]

    @property
    def loose(self) -> tuple[Finding, ...]:
        """The findings that are about no file that is there."""
        return (*(self.log.findings if self.log is not None else ()), *self.missing)


@click.command(
    epilog=ends(
        "overt verify ~/episodes --device 'device-1f0c+8d21c3aa+AX…' --log desk/log --seen desk.cosigned",
        "0 proven, 1 any finding (a damaged tail is one), 2 wrong use, 7 unreadable, 8 a malformed key or receipt",
    )
)
@click.argument("path", type=PLACE, required=False)
@click.option(
    "--device", "--device-key", "--key", "device", metavar="VKEY",
    help="The verifier key of the device, and of its log.",
)  # fmt: skip
@click.option("--home", type=PLACE, metavar="DIR", help="Trust the device of this employee's home instead.")
@click.option("--log", type=PLACE, metavar="DIR", help="Check them against this log too.")
@click.option("--witness", metavar="VKEY", help="The verifier key of the log's witness.")
@click.option("--seen", type=PLACE, metavar="FILE", help="A checkpoint that overt audit cosign gave.")
@click.option("--submitted", is_flag=True, help="Expect only those that were submitted.")
@click.option(
    "--quiet-days", type=click.IntRange(min=0), default=QUIET_DAYS, show_default=True, metavar="N",
    help="How long the log may be silent.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
def command(  # noqa: PLR0913 - one parameter for each option
    *, path: Path | None, device: str | None, home: Path | None, log: Path | None, witness: str | None,
    seen: Path | None, submitted: bool, quiet_days: int, as_json: bool,
) -> None:  # fmt: skip
    """Prove that the episode file PATH, or every episode in the directory PATH, is what its device sealed.

    Without PATH, or with that of your own episodes, your whole home is checked: each episode against your log, and the
    log itself. A .tlog-proof is checked as a receipt, with --device the verifier key of its log.

    States: closed (complete), open (sound, but never closed), damaged-tail (sound up to some flush), invalid.

    Without a device key, only the file's own consistency is proven: anybody may have made it.
    """
    if path is not None and path.suffix == _RECEIPT:
        _receipt(path, device, witness, as_json=as_json)
        return
    own = _own_home(path, home, log)
    vkey = _vkey(device, home, own)
    if vkey is None:
        note("no device key given: who recorded this is not proven")
    claim = _claim(own, log, vkey, witness, seen)
    if claim is not None and claim.seen is not None and claim.witness is None:
        note("no witness named: whose answer --seen is, is not checked; name the officer's key with --witness")
    place = path or (own.episodes_directory if own is not None else None)
    task = _Task(
        files=_episodes(place, alone=claim is None),
        one=place is None or not place.is_dir(),
        trust=TrustDevice(vkey) if vkey else UnsafeAnyDevice(),
        claim=claim,
        handed_over=submitted,
        quiet_days=quiet_days,
    )
    _tell(_checked(task), as_json=as_json)


def _own_home(path: Path | None, home: Path | None, log: Path | None) -> Home | None:
    """Return the home whose own episodes *path* is, or that is meant when there is none."""
    if log is not None:
        return None
    try:
        own = open_home(home_path(home, os.environ), Role.EMPLOYEE)
    except HomeError as problem:
        if home is not None:
            raise
        if path is None:
            raise HomeError(str(problem), hint="or name what to verify: overt verify PATH --device VKEY") from problem
        return None
    if path is not None and not path.resolve().is_relative_to(own.episodes_directory.resolve()):
        return None
    return own


def _vkey(device: str | None, home: Path | None, own: Home | None) -> str | None:
    if device and home:
        raise UsageError("--device and --home both name a device", hint="give one of them")
    if device:
        return str(VerifierKey.parse(device))
    if home:
        return device_vkey(open_home(home_path(home, os.environ), Role.EMPLOYEE))
    return device_vkey(own) if own is not None else None


def _claim(
    own: Home | None, log: Path | None, vkey: str | None, witness: str | None, seen: Path | None
) -> LogClaim | None:
    place = log if own is None else own.log_directory
    if place is None or (own is not None and _is_untouched(own)):
        if witness or seen:
            raise UsageError("there is no log to hold against it", hint="name the log: --log DIR")
        return None
    if vkey is None:
        raise UsageError("a log is checked by the verifier key of who keeps it", hint="name it: --device VKEY")
    vouches = witness or (_bundled_witness(own, vkey) if own is not None else None)
    kept = read_document(seen) if seen is not None else None
    return LogClaim(directory=place, vkey=vkey, witness=vouches, seen=kept, own=own is not None)


def _is_untouched(home: Home) -> bool:
    """Say whether nothing has happened yet in *home*, so that there need not be a log."""
    places = (home.grants_directory, home.episodes_directory, home.withdrawals_directory)
    return not (home.log_directory / CHECKPOINT).exists() and not any(any(place.iterdir()) for place in places)


def _bundled_witness(home: Home, vkey: str) -> str | None:
    """Return the officer's key in *home*'s bundle, if it witnessed the log; it may be newer than that."""
    with suppress(OvertError):
        head = read_witnessed(home.log_directory, vkey)
        auditor = load_organisation(home).recipients.auditor
        if head is not None:
            read_cosignature(head.note, auditor)
            return auditor
    return None


def _episodes(place: Path | None, *, alone: bool) -> tuple[Path, ...]:
    if place is None:
        return ()
    if not place.is_dir():
        return (place,)
    found = tuple(sorted(file for file in place.iterdir() if file.suffix == _SUFFIX))
    if not found and alone:
        raise UsageError(f"there is no episode in {place}", hint=f"name a directory with {_SUFFIX} files, or one file")
    return found


def _checked(task: _Task) -> _Outcome:
    log = check_log(task.claim, today=now().date(), quiet_days=task.quiet_days) if task.claim is not None else None
    account = Account(log.entries) if log is not None and log.root else None
    files = tuple(check_file(file, task.trust, account) for file in _progress(task.files))
    lost = missing(files, account, handed_over=task.handed_over) if account is not None and not task.one else []
    return _Outcome(files=files, log=log, missing=tuple(lost))


def _progress(files: tuple[Path, ...]) -> Iterator[Path]:
    shown = sys.stderr.isatty() and len(files) > 1
    yield from track(files, "verifying", console=Console(stderr=True), transient=True, disable=not shown)


def _tell(outcome: _Outcome, *, as_json: bool) -> None:
    rows = [report.row() for report in outcome.files]
    said = {
        "episodes": rows,
        "log": _log_row(outcome.log) if outcome.log is not None else None,
        "findings": [asdict(finding) for finding in outcome.loose],
    }
    lines = [*map(_line, rows), *_log_lines(outcome.log), *(_finding_line(each) for each in outcome.loose)]
    spoilt = sum(bool(row["codes"]) for row in rows)
    if not spoilt and not outcome.loose:
        lines.append(f"no finding: {_checked_things(outcome)}")
    click.echo(json.dumps(said, indent=2) if as_json else "\n".join(lines))
    problems = [f"{spoilt} of {len(rows)} episodes with a finding"] if spoilt else []
    problems += [f"{counted(len(outcome.loose), 'finding')} by the log"] if outcome.loose else []
    if problems:
        raise VerificationError(", ".join(problems), hint=_KEEP)


def _checked_things(outcome: _Outcome) -> str:
    episodes = counted(len(outcome.files), "episode")
    return f"{episodes}, and the log" if outcome.log is not None else f"{episodes}, without a log"


def _log_row(log: LogReport) -> dict[str, object]:
    return {
        "size": log.size,
        "root": log.root,
        "witness": log.cosigned.witness if log.cosigned else None,
        "witnessed_at": instant_text(log.cosigned.at) if log.cosigned else None,
        "silences": [{"first": str(each.first), "last": str(each.last)} for each in log.silences],
    }


def _log_lines(log: LogReport | None) -> Iterator[str]:
    if log is None or not log.root:
        return
    by = f"witnessed by {log.cosigned.witness} at {instant_text(log.cosigned.at)}" if log.cosigned else "not witnessed"
    yield f"{'log':<13}{counted(log.size, 'entry', 'entries')} under {log.root}, {by}"
    yield from (f"{'log':<13}nobody looked after it from {each.first} to {each.last}" for each in log.silences)


def _finding_line(finding: Finding) -> str:
    about = f"{finding.episode_id}: " if finding.episode_id else ""
    return f"{finding.code.value:<13} {about}{finding.text}"


def _line(row: dict[str, object]) -> str:
    if row["state"] == "invalid":
        return f"{'invalid':<13}{row['file']}: {row['finding']}"
    proven = f"{row['flushes']} flushes, {row['size']:,} of {row['total']:,} bytes proven"
    end = f", ended: {row['end_reason']}" if row["end_reason"] else ", not closed"
    trial = ", trial" if row["trial"] else ""
    finding = f"; {row['finding']}" if row["finding"] else ""
    return f"{row['state']:<13}{row['file']}: {proven}{end}{trial}{finding}"


def _receipt(path: Path, vkey: str | None, witness: str | None, *, as_json: bool) -> None:
    if vkey is None:
        raise UsageError("a receipt is checked by the verifier key of its log", hint="name it: --device VKEY")
    proven = check_receipt(read_document(path), vkey, witness)
    click.echo(json.dumps(_receipt_row(path, proven), indent=2) if as_json else "\n".join(_receipt_lines(proven)))


def _receipt_row(path: Path, proven: Proven) -> dict[str, object]:
    return {
        "file": str(path),
        "log": proven.origin,
        "index": proven.index,
        "size": proven.size,
        "entry": proven.entry,
        "witness": proven.cosigned.witness if proven.cosigned else None,
        "witnessed_at": instant_text(proven.cosigned.at) if proven.cosigned else None,
    }


def _receipt_lines(proven: Proven) -> Iterator[str]:
    yield f"the log {proven.origin} holds, as number {proven.index} of {proven.size:,}:"
    yield json.dumps(proven.entry, sort_keys=True)
    if proven.cosigned is None:
        note("no witness named: whether anybody saw this log grow is not checked")
    else:
        yield f"witnessed by {proven.cosigned.witness} at {instant_text(proven.cosigned.at)}"
