"""``overt demo``: the whole story on a private virtual desktop with a real browser."""

import json
import secrets
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console

from overt.cli.asking import PLACE, ends
from overt.demo import account, search, show, story, summary
from overt.errors import StorageError, UsageError, VerificationError

_WIDTH = 120
"""Of the table where there is no terminal."""


@click.command(
    epilog=ends(
        "overt demo --out kept",
        "0 nothing planted was found and everything allowed is exported, 1 otherwise, 2 wrong use, "
        "3 a program is missing or a step failed, 10 pip install 'overt[demo]'",
    ),
)
@click.option("--out", type=PLACE, metavar="DIR", help="Where to leave it all; must be free.")
@click.option("--seed", type=int, help="Of the planted secrets (default: at random).")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(*, out: Path | None, seed: int | None, as_json: bool) -> None:
    """Watch the whole story on a private virtual desktop.

    A real Chromium on a screen of its own, a scripted person, and local pages under the names of real sites. The person
    does what a consent covers, and what must leave no trace. Then every byte that was written is searched for it.

    With --out, DIR keeps home/, dataset/, summary.html and summary.json; else nothing stays.
    """
    if out is not None:
        _told(_free(out), seed, as_json=as_json)
        return
    with tempfile.TemporaryDirectory(prefix="overt-demo-") as directory:
        _told(Path(directory) / "demo", seed, as_json=as_json)


def _told(out: Path, seed: int | None, *, as_json: bool) -> None:
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise StorageError(f"cannot make {out}: {problem.strerror}") from None
    told = story.tell(out, _say, secrets.randbits(32) if seed is None else seed)
    made = account.account_for(told)
    summary.write(out, made, told)
    # The summary is a file that the demo left, too.
    late = [each for name in (summary.HTML, summary.JSON) for each in _found(out / name, told)]
    if as_json:
        click.echo(json.dumps(made.json(), indent=2, ensure_ascii=False))
    else:
        show.show(made, Console(file=sys.stdout, width=None if sys.stdout.isatty() else _WIDTH))
    if late or not made.good:
        raise VerificationError(f"the demo failed: {len(made.problems) + len(late)} problems")


def _found(path: Path, told: story.Told) -> list[search.Finding]:
    return search.search_bytes(path.read_bytes(), told.canaries, path.name)


def _free(out: Path) -> Path:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is there already and holds something", hint="choose an empty place")
    return out.absolute()


def _say(line: str) -> None:
    click.echo(line, err=True)
