"""Withdrawing: effective at once, with nothing at hand, and mathematically final."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overt.consent.grant import Grant
from overt.consent.status import ConsentStatus
from overt.errors import ConsentError, KeyAccessError, StorageError
from overt.format.note import verify_note
from overt.keys.consent_files import load_consent, withdrawal_path, withdrawn
from overt.keys.passphrase import no_passphrase
from overt.keys.put import DirectoryIntake, vault_state
from overt.keys.recording import load_recording_keys
from overt.keys.rekey import rekey_vault
from overt.keys.vault import entries, vault_at_hand
from overt.keys.vault_contract import SealedShares
from overt.ledger.log import read_entries
from overt.store.home import Home
from overt.subject.consenting import Choice, give
from overt.subject.erasing import erase
from overt.subject.reviewing import own_episodes, review
from overt.subject.withdrawing import withdraw

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
Record = Callable[..., str]


def log_of(home: Home, name: str) -> list[object]:
    vkey = (home.keys_directory / f"{name}.pub").read_text().strip()
    return [entry["type"] for entry in read_entries(home.log_directory, vkey)]


def test_a_withdrawal_is_in_force_at_once_and_signed(employee: Home, grant: Grant) -> None:
    withdraw(employee, NOON)

    assert load_consent(employee).status(NOON) is ConsentStatus.WITHDRAWN
    assert verify_note(withdrawal_path(employee, grant.id).read_text(), grant.parties.withdrawal)
    with pytest.raises(ConsentError, match="withdrawn"):
        load_recording_keys(employee, no_passphrase, NOON)


def test_withdrawing_destroys_shares_and_episodes_and_replaces_the_master(
    employee: Home, grant: Grant, record: Record
) -> None:
    del grant
    record()
    record()
    assert len(entries(employee.shares_directory)) == 4

    done = withdraw(employee, NOON)

    assert (done.shares, done.episodes, done.vault_epoch, done.unreached) == (4, 2, 2, ())
    assert entries(employee.shares_directory) == []
    assert list(employee.episodes_directory.iterdir()) == []


def test_with_every_backup_and_every_present_key_a_withdrawn_episode_stays_closed(
    employee: Home, grant: Grant, record: Record, tmp_path: Path
) -> None:
    """The backup holds everything but the vault's master, which the documents keep out of backups."""
    del grant
    episode_id = record()
    root = employee.path.parent
    backup = tmp_path / "backup"
    shutil.copytree(root, backup, ignore=shutil.ignore_patterns("vault.txt"))
    withdraw(employee, NOON)

    shutil.copytree(backup / "employee" / "episodes", employee.episodes_directory, dirs_exist_ok=True)
    shutil.rmtree(root / "vault" / "shares")
    shutil.copytree(backup / "vault" / "shares", root / "vault" / "shares")

    with pytest.raises(KeyAccessError, match="damaged"):
        review(employee, episode_id, no_passphrase, NOON)


@pytest.mark.parametrize("lost", ["keys/device.txt", "keys/employee.txt", "bundle.note", "withdrawal key"])
def test_withdrawing_needs_nothing(employee: Home, grant: Grant, lost: str) -> None:
    name = f"keys/withdrawal-{grant.id}.txt" if lost == "withdrawal key" else lost
    (employee.path / name).unlink()

    withdraw(employee, NOON)

    assert load_consent(employee).status(NOON) is ConsentStatus.WITHDRAWN


def test_withdrawing_works_without_the_vault_and_says_what_is_left_to_do(
    employee: Home, grant: Grant, record: Record
) -> None:
    record()
    vault = employee.path.parent / "vault"
    vault.rename(vault.with_name("away"))

    without = withdraw(employee, NOON)
    vault.with_name("away").rename(vault)
    again = withdraw(employee, NOON)

    assert (without.grants, without.shares, without.vault_epoch) == ((grant.id,), 0, None)
    assert len(without.unreached) == 2
    assert (again.grants, again.shares, again.vault_epoch, again.unreached) == ((), 2, 2, ())


def test_a_malformed_grant_can_be_withdrawn_too(employee: Home, grant: Grant) -> None:
    (employee.grants_directory / f"{grant.id}.note").write_text("damaged")

    assert withdraw(employee, NOON).grants == (grant.id,)


def test_a_stray_file_among_the_grants_does_not_keep_anybody_from_withdrawing(employee: Home, grant: Grant) -> None:
    (employee.grants_directory / "stray.note").write_text("")

    assert withdraw(employee, NOON).grants == (grant.id,)


def test_a_full_disk_does_not_keep_anybody_from_withdrawing(
    employee: Home, grant: Grant, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    record()

    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("overt.store.files.create_exclusive", full)
        patched.setattr("overt.store.files.replace", full)
        withdraw(employee, NOON)

    assert withdrawn(employee, grant.id)
    with pytest.raises(ConsentError):
        load_recording_keys(employee, no_passphrase, NOON)
    again = withdraw(employee, NOON)
    assert (again.vault_epoch, again.unreached) == (2, ())
    assert entries(employee.shares_directory) == []


def test_a_log_that_was_changed_does_not_keep_anybody_from_withdrawing(
    employee: Home, grant: Grant, record: Record
) -> None:
    record()
    (employee.log_directory / "checkpoint").write_text("changed")

    done = withdraw(employee, NOON)

    assert (done.grants, done.shares) == ((grant.id,), 2)
    assert "not in the log" in done.unreached[0]


def test_withdrawing_nothing_changes_nothing(employee: Home) -> None:
    done = withdraw(employee, NOON)

    assert (done.grants, done.shares, done.vault_epoch, done.unreached) == ((), 0, None, ())


def test_a_recorder_that_has_not_noticed_yet_can_put_nothing_into_the_vault(employee: Home, grant: Grant) -> None:
    withdraw(employee, NOON)

    with pytest.raises(StorageError):
        DirectoryIntake(employee.shares_directory).put(
            SealedShares(grant_id=grant.id, grant="", episode_id="a" * 32, shares={"m": b"share", "c": b"share"})
        )


def test_consent_can_be_given_again_and_the_vault_still_works(employee: Home, grant: Grant, choice: Choice) -> None:
    withdraw(employee, NOON)

    again = give(employee, choice, no_passphrase, NOON + timedelta(seconds=1))

    keys = load_recording_keys(employee, no_passphrase, NOON + timedelta(seconds=1))
    assert again.id != grant.id
    vkey = (employee.path.parent / "vault/keys/vault-log.pub").read_text().strip()
    assert vault_state(employee.shares_directory, vkey).recipient == keys.vault_recipient


def test_after_a_rekey_what_was_not_withdrawn_is_still_readable(employee: Home, grant: Grant, record: Record) -> None:
    del grant
    episode_id = record()

    epochs = [rekey_vault(vault_at_hand(employee), no_passphrase, NOON) for _ in range(2)]

    assert epochs == [2, 3]
    assert len(list(review(employee, episode_id, no_passphrase, NOON).content)) == 2


def test_a_rekey_that_broke_off_loses_nothing_and_is_finished_by_the_next(
    employee: Home, grant: Grant, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    del grant
    ids = [record(), record()]
    vault = vault_at_hand(employee)
    done: list[Path] = []

    def break_off(path: Path, *_: object) -> None:
        if done:
            raise StorageError("full")
        done.append(path)
        rewrap(path, *_)

    rewrap = __import__("overt.keys.rekey", fromlist=["_rewrap"])._rewrap
    with monkeypatch.context() as patched:
        patched.setattr("overt.keys.rekey._rewrap", break_off)
        with pytest.raises(StorageError):
            rekey_vault(vault, no_passphrase, NOON)

    for episode_id in ids:
        assert list(review(employee, episode_id, no_passphrase, NOON).content)
    rekey_vault(vault, no_passphrase, NOON)
    for episode_id in ids:
        assert list(review(employee, episode_id, no_passphrase, NOON).content)
    assert not list(vault.keys_directory.glob("vault-next*"))


def test_an_erased_episode_has_no_share_and_no_file_and_the_others_stay(
    employee: Home, grant: Grant, record: Record
) -> None:
    del grant
    gone, kept = record(), record()

    (erased,) = erase(employee, [gone], NOON)

    assert (erased.shares, erased.settled) == (2, True)
    assert [facts.episode_id for facts in own_episodes(employee)] == [kept]
    assert list(review(employee, kept, no_passphrase, NOON).content)
    assert {path.name[:32] for path in entries(employee.shares_directory)} == {kept}
    assert log_of(employee, "device")[-1] == "erase"


def test_an_episode_too_damaged_to_name_its_grant_is_erased_all_the_same(
    employee: Home, grant: Grant, record: Record
) -> None:
    del grant
    episode_id = record()
    path = employee.episodes_directory / f"{episode_id}.ep"
    path.write_bytes(b"x" * 100)

    assert erase(employee, [episode_id], NOON)[0].shares == 2
    assert own_episodes(employee) == []


def test_a_vault_that_says_something_unsigned_is_not_believed(employee: Home, grant: Grant) -> None:
    del grant
    state = employee.shares_directory / "vault.note"
    state.write_text(state.read_text().replace('"epoch":1', '"epoch":9'))

    with pytest.raises(KeyAccessError, match="not signed by the vault"):
        load_recording_keys(employee, no_passphrase, NOON)
