"""Secrets at rest: under a passphrase, or plain in a trial and nowhere else."""

import importlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from overt.errors import BackendUnavailableError, KeyAccessError, StorageError
from overt.format.age_passphrase import decrypt_with_passphrase
from overt.format.note import NoteSigner
from overt.keys import device as device_room
from overt.keys.at_rest import keep_secret, load_secret
from overt.keys.device import DeviceStorage, create_device, device_storage, load_device, storage_for
from overt.keys.founding import found_home
from overt.keys.identities import load_identity, new_role_identity, public_keys
from overt.keys.passphrase import PassphraseSource, no_passphrase
from overt.store.home import Home, Role, make_home

Knows = Callable[[str], PassphraseSource]


def test_a_role_identity_is_a_stock_age_file_under_its_passphrase(real: dict[Role, Home]) -> None:
    home = real[Role.OFFICER]

    plain = decrypt_with_passphrase((home.keys_directory / "auditor.age").read_bytes(), "correct")

    assert plain.startswith(b"AGE-SECRET-KEY-PQ-1")
    assert plain.endswith(b"\n")


def test_the_right_passphrase_opens_an_identity(real: dict[Role, Home], knows: Knows) -> None:
    assert load_identity(real[Role.ADMIN], knows("correct")).startswith("AGE-SECRET-KEY-PQ-1")


def test_a_wrong_passphrase_is_a_locked_key(real: dict[Role, Home], knows: Knows) -> None:
    with pytest.raises(KeyAccessError, match="exporter key stays locked: wrong passphrase"):
        load_identity(real[Role.ADMIN], knows("wrong"))


def test_nobody_at_the_terminal_is_told_how_else_to_give_the_passphrase(real: dict[Role, Home]) -> None:
    with pytest.raises(KeyAccessError) as caught:
        load_device(real[Role.EMPLOYEE], no_passphrase)

    assert "--passphrase-file" in caught.value.hint


def test_a_damaged_key_file_is_said_to_be_damaged(real: dict[Role, Home], knows: Knows) -> None:
    path = real[Role.OFFICER].keys_directory / "auditor.age"
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(KeyAccessError, match="auditor key is damaged"):
        load_identity(real[Role.OFFICER], knows("correct"))


def test_a_plain_key_counts_in_a_trial_only(real: dict[Role, Home], employee: Home) -> None:
    planted = (employee.keys_directory / "employee.txt").read_bytes()
    home = real[Role.EMPLOYEE]
    (home.keys_directory / "employee.txt").write_bytes(planted)
    (home.keys_directory / "employee.age").unlink()

    with pytest.raises(KeyAccessError, match=r"no key file employee\.age"):
        load_identity(home, no_passphrase)


def test_a_real_home_holds_no_secret_in_plain(real: dict[Role, Home]) -> None:
    files = [path for home in real.values() for path in home.path.rglob("*") if path.is_file()]

    assert not [path for path in files if b"AGE-SECRET-KEY" in path.read_bytes()]
    assert not [path for path in files if path.suffix == ".txt"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_may_read_is_refused(employee: Home, mode: int) -> None:
    (employee.keys_directory / "device.txt").chmod(mode)

    with pytest.raises(KeyAccessError, match="open to other users") as caught:
        load_device(employee, no_passphrase)
    assert "chmod 600" in caught.value.hint


def test_a_key_behind_a_symlink_is_refused(employee: Home, tmp_path: Path) -> None:
    path = employee.keys_directory / "device.txt"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(KeyAccessError):
        load_device(employee, no_passphrase)


def test_a_key_is_never_replaced(employee: Home) -> None:
    with pytest.raises(StorageError):
        new_role_identity(employee, load_device(employee, no_passphrase), no_passphrase)


def test_a_device_key_that_is_not_its_public_half_is_refused(employee: Home) -> None:
    other = NoteSigner.generate("device-other")
    (employee.keys_directory / "device.pub").write_text(other.vkey + "\n")

    with pytest.raises(KeyAccessError, match="does not belong"):
        load_device(employee, no_passphrase)


def test_each_home_has_its_own_roles_keys_and_no_other(real: dict[Role, Home]) -> None:
    names = {role: {key.name for key in public_keys(home)} for role, home in real.items()}

    assert names == {
        Role.ADMIN: {"admin", "exporter"},
        Role.OFFICER: {"auditor", "witness"},
        Role.EMPLOYEE: {"device", "employee"},
        Role.VAULT: {"vault", "vault-log"},
    }


class FakeKeychain:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def put(self, name: str, secret: str) -> None:
        self.kept[name] = secret

    def get(self, name: str) -> str:
        return self.kept[name]


def test_a_keychain_keeps_the_device_key_and_no_file_does(tmp_path: Path) -> None:
    home = Home(path=tmp_path / "home", role=Role.EMPLOYEE, trial=False)
    make_home(home)
    keychain, signer = FakeKeychain(), NoteSigner.generate("device-1")

    create_device(home, signer, DeviceStorage.KEYCHAIN, no_passphrase, keychain)

    assert [path.name for path in home.keys_directory.iterdir()] == ["device.pub"]
    assert device_storage(home) is DeviceStorage.KEYCHAIN
    assert load_device(home, no_passphrase, keychain).vkey == signer.vkey


@pytest.mark.parametrize("backend", ["keyring.backends.fail", "keyring.backends.null"])
def test_a_machine_without_keychain_says_so_when_it_was_asked_for(
    tmp_path: Path, knows: Knows, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    monkeypatch.setattr("keyring.get_keyring", importlib.import_module(backend).Keyring)

    with pytest.raises(KeyAccessError, match="no OS keychain") as caught:
        found_home(tmp_path / "home", Role.EMPLOYEE, knows("x"), device_storage=DeviceStorage.KEYCHAIN)

    assert "--device-key passphrase" in caught.value.hint
    assert not (tmp_path / "home").exists()


def test_a_machine_without_the_package_says_which_to_install(employee: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)

    with pytest.raises(BackendUnavailableError) as caught:
        storage_for(replace(employee, trial=False), DeviceStorage.KEYCHAIN)

    assert "overt[keychain]" in caught.value.hint


def test_without_a_keychain_the_default_is_a_passphrase_and_never_a_plain_file(
    employee: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> None:
        raise KeyAccessError("there is no OS keychain")

    monkeypatch.setattr(device_room, "system_keychain", none)
    home = replace(employee, trial=False)

    assert storage_for(home, None) is DeviceStorage.PASSPHRASE
    with pytest.raises(KeyAccessError, match="only a trial"):
        storage_for(home, DeviceStorage.TRIAL)


def test_a_home_whose_passphrase_never_came_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(KeyAccessError):
        found_home(tmp_path / "home", Role.OFFICER, no_passphrase)

    assert list(tmp_path.iterdir()) == []


def test_a_secret_is_read_as_it_was_kept(employee: Home) -> None:
    keep_secret(employee, "other", "one line", no_passphrase)

    assert load_secret(employee, "other", no_passphrase) == "one line"
