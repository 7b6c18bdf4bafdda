"""``overt policy``: write, check, show and sign the organisation's policy."""

import json
import os
from pathlib import Path
from typing import Any

import click

from overt.cli.asking import (
    PLACE,
    ends,
    home_option,
    json_option,
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
from overt.policy.document import Controller, Policy, parse_policy, read_policy, text_sha256
from overt.policy.templates import new_policy_text, trial_policy_text
from overt.store import files
from overt.store.home import Role, home_path, open_home, roles_at


@click.group("policy", epilog=ends("overt policy new --name 'Acme Ltd' --contact privacy@acme.example > policy.toml"))
def command() -> None:
    """Write, check, show and sign the organisation's policy."""


@command.command(
    "new",
    epilog=ends(
        "overt policy new --name 'Acme Ltd' --contact privacy@acme.example > policy.toml", "0 printed, 2 wrong use"
    ),
)
@click.option("--name", help="Who answers for the data.")
@click.option("--contact", help="An address or e-mail that reaches a person there.")
@click.option("--trial", is_flag=True, help="The policy of a trial, with no time to think again.")
def new(*, name: str | None, contact: str | None, trial: bool) -> None:
    """Print a policy with careful defaults, to be edited."""
    if trial:
        click.echo(trial_policy_text(), nl=False)
        return
    if not name or not contact:
        raise UsageError("a policy names who answers for the data", hint="give --name and --contact, or --trial")
    if not f"{name}{contact}".isprintable():
        raise UsageError("a name or contact holds what cannot be shown")
    text = new_policy_text(name, contact)
    if parse_policy(text).controller != Controller(name=name, contact=contact):
        raise UsageError("a name or contact holds a quotation mark, a backslash or a line break")
    click.echo(text, nl=False)


@command.command(
    "check",
    short_help="List everything that is wrong with the policy FILE.",
    epilog=ends("overt policy check policy.toml", "0 sound, 5 with problems"),
)
@click.argument("file", type=PLACE)
@json_option
def check(*, file: Path, as_json: bool) -> None:
    """List everything that is wrong with the policy FILE, one problem a line."""
    outcome = read_policy(read_document(file))
    problems = [] if isinstance(outcome, Policy) else list(outcome)
    facts = [{"line": problem.line, "entry": problem.entry, "what": problem.what} for problem in problems]
    say(
        {"sound": not problems, "problems": facts},
        [str(problem) for problem in problems] or ["the policy is sound"],
        as_json=as_json,
    )
    if problems:
        raise PolicyError(f"the policy has {len(problems)} problem{'s' if len(problems) > 1 else ''}")


@command.command(
    "show", epilog=ends("overt policy show --json", "0 shown, 5 malformed or none joined, 7 unreadable, 9 no home")
)
@click.argument("file", type=PLACE, required=False)
@click.option("--notice", is_flag=True, help="Show the notice that follows from it instead.")
@home_option
@json_option
def show(*, file: Path | None, notice: bool, home: Path | None, as_json: bool) -> None:
    """Show the policy FILE, or the one that your home has joined."""
    text = read_document(file) if file is not None else _joined(home)
    policy = parse_policy(text)
    shown = notice_text(policy) if notice else text
    facts: dict[str, Any] = policy.model_dump(mode="json") | {"sha256": text_sha256(text)}
    say({"notice": shown} if notice else facts, [shown.rstrip("\n")], as_json=as_json)


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
