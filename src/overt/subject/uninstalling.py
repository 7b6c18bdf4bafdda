"""Uninstall: take everything back, leave a receipt where the person chooses, and destroy the home with its keys."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from overt.errors import ConsentError, HomeError, OvertError, StorageError, UsageError
from overt.keys.consent_files import read_text
from overt.keys.device import DeviceStorage, device_storage, device_vkey
from overt.keys.exchange.order import read_order
from overt.keys.keychain import SERVICE, forget
from overt.keys.tombstones import ERASURES
from overt.keys.vault_contract import Progress, unseen
from overt.keys.word_list import clear_words
from overt.store import files
from overt.store.home import MARKER, Home, Role, open_home, roles_at
from overt.store.lock import LockedError, locked
from overt.subject.deleting import NAME, request_path
from overt.subject.withdrawing import Withdrawn, cannot_undo, withdraw

RECEIPT: Final = "receipt.json"
_FORMAT: Final = "overt-uninstall/1"
_OURS: Final = ("keys", "consent", "episodes")
"""What a home that has lost its marker is known by."""
_ORDER: Final = {"keys": 0, "shares": 1, MARKER: 3}
_NOTES: Final = "*.note"
_ATTEMPTS: Final = 50
_BETWEEN_S: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninstalled:
    """What an uninstall did: *removed* says whether there was a home; *grants* are all that were ever given in it.

    *orders* are the files in *receipt* with which others destroy their copies, and *request* the one that has exports
    deleted. *unreached* says in words what is still to do.
    """

    removed: bool
    receipt: Path | None = None
    grants: tuple[str, ...] = ()
    shares: int = 0
    episodes: int = 0
    orders: tuple[str, ...] = ()
    request: str | None = None
    unreached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condemned:
    """What is to be destroyed: everything below *root*, in which the person's *home* lies."""

    root: Path
    home: Home


def find_condemned(path: Path) -> Condemned | None:
    """Return the person's home at *path*, however broken, or a whole trial; ``None`` where there is nothing.

    Raises:
        HomeError: It is another role's home, no home at all, another user's, or a symbolic link.
    """
    if not os.path.lexists(path):
        return None
    if path.is_symlink() or not path.is_dir() or path.stat().st_uid != os.geteuid():
        raise HomeError(f"{path} is no plain directory of yours", hint="nothing was touched")
    if (path / MARKER).is_file():
        with suppress(OSError):
            path.chmod(0o700)  # a home that was left open to others is closed, not refused
    try:
        return Condemned(root=path, home=open_home(path, Role.EMPLOYEE))
    except (HomeError, StorageError):
        return _broken(path)


def uninstall(
    condemned: Condemned,
    receipt: Path,
    at: datetime,
    progress: Progress = unseen,
    pause: Callable[[float], None] = time.sleep,
) -> Uninstalled:
    """Withdraw everything as of *at* (aware), write the receipt into the directory *receipt*, and destroy the home.

    Needs no passphrase, no network and no vault at hand, and may be repeated until nothing is left. A recorder that
    runs has ten seconds to end, counted with *pause*.

    Raises:
        UsageError: *receipt* would lie in the home.
        StorageError: The disk refused the receipt, and the home stays, withdrawn; or a recorder does not end.
    """
    if receipt.resolve().is_relative_to(condemned.root.resolve()):
        raise UsageError("the receipt would be destroyed with the home", hint="choose another place: --receipt DIR")
    home = condemned.home
    _make_room(home)
    done, problems = _take_back(home, at, progress)
    problems += _forget_device(home)
    problems += _forget_words(home)
    left = Uninstalled(
        removed=True,
        receipt=receipt,
        grants=_ids(home),
        shares=done.shares if done else 0,
        episodes=done.episodes if done else 0,
        orders=_leave_orders(home, receipt),
        request=_leave_request(home, receipt),
        unreached=(*_left_to_others(condemned, done), *problems),
    )
    files.replace(receipt, RECEIPT, _receipt_text(left, at).encode())
    with _alone(home, pause):
        _destroy(condemned.root)
    return left


def _broken(path: Path) -> Condemned | None:
    """Return what a home that cannot be opened is, by its marker, or without one by what it holds."""
    try:
        roles = roles_at(path)
    except HomeError:
        return _unmarked(path)
    if Role.EMPLOYEE not in roles:
        raise HomeError(f"{path} is a home for the {roles[0]}", hint="only an employee's home can be uninstalled")
    if len(roles) == 1:
        return Condemned(root=path, home=Home(path=path, role=Role.EMPLOYEE, trial=False))
    inner = Home(path=path / Role.EMPLOYEE.value, role=Role.EMPLOYEE, trial=True, vault=path / Role.VAULT.value)
    return Condemned(root=path, home=inner)


def _unmarked(path: Path) -> Condemned | None:
    found = [each.name for each in path.iterdir()]
    if not found:
        return None
    if len(set(found) & set(_OURS)) <= 1:
        raise HomeError(f"{path} is not a home of Overt", hint="nothing was touched; name the home with --home")
    return Condemned(root=path, home=Home(path=path, role=Role.EMPLOYEE, trial=False))


def _make_room(home: Home) -> None:
    """Make the directories that taking back writes to, if somebody has lost them."""
    for place in (home.grants_directory, home.withdrawals_directory, home.episodes_directory):
        with suppress(OvertError, OSError):
            files.ensure_directory(place)


def _take_back(home: Home, at: datetime, progress: Progress) -> tuple[Withdrawn | None, list[str]]:
    """Withdraw; a home in which not even that can be done is destroyed all the same."""
    try:
        done = withdraw(home, at, progress)
        if any(not _is_order(path) for path in home.withdrawals_directory.glob(_NOTES)):
            # On a full disk there was room for the order only once the episodes were gone.
            withdraw(home, at, progress)
    except (OvertError, OSError) as problem:
        return None, [f"not everything could be withdrawn: {problem}"]
    return done, []


def _is_order(path: Path) -> bool:
    try:
        return read_order(read_text(path)).episode is None
    except (OvertError, FileNotFoundError):
        return False


def _ids(home: Home) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in home.withdrawals_directory.glob(_NOTES)))


def _forget_words(home: Home) -> list[str]:
    """Remove the person's own words from their keychain; say if it cannot be reached."""
    try:
        if clear_words(home, anyway=True):
            return []
    except StorageError:
        pass  # the home is destroyed, and the marker with it
    return [f"your word list may still be in the keychain, under {SERVICE}"]


def _forget_device(home: Home) -> list[str]:
    """Take the device key out of the keychain, if it is there; every other key goes with the home."""
    try:
        if device_storage(home) is DeviceStorage.KEYCHAIN:
            forget(device_vkey(home).partition("+")[0])
    except OvertError as problem:
        return [f"the device key may still be in the keychain, under {SERVICE}: {problem}"]
    return []


def _leave_orders(home: Home, receipt: Path) -> tuple[str, ...]:
    """Copy what orders others to destroy their copies into *receipt*, and return the names; raises ``StorageError``."""
    places = (("withdrawal", home.withdrawals_directory), ("erasure", home.path / ERASURES))
    files.ensure_directory(receipt)
    names = []
    for kind, place in places:
        for path in sorted(place.glob(_NOTES)):
            try:
                order = read_text(path)
            except (ConsentError, FileNotFoundError):
                continue
            names.append(f"{kind}-{path.name}")
            files.replace(receipt, names[-1], order.encode())
    return tuple(names)


def _leave_request(home: Home, receipt: Path) -> str | None:
    try:
        text = read_text(request_path(home))
    except (ConsentError, FileNotFoundError):
        return None
    files.replace(receipt, NAME, text.encode())
    return NAME


def _left_to_others(condemned: Condemned, done: Withdrawn | None) -> tuple[str, ...]:
    """Say what the vault's keeper has still to do; a trial's vault goes with it."""
    reached = done is not None and not any(line.startswith("the vault") for line in done.unreached)
    if reached or condemned.root != condemned.home.path:
        return ()
    return ("give the vault's keeper, and whoever has copies, the files *.note beside this, for overt vault shred",)


def _receipt_text(left: Uninstalled, at: datetime) -> str:
    facts = {
        "format": _FORMAT,
        "day": at.astimezone(UTC).date().isoformat(),
        "withdrawn": list(left.grants),
        "shares_destroyed": left.shares,
        "episodes_removed": left.episodes,
        "orders": list(left.orders),
        "deletion_request": left.request,
        "still_to_do": list(left.unreached),
        "cannot_undo": list(cannot_undo()),
    }
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


@contextmanager
def _alone(home: Home, pause: Callable[[float], None]) -> Iterator[None]:
    """Wait for a recorder, which ends by itself once its consent is withdrawn, and keep others from beginning."""
    with ExitStack() as stack:
        for attempt in range(_ATTEMPTS):
            try:
                stack.enter_context(locked(home.episodes_directory, wait=False))
                break
            except LockedError:
                if attempt == _ATTEMPTS - 1:
                    raise StorageError(
                        "everything is withdrawn, but a recorder still runs in the home",
                        hint="end it, then uninstall once more",
                    ) from None
                pause(_BETWEEN_S)
            except StorageError:
                break  # there is no such directory, or no lock: nobody records there
        yield


def _open_up(root: Path) -> None:
    """Let nothing below *root* keep us out: somebody may have taken the rights to it away."""
    for place, folders, _ in os.walk(root):
        for folder in (Path(place) / name for name in folders):
            if not folder.is_symlink():
                with suppress(OSError):
                    folder.chmod(0o700)


def _destroy(root: Path) -> None:
    """Remove everything below *root*: keys first, the marker last, so that what was broken off can be repeated."""
    try:
        _open_up(root)
        for each in sorted(root.iterdir(), key=lambda path: (_ORDER.get(path.name, 2), path.name)):
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            else:
                each.unlink()
        root.rmdir()
    except OSError as problem:
        raise files.refusal("remove", str(root), problem) from None
