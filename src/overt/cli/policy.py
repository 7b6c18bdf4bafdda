"""``overt policy``: write, check, show, compare and sign the organisation's policy."""

import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from overt.cli.asking import (
    PLACE,
    ends,
    home_option,
    json_option,
    note,
    now,
    opened,
    passphrase_option,
    passphrase_source,
    read_document,
    say,
)
from overt.consent.notice import notice_text
from overt.errors import KeyAccessError, PolicyError, UsageError
from overt.keys.bundles import PublicKeys, sign_policy
from overt.keys.consent_files import load_organisation
from overt.policy.changes import asks_anew, changes
from overt.policy.checking import check_policy
from overt.policy.document import Controller, parse_policy, text_sha256
from overt.policy.effective import refusals
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.law import profiles_for
from overt.policy.problems import Problem
from overt.policy.summary import law_lines, summary_lines
from overt.policy.templates import new_policy_text, trial_policy_text
from overt.store import files
from overt.store.home import Role, home_path, open_home, roles_at

_VOIDS: Final = (
    "A grant names the exact text of its policy: signing NEW ends every grant given under OLD, whatever is said above."
)


def _on_option(function: Any) -> Any:  # noqa: ANN401 - as click types a decorator
    text = "The day (UTC) that is asked about (default: today)."
    kind = click.DateTime(["%Y-%m-%d"])
    return click.option("--on", type=kind, metavar="YYYY-MM-DD", help=text)(function)


@click.group("policy", epilog=ends("overt policy new --name 'Acme Ltd' --contact privacy@acme.example > policy.toml"))
def command() -> None:
    """Write, check, show, compare and sign the organisation's policy."""


@command.command(
    "new",
    epilog=ends(
        "overt policy new --name 'Acme Ltd' --contact privacy@acme.example --jurisdiction DE > policy.toml",
        "0 printed, 2 wrong use, 5 a place without a profile",
    ),
)
@click.option("--name", help="Who answers for the data.")
@click.option("--contact", help="An address or e-mail that reaches a person there.")
@click.option(
    "--jurisdiction",
    "places",
    multiple=True,
    metavar="CODE",
    help="Where people work, for example DE or US-CA (default: EU). Again for each place.",
)
@click.option("--trial", is_flag=True, help="The policy of a trial, with no time to think again.")
def new(*, name: str | None, contact: str | None, places: tuple[str, ...], trial: bool) -> None:
    """Print a policy with careful defaults, to be edited. What the law of its places asks for stands in comments."""
    if trial:
        if places or name or contact:
            raise UsageError("a trial has its own name, contact and place", hint="give --trial alone")
        click.echo(trial_policy_text(), nl=False)
        return
    if not name or not contact:
        raise UsageError("a policy names who answers for the data", hint="give --name and --contact, or --trial")
    if not f"{name}{contact}".isprintable():
        raise UsageError("a name or contact holds what cannot be shown")
    text = new_policy_text(name, contact, tuple(dict.fromkeys(places)) or ("EU",), PROFILES)
    if parse_policy(text).controller != Controller(name=name, contact=contact):
        raise UsageError("a name or contact holds a quotation mark, a backslash or a line break")
    click.echo(text, nl=False)


@command.command(
    "check",
    short_help="List everything that is wrong with the policy FILE.",
    epilog=ends("overt policy check policy.toml", "0 sound, 5 with problems, 7 unreadable"),
)
@click.argument("file", type=PLACE)
@_on_option
@json_option
def check(*, file: Path, on: datetime | None, as_json: bool) -> None:
    """List everything that is wrong with the policy FILE, one problem a line: where, what, and what to do.

    That is what is malformed, what the law of its places asks for and is not there, and what it offers beyond that law.
    """
    problems = check_policy(read_document(file), PROFILES, _day(on))
    say(
        {"sound": not problems, "problems": _facts(problems)},
        [str(problem) for problem in problems] or ["the policy is sound"],
        as_json=as_json,
    )
    if not problems:
        note(f"next, in the admin's home: overt policy sign {file}")
    if problems:
        raise PolicyError(
            str(_unsound(problems)), hint=f"mend what stands above, then again: overt policy check {file}"
        )


@command.command(
    "show",
    short_help="Show a policy in words.",
    epilog=ends("overt policy show --json", "0 shown, 5 malformed or none joined, 7 unreadable, 9 no home"),
)
@click.argument("file", type=PLACE, required=False)
@click.option("--notice", is_flag=True, help="Show the notice that follows from it instead.")
@click.option("--toml", is_flag=True, help="Show its exact text instead.")
@_on_option
@home_option
@json_option
def show(*, file: Path | None, notice: bool, toml: bool, on: datetime | None, home: Path | None, as_json: bool) -> None:
    """Show the policy FILE, or the one that your home has joined, in words, and what the law of its places leaves."""
    text = read_document(file) if file is not None else _joined(home)
    policy = parse_policy(text)
    if notice:
        shown = notice_text(policy)
        say({"notice": shown}, [shown.rstrip("\n")], as_json=as_json)
        return
    lines = [text.rstrip("\n")] if toml else summary_lines(policy, PROFILES, _day(on))
    facts: dict[str, Any] = policy.model_dump(mode="json") | {
        "sha256": text_sha256(text),
        "refused_for": _facts(refusals(policy, PROFILES, _day(on))),
    }
    say(facts, lines, as_json=as_json)


@command.command(
    "diff",
    short_help="Say what a change of policy means for people.",
    epilog=ends("overt policy diff old.toml policy.toml", "0 told, 5 one is malformed, 7 one is unreadable"),
)
@click.argument("old", type=PLACE)
@click.argument("new", type=PLACE)
@json_option
def diff(*, old: Path, new: Path, as_json: bool) -> None:
    """Say, change by change, what going from the policy OLD to NEW means for people who already consented."""
    texts = read_document(old), read_document(new)
    before, after = (parse_policy(text) for text in texts)
    found = changes(before, after)
    facts = [{"entry": change.entry, "what": change.what, "meaning": change.meaning.value} for change in found]
    lines = [str(change) for change in found] or ["both state the same"]
    differs = texts[0] != texts[1]
    say(
        {"changes": facts, "asks_anew": asks_anew(before, after), "ends_grants": differs},
        [*lines, *([_VOIDS] if differs else [])],
        as_json=as_json,
    )


@command.command(
    "law",
    short_help="Show what the law of each CODE asks for, and from where.",
    epilog=ends("overt policy law DE US-CA", "0 shown, 5 a place without a profile"),
)
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@json_option
def law(*, codes: tuple[str, ...], as_json: bool) -> None:
    """Show what the law of each place CODE (default: all) asks for as Overt heeds it, with sources and dates.

    It is not legal advice: have it checked by counsel.
    """
    found = profiles_for(codes or PROFILES, PROFILES)
    facts = [
        {"code": profile.code, "within": profile.within, "reviewed_on": str(profile.reviewed_on)}
        | {"expires_on": str(profile.expires_on), "sources": [source.citation for source in profile.sources]}
        for profile in found
    ]
    say({"profiles": facts}, [line for profile in found for line in law_lines(profile)], as_json=as_json)


@command.command(
    "sign",
    short_help="Sign the policy FILE into a bundle that others join.",
    epilog=ends(
        "overt policy sign policy.toml --keys officer.json --keys vault.json --out acme.bundle",
        "0 signed, 5 policy, 6 key, 7 disk, 9 home",
    ),
)
@click.argument("file", type=PLACE)
@click.option(
    "--keys",
    "lists",
    type=PLACE,
    multiple=True,
    metavar="FILE",
    help="What overt keys list --json says in the officer's home; again for the vault's.",
)
@click.option(
    "--out",
    type=PLACE,
    default="organisation.bundle",
    show_default=True,
    metavar="FILE",
    help="Where the bundle goes.",
)
@home_option
@passphrase_option
@json_option
def sign(
    *, file: Path, lists: tuple[Path, ...], out: Path, home: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    """Sign the policy FILE and the public keys of those who may read into a bundle that others join."""
    admin = opened(home, Role.ADMIN)
    text = read_document(file)
    problems = check_policy(text, PROFILES, _day(None))
    if problems:
        raise _unsound(problems)
    keys = _collected(lists, home)
    bundle = sign_policy(admin, text, keys, passphrase_source(passphrase_file))
    place = Path(os.path.abspath(out))  # noqa: PTH100 - a symlink must stay visible
    files.replace(place.parent, place.name, bundle.encode())
    serial = load_organisation(admin).bundle.serial
    vkey = load_organisation(admin).bundle.admin
    lines = [
        f"signed the bundle {out} (serial {serial})",
        f"tell people this admin key on another way, to compare when they join:\n  {vkey}",
    ]
    say({"bundle": str(out), "serial": serial, "admin": vkey}, lines, as_json=as_json)
    note(f"next, give it to everybody: overt join {out}")


def _day(on: datetime | None) -> date:
    return (on or now()).date()


def _facts(problems: tuple[Problem, ...]) -> list[dict[str, object]]:
    return [
        {"line": problem.line, "entry": problem.entry, "what": problem.what, "remedy": problem.remedy}
        for problem in problems
    ]


def _unsound(problems: tuple[Problem, ...]) -> PolicyError:
    many = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    return PolicyError(f"the policy has {many}", hint="overt policy check FILE lists one problem a line")


def _joined(home: Path | None) -> str:
    path = home_path(home, os.environ)
    roles = roles_at(path)
    role = roles[0] if len(roles) == 1 else Role.EMPLOYEE
    return load_organisation(open_home(path, role)).bundle.policy


def _collected(lists: tuple[Path, ...], home: Path | None) -> PublicKeys:
    path = home_path(home, os.environ)
    if not lists and len(roles_at(path)) > 1:
        return PublicKeys.of_homes(officer=open_home(path, Role.OFFICER), vault=open_home(path, Role.VAULT))
    return PublicKeys.of_lists([entry for each in lists for entry in _listed(each)])


def _listed(path: Path) -> list[dict[str, str]]:
    try:
        entries = json.loads(read_document(path))["keys"]
        return [{name: str(value) for name, value in entry.items()} for entry in entries]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise KeyAccessError(f"{path} is not a list of public keys", hint="made with: overt keys list --json") from None
