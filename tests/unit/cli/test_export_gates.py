"""Every gate of an export at the command line, in earnest and in a dry run, which tells the same and does nothing."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.cli.export import asked_once_each, held_out
from overt.keys.identities import signer_vkey
from overt.ledger.log import read_entries
from overt.store.home import Role, open_home

Overt = Callable[..., Any]
EXPORT = ("export", "--purpose", "model_training")


@pytest.fixture
def store(overt: Overt, episode: str, tmp_path: Path) -> Path:
    overt("episodes", "approve", episode, "--yes")
    overt("episodes", "submit", tmp_path / "store")
    return tmp_path / "store"


def everything(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below *root*, with its content and when it was last written."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def logged(tmp_path: Path, role: Role, kind: str) -> list[dict[str, Any]]:
    home = open_home(tmp_path / "home", role)
    if not home.log_directory.is_dir():
        return []
    return [entry for entry in read_entries(home.log_directory, signer_vkey(home)) if entry["type"] == kind]


def test_a_dry_run_says_what_would_be_exported_and_does_nothing(overt: Overt, store: Path, tmp_path: Path) -> None:
    before = everything(tmp_path)

    dry = overt(*EXPORT, "--from", store, "--out", tmp_path / "out", "--dry-run", "--json")

    assert dry.code == 0, dry.err
    assert dry.said["episodes"] == {"offered": 1, "would_be_exported": 1}
    assert dry.said["skipped"] == []
    assert "second_look" in dry.said["not_looked_at"]
    assert everything(tmp_path) == before
    assert "nothing was opened, released, logged or written" in dry.err


def test_a_dry_run_needs_neither_a_place_nor_a_passphrase(overt: Overt, store: Path, tmp_path: Path) -> None:
    for name in ("admin.txt", "exporter.txt"):
        os.truncate(tmp_path / "home/admin/keys" / name, 0)

    assert overt(*EXPORT, "--from", store, "--dry-run").code == 0


def test_a_passphrase_is_asked_for_once_for_each_key() -> None:
    asked: list[str] = []

    def answer(what: str, *, new: bool = False) -> str:
        asked.append(what)
        return f"{what} {new}"

    source = asked_once_each(answer)

    assert [source(what) for what in ("admin", "exporter", "admin")] == ["admin False", "exporter False", "admin False"]
    assert asked == ["admin", "exporter"]


@pytest.mark.parametrize(
    ("trial", "asked", "held"), [(True, None, 0), (False, None, 10), (True, 25, 25), (False, 0, 0)]
)
def test_a_real_export_holds_people_out_and_a_trial_only_when_asked(
    episode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trial: bool, asked: int | None, held: int
) -> None:
    assert episode  # whose fixture has made a home
    monkeypatch.setattr("overt.cli.export.is_trial", lambda _: trial)

    assert held_out(open_home(tmp_path / "home", Role.ADMIN), asked) == held


def withdrawn(overt: Overt, store: Path, tmp_path: Path) -> None:
    overt("consent", "withdraw")
    (note,) = open_home(tmp_path / "home", Role.EMPLOYEE).withdrawals_directory.iterdir()
    overt("vault", "shred", "--store", store, note)


def unapproved(overt: Overt, store: Path, tmp_path: Path) -> None:
    del overt, tmp_path
    (approval,) = store.glob("*.approval*")
    approval.unlink()


def changed(overt: Overt, store: Path, tmp_path: Path) -> None:
    del overt, tmp_path
    (path,) = store.glob("*.ep")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)


@pytest.mark.parametrize("spoil", [unapproved, changed, withdrawn])
def test_a_dry_run_gives_the_reason_that_the_export_gives(
    overt: Overt, store: Path, tmp_path: Path, spoil: Callable[..., None]
) -> None:
    spoil(overt, store, tmp_path)

    dry = overt(*EXPORT, "--from", store, "--dry-run")
    real = overt(*EXPORT, "--from", store, "--out", tmp_path / "out")

    assert (dry.code, real.code) == (4, 4)
    assert [line for line in dry.err.splitlines() if "error" in line] == [
        line for line in real.err.splitlines() if "error" in line
    ]
    assert not (tmp_path / "out").exists()


def test_an_organisation_that_the_policy_does_not_name_is_given_nothing(
    overt: Overt, store: Path, tmp_path: Path
) -> None:
    words = (*EXPORT, "--from", store, "--out", tmp_path / "out", "--to", "Somebody Else")

    refused, dry = overt(*words), overt(*words, "--dry-run")

    assert (refused.code, dry.code) == (5, 5)
    assert "names no recipient Somebody Else for model_training" in refused.err
    assert not (tmp_path / "out").exists()
    assert logged(tmp_path, Role.VAULT, "release") == []


def test_each_share_is_in_the_vaults_log_and_the_export_in_the_exporters(
    overt: Overt, store: Path, tmp_path: Path
) -> None:
    overt(*EXPORT, "--from", store, "--out", tmp_path / "out")

    shares = logged(tmp_path, Role.VAULT, "release")
    assert {(entry["section"], entry["purpose"], entry["role"]) for entry in shares} == {
        ("m", "model_training", "exporter"),
        ("c", "model_training", "exporter"),
    }
    assert len(logged(tmp_path, Role.ADMIN, "export")) == 1


def test_an_export_that_cannot_be_logged_asks_for_no_share(overt: Overt, store: Path, tmp_path: Path) -> None:
    """The exporter's own log is opened first, so that one that was changed ends the export before any release."""
    overt(*EXPORT, "--from", store, "--out", tmp_path / "first")
    before = len(logged(tmp_path, Role.VAULT, "release"))
    checkpoint = open_home(tmp_path / "home", Role.ADMIN).log_directory / "checkpoint"
    checkpoint.chmod(0o600)
    checkpoint.write_text("rubbish\n")

    refused = overt(*EXPORT, "--from", store, "--out", tmp_path / "out")

    assert refused.code != 0
    assert not (tmp_path / "out").exists()
    assert len(logged(tmp_path, Role.VAULT, "release")) == before
