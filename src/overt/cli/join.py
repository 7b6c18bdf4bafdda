"""``overt join``: install the organisation's signed bundle."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from overt.cli.asking import PLACE, at_terminal, confirmed, ends, home_option, json_option, note, read_document, say
from overt.errors import FormatError, UsageError
from overt.format.note import VerifierKey
from overt.keys.bundles import join
from overt.keys.consent_files import read_text
from overt.keys.sign import Organisation, claimed_admin
from overt.store.home import Home, Role, home_path, open_home, roles_at, write_marker

_NEXT: Final = {
    Role.EMPLOYEE: "nothing is switched on; next: overt consent notice",
    Role.OFFICER: "next: witness the logs that people offer you: overt audit cosign OFFER --out ANSWER --log VKEY",
    Role.VAULT: "next: take the shares that people send you: overt vault put FILE --out RECEIPT",
}
_SEND_FIRST: Final = (
    "the vault is not at hand: after you consented, and before you first record, run overt shares send FILE "
    "and confirm the vault's receipt; else what you record is lost if the vault gets a new master meanwhile"
)


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
    trusted = _told(admin_key) if admin_key is not None else _known_admin(target)
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
        target = replace(target, vault=place)
        write_marker(target)
    _say(organisation, trusted, target.role, as_json=as_json)
    if target.role is Role.EMPLOYEE and target.vault is None:
        note(_SEND_FIRST)


def _told(admin_key: str) -> str:
    try:
        return str(VerifierKey.parse(admin_key.strip()))
    except FormatError:
        raise UsageError(
            "what --admin-key names is not a verifier key", hint="it is one word such as admin-0a1b+5c6d7e8f+AX…"
        ) from None


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
    if role in _NEXT:
        lines.append(_NEXT[role])
    facts = {
        "controller": policy.controller.name,
        "serial": organisation.bundle.serial,
        "trial": policy.trial,
        "admin": admin,
        "policy_sha256": organisation.policy_sha256,
    }
    say(facts, lines, as_json=as_json)
