"""``overt consent``: the notice, and the person's own yes and no."""

import sys
from pathlib import Path
from typing import Final

import click

from overt.cli.asking import (
    at_terminal,
    confirmed,
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
    wrapped,
)
from overt.cli.switches import ask_agreement, ask_choice, ask_comprehension, usual_days
from overt.consent.grant import Grant
from overt.consent.instants import instant_text
from overt.consent.notice import notice_sha256, summary_of
from overt.consent.status import ConsentStatus
from overt.errors import UsageError
from overt.keys.consent_files import load_consent, load_organisation, remedy
from overt.policy.document import Policy
from overt.store.home import Role
from overt.subject.consenting import Choice, check_choice, give
from overt.subject.receipt import receipt
from overt.subject.withdrawing import Withdrawn, withdraw

_PLAIN: Final = {ConsentStatus.GIVEN, ConsentStatus.RENEWED, ConsentStatus.REQUEST_DEFERRED}
"""Where the lines themselves say what comes next."""


@click.group("consent", epilog=ends("overt consent notice && overt consent give"))
def command() -> None:
    """Read the notice; give, see and withdraw your consent. Saying no needs no command: nothing is on."""


@command.command("notice", epilog=ends("overt consent notice --summary", "0 shown, 5 no policy, 9 no home"))
@click.option("--summary", is_flag=True, help="The first screen only.")
@click.option("--language", default="en", show_default=True, help="Of which language.")
@home_option
@json_option
def notice(*, summary: bool, language: str, home: Path | None, as_json: bool) -> None:
    """Show the notice, word for word as a consent is given over it."""
    text = load_organisation(opened(home, Role.EMPLOYEE)).notice(language)
    shown = summary_of(text) if summary else text
    facts = {"language": language, "sha256": notice_sha256(text), "notice": shown}
    say(facts, [wrapped(shown.rstrip("\n"), sys.stdout)], as_json=as_json)


@command.command(
    "give",
    epilog=ends(
        "overt consent give --site google --signal text --purpose model_training --days 30",
        "0 given, 2 nothing switched on, 4 no consent can be given now, 5 not offered, 6 key, 7 disk, 9 no home",
    ),
)
@click.option("--site", "sites", multiple=True, metavar="NAME", help="Switch a site on; may be repeated.")
@click.option("--signal", "signals", multiple=True, metavar="NAME", help="Switch a signal on; may be repeated.")
@click.option("--purpose", "purposes", multiple=True, metavar="NAME", help="Allow a purpose; may be repeated.")
@click.option("--days", type=click.IntRange(min=1), help="For how many days (default: 30, or less by policy).")
@click.option("--language", default="en", show_default=True, help="Of the notice.")
@click.option("--yes", is_flag=True, help="Under a trial policy only: without the questions.")
@home_option
@passphrase_option
@json_option
def give_command(  # noqa: PLR0913 - one parameter for each switch that a person sees
    *,
    sites: tuple[str, ...],
    signals: tuple[str, ...],
    purposes: tuple[str, ...],
    days: int | None,
    language: str,
    yes: bool,
    home: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Give your consent: everything is off until you switch it on.

    Without switches, on a terminal, each is asked for by itself. Then come five questions on what you read, with the
    answers explained; what you answer is not kept.
    """
    person = opened(home, Role.EMPLOYEE)
    organisation = load_organisation(person)
    policy = organisation.policy
    if sites or signals or purposes:
        choice = Choice(
            sites=sites, signals=signals, purposes=purposes, days=days or usual_days(policy), language=language
        )
    else:
        choice = _asked(organisation.notice(language), policy, days, language)
    if not (choice.sites or choice.signals or choice.purposes) or not _agreed(choice, policy, yes=yes):
        note("you gave no consent; nothing of this is kept, and nobody is told")
        consent = load_consent(person)
        _say_status(consent.grant, consent.status(now()), as_json=as_json)
        return
    source = passphrase_source(passphrase_file)
    grant = retried(lambda: give(person, choice, source, now()), passphrase_file)
    found = load_consent(person).status(now())
    _say_status(grant, found, as_json=as_json)
    when = "now" if found.permits else "once the time to think again is over"
    note(f"next, {when}, on the desktop where you work: overt doctor, then overt record")


@command.command("status", epilog=ends("overt consent status --json", "0 shown, whatever it is; 4 changed, 9 no home"))
@home_option
@json_option
def status_command(*, home: Path | None, as_json: bool) -> None:
    """Say whether a consent is in force, for what, and until when."""
    consent = load_consent(opened(home, Role.EMPLOYEE))
    _say_status(consent.grant, consent.status(now()), as_json=as_json)


@command.command(
    "receipt",
    short_help="Print a receipt to keep.",
    epilog=ends("overt consent receipt --json > my-receipt.json", "0 shown, 4 no consent, 9 no home"),
)
@home_option
@json_option
def receipt_command(*, home: Path | None, as_json: bool) -> None:
    """Print a receipt to keep: the signed record, the exact notice, and the key to check them with."""
    facts = receipt(opened(home, Role.EMPLOYEE))
    lines = [facts["notice"].rstrip("\n"), "", "THE SIGNED RECORD", facts["grant"].rstrip("\n"), ""]
    say(facts, [*lines, f"Its signature is by: {facts['verify_with']}"], as_json=as_json)


@command.command(
    "withdraw", epilog=ends("overt consent withdraw", "0 withdrawn (or there was none), 7 disk, 9 no home")
)
@click.option("--yes", is_flag=True, help="Without asking once more.")
@home_option
@json_option
def withdraw_command(*, yes: bool, home: Path | None, as_json: bool) -> None:
    """Take your consent back. It is effective at once and needs no passphrase, no reason and nobody's help.

    A recording under way stops within one second. The keys to everything recorded under your consent are destroyed,
    and your episodes with them.
    """
    person = opened(home, Role.EMPLOYEE)
    if at_terminal():
        confirmed("Withdraw, and destroy what was recorded?", yes=yes)
    _say_withdrawn(withdraw(person, now()), as_json=as_json)


def _asked(text: str, policy: Policy, days: int | None, language: str) -> Choice:
    if not at_terminal():
        raise UsageError(
            "nothing is switched on, so there is nothing to consent to",
            hint="switch on with --site, --signal and --purpose; see: overt consent notice",
        )
    click.echo(wrapped(summary_of(text), sys.stderr), err=True)
    click.echo("This was the summary; you consent to the whole notice: overt consent notice", err=True)
    return ask_choice(policy, days, language)


def _agreed(choice: Choice, policy: Policy, *, yes: bool) -> bool:
    """Ask the five questions and then whether to agree; only a trial may do without either."""
    check_choice(choice, policy)
    if yes and policy.trial:
        return True
    if not at_terminal():
        raise UsageError(
            "consent is given at a terminal, with questions on the notice",
            hint="--yes does without them under a trial policy only",
        )
    ask_comprehension()
    return ask_agreement(choice)


def _say_status(grant: Grant | None, found: ConsentStatus, *, as_json: bool) -> None:
    facts: dict[str, object] = {"status": found.value, "in_force": found.permits, "grant": None}
    why, hint = remedy(found)
    lines = [f"{found.value}: in force" if found.permits else f"{found.value}: nothing may be recorded, for {why}"]
    if grant is not None:
        facts["grant"] = _grant_facts(grant)
        lines += [
            f"grant     {grant.id}" + (" (trial)" if grant.promises.trial else ""),
            f"sites     {', '.join(grant.scope.sites)}",
            f"signals   {', '.join(grant.scope.signals)}",
            f"purposes  {', '.join(grant.scope.purposes)}",
            f"from      {instant_text(grant.starts_at)}",
            f"until     {instant_text(grant.expires_at)}",
        ]
    if found not in _PLAIN:
        lines.append(f"next: {hint}")
    say(facts, lines, as_json=as_json)


def _grant_facts(grant: Grant) -> dict[str, object]:
    return {
        "id": grant.id,
        "trial": grant.promises.trial,
        **grant.scope.model_dump(mode="json"),
        "given_at": instant_text(grant.given_at),
        "starts_at": instant_text(grant.starts_at),
        "expires_at": instant_text(grant.expires_at),
        "notice_sha256": grant.terms.notice_sha256,
        "policy_sha256": grant.terms.policy_sha256,
    }


def _say_withdrawn(done: Withdrawn, *, as_json: bool) -> None:
    facts = {
        "withdrawn": list(done.grants),
        "shares_destroyed": done.shares,
        "episodes_removed": done.episodes,
        "vault_epoch": done.vault_epoch,
        "still_to_do": list(done.unreached),
    }
    first = "your consent is withdrawn" if done.grants else "there was no consent to withdraw"
    lines = [first, f"destroyed: {done.shares} keys in the vault, {done.episodes} episodes"]
    say(facts, [*lines, *(f"still to do: {line}" for line in done.unreached)], as_json=as_json)
