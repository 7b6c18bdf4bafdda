"""``overt consent``: the notice, and the person's own yes and no."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

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
    read_document,
    retried,
    say,
    wrapped,
)
from overt.cli.countersigning import accept_command, countersign_command, revoke_command, write_document
from overt.cli.progress import bar
from overt.cli.switches import ask_agreement, ask_choice, ask_comprehension, show_statutory, show_summary, usual_days
from overt.consent.comprehension import QUESTIONS_VERSION
from overt.consent.grant import Grant
from overt.consent.instants import instant_text
from overt.consent.notice import LAYERS, layer, notice_sha256
from overt.consent.renewal import renewal_due, renewal_from
from overt.consent.status import ConsentStatus
from overt.errors import UsageError, VerificationError
from overt.keys.consent_files import LoadedConsent, load_consent, load_organisation, remedy
from overt.keys.receipts import open_receipt
from overt.policy.document import Policy
from overt.store.home import Role
from overt.subject.asking import decline, may_be_asked
from overt.subject.consenting import Choice, check_choice, give
from overt.subject.receipt import receipt, receipt_file
from overt.subject.shapes import shape_problems
from overt.subject.withdrawing import Withdrawn, cannot_undo, withdraw

_PLAIN: Final = {ConsentStatus.GIVEN, ConsentStatus.RENEWED, ConsentStatus.REQUEST_DEFERRED}
"""Where the lines themselves say what comes next."""


def language_option(function: Callable[..., None]) -> Callable[..., None]:
    """Add ``--lang``."""
    text = "The language of the notice and the questions."
    return click.option("--lang", "--language", "language", default="en", show_default=True, help=text)(function)


@click.group("consent", epilog=ends("overt consent notice && overt consent give"))
def command() -> None:
    """Read the notice; give or decline, see and withdraw your consent. Until you give it, nothing is on."""


command.add_command(countersign_command)
command.add_command(accept_command)
command.add_command(revoke_command)


@command.command("notice", epilog=ends("overt consent notice --lang de --layer 1", "0 shown, 5 no policy, 9 no home"))
@click.option(
    "--layer",
    "number",
    type=click.IntRange(1, LAYERS),
    help="One screen (1), the details (2) or every setting (3); all of them by default.",
)
@click.option("--summary", is_flag=True, help="The first screen only, as --layer 1.")
@language_option
@home_option
@json_option
def notice(*, number: int | None, summary: bool, language: str, home: Path | None, as_json: bool) -> None:
    """Show the notice, word for word as a consent is given over it."""
    text = load_organisation(opened(home, Role.EMPLOYEE)).notice(language)
    wanted = number or (1 if summary else None)
    shown = text if wanted is None else layer(text, wanted)
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
@language_option
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
    answered = _agreed(choice, policy, yes=yes) if choice.sites or choice.signals or choice.purposes else None
    if answered is None:
        note("you gave no consent; nothing of this is kept, and nobody is told")
        _say_status(load_consent(person), now(), may_be_asked=may_be_asked(person, now()), as_json=as_json)
        return
    source = passphrase_source(passphrase_file)
    retried(lambda: give(person, answered, source, now()), passphrase_file)
    consent = load_consent(person)
    _say_status(consent, now(), may_be_asked=may_be_asked(person, now()), as_json=as_json)
    when = "now" if consent.status(now()).permits else "once the time to think again is over"
    note(f"next, {when}, on the desktop where you work: overt doctor, then overt record")


@command.command(
    "decline",
    short_help="Say no; no reason, no consequences.",
    epilog=ends("overt consent decline", "0 declined, 7 disk, 9 no home"),
)
@home_option
@json_option
def decline_command(*, home: Path | None, as_json: bool) -> None:
    """Say no. It needs no reason, has no consequences, and nobody is told.

    Nobody asks again for 90 days. What is kept is until when, as it is for everyone who is asked, whatever they say.
    """
    person = opened(home, Role.EMPLOYEE)
    decline(person, now())
    consent = load_consent(person)
    found = consent.status(now())
    lines = ["you said no; nothing is recorded, nobody is told, and nobody asks again for 90 days"]
    if consent.grant is not None and found in _PLAIN:
        lines.append("the consent that you gave before still stands; take it back with: overt consent withdraw")
    say({"status": found.value, "in_force": found.permits, "may_be_asked": False}, lines, as_json=as_json)


@command.command("status", epilog=ends("overt consent status --json", "0 shown, whatever it is; 4 changed, 9 no home"))
@home_option
@json_option
def status_command(*, home: Path | None, as_json: bool) -> None:
    """Say whether a consent is in force, for what, and until when."""
    person = opened(home, Role.EMPLOYEE)
    _say_status(load_consent(person), now(), may_be_asked=may_be_asked(person, now()), as_json=as_json)


@command.command(
    "receipt",
    short_help="Print, keep or check a receipt.",
    epilog=ends(
        "overt consent receipt --out my-receipt.json && overt consent receipt --check my-receipt.json",
        "0 sound, 1 not as the shapes ask, 4 no consent or not sound, 7 disk, 9 no home, 10 extra not installed",
    ),
)
@click.option("--out", type=PLACE, metavar="FILE", help="Write it to a file, to keep or to hand to the admin.")
@click.option("--check", type=PLACE, metavar="FILE", help="Check a receipt, without a home, a key or a network.")
@click.option("--shacl", is_flag=True, help="With --check: also against the shapes (extra audit).")
@home_option
@json_option
def receipt_command(*, out: Path | None, check: Path | None, shacl: bool, home: Path | None, as_json: bool) -> None:
    """Print a receipt to keep: the signed record, the exact notice, and the key to check them with."""
    if shacl and check is None:
        raise UsageError("--shacl needs a receipt to check", hint="overt consent receipt --check FILE --shacl")
    if check is not None:
        _check_receipt(check, shacl=shacl, as_json=as_json)
        return
    person = opened(home, Role.EMPLOYEE)
    if out is not None:
        write_document(out, receipt_file(person, now()))
        say(
            {"out": str(out)},
            [f"wrote your receipt to {out}; check it with: overt consent receipt --check"],
            as_json=as_json,
        )
        return
    facts = receipt(person)
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
    and your episodes with them. Where the vault is not at hand, you are told which files its keeper needs.
    """
    person = opened(home, Role.EMPLOYEE)
    if at_terminal():
        confirmed("Withdraw, and destroy what was recorded?", yes=yes)
    with bar("wrapping what stays of others") as progress:
        done = withdraw(person, now(), progress)
    _say_withdrawn(done, as_json=as_json)


def _check_receipt(path: Path, *, shacl: bool, as_json: bool) -> None:
    text = read_document(path)
    checked = open_receipt(text)
    problems = list(shape_problems(text)) if shacl else []
    grant, word = checked.grant, checked.countersignature
    at = None if word is None else instant_text(word.at)
    facts = {
        "grant": _grant_facts(grant),
        "signed_by": grant.parties.device,
        "controller": grant.parties.controller.name,
        "controller_key": grant.parties.controller_key,
        "countersigned_at": at,
        "shapes": problems if shacl else None,
    }
    lines = [
        f"the receipt is sound: the consent {grant.id}, over exactly the notice in it",
        f"signed by         {grant.parties.device}",
        f"controller        {grant.parties.controller.name}, {grant.parties.controller_key}",
        f"countersigned     {at or 'not yet'}",
        "compare both keys with those that you know: a receipt cannot say whose they are",
    ]
    say(facts, [*lines, *(f"shapes: {problem}" for problem in problems)], as_json=as_json)
    if problems:
        raise VerificationError(f"the record is not as the shapes ask, in {len(problems)} places")


def _asked(text: str, policy: Policy, days: int | None, language: str) -> Choice:
    if not at_terminal():
        raise UsageError(
            "nothing is switched on, so there is nothing to consent to",
            hint="switch on with --site, --signal and --purpose; see: overt consent notice",
        )
    show_summary(text, language)
    return ask_choice(policy, days, language)


def _agreed(choice: Choice, policy: Policy, *, yes: bool) -> Choice | None:
    """Ask the five questions and then whether to agree; only a trial may do without either. ``None`` is a no."""
    check_choice(choice, policy)
    if yes and policy.trial:
        return choice
    if not at_terminal():
        raise UsageError(
            "consent is given at a terminal, with questions on the notice",
            hint="--yes does without them under a trial policy only",
        )
    show_statutory(policy, choice.language)
    ask_comprehension(choice.language)
    return replace(choice, questions=QUESTIONS_VERSION) if ask_agreement(choice) else None


def _say_status(consent: LoadedConsent, at: datetime, *, may_be_asked: bool, as_json: bool) -> None:
    grant, found = consent.grant, consent.status(at)
    facts: dict[str, object] = {"status": found.value, "in_force": found.permits, "grant": None}
    why, hint = remedy(found)
    lines = [f"{found.value}: in force" if found.permits else f"{found.value}: nothing may be recorded, for {why}"]
    if grant is not None:
        facts["grant"] = _grant_facts(grant)
        facts |= _standing(consent, grant, at)
        lines += _status_lines(consent, grant, at)
    lines += [f"changed   a consent that came before {each} is missing; this one stands" for each in consent.gaps]
    if found is ConsentStatus.INVALIDATED:
        lines.append(f"changed   {', '.join(consent.changes)}")
    if found not in _PLAIN:
        lines.append(f"next: {hint}")
    elif grant is not None and renewal_due(grant, at):
        lines.append("next: renewal is due, it ends soon; if you like, renew it with overt consent give")
    say({**facts, "may_be_asked": may_be_asked}, lines, as_json=as_json)


def _status_lines(consent: LoadedConsent, grant: Grant, at: datetime) -> list[str]:
    word = consent.countersigned
    return [
        f"grant     {grant.id}" + (" (trial)" if grant.promises.trial else ""),
        f"sites     {', '.join(grant.scope.sites)}",
        f"signals   {', '.join(grant.scope.signals)}",
        f"purposes  {', '.join(grant.scope.purposes)}",
        f"from      {instant_text(grant.starts_at)}",
        f"until     {instant_text(grant.expires_at)}{_days_left(grant, at)}",
        f"renewal   from {instant_text(renewal_from(grant))}",
        f"countersigned {'not yet, which changes nothing' if word is None else instant_text(word.at)}",
    ]


def _days_left(grant: Grant, at: datetime) -> str:
    """How long it still is, of the six months at most, to the day; nothing once it has ended."""
    days = (grant.expires_at - at).days
    return "" if at >= grant.expires_at else f" ({counted(days, 'day')} left)" if days else " (less than a day left)"


def _standing(consent: LoadedConsent, grant: Grant, at: datetime) -> dict[str, object]:
    word = consent.countersigned
    return {
        "renewal_from": instant_text(renewal_from(grant)),
        "renewal_due": renewal_due(grant, at),
        "days_left": max(0, (grant.expires_at - at).days),
        "changed": list(consent.changes),
        "gaps": list(consent.gaps),
        "countersigned_at": None if word is None else instant_text(word.at),
    }


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
        "withdrawn_before": None if done.before is None else instant_text(done.before),
        "shares_destroyed": done.shares,
        "episodes_removed": done.episodes,
        "vault_epoch": done.vault_epoch,
        "still_to_do": list(done.unreached),
        "deletion_request": None if done.request is None else str(done.request),
        "cannot_undo": list(cannot_undo()),
    }
    lines = [
        _first_word(done),
        f"destroyed: {counted(done.shares, 'key')} in the vault, {counted(done.episodes, 'episode')}",
    ]
    lines += [f"still to do: {line}" for line in done.unreached]
    if done.request is not None:
        lines += [
            f"what was exported: have it deleted with {done.request}",
            "  give it to whoever exported or received it; it does not say who you are",
            "this cannot undo:",
            *(f"  {line}" for line in cannot_undo()),
        ]
    say(facts, lines, as_json=as_json)


def _first_word(done: Withdrawn) -> str:
    if done.grants:
        return "your consent is withdrawn"
    if done.before is None:
        return "there was no consent to withdraw"
    rest = "what is still to do stands below" if done.unreached else "nothing is left to do"
    return f"your consent was already withdrawn on {instant_text(done.before)}; {rest}"
