"""Found homes: one for one role, or all four side by side for a trial."""

import secrets
from dataclasses import replace
from pathlib import Path
from typing import Final

from overt.format.note import NoteSigner
from overt.keys.bundles import PublicKeys, join, sign_policy
from overt.keys.device import DeviceStorage, create_device, storage_for
from overt.keys.identities import load_signer, new_role_identity, new_signing_key
from overt.keys.passphrase import PassphraseSource, asked_once, no_passphrase
from overt.policy.templates import trial_policy_text
from overt.store.home import Home, Role, drafted, make_home, mark_all_in_one

_SIGNERS: Final = {Role.ADMIN: "admin", Role.OFFICER: "witness", Role.EMPLOYEE: "device", Role.VAULT: "vault"}
"""How the name that a role signs as begins."""


def found_home(
    path: Path, role: Role, passphrases: PassphraseSource, *, device_storage: DeviceStorage | None = None
) -> Home:
    """Make a home for *role* at *path* with that role's keys only, and return it.

    Args:
        path: Where; it must not exist yet, or be empty.
        role: Whose home it is.
        passphrases: Asked once, for all keys of the home; a key that fails leaves nothing behind.
        device_storage: Where an employee's device key goes; by default the keychain if there is one.

    Raises:
        HomeError: *path* is a home already, or no safe place.
        KeyAccessError: A passphrase or the keychain is missing.
        StorageError: The disk refused.
    """
    with drafted(path) as draft:
        home = Home(path=draft, role=role, trial=False)
        _found(home, passphrases, device_storage)
    return replace(home, path=path)


def found_all_in_one(path: Path, policy_text: str | None = None) -> Home:
    """Make a trial at *path*: four homes side by side, a trial policy that the employee has joined; return that home.

    Its keys lie in plain 0600 files, so a trial protects nobody from whoever reads this disk. *policy_text* stands in
    for the usual policy of a trial, and must be a trial's too.

    Raises:
        HomeError: *path* is a home already, or no safe place.
        StorageError: The disk refused.
    """
    with drafted(path) as draft:
        vault = draft / Role.VAULT.value
        homes = {
            role: Home(path=draft / role.value, role=role, trial=True, vault=vault if role is not Role.VAULT else None)
            for role in Role
        }
        for home in homes.values():
            _found(home, no_passphrase, None)
        _organise(homes, policy_text or trial_policy_text())
        mark_all_in_one(draft)
    return replace(homes[Role.EMPLOYEE], path=path / Role.EMPLOYEE.value, vault=path / Role.VAULT.value)


def _found(home: Home, passphrases: PassphraseSource, device_storage: DeviceStorage | None) -> None:
    make_home(home)
    once = asked_once(passphrases, "the keys of this home")
    new_role_identity(home, _new_signer(home, once, device_storage), once)


def _new_signer(home: Home, passphrases: PassphraseSource, device_storage: DeviceStorage | None) -> NoteSigner:
    name = f"{_SIGNERS[home.role]}-{secrets.token_hex(8)}"
    if home.role is not Role.EMPLOYEE:
        return new_signing_key(home, name, passphrases)
    device = NoteSigner.generate(name)
    create_device(home, device, storage_for(home, device_storage), passphrases)
    return device


def _organise(homes: dict[Role, Home], policy_text: str) -> None:
    admin = homes[Role.ADMIN]
    keys = PublicKeys.of_homes(officer=homes[Role.OFFICER], vault=homes[Role.VAULT])
    note = sign_policy(admin, policy_text, keys, no_passphrase)
    signer = load_signer(admin, no_passphrase)
    join(homes[Role.OFFICER], note, signer.vkey)
    join(homes[Role.VAULT], note, signer.vkey)
    join(homes[Role.EMPLOYEE], note, signer.vkey)
