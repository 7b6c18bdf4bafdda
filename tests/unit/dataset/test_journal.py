"""Each export is in the admin's log before it appears, and once."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from overt.dataset.journal import export_log
from overt.dataset.output import manifest_sha256
from overt.errors import StorageError
from overt.keys.founding import found_all_in_one
from overt.keys.identities import signer_vkey
from overt.keys.passphrase import no_passphrase
from overt.ledger.log import read_entries
from overt.store.home import Role, open_home

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def log(tmp_path: Path) -> Callable[[], Callable[[str], None]]:
    found_all_in_one(tmp_path / "home")
    admin = open_home(tmp_path / "home", Role.ADMIN)
    return lambda: export_log(admin, no_passphrase, "model_training", AT)


def exports(place: Path) -> list[dict[str, Any]]:
    admin = open_home(place / "home", Role.ADMIN)
    entries = read_entries(admin.log_directory, signer_vkey(admin))
    return [entry for entry in entries if entry["type"] == "export"]


def test_an_export_is_logged_by_its_manifest_and_purpose(
    tmp_path: Path, log: Callable[[], Callable[[str], None]], story: Any
) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()), log=log())

    (entry,) = exports(tmp_path)
    assert entry == {
        "type": "export",
        "at": "2026-11-23T09:30:00Z",
        "dataset": manifest_sha256(tmp_path / "out"),
        "purpose": "model_training",
    }


def test_the_same_export_again_is_logged_once(
    tmp_path: Path, log: Callable[[], Callable[[str], None]], story: Any
) -> None:
    for _ in range(2):
        story.exported(tmp_path / "out", story.eligible(story.search()), log=log())

    assert len(exports(tmp_path)) == 1


def test_what_cannot_be_logged_does_not_appear(tmp_path: Path, story: Any) -> None:
    def full(_: str) -> None:
        raise StorageError("the disk is full")

    with pytest.raises(StorageError):
        story.exported(tmp_path / "out", story.eligible(story.search()), log=full)

    assert list(tmp_path.iterdir()) == []
