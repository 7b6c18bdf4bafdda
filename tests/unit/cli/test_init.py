"""Making a home, and the places where none is made or opened."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Overt = Callable[..., Any]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text("correct horse battery\n")
    file.chmod(0o600)
    return file


@pytest.fixture
def officer(overt: Overt, tmp_path: Path, secret: Path) -> Path:
    """Return an officer's home in a directory of its own."""
    (tmp_path / "place").mkdir(mode=0o700)
    overt("init", "--role", "officer", "--home", tmp_path / "place/officer", "--passphrase-file", secret)
    return tmp_path / "place/officer"


def test_an_officer_has_a_key_to_sign_with_and_one_to_read_with(overt: Overt, officer: Path) -> None:
    listed = overt("keys", "list", "--home", officer, "--json").said["keys"]

    assert [(key["name"], key["kind"], key["standing"]) for key in listed] == [
        ("auditor", "age", "unjoined"),
        ("witness", "signing", "unjoined"),
    ]
    assert listed[1]["public"].startswith("witness-")
    assert "recipient" in listed[0]["statement"]


def behind_a_symlink(home: Path) -> None:
    home.rename(home.with_name("elsewhere"))
    home.symlink_to(home.with_name("elsewhere"))


def under_a_directory_that_everybody_may_change(home: Path) -> None:
    home.parent.chmod(0o777)


def open_to_the_group(home: Path) -> None:
    home.chmod(0o750)


def of_another_user(home: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a home away: that a stranger's home is refused is not tried")
    os.chown(home, 12345, 12345)


PLACES = [behind_a_symlink, under_a_directory_that_everybody_may_change, open_to_the_group, of_another_user]


@pytest.mark.parametrize("spoil", PLACES)
@pytest.mark.parametrize("words", [("keys", "list"), ("keys", "rotate"), ("join", "x", "--yes")], ids=" ".join)
def test_a_home_that_others_could_change_is_refused(
    overt: Overt, officer: Path, spoil: Callable[[Path], None], words: tuple[str, ...]
) -> None:
    spoil(officer)

    outcome = overt(*words, "--home", officer)

    assert outcome.code == 9, outcome.err
    assert outcome.out == ""


@pytest.mark.parametrize("spoil", [behind_a_symlink, under_a_directory_that_everybody_may_change])
def test_no_home_is_made_where_others_could_change_it(
    overt: Overt, tmp_path: Path, secret: Path, spoil: Callable[[Path], None]
) -> None:
    home = tmp_path / "place/new"
    home.mkdir(parents=True)
    spoil(home)

    outcome = overt("init", "--role", "officer", "--home", home, "--passphrase-file", secret)

    assert outcome.code == 9, outcome.err
    assert not list(home.iterdir())


def test_a_home_in_the_place_of_another_roles_opens_for_its_own_role_alone(
    overt: Overt, officer: Path, tmp_path: Path, secret: Path
) -> None:
    admin = tmp_path / "admin"
    overt("init", "--role", "admin", "--home", admin, "--passphrase-file", secret)
    shutil.copy(officer / "home.json", admin / "home.json")

    outcome = overt("keys", "rotate", "--home", admin, "--passphrase-file", secret)

    assert outcome.code == 6
    assert "no key file" in outcome.err


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaa", "password1"])
def test_a_weak_passphrase_makes_no_home(overt: Overt, tmp_path: Path, secret: Path, weak: str) -> None:
    secret.write_text(f"{weak}\n")

    outcome = overt("init", "--role", "vault", "--home", tmp_path / "vault", "--passphrase-file", secret)

    assert outcome.code == 6
    assert not (tmp_path / "vault").exists()
