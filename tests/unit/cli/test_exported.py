"""What is done with an export afterwards: verify without a home, purge with the exporter's key, from start to end."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.consent.deletion import DeletionRequest, request_text
from overt.keys.consent_files import load_grants
from overt.keys.identities import signer_vkey
from overt.ledger.log import read_entries
from overt.store.home import Role, open_home

Overt = Callable[..., Any]


@pytest.fixture
def store(overt: Overt, episode: str, tmp_path: Path) -> Path:
    overt("episodes", "approve", episode, "--yes")
    overt("episodes", "submit", tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def dataset(overt: Overt, store: Path, tmp_path: Path) -> Path:
    words = ("--purpose", "model_training", "--from", store, "--out", tmp_path / "dataset")
    assert overt("export", *words).code == 0
    return tmp_path / "dataset"


@pytest.fixture
def made_up(overt: Overt, tmp_path: Path) -> Path:
    """The release of six synthetic episodes, whose home stands beside it."""
    assert overt("synth", "--episodes", "6", "--seed", "5", "--contributors", "3", "--out", tmp_path / "made").code == 0
    words = ("--purpose", "model_training", "--format", "all", "--holdout", "50", "--out", tmp_path / "data")
    assert overt("export", "--home", tmp_path / "made", *words).code == 0
    return tmp_path / "data"


def test_an_export_is_proven_by_the_key_of_its_exporter(overt: Overt, dataset: Path, tmp_path: Path) -> None:
    vkey = signer_vkey(open_home(tmp_path / "home", Role.ADMIN))

    proven = overt("export", "verify", dataset, "--key", vkey, "--json")
    whole = overt("export", "verify", dataset)

    assert (proven.code, proven.said["signed_by"], proven.said["trusted"]) == (0, vkey, True)
    assert (whole.code, "who exported this is not proven" in whole.err) == (0, True)


@pytest.mark.parametrize("change", ["changed", "missing", "added", "manifest", "another key"])
def test_an_export_that_was_changed_says_which_file(overt: Overt, dataset: Path, tmp_path: Path, change: str) -> None:
    key = signer_vkey(open_home(tmp_path / "home", Role.VAULT if change == "another key" else Role.ADMIN))
    if change == "changed":
        (dataset / "README.md").write_text("better\n")
    elif change == "missing":
        (dataset / "croissant.json").unlink()
    elif change == "added":
        (dataset / "more").write_text("")
    elif change == "manifest":
        told = json.loads((dataset / "MANIFEST.json").read_text())
        (dataset / "MANIFEST.json").write_text(json.dumps(told | {"purpose": "research"}))
    wanted = {
        "changed": "README.md was changed",
        "missing": "croissant.json is missing",
        "added": "more does not belong to it",
        "manifest": "the signature of another manifest",
        "another key": "not signed by the expected key",
    }

    refused = overt("export", "verify", dataset, "--key", key)

    assert refused.code == 1
    assert wanted[change] in refused.err
    assert "ask its issuer" in refused.err


def test_a_purge_goes_by_what_people_hand_over(overt: Overt, made_up: Path, tmp_path: Path) -> None:
    """One of three people asks: what they gave goes, the rest is signed again, and the exporter's log has both."""
    admin = open_home(tmp_path / "made", Role.ADMIN)
    handle = load_grants(open_home(tmp_path / "made/people/000002", Role.EMPLOYEE))[0].parties.deletion_handle
    (tmp_path / "request.json").write_text(request_text(DeletionRequest(handles=(handle,))))

    purged = overt("export", "purge", made_up, tmp_path / "request.json", "--home", tmp_path / "made", "--json")
    again = overt("export", "purge", made_up, tmp_path / "request.json", "--home", tmp_path / "made", "--json")

    assert purged.code == 0, purged.err
    assert len(purged.said["deleted"]) == 2
    assert (purged.said["kept"], again.said["deleted"]) == (4, [])
    proven = overt("export", "verify", made_up, "--key", signer_vkey(admin), "--json")
    assert (proven.said["episodes"], proven.said["deleted"]) == (4, 2)
    exports = [entry for entry in read_entries(admin.log_directory, signer_vkey(admin)) if entry["type"] == "export"]
    assert len(exports) == 2
    assert exports[-1]["dataset"] == proven.said["manifest_sha256"]


def test_a_purge_that_was_interrupted_is_told_and_finished(overt: Overt, made_up: Path, tmp_path: Path) -> None:
    """What was ready to be moved in when the machine died: the manifest says one thing, and the files another."""
    home = ("--home", tmp_path / "made")
    handle = load_grants(open_home(tmp_path / "made/people/000002", Role.EMPLOYEE))[0].parties.deletion_handle
    (tmp_path / "request.json").write_text(request_text(DeletionRequest(handles=(handle,))))
    shutil.copytree(made_up, tmp_path / "before")
    overt("export", "purge", made_up, tmp_path / "request.json", *home)
    shutil.copytree(made_up, tmp_path / "before.purge")
    shutil.copy(tmp_path / "before.purge/README.md", tmp_path / "before/README.md")

    spoilt = overt("export", "verify", tmp_path / "before")
    purged = overt("export", "purge", tmp_path / "before", tmp_path / "request.json", *home, "--json")

    assert (spoilt.code, "a purge of it was interrupted" in spoilt.err) == (1, True)
    assert (purged.code, purged.said["resumed"]) == (0, True), purged.err
    assert not (tmp_path / "before.purge").exists()
    assert overt("export", "verify", tmp_path / "before").code == 0


def test_a_purge_needs_to_be_told_what(overt: Overt, dataset: Path) -> None:
    refused = overt("export", "purge", dataset)

    assert (refused.code, "nothing says what is to be deleted" in refused.err) == (2, True)


def test_nothing_is_purged_before_anybody_withdraws(overt: Overt, dataset: Path, store: Path) -> None:
    before = {path: path.read_bytes() for path in dataset.rglob("*") if path.is_file()}

    purged = overt("export", "purge", dataset, "--from", store, "--json")

    assert (purged.code, purged.said["deleted"], purged.said["rewritten"]) == (0, [], [])
    assert {path: path.read_bytes() for path in dataset.rglob("*") if path.is_file()} == before


def test_where_nothing_may_stay_the_data_set_is_to_be_deleted(
    overt: Overt, dataset: Path, store: Path, tmp_path: Path
) -> None:
    overt("consent", "withdraw")
    (note,) = open_home(tmp_path / "home", Role.EMPLOYEE).withdrawals_directory.iterdir()
    overt("vault", "shred", "--store", store, note)

    refused = overt("export", "purge", dataset, "--from", store)

    assert (refused.code, "delete the whole directory" in refused.err) == (4, True)


def test_options_of_an_export_do_not_stand_before_a_subcommand(overt: Overt, dataset: Path) -> None:
    refused = overt("export", "--gaps", "verify", dataset)

    assert refused.code == 2
    assert "heeds no option that stands before it" in refused.err
