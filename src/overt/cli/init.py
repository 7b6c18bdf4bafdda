"""``overt init``: a home for one role, with that role's keys only."""

import os
import shlex
from pathlib import Path
from typing import Final

import click

from overt.cli.asking import ends, home_option, json_option, note, passphrase_option, passphrase_source, say, short
from overt.errors import UsageError
from overt.keys.device import DeviceStorage, device_storage
from overt.keys.founding import found_all_in_one, found_home
from overt.keys.identities import PublicKey, public_keys
from overt.store.home import Home, Role, home_path

_PUBLIC: Final = (
    "give the admin your public keys, the output of: overt keys list --json; "
    "then join the bundle that comes back: overt join BUNDLE --admin-key VKEY"
)
_WHERE: Final = {
    DeviceStorage.KEYCHAIN: "in your keychain",
    DeviceStorage.PASSPHRASE: "in a file under your passphrase",
    DeviceStorage.TRIAL: "in a plain file",
}
_NEXT: Final = {
    Role.ADMIN: "overt policy new > policy.toml; signing it needs the public keys of the officer and of the vault",
    Role.OFFICER: _PUBLIC,
    Role.VAULT: _PUBLIC,
    Role.EMPLOYEE: "overt join BUNDLE --admin-key VKEY, with what your organisation gives you",
}


@click.command(
    "init",
    epilog=ends(
        "overt init --role employee --home ~/overt",
        "0 made, 2 wrong use, 6 no passphrase or keychain, 7 disk, 9 a home is there already",
    ),
)
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Whose home it is.")
@click.option("--all-in-one", is_flag=True, help="A trial: all four homes side by side, with a trial policy joined.")
@click.option(
    "--device-key",
    type=click.Choice([DeviceStorage.KEYCHAIN.value, DeviceStorage.PASSPHRASE.value]),
    help="Where an employee's device key goes (default: the keychain if there is one, else under a passphrase).",
)
@home_option
@passphrase_option
@json_option
def command(
    *,
    role: str | None,
    all_in_one: bool,
    device_key: str | None,
    home: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Make a home for one role: its directory, open to you alone, and its keys."""
    if (role is None) == (not all_in_one):
        raise UsageError("a home is for one role", hint="give --role admin|officer|employee|vault, or --all-in-one")
    path = home_path(home, os.environ)
    if role is None:
        _say_trial(found_all_in_one(path), path, as_json=as_json)
        return
    storage = None if device_key is None else DeviceStorage(device_key)
    made = found_home(path, Role(role), passphrase_source(passphrase_file), device_storage=storage)
    _say_home(made, as_json=as_json)


def _say_trial(employee: Home, path: Path, *, as_json: bool) -> None:
    note("this is a trial: its keys lie in plain files that protect nobody from whoever reads this disk")
    lines = [
        f"made a trial at {path}, with homes for {', '.join(Role)} in it",
        "nothing recorded here can ever join a real data set",
        "next: overt consent notice",
        *_here(path),
    ]
    facts = {"home": str(path), "role": "all-in-one", "trial": True, "device_key": device_storage(employee).value}
    say({**facts, "keys": [_entry(key) for key in public_keys(employee)]}, lines, as_json=as_json)


def _here(path: Path) -> list[str]:
    """Say how later commands find a home that is not where they look by themselves."""
    if home_path(None, os.environ) == path:
        return []
    return [f"say so to every command with --home, or once: export OVERT_HOME={shlex.quote(str(path))}"]


def _say_home(home: Home, *, as_json: bool) -> None:
    where = device_storage(home) if home.role is Role.EMPLOYEE else None
    lines = [f"made a home for the {home.role} at {home.path}"]
    if where is not None:
        lines.append(f"the device key is kept {_WHERE[where]}")
    lines += [f"{key.name}: {short(key.public)}" for key in public_keys(home)]
    lines += [f"next: {_NEXT[home.role]}", *_here(home.path)]
    facts = {"home": str(home.path), "role": home.role.value, "trial": False, "device_key": where and where.value}
    say({**facts, "keys": [_entry(key) for key in public_keys(home)]}, lines, as_json=as_json)


def _entry(key: PublicKey) -> dict[str, str]:
    return {"name": key.name, "kind": key.kind, "public": key.public}
