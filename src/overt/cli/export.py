"""``overt export``: submitted episodes become a training set for one purpose."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click
from click.core import ParameterSource
from rich.console import Console
from rich.progress import Progress

from overt.cli.asking import (
    PLACE,
    counted,
    ends,
    home_option,
    json_option,
    note,
    now,
    opened,
    passphrase_option,
    passphrase_source,
    say,
)
from overt.cli.exported import purge_command, verify_command
from overt.cli.exporting import ADDRESS, How, Readers, Target, engine_options, opened_shelf, target_of
from overt.cli.foretelling import foretell
from overt.cli.preview import command as preview_command
from overt.dataset.eligible import Eligible, Skip
from overt.dataset.formats import ALL, chosen
from overt.dataset.interface import Format
from overt.dataset.journal import export_log, own_recipient
from overt.dataset.judge import SLOW
from overt.dataset.pipeline import Log, Report, Request, export
from overt.dataset.receiver import about_release, controller_signer
from overt.dataset.release import HOLDOUT, MOST_HELD_OUT, Release
from overt.dataset.source import Source, cohort_floor, is_trial, permitted_purpose
from overt.dataset.upload import files_of
from overt.dataset.workshop import lasting
from overt.errors import UsageError
from overt.keys.exchange.request import Reader, Wish
from overt.keys.passphrase import PassphraseSource
from overt.keys.rotated import Keyring
from overt.keys.share_source import open_source
from overt.policy.canonical import JsonValue
from overt.store.home import Home, Role
from overt.trajectory.build import Rules

_Value = TypeVar("_Value")


class _Export(click.Group):
    """The export itself, and what is done with one afterwards; the usage names the latter, which spares a screen."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List no subcommands."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the options, and the subcommands by name."""
        return [
            *click.Command.collect_usage_pieces(self, ctx),
            *([f"| {'|'.join(self.commands)}"] * bool(self.commands)),
        ]


@click.group(
    "export",
    cls=_Export,
    invoke_without_command=True,
    epilog=ends(
        "overt export --purpose model_training --format parquet --format agentnet --from submitted --out dataset",
        "0 written or already there, 2 wrong use, 4 nothing may be exported, "
        "5 purpose not offered, 6 key or vault locked, 7 disk, 10 no extra",
    ),
)
@click.option("--purpose", metavar="P", help="One of the policy's purposes.  [required]")
@click.option(
    "--format",
    "formats",
    type=click.Choice([*(name.value for name in Format), ALL]),
    multiple=True,
    default=[Format.PARQUET.value],
    metavar="F",
    help=f"{', '.join(name.value for name in Format)}, all; repeatable.",
)
@click.option("--out", type=ADDRESS, metavar="DIR", help="Where to; made as a whole.  [required]")
@click.option(
    "--from",
    "submissions",
    type=ADDRESS,
    metavar="DIR",
    help="What people submitted (default: HOME/submitted).",
)
@click.option(
    "--releases",
    type=PLACE,
    multiple=True,
    metavar="FILE",
    help="What the vault released; repeatable.",
)
@click.option("--reason", metavar="TEXT", help="Why, for the vault at hand.")
@click.option("--gaps", is_flag=True, help="Let out pauses, in coarse buckets.")
@click.option(
    "--judge",
    "judges",
    type=click.Choice(SLOW),
    multiple=True,
    metavar="J",
    help=f"Who else looks: {', '.join(SLOW)}; repeatable.",
)
@click.option("--to", "receiver", metavar="NAME", help="Who is given it; a recipient of the policy's.")
@click.option(
    "--holdout",
    type=click.IntRange(0, MOST_HELD_OUT),
    metavar="PERCENT",
    help=f"People held out (default: {HOLDOUT}; trial: 0).",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be exported, and why not the rest.")
@engine_options
@home_option
@passphrase_option
@json_option
@click.pass_context
def command(  # noqa: PLR0913 - one parameter for each option
    ctx: click.Context,
    *,
    purpose: str | None,
    formats: tuple[str, ...],
    out: str | None,
    submissions: str | None,
    releases: tuple[Path, ...],
    reason: str | None,
    gaps: bool,
    receiver: str | None,
    holdout: int | None,
    judges: tuple[str, ...],
    dry_run: bool,
    how: How,
    home: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Turn submitted episodes into a training set for one purpose.

    Exported is what a person approved and submitted under a grant that names this purpose; all else is skipped with a
    reason, also for what the rules, or a --judge, find in it. DIR appears complete or not at all.
    """
    if ctx.invoked_subcommand is not None:
        _check_alone(ctx)
        return
    purpose, out = _given(ctx, "purpose", purpose), _given(ctx, "out", "" if dry_run and out is None else out)
    admin = opened(home, Role.ADMIN)
    wanted = permitted_purpose(admin, purpose)
    about = about_release(admin, wanted, receiver)
    if dry_run:
        foretell(admin, wanted, about, submissions, as_json=as_json)
        return
    target = target_of(admin, out)
    passphrases = asked_once_each(passphrase_source(passphrase_file))
    request = Request(
        purpose=wanted.value,
        trial=is_trial(admin),
        formats=chosen(formats),
        out=target.directory,
        release=Release(signer=controller_signer(admin, passphrases), about=about, holdout=held_out(admin, holdout)),
        cohort_floor=cohort_floor(admin),
        rules=Rules(gaps=gaps),
    )
    with opened_shelf(admin, submissions) as place:
        wish = Wish(role=Reader.EXPORTER, purpose=wanted, reason=_reason(admin, reason, releases))
        keyring = Keyring(admin, passphrases)
        at = now()
        shares = open_source(admin, wish, keyring, passphrases, at, releases)
        source = Source(admin, place, shares=shares, keyring=keyring, purpose=wanted, at=at)
        source.to_give_away(away=receiver is not None)
        log = export_log(admin, passphrases, wanted.value, at)
        with lasting(target.workshop, keyring, own_recipient(admin)) as workshop:
            report = _run(source, replace(request, workshop=workshop), Readers(how, judges, target.parts), log)
        report = _delivered(report, target)
    _tell(report, target.address, as_json=as_json)


def _given(ctx: click.Context, name: str, value: _Value | None) -> _Value:
    """Return what the option *name* was given; only an export itself needs it, and no subcommand does."""
    if value is None:
        raise click.MissingParameter(ctx=ctx, param=next(each for each in ctx.command.params if each.name == name))
    return value


def asked_once_each(passphrases: PassphraseSource) -> PassphraseSource:
    """Return a source that asks *passphrases* once for each key: an export signs a release, requests and its log."""
    answers: dict[str, str] = {}

    def ask(what: str, *, new: bool = False) -> str:
        if what not in answers:
            answers[what] = passphrases(what, new=new)
        return answers[what]

    return ask


def held_out(home: Home, holdout: int | None) -> int:
    """Return how many percent of the people are held out; in a trial nobody is unless somebody asks."""
    if holdout is None:
        return 0 if is_trial(home) else HOLDOUT
    return holdout


def _check_alone(ctx: click.Context) -> None:
    """Refuse options of an export that stand before a subcommand, which would not heed them."""
    before = [name for name in ctx.params if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if before:
        raise UsageError(
            f"{ctx.invoked_subcommand} heeds no option that stands before it",
            hint=f"see: overt export {ctx.invoked_subcommand} --help",
        )


def _reason(admin: Home, reason: str | None, releases: tuple[Path, ...]) -> str:
    """Return why the vault at hand is asked; releases were asked for with a reason already."""
    if reason or not (admin.trial or releases):
        return reason or ""
    return "an export"


def _delivered(report: Report, target: Target) -> Report:
    """Bring what lies complete in the home to the object store for which it is meant, if it is meant for one."""
    if target.prefix is None:
        return report
    with _bar("uploading", len(files_of(target.directory))) as advance:
        return replace(report, unchanged=not target.deliver(target.prefix, advance))


def _run(source: Source, request: Request, readers: Readers, log: Log) -> Report:
    ids = source.ids()
    with _bar("judging", len(ids)) as advance:
        judged: list[Eligible | Skip] = []
        for episode_id in ids:
            judged.append(source.judge(episode_id))
            advance()
    eligible = [each for each in judged if isinstance(each, Eligible)]
    skips = [each for each in judged if isinstance(each, Skip)]
    with readers.opened(len(eligible)) as engine, _bar("exporting", len(eligible)) as advance:
        return export(request, eligible, skips, engine=engine, progress=advance, log=log)


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a bar on standard error, where that is a terminal."""
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(what, total=total)
        yield lambda: progress.advance(task)


def _tell(report: Report, address: str, *, as_json: bool) -> None:
    account = report.account
    if account.synthetic:
        note("this export is synthetic: a program made it up, and no person was recorded")
    elif account.trial:
        note("this is a trial export: train nothing on it")
    for name, count in (account.frames_left_out or {}).items():
        note(f"left out at export: {counted(count, 'frame')}, {name.replace('_', ' ')}")
    done = "is there already, unchanged" if report.unchanged else "written"
    rows = ", ".join(f"{count:,} {table}" for table, count in account.rows.items())
    lines = [
        f"{address} {done}: {account.exported} of {account.offered} episodes; {rows}",
        *(f"skipped {skip.episode_id}: {skip.reason.replace('_', ' ')}{_found(skip)}" for skip in report.skips),
    ]
    if any(skip.findings for skip in report.skips):
        note("what a second look bars its person can look through, and take rows out: overt episodes redact")
    say(_json(report) | {"out": address}, lines, as_json=as_json)


def _json(report: Report) -> dict[str, JsonValue]:
    account = report.account
    return {
        "unchanged": report.unchanged,
        "purpose": account.purpose,
        "trial": account.trial,
        "synthetic": account.synthetic,
        "formats": [name.value for name in account.formats],
        "episodes": {"offered": account.offered, "exported": account.exported},
        "skipped": [_skipped(skip) for skip in report.skips],
        "rows": dict(account.rows),
        "events_left_out": dict(account.left_out or {}),
        "frames_left_out": dict(account.frames_left_out or {}),
        "judges": dict(account.judges),
        "lossy": dict(account.lossy or {}),
    }


def _skipped(skip: Skip) -> dict[str, JsonValue]:
    told: dict[str, JsonValue] = {"episode": skip.episode_id, "reason": skip.reason.value}
    return told | ({"findings": dict(skip.findings)} if skip.findings else {})


def _found(skip: Skip) -> str:
    return f" ({', '.join(f'{count} {kind}' for kind, count in skip.findings.items())})" if skip.findings else ""


for _each in (verify_command, purge_command, preview_command):
    command.add_command(_each)
