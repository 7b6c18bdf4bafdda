"""Destroying: mathematically final, whoever has what; broken off at any moment it loses nothing else."""

import os
import shutil
import signal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from overt.errors import FormatError, KeyAccessError, StorageError, VerificationError
from overt.format.age_read import decrypt
from overt.format.age_write import recipient_of
from overt.format.note import NoteSigner
from overt.format.section_keys import parse_keys
from overt.keys.exchange.order import read_order
from overt.keys.exchange.request import Reader
from overt.keys.passphrase import no_passphrase
from overt.keys.rekey import rekey_due, rekey_vault
from overt.keys.tombstones import apply_order, stands
from overt.keys.vault import open_vault
from overt.store import files
from overt.store.home import Role
from overt.subject.erasing import erase
from overt.subject.withdrawing import withdraw

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
Later = Callable[[int], datetime]


@dataclass
class Attacker:
    """Has every file that ever lay anywhere but a master, every role's key, and the master of today."""

    blobs: set[bytes] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)

    def back_up(self, *places: Path) -> None:
        """Copy everything but the vault's master, which the documents keep out of backups."""
        for path in (path for place in places for path in place.rglob("*") if path.is_file()):
            if not path.name.startswith("vault") or path.suffix == ".note":
                self.blobs.add(path.read_bytes())

    def learn(self, keys: Iterable[str]) -> None:
        """Take *keys*, and every identity that they open somewhere, and so on."""
        known = {key.strip() for key in keys}
        while known - self.keys:
            self.keys |= known
            opened = (self._opened(blob) for blob in self.blobs if blob.startswith(b"age-encryption.org"))
            found = (plain.split() for plain in opened if plain)
            known = {words[-1].decode() for words in found if words and words[-1].startswith(b"AGE-SECRET-KEY-PQ-1")}

    def reads(self, keys_file: bytes) -> bool:
        """Say whether any section of the episode with that ``.keys`` file can be opened."""
        return any(self._section(wrapped) for wrapped in parse_keys(keys_file).values())

    def _section(self, wrapped: bytes) -> bool:
        inner = self._opened(wrapped)
        return inner is not None and self._opened(inner) is not None

    def _opened(self, blob: bytes) -> bytes | None:
        try:
            return decrypt(blob, sorted(self.keys))
        except (KeyAccessError, FormatError):
            return None


@pytest.mark.parametrize(
    ("withdrawn", "kept"), [(2, 2), pytest.param(100, 100, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])]
)
def test_with_every_backup_and_every_key_no_withdrawn_episode_opens_and_every_other_does(
    village: Any, later: Later, withdrawn: int, kept: int
) -> None:
    """Half the shares are sealed to the vault's master on their way, half to the intake of their grant."""
    attacker, everything = Attacker(), village.root
    first = village.consent()
    gone = village.record(withdrawn // 2)
    attacker.blobs.add(village.shipment())
    village.send()
    gone += village.record(withdrawn - withdrawn // 2)
    attacker.back_up(everything)
    village.send()
    erased = village.record(1)
    village.send()
    attacker.back_up(everything)
    erase(village.home(Role.EMPLOYEE), erased, NOON)
    order = next((village.root / "employee/erasures").iterdir()).read_text()
    keys_files = {path.stem: path.read_bytes() for path in (village.root / "employee/episodes").glob("*.keys")}
    attacker.back_up(everything)
    early = Attacker(blobs=set(attacker.blobs))
    early.learn([*village.role_keys(), village.master()])
    assert all(early.reads(keys_files[each]) for each in gone)  # as long as the master is the old one
    withdraw(village.home(Role.EMPLOYEE), NOON)
    second = village.consent(later(1))
    village.send(later(1))
    stays = village.record(kept, later(1))
    village.send(later(1))
    attacker.back_up(everything)

    done = village.vault.shred([order, *village.orders(first)], later(1))

    attacker.back_up(everything)
    attacker.learn([*village.role_keys(), village.master()])
    assert done.epoch == 2
    assert [each for each in gone if attacker.reads(keys_files[each])] == []
    stored = village.root / "employee/episodes"
    assert all(attacker.reads((stored / f"{each}.keys").read_bytes()) for each in stays)
    request = village.request(Reader.EXPORTER, [(second, each) for each in stays], later(1))
    assert set(village.opened(Reader.EXPORTER, village.vault.release(request, later(1)), later(1)).shares) == {*stays}


def test_an_erased_episode_opens_for_nobody_and_its_neighbours_do(village: Any) -> None:
    attacker = Attacker()
    grant = village.consent()
    village.send()
    gone, stays = village.record(2)
    village.send()
    keys_file = (village.root / f"employee/episodes/{gone}.keys").read_bytes()
    attacker.back_up(village.root)
    (erased,) = erase(village.home(Role.EMPLOYEE), [gone], NOON)

    done = village.vault.shred([erased.order.read_text()], NOON)

    attacker.learn([*village.role_keys(), village.master()])
    assert (done.shares, done.episodes, done.grants) == (2, (gone,), ())
    assert not attacker.reads(keys_file)
    assert village.vault.release(village.request(Reader.EMPLOYEE, [(grant, stays)]), NOON)
    assert [each["type"] for each in village.log()][-4:-2] == ["shred", "vault-rekey"]


def test_what_was_destroyed_is_logged_with_its_epoch_and_settled(village: Any) -> None:
    grant = village.consent()
    village.send()
    village.record(1)
    village.send()
    withdraw(village.home(Role.EMPLOYEE), NOON)

    village.vault.shred(village.orders(grant), NOON)

    acts = [{name: value for name, value in each.items() if name != "at"} for each in village.log()]
    assert acts[-2:] == [{"type": "shred", "grant": grant, "epoch": 1}, {"type": "vault-rekey", "epoch": 2}]
    assert (village.places / grant).read_text() == "2\n"
    assert [(each.withdrawn, each.settled) for each in village.vault.list()] == [(True, True)]
    assert not rekey_due(village.home(Role.VAULT))


@pytest.mark.parametrize("defect", ["unsigned", "another signer", "another grant's key", "changed", "no order"])
def test_an_order_that_is_not_the_persons_destroys_nothing(village: Any, later: Later, defect: str) -> None:
    grant = village.consent()
    village.send()
    village.record(1)
    village.send()
    other = village.consent(later(1))
    withdraw(village.home(Role.EMPLOYEE), later(1))
    (note,), (others,) = village.orders(grant), village.orders(other)
    text = note.partition("\n\n")[0] + "\n"
    forged = {
        "unsigned": text,
        "another signer": NoteSigner.generate("withdrawal").sign(text),
        "another grant's key": text + "\n" + others.rpartition("\n\n")[2],
        "changed": note.replace("2026-02-01", "2026-02-02"),
        "no order": "{}\n",
    }[defect]

    with pytest.raises((VerificationError, FormatError)):
        village.vault.shred([others, forged], later(1))

    assert len(village.held()) == 2
    assert not (village.places / other).exists()


def test_a_keeper_who_asked_the_person_destroys_without_a_signature(village: Any) -> None:
    """The key that withdraws may be lost; nobody's consent stands because of that."""
    grant = village.consent()
    village.send()
    village.record(1)
    village.send()
    (village.root / f"employee/keys/withdrawal-{grant}.txt").unlink()
    withdraw(village.home(Role.EMPLOYEE), NOON)
    orders = village.orders(grant)

    with pytest.raises(VerificationError, match="not signed"):
        village.vault.shred(orders, NOON)
    assert village.vault.shred(orders, NOON, unsigned=True).shares == 2


def test_a_withdrawal_on_a_full_disk_becomes_one_that_the_vault_takes(
    village: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The grant itself had been moved to where the withdrawal belongs, and the vault could not read that."""
    grant = village.consent()
    village.send()
    village.record(1)
    village.send()

    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("overt.store.files.create_exclusive", full)
        patched.setattr("overt.store.files.replace", full)
        withdraw(village.home(Role.EMPLOYEE), NOON)
    withdraw(village.home(Role.EMPLOYEE), NOON)

    assert village.vault.shred(village.orders(grant), NOON).shares == 2


CHANGES = ("open", "write", "fsync", "fdatasync", "rename", "link", "unlink", "mkdir", "rmdir", "ftruncate")
EVERY = pytest.param(1, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])


def dies_at(number: int, act: Callable[[], object]) -> bool:
    """Do *act* in a process that is killed instead of its change of the disk with that *number*; say whether it was."""
    if not (child := os.fork()):
        try:
            _wire(number)
            act()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _wire(number: int) -> None:
    count = 0

    def wired(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **more: Any) -> Any:
            nonlocal count
            if name != "open" or words[1] & os.O_CREAT:
                count += 1
                if count == number:
                    os.kill(os.getpid(), signal.SIGKILL)
            return original(*words, **more)

        return call

    for name in CHANGES:
        setattr(os, name, wired(name, getattr(os, name)))


@pytest.mark.parametrize("stride", [11, EVERY])
@pytest.mark.parametrize("act", ["shred", "erase", "rekey"])
def test_killed_at_any_change_of_the_disk_nothing_destroyed_comes_back_and_nothing_else_is_lost(
    village: Any, later: Later, tmp_path: Path, act: str, stride: int
) -> None:
    first = village.consent()
    village.send()
    gone = village.record(2)
    village.send()
    second = village.consent(later(1))
    village.send(later(1))
    stays = village.record(2, later(1))
    village.send(later(1))
    notes = _orders(village, act, first, gone)
    doomed = {each for each in village.held() if act == "shred" and each.startswith(first)}
    doomed |= {each for each in village.held() if act == "erase" and gone[0] in each}
    kept = {place: share for place, share in village.held().items() if place not in doomed}
    assert any(second in place for place in kept)
    assert len(stays) == 2
    template = tmp_path / "template"
    village.root.rename(template)
    number = 1

    while True:
        shutil.rmtree(village.root, ignore_errors=True)
        shutil.copytree(template, village.root, symlinks=True)
        attacker = Attacker()
        attacker.back_up(village.places)
        killed = dies_at(number, lambda: _act(village, act, notes, later(1)))
        attacker.back_up(village.places)
        # Whatever was destroyed by then stays so when the vault is merely opened again.
        before = {place for place in doomed if not (village.places / place).exists()}
        open_vault(village.home(Role.VAULT), no_passphrase)
        assert not any((village.places / place).exists() for place in before)
        _act(village, act, notes, later(1))
        assert village.held() == kept
        assert not list((village.root / "vault").rglob(".*"))
        attacker.learn([village.master()])
        assert not {recipient_of(key) for key in attacker.keys} & _recipients(template, doomed)
        if not killed:
            break
        number += stride

    assert number > 60  # what an act changes on the disk, at least


def _orders(village: Any, act: str, grant: str, episodes: Sequence[str]) -> list[str]:
    home = village.home(Role.EMPLOYEE)
    if act == "erase":
        (erased,) = erase(home, episodes[:1], NOON)
        return [erased.order.read_text()]
    if act == "shred":
        withdraw(home, NOON)
        return village.orders(grant)
    return []


def _act(village: Any, act: str, notes: list[str], at: datetime) -> None:
    if act == "rekey":
        rekey_vault(village.home(Role.VAULT), no_passphrase, at)
    else:
        village.vault.shred(notes, at)


def _recipients(template: Path, doomed: set[str]) -> set[str]:
    """Return whose identities the destroyed shares were."""
    master = (template / "vault/keys/vault.txt").read_text().strip()
    return {
        recipient_of(decrypt((template / "vault/shares" / place).read_bytes(), [master]).decode().split()[-1])
        for place in doomed
    }


def test_a_copy_of_the_master_that_a_killed_writer_left_is_swept_when_the_vault_is_opened(village: Any) -> None:
    """It stayed until the same file was replaced again: by then it was an old master, and old copies opened with it."""
    village.consent()
    village.send()
    left = village.root / "vault/keys/.vault.txt.0123456789abcdef.tmp"
    left.write_text(village.master())

    open_vault(village.home(Role.VAULT), no_passphrase)

    assert not left.exists()


def test_a_vault_whose_keys_came_from_an_old_backup_is_not_given_a_new_master(village: Any) -> None:
    """It would have wrapped nothing, and then forgotten the only key to everything."""
    village.consent()
    village.send()
    village.record(1)
    village.send()
    held = village.held()
    vault = village.home(Role.VAULT)
    old = (vault.keys_directory / "vault.txt").read_bytes()
    rekey_vault(vault, no_passphrase, NOON)
    new = (vault.keys_directory / "vault.txt").read_bytes()
    files.replace(vault.keys_directory, "vault.txt", old)

    with pytest.raises(KeyAccessError, match="not the one that the vault states"):
        rekey_vault(vault, no_passphrase, NOON)

    files.replace(vault.keys_directory, "vault.txt", new)
    assert village.held() == held


def test_an_entry_that_opens_under_no_master_keeps_nothing_else_from_being_destroyed(village: Any) -> None:
    grant = village.consent()
    village.send()
    village.record(1)
    village.send()
    (village.places / ("a" * 32)).mkdir(mode=0o700)
    (village.places / ("a" * 32) / f"{'b' * 32}.c.age").write_bytes(b"rubbish")
    withdraw(village.home(Role.EMPLOYEE), NOON)

    assert village.vault.shred(village.orders(grant), NOON).epoch == 2


def test_a_store_unlinks_copies_and_never_shows_them_again(village: Any, tmp_path: Path) -> None:
    grant = village.consent()
    gone, other = village.record(2)
    store = tmp_path / "store"
    shutil.copytree(village.root / "employee/episodes", store)
    shutil.copytree(village.root / "employee/consent/grants", store / "grants")
    (store / f"{gone}.approval.note").write_text("approved")
    (erased,) = erase(village.home(Role.EMPLOYEE), [gone], NOON)
    withdraw(village.home(Role.EMPLOYEE), NOON)

    unlinked = apply_order(store, read_order(erased.order.read_text()), unsigned=False)
    assert unlinked.episodes == (gone,)
    assert {path.name for path in store.glob("*.*")} == {f"{other}.ep", f"{other}.keys"}
    assert [stands(store, grant, each) for each in (gone, other)] == [True, False]
    assert apply_order(store, read_order(village.orders(grant)[0]), unsigned=False).episodes == (other,)
    assert stands(store, grant, other)
    assert list(store.glob("*.ep")) == []


def test_an_order_about_somebody_elses_episode_unlinks_nothing(village: Any, later: Later, tmp_path: Path) -> None:
    """One person's key could have made the store refuse another's episode."""
    mine = village.consent()
    (episode,) = village.record(1)
    store = tmp_path / "store"
    shutil.copytree(village.root / "employee/episodes", store)
    other = village.consent(later(1))
    shutil.copytree(village.root / "employee/consent/grants", store / "grants")
    (erased,) = erase(village.home(Role.EMPLOYEE), [village.record(1, later(1))[0]], later(1))
    order = read_order(erased.order.read_text())
    unlinked = apply_order(store, replace(order, episode=episode), unsigned=False)

    assert order.grant == other
    assert unlinked.episodes == ()
    assert not stands(store, mine, episode)
