"""``overt keys``: the keys of a home."""

import os
from pathlib import Path

import click

from overt.cli.asking import (
    ends,
    home_option,
    json_option,
    now,
    opened,
    passphrase_option,
    passphrase_source,
    say,
    short,
)
from overt.errors import KeyAccessError
from overt.keys.device import device_storage
from overt.keys.identities import IDENTITY_NAMES, PublicKey, load_signer, new_role_identity, public_keys
from overt.keys.rekey import rekey_vault
from overt.store.home import Home, Role, home_path, open_home, roles_at


@click.group("keys", epilog=ends("overt keys list --json > officer.json"))
def command() -> None:
    """Make and list the keys of a home. Secret halves are never shown."""


@command.command("list", epilog=ends("overt keys list --json > officer.json", "0 listed, 6 damaged, 9 no home"))
@home_option
@json_option
def list_keys(*, home: Path | None, as_json: bool) -> None:
    """List the public halves of the keys in your home."""
    path = home_path(home, os.environ)
    homes = [open_home(path, role) for role in roles_at(path)]
    keys = [(each, key) for each in homes for key in public_keys(each)]
    say(
        {"keys": [{"role": each.role.value, **_entry(each, key)} for each, key in keys]},
        [f"{each.role:<9} {key.name:<10} {_kept(each, key):<10} {short(key.public)}" for each, key in keys],
        as_json=as_json,
    )


@command.command("new", epilog=ends("overt keys new --role auditor", "0 made, 6 there is one, 9 no home"))
@click.option("--role", type=click.Choice(list(IDENTITY_NAMES.values())), required=True, help="Whose identity.")
@home_option
@passphrase_option
@json_option
def new(*, role: str, home: Path | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Make a role's identity in that role's home, where it is missing. An identity is never replaced here."""
    owner = next(each for each, name in IDENTITY_NAMES.items() if name == role)
    target = opened(home, owner)
    if any(key.name == role for key in public_keys(target)):
        raise KeyAccessError(f"this home has an identity for the {role} already", hint="see: overt keys list")
    passphrases = passphrase_source(passphrase_file)
    key = new_role_identity(target, load_signer(target, passphrases), passphrases)
    say(_entry(target, key), [f"{key.name}: {short(key.public)}"], as_json=as_json)


@command.command(
    "rotate",
    short_help="Replace the vault's master.",
    epilog=ends("overt keys rotate --home ~/vault", "0 replaced, 6 locked, 7 disk, 9 not a vault"),
)
@home_option
@passphrase_option
@json_option
def rotate(*, home: Path | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Replace the vault's master and wrap every remaining share for the new one.

    After people have withdrawn, this is what makes old copies of the vault's entries worthless.
    """
    epoch = rekey_vault(opened(home, Role.VAULT), passphrase_source(passphrase_file), now())
    say({"epoch": epoch}, [f"the vault has a new master (epoch {epoch})"], as_json=as_json)


def _entry(home: Home, key: PublicKey) -> dict[str, str]:
    facts = {"name": key.name, "kind": key.kind, "public": key.public, "kept": _kept(home, key)}
    return facts | ({"statement": key.statement} if key.statement else {})


def _kept(home: Home, key: PublicKey) -> str:
    if key.name == "device":
        return device_storage(home).value
    return "trial" if home.trial else "passphrase"
