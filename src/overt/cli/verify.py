"""``overt verify``: prove episodes untampered, without any key."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from overt.cli.asking import PLACE, ends
from overt.errors import UsageError, VerificationError
from overt.format.note import VerifierKey
from overt.keys.device import device_vkey
from overt.store.files import read_anywhere
from overt.store.home import Role, home_path, open_home
from overt.verify import State, Trust, TrustDevice, UnsafeAnyDevice, Verdict, verify_episode

_SUFFIX: Final = ".ep"


@click.command(
    epilog=ends(
        "overt verify ~/episodes --device-key 'dev-1f0c+8d21c3aa+AX…'",
        "0 proven, 1 any finding (a damaged tail is one), 2 wrong use, 7 unreadable",
    )
)
@click.argument("path", type=PLACE)
@click.option("--device-key", metavar="VKEY", help="The verifier key of the device that must have recorded them.")
@click.option("--home", type=PLACE, metavar="DIR", help="Trust the device of this employee's home instead.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
def command(*, path: Path, device_key: str | None, home: Path | None, as_json: bool) -> None:
    """Prove that the episode file PATH, or every episode in the directory PATH, is what its device sealed.

    States: closed (complete), open (sound, but never closed), damaged-tail (sound up to some flush), invalid.

    Without a device key, only the file's own consistency is proven: anybody may have made it.
    """
    trust = _trust(device_key, home)
    if isinstance(trust, UnsafeAnyDevice):
        click.echo("overt: note: no device key given: who recorded this is not proven", err=True)
    rows = [_row(file, trust) for file in _episodes(path)]
    click.echo(json.dumps({"episodes": rows}, indent=2) if as_json else "\n".join(_line(row) for row in rows))
    findings = sum(bool(row["finding"]) for row in rows)
    if findings:
        raise VerificationError(f"{findings} of {len(rows)} episodes with a finding")


def _trust(device_key: str | None, home: Path | None) -> Trust:
    if device_key and home:
        raise UsageError("--device-key and --home both name a device", hint="give one of them")
    if device_key:
        return TrustDevice(str(VerifierKey.parse(device_key)))
    if home:
        return TrustDevice(device_vkey(open_home(home_path(home, os.environ), Role.EMPLOYEE)))
    return UnsafeAnyDevice()


def _episodes(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(file for file in path.iterdir() if file.suffix == _SUFFIX)
    if not found:
        raise UsageError(f"there is no episode in {path}", hint=f"name a directory with {_SUFFIX} files, or one file")
    yield from found


def _row(file: Path, trust: Trust) -> dict[str, object]:
    data = read_anywhere(file)
    try:
        verdict = verify_episode(data, trust=trust)
    except VerificationError as problem:
        return {"file": str(file), "state": "invalid", "finding": str(problem).removeprefix("invalid: ")}
    return {"file": str(file), "finding": _finding(verdict, file)} | asdict(verdict)


def _finding(verdict: Verdict, file: Path) -> str:
    if verdict.state is State.DAMAGED_TAIL:
        return f"damaged tail: {verdict.reason}"
    if len(file.stem) == len(verdict.episode_id) and file.stem != verdict.episode_id:
        return f"the file is named after another episode than {verdict.episode_id}, which it holds"
    return ""


def _line(row: dict[str, object]) -> str:
    if row["state"] == "invalid":
        return f"{'invalid':<13}{row['file']}: {row['finding']}"
    proven = f"{row['flushes']} flushes, {row['size']:,} of {row['total']:,} bytes proven"
    end = f", ended: {row['end_reason']}" if row["end_reason"] else ", not closed"
    trial = ", trial" if row["trial"] else ""
    finding = f"; {row['finding']}" if row["finding"] else ""
    return f"{row['state']:<13}{row['file']}: {proven}{end}{trial}{finding}"
