"""Leaving for good: whatever state the home is in, nothing of it stays but a receipt that others can act on."""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.consent.deletion import parse_request
from overt.consent.grant import Grant
from overt.errors import HomeError, StorageError, UsageError
from overt.keys import at_rest
from overt.keys.consent_files import withdrawn
from overt.keys.exchange.order import check_order, read_order
from overt.keys.founding import found_home
from overt.keys.passphrase import no_passphrase
from overt.store.home import Home, Role, open_home
from overt.store.lock import locked
from overt.subject.consenting import Choice, give
from overt.subject.erasing import erase
from overt.subject.uninstalling import Uninstalled, find_condemned, uninstall
from overt.subject.withdrawing import withdraw

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
Record = Callable[..., str]


def gone(path: Path, receipt: Path, **options: object) -> Uninstalled:
    condemned = find_condemned(path)
    assert condemned is not None
    return uninstall(condemned, receipt, NOON, **options)  # type: ignore[arg-type]


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "receipt"


@pytest.fixture
def alone(employee: Home, grant: Grant, tmp_path: Path) -> Home:
    """Return the person's home by itself, as on a machine of their own; the rest of the trial is elsewhere."""
    del grant
    root = tmp_path / "machine"
    shutil.move(employee.path, root)
    marker = json.loads((root / "home.json").read_text())
    (root / "home.json").write_text(json.dumps({**marker, "vault": None}))
    return open_home(root, Role.EMPLOYEE)


def facts(receipt: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads((receipt / "receipt.json").read_text())
    return told


def test_uninstalling_takes_everything_back_and_leaves_no_home(
    employee: Home, grant: Grant, record: Record, receipt: Path
) -> None:
    record()
    root = employee.path.parent

    done = gone(root, receipt)

    assert (done.grants, done.shares, done.episodes, done.unreached) == ((grant.id,), 2, 1, ())
    assert not root.exists()
    assert [path.name for path in receipt.parent.parent.iterdir()] == ["kept"]


def test_the_receipt_is_what_others_need_and_names_nobody(
    alone: Home, grant: Grant, sealed: Callable[..., str], receipt: Path
) -> None:
    erase(alone, [sealed(alone, NOON)], NOON)

    done = gone(alone.path, receipt)

    orders = [read_order((receipt / name).read_text()) for name in done.orders]
    assert [order.episode is None for order in orders] == [True, False]
    for order in orders:
        check_order(order, grant.parties.withdrawal, unsigned=False)
    assert parse_request((receipt / "deletion-request.json").read_text()).handles == (grant.parties.deletion_handle,)
    assert "for overt vault shred" in done.unreached[0]
    assert facts(receipt)["withdrawn"] == [grant.id]
    assert facts(receipt)["cannot_undo"]
    everything = b"".join(path.read_bytes() for path in receipt.iterdir())
    for who in (grant.parties.subject, grant.parties.device):
        assert who.encode() not in everything


@pytest.mark.parametrize(
    "lost",
    [
        "home.json",
        "keys",
        "consent",
        "consent/withdrawals",
        "episodes",
        "approvals",
        "shares",
        "log",
        "bundle.note",
        "admin.vkey",
        "keys/device.pub",
        "keys/device.txt",
        "everything but keys and consent",
    ],
)
def test_a_broken_home_is_destroyed_all_the_same(
    alone: Home, grant: Grant, sealed: Callable[..., str], receipt: Path, lost: str
) -> None:
    del grant
    sealed(alone, NOON)
    names = [path.name for path in alone.path.iterdir() if path.name not in {"keys", "consent"}]
    for name in names if lost.startswith("everything") else [lost]:
        place = alone.path / name
        shutil.rmtree(place) if place.is_dir() else place.unlink()

    done = gone(alone.path, receipt)

    assert done.removed
    assert not alone.path.exists()
    assert (len(done.grants), facts(receipt)["format"]) == (0 if lost == "consent" else 1, "overt-uninstall/1")


@pytest.mark.parametrize("name", ["home.json", "consent/grants", "log/checkpoint", "keys/device.pub", "bundle.note"])
def test_rubbish_in_a_home_keeps_nobody_from_leaving(alone: Home, grant: Grant, receipt: Path, name: str) -> None:
    del grant
    place = alone.path / name
    if place.is_dir():
        shutil.rmtree(place)
    place.write_bytes(b"\xff rubbish")

    gone(alone.path, receipt)

    assert not alone.path.exists()


def test_a_directory_where_a_file_belongs_keeps_nobody_from_leaving(alone: Home, grant: Grant, receipt: Path) -> None:
    place = alone.withdrawals_directory
    shutil.rmtree(place)
    place.write_text("in the way")

    done = gone(alone.path, receipt)

    assert done.grants == ()
    assert f"{grant.id}.note" not in done.unreached[0]
    assert "not everything could be withdrawn" in " ".join(done.unreached)
    assert not alone.path.exists()


def test_a_home_that_is_open_to_others_or_closed_to_oneself_goes_too(alone: Home, grant: Grant, receipt: Path) -> None:
    del grant
    alone.path.chmod(0o755)
    alone.episodes_directory.chmod(0o000)

    gone(alone.path, receipt)

    assert not alone.path.exists()


def test_what_a_link_leads_to_is_not_touched(alone: Home, grant: Grant, receipt: Path, tmp_path: Path) -> None:
    del grant
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine").write_text("mine")
    (alone.path / "link").symlink_to(elsewhere)
    (alone.episodes_directory / "link").symlink_to(elsewhere)

    gone(alone.path, receipt)

    assert (elsewhere / "mine").read_text() == "mine"


def test_uninstalling_twice_finds_nothing_the_second_time(alone: Home, receipt: Path) -> None:
    gone(alone.path, receipt)

    assert find_condemned(alone.path) is None
    alone.path.mkdir()
    assert find_condemned(alone.path) is None


def test_one_that_was_broken_off_at_any_step_is_finished_by_the_next(
    alone: Home, grant: Grant, receipt: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever of the home is gone when the process dies, the rest is found, and the receipt is whole."""
    del grant
    rmtree = shutil.rmtree
    names = sorted(path.name for path in alone.path.iterdir())
    for number in range(len(names)):
        home = tmp_path / f"copy{number}"
        shutil.copytree(alone.path, home)
        home.chmod(0o700)
        left = iter(range(number))

        def die(path: Path, left: object = left, **options: object) -> None:
            if next(left, None) is None:  # type: ignore[call-overload]
                raise OSError(5, "died")
            rmtree(path, **options)  # type: ignore[call-overload]

        with monkeypatch.context() as patched, suppress(StorageError):
            patched.setattr("overt.subject.uninstalling.shutil.rmtree", die)
            gone(home, receipt / str(number))

        if find_condemned(home) is not None:
            gone(home, receipt / str(number))

        assert not home.exists()
        orders = list((receipt / str(number)).glob("withdrawal-*.note"))
        assert len(orders) == 1


def test_keys_go_first(alone: Home, receipt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[str] = []
    monkeypatch.setattr("overt.subject.uninstalling.shutil.rmtree", lambda path: went.append(path.name))

    with pytest.raises(StorageError):
        gone(alone.path, receipt)

    assert went[:2] == ["keys", "shares"]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICER, Role.VAULT])
def test_nobody_elses_home_is_uninstalled(employee: Home, role: Role) -> None:
    place = employee.path.parent / role.value
    before = sorted(place.rglob("*"))

    with pytest.raises(HomeError, match=f"a home for the {role}"):
        find_condemned(place)

    assert sorted(place.rglob("*")) == before


def test_a_directory_that_is_no_home_is_not_touched(tmp_path: Path, employee: Home) -> None:
    (tmp_path / "documents" / "keys").mkdir(parents=True)
    (tmp_path / "documents").chmod(0o755)
    (tmp_path / "link").symlink_to(employee.path)
    (tmp_path / "file").write_text("")

    for name in ("documents", "link", "file"):
        with pytest.raises(HomeError, match=r"not a home|no plain directory"):
            find_condemned(tmp_path / name)
    assert (tmp_path / "documents" / "keys").is_dir()
    assert (tmp_path / "documents").stat().st_mode & 0o777 == 0o755


def test_the_receipt_never_lies_in_what_is_destroyed(alone: Home, grant: Grant) -> None:
    with pytest.raises(UsageError, match="destroyed with the home"):
        gone(alone.path, alone.path / "receipt")

    assert not withdrawn(alone, grant.id)


def test_without_a_receipt_the_home_stays_withdrawn(alone: Home, grant: Grant, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageError):
        gone(alone.path, tmp_path / "file")

    assert withdrawn(alone, grant.id)
    assert alone.path.exists()


def test_a_recorder_that_runs_is_waited_for(alone: Home, receipt: Path) -> None:
    waited: list[float] = []
    with locked(alone.episodes_directory), pytest.raises(StorageError, match="recorder still runs"):
        gone(alone.path, receipt, pause=waited.append)

    gone(alone.path, receipt)

    assert 5 < sum(waited) < 15
    assert not alone.path.exists()


def test_after_a_withdrawal_uninstalling_still_leaves_its_order(alone: Home, grant: Grant, receipt: Path) -> None:
    withdraw(alone, NOON)

    done = gone(alone.path, receipt)

    assert done.grants == (grant.id,)
    assert done.orders == (f"withdrawal-{grant.id}.note",)


def test_a_full_disk_keeps_nobody_from_leaving(
    alone: Home, grant: Grant, receipt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The home's disk has room for nothing until episodes go; the receipt lies on another one."""
    from overt.store import files  # noqa: PLC0415 - what is patched

    write = files.create_exclusive

    def full(directory: Path, name: str, data: bytes) -> None:
        if directory == alone.withdrawals_directory:
            raise StorageError("full")
        write(directory, name, data)

    monkeypatch.setattr("overt.store.files.create_exclusive", full)

    done = gone(alone.path, receipt)

    assert done.grants == (grant.id,)
    order = read_order((receipt / done.orders[0]).read_text())
    check_order(order, grant.parties.withdrawal, unsigned=False)


def test_the_key_in_the_keychain_goes_too(
    tmp_path: Path, receipt: Path, monkeypatch: pytest.MonkeyPatch, choice: Choice
) -> None:
    del choice
    monkeypatch.setattr(at_rest, "WORK_FACTOR", 2)
    home = found_home(tmp_path / "home", Role.EMPLOYEE, lambda _what, *, new=False: "correct horse" * (1 + new))
    for path in home.keys_directory.glob("device.age"):
        path.unlink()  # as if it were in the keychain
    forgotten: list[str] = []
    monkeypatch.setattr("overt.subject.uninstalling.forget", forgotten.append)

    gone(home.path, receipt)

    assert len(forgotten) == 1
    assert forgotten[0].startswith("device")


def test_consent_can_be_given_again_in_a_new_home(employee: Home, grant: Grant, receipt: Path, choice: Choice) -> None:
    from overt.keys.founding import found_all_in_one  # noqa: PLC0415 - used here only

    gone(employee.path.parent, receipt)

    again = give(found_all_in_one(employee.path.parent), choice, no_passphrase, NOON)

    assert again.id != grant.id
    assert os.listdir(receipt)  # noqa: PTH208 - the old receipt stays
