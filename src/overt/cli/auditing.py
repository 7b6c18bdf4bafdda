"""``overt audit run``: every stored episode, its consent and its exports, checked without opening any."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from overt.audit.checking import QUIET_DAYS
from overt.audit.findings import Finding
from overt.audit.running import Report, Request, audit, workers_for
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
from overt.cli.progress import bar
from overt.errors import VerificationError
from overt.format.note import VerifierKey
from overt.keys.rotated import Keyring
from overt.store import files
from overt.store.home import Role

_SHOWN: Final = 3
"""Of so many findings alike the evidence is shown; all of them are in the JSON."""


@click.command(
    "run",
    short_help="Check every episode in a store, without opening any.",
    epilog=ends(
        "overt audit run --from submitted --out report.json",
        "0 no finding, 1 any finding, 2 wrong use, 5 no organisation joined, 6 the key is locked, 7 unreadable, "
        "9 no such home",
    ),
)
@click.option("--from", "store", type=PLACE, required=True, metavar="DIR", help="Submitted episodes, public files.")
@click.option("--since", type=PLACE, multiple=True, metavar="FILE", help="A checkpoint that somebody kept.")
@click.option("--device", multiple=True, metavar="VKEY", help="The key of a device that you know yourself.")
@click.option("--full", is_flag=True, help="Prove again what was proven before.")
@click.option("--unlock", is_flag=True, help="Also see that metadata is sealed for you.")
@click.option(
    "--quiet-days", type=click.IntRange(min=0), default=QUIET_DAYS, show_default=True, metavar="N",
    help="How long a log may be silent.",
)  # fmt: skip
@click.option("--out", type=PLACE, metavar="FILE", help="Write the result there too.")
@home_option
@passphrase_option
@json_option
def run(  # noqa: PLR0913 - one parameter for each option
    *, store: Path, since: tuple[Path, ...], device: tuple[str, ...], full: bool, unlock: bool, quiet_days: int,
    out: Path | None, home: Path | None, passphrase_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Check every episode in DIR against its device, its log, its grant, and every export and read.

    Nothing is opened, and nothing is written in DIR. Copies of logs go into DIR/logs, manifests into DIR/exports/NAME.
    What could not be checked is named with its reason.
    """
    officer = opened(home, Role.OFFICER)
    request = Request(
        store=store.absolute(),
        devices=frozenset(str(VerifierKey.parse(each.strip())) for each in device),
        seen=tuple(map(read_document, since)),
        full=full,
        quiet_days=quiet_days,
        workers=workers_for(),
    )
    source = passphrase_source(passphrase_file)
    with bar("auditing") as progress:
        report = retried(
            lambda: audit(
                officer, request, now(), progress=progress, keyring=Keyring(officer, source) if unlock else None
            ),
            passphrase_file,
        )
    _tell(report, out, as_json=as_json)


def _tell(report: Report, out: Path | None, *, as_json: bool) -> None:
    row = report.row()
    if out is not None:
        place = Path(os.path.abspath(out))  # noqa: PTH100 - a symlink must stay visible
        files.replace(place.parent, place.name, (json.dumps(row, indent=2, ensure_ascii=False) + "\n").encode())
    say(row, list(_lines(report)), as_json=as_json)
    if report.findings:
        raise VerificationError(
            counted(len(report.findings), "finding"), hint="what each means: docs/spec/audit-v1.md, section 3"
        )


def _lines(report: Report) -> Iterator[str]:
    counts = report.counts
    yield ", ".join(
        [
            f"checked {counted(counts.episodes, 'episode')} ({counts.remembered:,} proven before)",
            counted(counts.devices, "device"),
            counted(counts.grants, "grant"),
            counted(len(report.logs), "log"),
            counted(counts.exports, "export"),
            counted(counts.reads, "read"),
        ]
    )
    for each in report.logs:
        yield f"log {each.origin}: {counted(each.report.size, 'entry', 'entries')} under {each.report.root or '-'}"
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        groups[finding.code].append(finding)
    for found in groups.values():
        yield from _group(found)
    for skip in report.tally.skip_rows():
        yield f"{'skipped':<9}{skip['check']} ({skip['count']:,}): {skip['text']}"
    if not report.findings:
        yield "no finding"


def _group(found: list[Finding]) -> Iterator[str]:
    first = found[0]
    yield f"{first.severity.value:<9}{first.code} ({len(found):,}); {first.row()['remedy']}"
    for each in found[:_SHOWN]:
        touched = f" ({counted(each.episodes, 'episode')})" if each.episodes > 1 else ""
        yield f"{'':<9}{each.kind.value} {each.about}{touched}: {each.evidence}"
    if len(found) > _SHOWN:
        yield f"{'':<9}and {len(found) - _SHOWN:,} more: --json or --out names them"
