"""``overt episodes``: the person's own episodes. What decrypts one lives in this short-lived process only."""

from dataclasses import asdict
from pathlib import Path

import click

from overt.cli.asking import (
    PLACE,
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
from overt.cli.rows import content_row, event_of, metadata_row, table
from overt.cli.sweeping import erased_facts, sweep_command, tell_orders
from overt.cli.taking_out import redact_command
from overt.errors import UsageError, VerificationError
from overt.store.home import Home, Role
from overt.subject.erasing import erase
from overt.subject.reviewing import EpisodeFacts, Review, find_episode, own_episodes, review
from overt.subject.submitting import approve, submit


@click.group("episodes", epilog=ends("overt episodes list && overt episodes show 1b4e28ba"))
def command() -> None:
    """List, show, redact, approve, submit and erase your own episodes."""


command.add_command(sweep_command)
command.add_command(redact_command)


@command.command(
    "list",
    short_help="List your episodes and their state.",
    epilog=ends("overt episodes list --json", "0 listed, 7 disk, 9 no home"),
)
@home_option
@json_option
def list_command(*, home: Path | None, as_json: bool) -> None:
    """List your episodes: their state, and whether you have approved them. Needs no key."""
    facts = own_episodes(opened(home, Role.EMPLOYEE))
    lines = [_line(each) for each in facts] or ["there are no episodes"]
    say({"episodes": [asdict(each) for each in facts]}, lines, as_json=as_json)


@command.command(
    "show",
    short_help="Show everything that was kept in your EPISODE.",
    epilog=ends(
        "overt episodes show 1b4e28ba", "0 shown, 1 changed, 2 no such episode, 6 key or vault, 7 disk, 9 no home"
    ),
)
@click.argument("episode")
@click.option("--releases", type=PLACE, multiple=True, metavar="FILE", help="What the vault released; repeatable.")
@home_option
@passphrase_option
@json_option
def show_command(
    *, episode: str, releases: tuple[Path, ...], home: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    """Show everything that was kept in your EPISODE (its id, or the beginning of it), one action a line.

    The vault logs that you looked. Where it is not at hand, ask it with overt shares request, and name its answer with
    --releases.
    """
    person = opened(home, Role.EMPLOYEE)
    source = passphrase_source(passphrase_file)
    wanted = find_episode(person, episode)
    opened_review = retried(lambda: review(person, wanted, source, now(), releases=releases), passphrase_file)
    if as_json:
        say(_as_json(opened_review), [], as_json=True)
        return
    click.echo("\n".join(_heading(opened_review)))
    for line in table(content_row(record) for record in opened_review.content):
        click.echo(line)


@command.command(
    "approve",
    short_help="Approve EPISODES that you have reviewed.",
    epilog=ends(
        "overt episodes approve 1b4e28ba",
        "0 approved, 1 not whole or changed, 2 no such episode, 4 withdrawn, 6 key, 7 disk, 9 no home",
    ),
)
@click.argument("episodes", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every episode that is whole and not approved yet.")
@click.option("--yes", is_flag=True, help="Without asking once more.")
@home_option
@passphrase_option
@json_option
def approve_command(
    *,
    episodes: tuple[str, ...],
    every: bool,
    yes: bool,
    home: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Approve EPISODES that you have reviewed, exactly as they are: only then can they be handed over."""
    person = opened(home, Role.EMPLOYEE)
    chosen = _chosen(person, episodes, every=every)
    if chosen:
        confirmed(f"Have you reviewed what is in {counted(len(chosen), 'episode')}, and approve?", yes=yes)
    source = passphrase_source(passphrase_file)
    approved = retried(lambda: approve(person, chosen, source, now()), passphrase_file) if chosen else []
    lines = [f"approved {each}" for each in approved] or ["nothing was left to approve"]
    say({"approved": approved}, lines, as_json=as_json)
    if approved:
        note("nothing has left your home yet; next: overt episodes submit DIR")


@command.command(
    "submit",
    short_help="Hand approved episodes over into DIRECTORY.",
    epilog=ends(
        "overt episodes submit /mnt/overt-inbox",
        "0 handed over, 1 one was held back, 2 no such episode, 7 disk, 9 no home",
    ),
)
@click.argument("directory", type=PLACE)
@click.argument("episodes", nargs=-1)
@home_option
@json_option
def submit_command(*, directory: Path, episodes: tuple[str, ...], home: Path | None, as_json: bool) -> None:
    """Hand approved episodes over into DIRECTORY: all of them, or the EPISODES named.

    They go with their keys file, your grant, your approval and the proof that the log holds them. They stay sealed.
    """
    person = opened(home, Role.EMPLOYEE)
    chosen = [find_episode(person, each) for each in episodes] or _approved(person)
    outcomes = submit(person, directory, chosen)
    lines = [
        f"{each.episode_id}: {'handed over' if each.submitted else 'held back'}{each.reason and f', {each.reason}'}"
        for each in outcomes
    ]
    say(
        {"episodes": [asdict(each) for each in outcomes]},
        lines or ["nothing is approved; see: overt episodes approve"],
        as_json=as_json,
    )
    held = sum(not each.submitted for each in outcomes)
    if len(outcomes) > held:
        note(f"next: give {directory} to your admin, unless they see it already")
    if held:
        raise VerificationError(f"{held} of {len(outcomes)} episodes were held back")


@command.command(
    "erase",
    short_help="Erase EPISODES for good.",
    epilog=ends("overt episodes erase 1b4e28ba", "0 erased, 2 no such episode, 7 disk, 9 no home"),
)
@click.argument("episodes", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Without asking once more.")
@home_option
@json_option
def erase_command(*, episodes: tuple[str, ...], yes: bool, home: Path | None, as_json: bool) -> None:
    """Erase EPISODES for good: their keys in the vault, and their files. Copies elsewhere become unreadable."""
    person = opened(home, Role.EMPLOYEE)
    chosen = [find_episode(person, each) for each in episodes]
    confirmed(f"Erase {counted(len(chosen), 'episode')} for good?", yes=yes)
    with bar("wrapping what stays") as progress:
        done = erase(person, chosen, now(), progress)
    lines = [f"erased {each.episode_id}" + ("" if each.shares else " (no key of it was at hand)") for each in done]
    say({"erased": [erased_facts(each) for each in done]}, lines, as_json=as_json)
    tell_orders(tuple(done))


def _line(facts: EpisodeFacts) -> str:
    marks = [
        "trial" if facts.trial else "",
        "approved" if facts.approved else "",
        "consent withdrawn" if facts.withdrawn else "",
    ]
    return f"{facts.episode_id}  {facts.state:<12} {facts.size:>12,} bytes  {' '.join(filter(None, marks))}".rstrip()


def _chosen(person: Home, episodes: tuple[str, ...], *, every: bool) -> list[str]:
    if bool(episodes) == every:
        raise UsageError("which episodes?", hint="name some, or give --all; see: overt episodes list")
    if not every:
        return [find_episode(person, each) for each in episodes]
    whole = [each for each in own_episodes(person) if each.state == "closed" and not each.withdrawn]
    return [each.episode_id for each in whole if not each.approved]


def _approved(person: Home) -> list[str]:
    return [each.episode_id for each in own_episodes(person) if each.approved]


def _heading(opened_review: Review) -> list[str]:
    verdict = opened_review.verdict
    lines = [f"episode {verdict.episode_id}, {verdict.state}" + (", trial" if verdict.trial else "")]
    return lines + [line for record in opened_review.metadata if (line := metadata_row(record))] + [""]


def _as_json(opened_review: Review) -> dict[str, object]:
    return {
        "episode": opened_review.verdict.episode_id,
        "state": opened_review.verdict.state.value,
        "metadata": [record.model_dump(mode="json") for record in opened_review.metadata],
        "events": [event_of(record).model_dump(mode="json") for record in opened_review.content],
    }
