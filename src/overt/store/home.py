"""A home: the directory that holds what one role has, and nothing that another role has."""

import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import platformdirs

from overt.errors import HomeError, StorageError
from overt.store import files
from overt.store.drafts import draft_beside

MARKER: Final = "home.json"
HOME_FORMAT: Final = "overt-home/1"
ALL_IN_ONE: Final = "all-in-one"
_MARKER_LIMIT: Final = 4096


class Role(StrEnum):
    """Whose home it is."""

    ADMIN = "admin"
    OFFICER = "officer"
    EMPLOYEE = "employee"
    VAULT = "vault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One role's home at *path*. *trial* homes keep keys in plain 0600 files; *vault* is the vault's home, if known.

    The directories named here exist; the files need not.
    """

    path: Path
    role: Role
    trial: bool
    vault: Path | None = None

    @property
    def keys_directory(self) -> Path:
        """Where this role's keys are."""
        return self.path / "keys"

    @property
    def bundle_path(self) -> Path:
        """The organisation's signed bundle, once joined (an admin's: once signed)."""
        return self.path / "bundle.note"

    @property
    def admin_key_path(self) -> Path:
        """The verifier key of the admin whose bundles this home accepts, once joined."""
        return self.path / "admin.vkey"

    @property
    def grants_directory(self) -> Path:
        """The person's signed grants, ``<grant id>.note`` each."""
        return self.path / "consent" / "grants"

    @property
    def withdrawals_directory(self) -> Path:
        """The person's withdrawals, ``<grant id>.note`` each: that such a file is there ends the grant."""
        return self.path / "consent" / "withdrawals"

    @property
    def notices_directory(self) -> Path:
        """The exact notices that grants were given over, ``<SHA-256>.txt`` each."""
        return self.path / "consent" / "notices"

    @property
    def episodes_directory(self) -> Path:
        """The sealed episodes and their ``.keys``."""
        return self.path / "episodes"

    @property
    def approvals_directory(self) -> Path:
        """The person's signed approvals, ``<episode id>.note`` each."""
        return self.path / "approvals"

    @property
    def log_directory(self) -> Path:
        """This home's tamper-evident log."""
        return self.path / "log"

    @property
    def shares_directory(self) -> Path:
        """The vault's entries: in the vault's home when that is known, else here until the vault takes them."""
        return (self.vault or self.path) / "shares"

    @property
    def shares_places(self) -> tuple[Path, ...]:
        """Every directory that may hold entries of this home: also its own, from before it knew the vault's."""
        return tuple(dict.fromkeys((self.shares_directory, self.path / "shares")))


_DIRECTORIES: Final = {
    Role.ADMIN: ("keys",),
    Role.OFFICER: ("keys",),
    Role.EMPLOYEE: (
        "keys",
        "consent",
        "consent/grants",
        "consent/withdrawals",
        "consent/notices",
        "episodes",
        "approvals",
        "shares",
    ),
    Role.VAULT: ("keys", "shares"),
}


def home_path(option: Path | None, environment: Mapping[str, str]) -> Path:
    """Return where the home is: *option*, else ``OVERT_HOME`` of *environment*, else the platform's data directory."""
    chosen = option or environment.get("OVERT_HOME") or platformdirs.user_data_path("overt", appauthor=False)
    return Path(os.path.abspath(chosen))  # noqa: PTH100 - resolve() would follow a symlink that must be seen


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """Yield an empty directory that becomes *path* when the block ends well, and vanishes when it does not.

    Raises:
        HomeError: *path* is there already and not an empty directory, or no safe place for a home.
        StorageError: The system refused.
    """
    try:
        _check_free(path)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_parent(path)
        with draft_beside(path, f".{path.name}.") as draft:
            yield draft
            draft.rename(path)
    except OSError as error:
        raise files.refusal("make the home", str(path), error) from error


def make_home(home: Home) -> None:
    """Create *home*'s directories (0700) and its marker; *home.path* must not exist, or be empty and private."""
    home.path.mkdir(mode=0o700, exist_ok=True)
    for name in _DIRECTORIES[home.role]:
        (home.path / name).mkdir(mode=0o700)
    write_marker(home)


def mark_all_in_one(path: Path) -> None:
    """Mark *path* as a trial's root, whose four homes lie side by side in it."""
    _write_marker(path, {"format": HOME_FORMAT, "role": ALL_IN_ONE, "trial": True, "vault": None})


def write_marker(home: Home) -> None:
    """Write what *home* is into its marker, replacing an older one as a whole."""
    vault = None if home.vault is None else os.path.relpath(home.vault, home.path)
    _write_marker(home.path, {"format": HOME_FORMAT, "role": home.role.value, "trial": home.trial, "vault": vault})


def open_home(path: Path, role: Role) -> Home:
    """Return the home of *role* at *path*; in a trial's root, that role's home inside it.

    Raises:
        HomeError: There is none, it is another role's, or it is not safe: not ours, open to others, or a symlink.
    """
    check_private_directory(path)
    marker = _read_marker(path)
    if marker["role"] == ALL_IN_ONE:
        return open_home(path / role.value, role)
    if marker["role"] != role.value:
        raise HomeError(
            f"{path} is a home for the {marker['role']}, not for the {role.value}",
            hint=f"name the right home with --home, or make one: overt init --role {role.value} --home DIR",
        )
    for each in (path, path / "keys"):
        # What a kill left there may be a key that was to be no more.
        files.sweep(each)
    vault = marker["vault"]
    place = None if vault is None else Path(os.path.normpath(path / str(vault)))
    return Home(path=path, role=role, trial=marker["trial"] is True, vault=place)


def roles_at(path: Path) -> tuple[Role, ...]:
    """Return the roles whose homes are at *path*: one, or all four in a trial's root; raises ``HomeError``."""
    check_private_directory(path)
    role = _read_marker(path)["role"]
    return tuple(Role) if role == ALL_IN_ONE else (Role(str(role)),)


def check_private_directory(path: Path) -> None:
    """Raise ``HomeError`` unless *path* is a directory of ours that nobody else may enter, and no symlink."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        raise HomeError(f"there is no home at {path}", hint="make one: overt init --help") from None
    except OSError as problem:
        raise HomeError(f"{path} is not a plain directory that we may open ({problem.strerror})") from None
    try:
        facts = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if facts.st_uid != os.geteuid():
        raise HomeError(f"{path} belongs to another user", hint="a home belongs to the person who uses it")
    if facts.st_mode & 0o077:
        raise HomeError(f"{path} is open to other users", hint=f"close it: chmod 700 {path}")
    _check_parent(path)


def _check_parent(path: Path) -> None:
    """Refuse a place in which another user could put something else instead of us, or of a directory above us."""
    try:
        above = {*path.parents, *path.parent.resolve().parents, path.parent.resolve()}
        modes = [each.stat().st_mode for each in above]
    except OSError as problem:
        raise HomeError(f"the directory above {path} cannot be seen ({problem.strerror})") from None
    if any(mode & stat.S_IWOTH and not mode & stat.S_ISVTX for mode in modes):
        raise HomeError(f"{path} lies in a directory that everybody may change", hint="choose another place")


def _check_free(path: Path) -> None:
    if path.is_symlink():
        raise HomeError(f"{path} is a symlink", hint="a home is a plain directory")
    if (path / MARKER).exists():
        raise HomeError(f"{path} is a home already", hint="nothing was changed; another home needs another --home")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise HomeError(f"{path} is there already and holds something else", hint="choose an empty place")


def _write_marker(path: Path, marker: dict[str, str | bool | None]) -> None:
    files.replace(path, MARKER, (json.dumps(marker, sort_keys=True) + "\n").encode())


def _read_marker(path: Path) -> dict[str, str | bool | None]:
    if not (path / MARKER).exists():
        raise HomeError(f"{path} is not a home", hint="make one: overt init --help")
    try:
        marker = json.loads(files.read(path, MARKER, limit=_MARKER_LIMIT))
    except (StorageError, ValueError, RecursionError):
        raise HomeError(f"the marker of the home {path} cannot be read") from None
    if not isinstance(marker, dict) or not _is_marker(marker):
        raise HomeError(f"the marker of the home {path} is malformed")
    return marker


def _is_marker(marker: dict[str, object]) -> bool:
    return (
        set(marker) == {"format", "role", "trial", "vault"}
        and marker["format"] == HOME_FORMAT
        and marker["role"] in (ALL_IN_ONE, *(role.value for role in Role))
        and isinstance(marker["trial"], bool)
        and (marker["vault"] is None or isinstance(marker["vault"], str))
    )
