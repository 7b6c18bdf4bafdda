"""``overt join``: install the organisation's signed bundle."""

import os
from dataclasses import replace
from pathlib import Path

import click

from overt.cli.asking import PLACE, at_terminal, confirmed, ends, home_option, json_option, read_document, say
from overt.errors import UsageError
from overt.keys.bundles import join
from overt.keys.consent_files import read_text
from overt.keys.sign import Organisation, claimed_admin
from overt.store.home import Home, Role, home_path, open_home, roles_at, write_marker


@click.command(
    "join",
    epilog=ends(
        "overt join acme.bundle --admin-key 'admin-0a1b+5c6d7e8f+AX…'",
        "0 joined, 2 wrong use, 5 changed, malformed or another admin's, 7 disk, 9 no home",
    ),
)
@click.argument("bundle", type=PLACE)
@click.option("--admin-key", metavar="VKEY", help="The admin's verifier key, as you were told it on another way.")
@click.option("--vault", type=PLACE, metavar="DIR", help="The vault's home, if it is at hand.")
@click.option("--yes", is_flag=True, help="Trust the admin key that the bundle names, without asking.")
@home_option
@json_option
def command(
    *, bundle: Path, admin_key: str | None, vault: Path | None, yes: bool, home: Path | None, as_json: bool
) -> None:
    """Check the signed BUNDLE of your organisation and install it in your home.

    It holds the policy, the notice, and the public keys of those who may read. Compare the admin's key with the one
    that you were told on another way: whoever can change it can read what you record.
    """
    target = _single_home(home)
    text = read_document(bundle)
    trusted = admin_key or _known_admin(target)
    if trusted is None:
        trusted = claimed_admin(text)
        if not yes and not at_terminal():
            raise UsageError(
                f"nobody has said that this is the admin's key: {trusted}",
                hint="name the key that you were told with --admin-key, or add --yes to trust this one",
            )
        confirmed(f"Is this the key of your organisation's admin?\n  {trusted}\n", yes=yes)
    place = _vault_place(vault)
    organisation = join(target, text, trusted)
    if place is not None:
        write_marker(replace(target, vault=place))
    _say(organisation, trusted, target.role, as_json=as_json)


def _single_home(home: Path | None) -> Home:
    path = home_path(home, os.environ)
    roles = roles_at(path)
    if len(roles) != 1:
        raise UsageError(f"{path} is a trial with all roles, which has joined its own organisation")
    return open_home(path, roles[0])


def _known_admin(home: Home) -> str | None:
    return read_text(home.admin_key_path).strip() if home.admin_key_path.exists() else None


def _vault_place(vault: Path | None) -> Path | None:
    return None if vault is None else open_home(home_path(vault, {}), Role.VAULT).path


def _say(organisation: Organisation, admin: str, role: Role, *, as_json: bool) -> None:
    policy = organisation.policy
    lines = [
        f"joined {policy.controller.name} ({policy.controller.contact})" + (", a trial" if policy.trial else ""),
        f"offered: {', '.join(policy.sites)}; {', '.join(policy.signals)}; for {', '.join(policy.purposes)}",
    ]
    if role is Role.EMPLOYEE:
        lines.append("nothing is switched on; next: overt consent notice")
    facts = {
        "controller": policy.controller.name,
        "serial": organisation.bundle.serial,
        "trial": policy.trial,
        "admin": admin,
        "policy_sha256": organisation.policy_sha256,
    }
    say(facts, lines, as_json=as_json)
