"""A home is a plain directory of its owner's, closed to everybody else, and one role's only."""

import errno
import json
from pathlib import Path

import pytest

from overt.errors import HomeError, StorageError
from overt.store.home import (
    MARKER,
    Home,
    Role,
    check_private_directory,
    drafted,
    home_path,
    make_home,
    mark_all_in_one,
    open_home,
    roles_at,
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(path=tmp_path / "home", role=Role.EMPLOYEE, trial=False)
    make_home(made)
    return made


def test_a_home_is_opened_as_it_was_made(home: Home) -> None:
    assert open_home(home.path, Role.EMPLOYEE) == home
    assert roles_at(home.path) == (Role.EMPLOYEE,)


def test_every_directory_of_a_home_is_closed_to_others(home: Home) -> None:
    modes = {path.stat().st_mode & 0o777 for path in [home.path, *home.path.rglob("*")] if path.is_dir()}

    assert modes == {0o700}


def test_another_role_is_refused_with_the_name_of_the_right_one(home: Home) -> None:
    with pytest.raises(HomeError, match="for the employee, not for the officer"):
        open_home(home.path, Role.OFFICER)


@pytest.mark.parametrize("mode", [0o701, 0o710, 0o704, 0o777])
def test_a_home_that_others_may_enter_is_refused(home: Home, mode: int) -> None:
    home.path.chmod(mode)

    with pytest.raises(HomeError, match="open to other users") as caught:
        open_home(home.path, Role.EMPLOYEE)
    assert "chmod 700" in caught.value.hint


def test_a_home_behind_a_symlink_is_refused(home: Home, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(home.path)

    with pytest.raises(HomeError):
        open_home(tmp_path / "link", Role.EMPLOYEE)


def test_a_home_in_a_directory_that_everybody_may_change_is_refused(home: Home) -> None:
    home.path.parent.chmod(0o777)

    with pytest.raises(HomeError, match="everybody may change"):
        open_home(home.path, Role.EMPLOYEE)


def test_a_home_in_a_sticky_directory_is_safe(home: Home) -> None:
    home.path.parent.chmod(0o1777)

    assert open_home(home.path, Role.EMPLOYEE) == home


def test_there_is_no_home_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="no home"):
        open_home(tmp_path / "nowhere", Role.EMPLOYEE)
    (tmp_path / "plain").mkdir(mode=0o700)
    with pytest.raises(HomeError, match="not a home"):
        open_home(tmp_path / "plain", Role.EMPLOYEE)


@pytest.mark.parametrize(
    "marker",
    [
        "",
        "[]",
        "{}",
        '{"format":"overt-home/1","role":"boss","trial":false,"vault":null}',
        '{"format":"overt-home/1","role":"employee","trial":1,"vault":null}',
        '{"format":"overt-home/2","role":"employee","trial":false,"vault":null}',
        '{"format":"overt-home/1","role":["employee"],"trial":false,"vault":null}',
        "[" * 3000,
    ],
)
def test_a_malformed_marker_is_refused(home: Home, marker: str) -> None:
    (home.path / MARKER).write_text(marker)

    with pytest.raises(HomeError):
        open_home(home.path, Role.EMPLOYEE)


def test_a_trial_holds_all_four_homes(tmp_path: Path) -> None:
    root = tmp_path / "trial"
    root.mkdir(mode=0o700)
    for role in Role:
        make_home(Home(path=root / role.value, role=role, trial=True, vault=root / "vault"))
    mark_all_in_one(root)

    assert roles_at(root) == tuple(Role)
    assert {open_home(root, role).role for role in Role} == set(Role)
    assert open_home(root, Role.ADMIN).shares_directory == root / "vault" / "shares"


def test_a_home_that_moves_finds_its_vault_again(tmp_path: Path) -> None:
    for name, role in (("mine", Role.EMPLOYEE), ("vault", Role.VAULT)):
        make_home(Home(path=tmp_path / name, role=role, trial=False, vault=tmp_path / "vault"))
    (tmp_path / "other").mkdir()
    (tmp_path / "mine").rename(tmp_path / "other" / "mine")
    (tmp_path / "vault").rename(tmp_path / "other" / "vault")

    assert open_home(tmp_path / "other" / "mine", Role.EMPLOYEE).vault == tmp_path / "other" / "vault"


def test_a_draft_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(draft: Path) -> None:
        (draft / "half").write_text("half")
        raise RuntimeError

    with pytest.raises(RuntimeError), drafted(tmp_path / "home") as draft:
        fail(draft)

    assert list(tmp_path.iterdir()) == []


def test_a_draft_never_replaces_what_is_there(home: Home, tmp_path: Path) -> None:
    before = json.loads((home.path / MARKER).read_text())

    with pytest.raises(HomeError, match="already"), drafted(home.path):
        pass
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "photo").touch()
    with pytest.raises(HomeError, match="something else"), drafted(tmp_path / "full"):
        pass

    assert json.loads((home.path / MARKER).read_text()) == before


def test_the_place_is_the_option_else_the_environment_else_the_platforms(tmp_path: Path) -> None:
    assert home_path(tmp_path / "a", {"OVERT_HOME": "/b"}) == tmp_path / "a"
    assert home_path(None, {"OVERT_HOME": "/b/../c"}) == Path("/c")
    assert home_path(None, {}).name == "overt"


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(HomeError):
        check_private_directory(tmp_path / "file")


def test_a_home_below_a_file_is_refused_by_the_system(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StorageError, match="make the home"), drafted(tmp_path / "file" / "home"):
        pass


def test_a_disk_that_fills_up_leaves_no_half_home(tmp_path: Path) -> None:
    def fill(draft: Path) -> None:
        (draft / "half").touch()
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(StorageError) as caught, drafted(tmp_path / "home") as draft:
        fill(draft)

    assert "free some disk space" in caught.value.hint
    assert list(tmp_path.iterdir()) == []
