"""``overt episodes redact``: take rows out of one's own episode by hand."""

import sys
from dataclasses import dataclass
from pathlib import Path

import click

from overt.cli.asking import (
    PLACE,
    at_terminal,
    confirmed,
    counted,
    ends,
    home_option,
    json_option,
    note,
    now,
    opened,
    passphrase_option,
    passphrase_source,
    retried,
    say,
)
from overt.cli.progress import bar
from overt.cli.rows import content_row, table
from overt.cli.sweeping import erased_facts, tell_orders
from overt.errors import UsageError
from overt.store.home import Role
from overt.subject.redacting import Row, echoes, reseal, rows_in, rows_of_visits, rows_with, with_pictures
from overt.subject.reviewing import find_episode, review

_MOST = 1 << 16
_STAYS = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    rows: str | None
    visits: str | None
    match: bool
    keep_pictures: bool


@click.command(
    "redact",
    short_help="Take rows out of your EPISODE.",
    epilog=ends(
        "overt episodes redact 1b4e28ba --rows 3,5-9 --dry-run",
        "0 done, 1 changed, 2 no such row or episode, 4 withdrawn, 6 key or vault, 7 disk, 9 no home",
    ),
)
@click.argument("episode")
@click.option("--rows", metavar="LIST", help="Rows by their number in overt episodes show, such as 3,5-9.")
@click.option("--visits", "--segments", "visits", metavar="LIST", help="Whole stays on a page, by their number.")
@click.option("--match", is_flag=True, help="Rows with a word that is asked for, or read from standard input.")
@click.option("--keep-pictures", is_flag=True, help="Keep pictures although they may show what is taken out.")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken out.")
@click.option("--yes", is_flag=True, help="Without asking once more.")
@click.option("--releases", type=PLACE, multiple=True, metavar="FILE", help="What the vault released; repeatable.")
@home_option
@passphrase_option
@json_option
def redact_command(  # noqa: PLR0913 - one parameter for each option
    *,
    episode: str,
    rows: str | None,
    visits: str | None,
    match: bool,
    keep_pictures: bool,
    dry_run: bool,
    yes: bool,
    releases: tuple[Path, ...],
    home: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Take rows out of your EPISODE; what stays becomes a new episode, which you have to approve anew.

    The old one is destroyed, with every copy of it. Pictures that may show what you take out go as well. Without an
    option the rows are shown and you are asked, if you sit at a terminal. The vault logs that you looked.
    """
    person, source = opened(home, Role.EMPLOYEE), passphrase_source(passphrase_file)
    wanted = find_episode(person, episode)
    looked = retried(lambda: review(person, wanted, source, now(), releases=releases), passphrase_file)
    kept = list(looked.content)
    removed = _chosen(kept, _Choice(rows=rows, visits=visits, match=match, keep_pictures=keep_pictures))
    left = echoes(kept, removed)
    told: dict[str, object] = {"episode": wanted, "rows": sorted(removed), "kept": len(kept) - len(removed)}
    told["also_in_rows"] = sorted(left)
    if left:
        note(f"what you typed there also stands in {_numbers(left)}: take them out as well, or look with --match")
    if dry_run or not removed:
        _show(kept, removed, told, as_json=as_json)
        return
    confirmed(f"Take {counted(len(removed), 'row')} out, and destroy the episode as it was?", yes=yes)
    stays = [row for number, row in enumerate(kept, 1) if number not in removed]
    with bar("wrapping what stays") as progress:
        done = reseal(person, looked, stays, source, now(), progress)
    told |= {"new": done.episode_id, "erased": erased_facts(done.erased)}
    lines = [f"took out {counted(len(removed), 'row')}; what stays is {done.episode_id}, not approved yet"]
    say(told, lines, as_json=as_json)
    tell_orders((done.erased,))


def _chosen(kept: list[Row], choice: _Choice) -> frozenset[int]:
    found: frozenset[int] = frozenset()
    text = choice.rows
    if text is None and choice.visits is None and not choice.match:
        text = _asked(kept)
    if text is not None:
        found |= rows_in(text, len(kept))
    if choice.visits is not None:
        found |= rows_of_visits(kept, rows_in(choice.visits, _STAYS))
    if choice.match:
        found |= rows_with(kept, _words())
    return found if choice.keep_pictures else with_pictures(kept, found)


def _asked(kept: list[Row]) -> str:
    if not at_terminal():
        raise UsageError("which rows?", hint="name them with --rows 3,5-9, --visits or --match")
    for line in table(content_row(record) for record in kept):
        click.echo(line, err=True)
    answer: str = click.prompt("rows to take out, such as 3,5-9 (empty: none)", "", show_default=False, err=True)
    return answer


def _words() -> list[str]:
    if at_terminal():
        return [click.prompt("word", hide_input=True, err=True)]
    try:
        words = [line for line in sys.stdin.buffer.read(_MOST).decode().splitlines() if line.strip()]
    except UnicodeDecodeError:
        raise UsageError("standard input is no text in UTF-8") from None
    if not words:
        raise UsageError("no word was given", hint="one a line on standard input")
    return words


def _show(kept: list[Row], removed: frozenset[int], told: dict[str, object], *, as_json: bool) -> None:
    lines = [line for number, line in enumerate(table(content_row(record) for record in kept)) if number in removed]
    say(told, [*lines, f"{counted(len(removed), 'row')} of {len(kept):,} would be taken out"], as_json=as_json)


def _numbers(rows: frozenset[int]) -> str:
    return f"row{'s' * (len(rows) > 1)} {', '.join(map(str, sorted(rows)))}"
