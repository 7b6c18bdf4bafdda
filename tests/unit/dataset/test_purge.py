"""A purge deletes in place and signs again: whole or to be finished, whatever interrupts it, in every format."""

import hashlib
import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from overt.consent.deletion import deletion_tag
from overt.consent.revocation_list import Recall
from overt.dataset import purge as room
from overt.dataset.eligible import Eligible
from overt.dataset.interface import Format
from overt.dataset.lint import lint
from overt.dataset.purge import purge, resume
from overt.dataset.recalling import recalled, write_without
from overt.dataset.release import About, Release, Split, tombstone
from overt.dataset.signature import check_dataset
from overt.errors import ConsentError, OvertError, StorageError, VerificationError
from overt.format.note import NoteSigner
from overt.store.lock import locked

ANN, BOB = "aa" * 16, "bb" * 16
SIGNER = NoteSigner.from_seed("admin-0c0c", bytes(range(32)))
EVERY = tuple(Format)
_NAMES = Release(signer=SIGNER, about=About(), holdout=50).names("model_training", ())
ANNS, BOBS = (
    next(name for name in map(str, range(99)) if (_NAMES.split(name) is Split.TRAIN) == trained)
    for trained in (True, False)
)
"""The keys of their devices: half of the people are held out, Bob is, and Ann is not."""


def id_of(number: int) -> str:
    return f"{number:032x}"


def of(episode: Eligible, handle: str, device: str) -> Eligible:
    tag = deletion_tag(handle, episode.episode_id)
    grant = hashlib.sha256(handle.encode()).hexdigest()
    return replace(episode, deletion_tag=tag, consent_sha256=grant, contributor_key=device)


def exported(story: Any, out: Path, **changes: Any) -> Path:
    """Two episodes of Ann's, with a picture of her own, and one of Bob's."""
    hers = [story.shot(9, 100), *story.search()]
    episodes = [
        of(story.eligible(hers, 1), ANN, ANNS),
        of(story.eligible(story.search(), 2), BOB, BOBS),
        of(story.eligible(hers, 3), ANN, ANNS),
    ]
    story.exported(out, *episodes, signer=SIGNER, **{"formats": EVERY, **changes})
    return out


@pytest.fixture
def dataset(story: Any, tmp_path: Path) -> Path:
    return exported(story, tmp_path / "dataset")


def content(directory: Path) -> dict[str, bytes]:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


def nothing(manifest: str) -> None:
    del manifest


def test_what_stays_is_what_a_copy_without_it_has_and_its_signature(dataset: Path, tmp_path: Path) -> None:
    """One code deletes for those who have a data set and for its exporter."""
    doomed = recalled(dataset, Recall(handles=frozenset({ANN})))
    write_without(dataset, doomed, tmp_path / "copy")

    done = purge(dataset, doomed, SIGNER, nothing)

    purged, copy = content(dataset), content(tmp_path / "copy")
    assert purged.keys() - copy.keys() == {"MANIFEST.note"}
    assert {name: purged[name] for name in copy} == copy
    assert (done.deleted, done.kept) == ((id_of(1), id_of(3)), 1)
    assert recalled(dataset, Recall(handles=frozenset({ANN}))) == ()
    assert check_dataset(dataset, SIGNER.vkey).signed_by == SIGNER.vkey
    assert list(lint(dataset, EVERY)) == []
    assert [path.name for path in tmp_path.iterdir() if path.name not in {"dataset", "copy"}] == []


@pytest.mark.parametrize("name", EVERY)
def test_only_the_files_concerned_are_rewritten(story: Any, tmp_path: Path, name: Format) -> None:
    """Bob is held out and Ann is not, so of what lies for him nothing is touched."""
    dataset = exported(story, tmp_path / "dataset", formats=(name,), holdout=50)
    held = [path for path in dataset.iterdir() if path.name in {"validation", "test"}]
    assert [path.is_dir() for path in held] == [True]
    before = {path: path.stat().st_ino for path in held[0].rglob("*") if path.is_file()}
    doomed = recalled(dataset, Recall(handles=frozenset({ANN})))

    done = purge(dataset, doomed, SIGNER, nothing)

    assert {path: path.stat().st_ino for path in held[0].rglob("*") if path.is_file()} == before
    assert not any(each.startswith(held[0].name) for each in (*done.rewritten, *done.removed))
    assert done.rewritten or done.removed
    assert list(lint(dataset, (name,))) == []


def test_a_tombstone_stays_that_only_who_has_the_episode_can_read(dataset: Path) -> None:
    purge(dataset, [id_of(2)], SIGNER, nothing)
    purge(dataset, [id_of(3)], SIGNER, nothing)

    told = json.loads((dataset / "MANIFEST.json").read_text())
    assert told["tombstones"] == sorted([tombstone(id_of(2)), tombstone(id_of(3))])
    assert told["episodes"] == {"offered": 3, "exported": 1, "skipped": {}, "deleted": 2}
    assert "2 episodes were deleted" in (dataset / "README.md").read_text()
    assert not any(id_of(2).encode() in each or id_of(3).encode() in each for each in content(dataset).values())


class EndedError(Exception):
    """Stands for the end of the process."""


@pytest.mark.parametrize("step", range(12))
def test_a_purge_that_was_ended_at_any_step_is_finished_by_the_next(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Each rename, unlink and removal is a step; at each the release is as before, or can be finished."""
    formats = (Format.PARQUET, Format.ATIF)
    dataset = exported(story, tmp_path / "dataset", formats=formats)
    whole = exported(story, tmp_path / "whole", formats=formats)
    purge(whole, [id_of(1), id_of(3)], SIGNER, nothing)
    left = [step * 2]

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def act(*words: Any, **more: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise EndedError
            return real(*words, **more)

        return act

    with monkeypatch.context() as patch:
        for name in ("rename", "replace", "unlink"):
            patch.setattr(Path, name, counted(getattr(Path, name)))
        patch.setattr(room.shutil, "rmtree", counted(room.shutil.rmtree))
        with suppress(EndedError):
            purge(dataset, [id_of(1), id_of(3)], SIGNER, nothing)
    resume(dataset, SIGNER)
    doomed = recalled(dataset, Recall(handles=frozenset({ANN})))
    if doomed:
        purge(dataset, doomed, SIGNER, nothing)

    assert content(dataset) == content(whole)
    assert not (tmp_path / "dataset.purge").exists()
    assert check_dataset(dataset, SIGNER.vkey).signed_by == SIGNER.vkey


def test_what_cannot_be_logged_does_not_happen(dataset: Path, tmp_path: Path) -> None:
    before = content(dataset)

    def refuse(manifest: str) -> None:
        raise StorageError(f"cannot log {manifest}")

    with pytest.raises(StorageError, match="cannot log"):
        purge(dataset, [id_of(1)], SIGNER, refuse)

    assert content(dataset) == before
    assert [path.name for path in tmp_path.iterdir()] == ["dataset"]


def test_the_log_is_told_the_manifest_that_is_there_afterwards(dataset: Path) -> None:
    logged: list[str] = []

    purge(dataset, [id_of(1)], SIGNER, logged.append)

    assert logged == [hashlib.sha256((dataset / "MANIFEST.json").read_bytes()).hexdigest()]


def test_nobody_signs_what_somebody_else_has_changed(dataset: Path) -> None:
    victim = dataset / "README.md"
    victim.write_text(victim.read_text() + "more\n")

    with pytest.raises(VerificationError, match=r"README\.md was changed"):
        purge(dataset, [id_of(1)], SIGNER, nothing)


def test_nobody_signs_the_release_of_another(dataset: Path) -> None:
    with pytest.raises(VerificationError, match="expected key"):
        purge(dataset, [id_of(1)], NoteSigner.generate("admin-ffff"), nothing)


def test_what_lies_ready_and_was_signed_by_another_is_not_moved_in(dataset: Path, tmp_path: Path) -> None:
    before = content(dataset)
    (tmp_path / "dataset.purge").mkdir()
    for name in ("MANIFEST.json", "MANIFEST.note"):
        (tmp_path / "dataset.purge" / name).write_bytes((dataset / name).read_bytes())
    (tmp_path / "dataset.purge/MANIFEST.json").write_text("{}")

    with pytest.raises(VerificationError):
        resume(dataset, SIGNER)

    assert content(dataset) == before


def test_nothing_is_purged_where_nothing_may_stay(dataset: Path) -> None:
    before = content(dataset)

    with pytest.raises(ConsentError, match="nothing of the data set may stay"):
        purge(dataset, [id_of(1), id_of(2), id_of(3)], SIGNER, nothing)

    assert content(dataset) == before


def test_who_has_no_key_purges_without_a_signature(dataset: Path) -> None:
    purge(dataset, [id_of(1)], None, nothing)

    assert not (dataset / "MANIFEST.note").exists()
    assert check_dataset(dataset).signed_by is None
    with pytest.raises(VerificationError, match="bears no signature"):
        check_dataset(dataset, SIGNER.vkey)


def test_two_purges_never_work_at_once(dataset: Path) -> None:
    with locked(dataset), pytest.raises(OvertError, match="in use"):
        purge(dataset, [id_of(1)], SIGNER, nothing)


def test_a_purge_needs_no_purge_to_finish(dataset: Path) -> None:
    assert not resume(dataset, SIGNER)


def test_what_somebody_laid_beside_the_data_is_not_removed_by_finishing_a_purge(dataset: Path, tmp_path: Path) -> None:
    """Defect: whatever the new manifest does not name was taken for something that had been in the old one."""
    copy = tmp_path / "copy"
    shutil.copytree(dataset, copy)
    purge(copy, [id_of(1)], SIGNER, nothing)
    copy.rename(tmp_path / "dataset.purge")
    (dataset / "notes.txt").write_text("mine")

    assert resume(dataset, SIGNER)

    assert (dataset / "notes.txt").read_text() == "mine"
    (dataset / "notes.txt").unlink()
    assert check_dataset(dataset, SIGNER.vkey).signed_by == SIGNER.vkey
