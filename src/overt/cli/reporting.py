"""``overt audit report``: what an audit found, as one HTML file for a board and an engineer."""

import os
from pathlib import Path
from typing import Final

import click

from overt.audit.reporting import findings_csv, html_report, read_answer
from overt.cli.asking import PLACE, counted, ends, json_option, say
from overt.errors import FormatError
from overt.store import files

_LIMIT: Final = 1 << 28


@click.command(
    "report",
    short_help="Make one HTML file of what an audit found.",
    epilog=ends(
        "overt audit report report.json --out report.html",
        "0 written, 2 wrong use, 7 disk, 8 not a result of overt audit run, 10 pip install 'overt[audit]'",
    ),
)
@click.argument("results", type=PLACE, nargs=-1, required=True, metavar="FILE...")
@click.option("--out", type=PLACE, required=True, metavar="FILE", help="Where the HTML goes.")
@click.option("--csv", "table", type=PLACE, metavar="FILE", help="Where the findings go as CSV, too.")
@json_option
def command(*, results: tuple[Path, ...], out: Path, table: Path | None, as_json: bool) -> None:
    """Make one HTML file of FILE, which overt audit run --out wrote; of several, of the newest, with a trend.

    It needs no other file and no network, and names nobody.
    """
    answers = [read_answer(_text(each)) for each in results]
    newest = max(answers, key=lambda each: each.at)
    _put(out, html_report(answers))
    if table is not None:
        _put(table, findings_csv(newest))
    result = {
        "out": str(out),
        "csv": str(table) if table is not None else None,
        "at": newest.at,
        "findings": len(newest.findings),
        "history": len(answers),
    }
    say(result, [f"wrote {out}: {counted(len(newest.findings), 'finding')} of {newest.at}"], as_json=as_json)


def _text(path: Path) -> str:
    try:
        return files.read_anywhere(path, limit=_LIMIT).decode()
    except UnicodeDecodeError:
        raise FormatError(f"{path} is not a text file") from None


def _put(path: Path, text: str) -> None:
    place = Path(os.path.abspath(path))  # noqa: PTH100 - a symlink must stay visible
    files.replace(place.parent, place.name, text.encode())
