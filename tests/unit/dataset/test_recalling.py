"""What was taken back is found in a data set wherever it stands, and a copy without it is a sound data set."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from overt.consent.deletion import DeletionRequest, deletion_tag, request_text
from overt.consent.revocation_list import Recall
from overt.dataset.eligible import Eligible
from overt.dataset.recalling import recalled, write_without
from overt.errors import ConsentError, FormatError, OvertError, StorageError, UsageError
from overt.events.redacted import Typed
from overt.format.note import NoteSigner
from overt.keys.deletions import Asked
from overt.keys.revocations import open_revocations, write_revocations

ANN, BOB = "aa" * 16, "bb" * 16
OF_A_RELEASE = ["contributor", "consent_receipt_sha256"]
CANARY = "zebra canary of ann"
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def of(episode: Eligible, handle: str, receipt: str) -> Eligible:
    return replace(episode, deletion_tag=deletion_tag(handle, episode.episode_id), consent_sha256=receipt * 64)


@pytest.fixture
def episodes(story: Any) -> list[Eligible]:
    """Two episodes of Ann's, whose words and pictures are her own, and one of Bob's."""
    hers = [*story.search(), story.shot(9, 15_000, visit=3), Typed(at_ms=15_500, visit=3, text=CANARY)]
    return [
        of(story.eligible(hers, 1), ANN, "a"),
        of(story.eligible(story.search(), 2), BOB, "b"),
        of(story.eligible(hers, 3), ANN, "a"),
    ]


@pytest.fixture
def dataset(story: Any, tmp_path: Path, episodes: list[Eligible]) -> Path:
    story.exported(tmp_path / "dataset", *episodes)
    return tmp_path / "dataset"


def everything(directory: Path) -> bytes:
    rows = [pq.read_table(path).to_pylist() for path in sorted(directory.rglob("*.parquet"))]
    files = [path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()]
    return repr(rows).encode() + b"".join(files)


def id_of(number: int) -> str:
    return f"{number:032x}"


def test_a_handle_finds_every_episode_of_its_person_and_no_other(dataset: Path) -> None:
    assert recalled(dataset, Recall(handles=frozenset({ANN}))) == (id_of(1), id_of(3))
    assert recalled(dataset, Recall(handles=frozenset({"cc" * 16}))) == ()


def test_an_episode_that_was_erased_singly_is_found_by_its_id(dataset: Path) -> None:
    assert recalled(dataset, Recall(episodes=frozenset({id_of(2), id_of(9)}))) == (id_of(2),)


def test_the_copy_holds_nothing_of_what_was_taken_back(dataset: Path, tmp_path: Path) -> None:
    assert CANARY.encode() in everything(dataset)
    ann = Recall(handles=frozenset({ANN}))

    done = write_without(dataset, recalled(dataset, ann), tmp_path / "copy")

    left = everything(tmp_path / "copy")
    assert (done.deleted, done.kept) == ((id_of(1), id_of(3)), 1)
    assert recalled(tmp_path / "copy", ann) == ()
    for trace in (CANARY, id_of(1), id_of(3), "a" * 64, deletion_tag(ANN, id_of(1))):
        assert trace.encode() not in left
    pictures = {path.name for path in (tmp_path / "copy/agentnet/images").iterdir()}
    assert pictures < {path.name for path in (dataset / "agentnet/images").iterdir()}


def test_the_data_set_itself_is_not_touched(dataset: Path, tmp_path: Path) -> None:
    before = everything(dataset)

    write_without(dataset, [id_of(1)], tmp_path / "copy")

    assert everything(dataset) == before


def test_what_stays_is_what_an_export_without_the_others_has(
    story: Any, episodes: list[Eligible], dataset: Path, tmp_path: Path
) -> None:
    """But for the names of contributors, which are of a release, and counts that nobody can tell any more."""
    story.exported(tmp_path / "never", episodes[1])

    write_without(dataset, [id_of(1), id_of(3)], tmp_path / "copy")

    copy, never = tmp_path / "copy", tmp_path / "never"
    for path in sorted(never.rglob("*.parquet")):
        table = pq.read_table(copy / path.relative_to(never))
        assert table.drop_columns(OF_A_RELEASE).equals(pq.read_table(path).drop_columns(OF_A_RELEASE))
        assert table.schema.metadata == pq.read_schema(path).metadata
    assert (copy / "agentnet/agentnet.jsonl").read_bytes() == (never / "agentnet/agentnet.jsonl").read_bytes()
    card = (copy / "README.md").read_text()
    assert card.replace(" Since it was made, 2 episodes were deleted from it.", "") == (never / "README.md").read_text()
    told, wanted = (json.loads((each / "MANIFEST.json").read_text()) for each in (copy, never))
    untold = {"files", "episodes", "events_left_out", "frames_left_out", "lossy", "tombstones"}
    of_a_release = {"receipt_salt", "consent_receipts_sha256", "sources"}
    for key in told.keys() - untold - of_a_release:
        assert told[key] == wanted[key], key
    assert told["episodes"] == {"offered": 3, "exported": 1, "skipped": {}, "deleted": 2}
    assert told["lossy"] is None


def test_the_copy_loads_like_any_data_set(dataset: Path, tmp_path: Path, load: Callable[..., Any]) -> None:
    write_without(dataset, [id_of(1), id_of(3)], tmp_path / "copy")

    assert set(load(str(tmp_path / "copy"), split="train")["episode_id"]) == {id_of(2)}


def test_a_copy_may_be_copied_again_and_the_same_one_is_there_already(dataset: Path, tmp_path: Path) -> None:
    write_without(dataset, [id_of(1)], tmp_path / "copy")

    again = write_without(dataset, [id_of(1)], tmp_path / "copy")
    once_more = write_without(tmp_path / "copy", [id_of(3)], tmp_path / "third")

    assert again.unchanged
    assert once_more.kept == 1
    counts = json.loads((tmp_path / "third/MANIFEST.json").read_text())["episodes"]
    assert (counts["exported"], counts["deleted"]) == (1, 2)


def test_nothing_is_written_where_nothing_may_stay(dataset: Path, tmp_path: Path) -> None:
    with pytest.raises(ConsentError, match="nothing of the data set may stay"):
        write_without(dataset, [id_of(1), id_of(2), id_of(3)], tmp_path / "copy")

    assert not (tmp_path / "copy").exists()


def test_a_copy_never_lies_in_what_it_is_a_copy_of(dataset: Path) -> None:
    with pytest.raises(UsageError):
        write_without(dataset, [id_of(1)], dataset / "copy")


def test_an_episode_that_the_manifest_forgot_is_found_by_its_rows(dataset: Path) -> None:
    """Somebody shortened the manifest; the rows bear their tags all the same."""
    for folder in (dataset / "agentnet").rglob("*"):
        if folder.is_file():
            folder.unlink()
    (dataset / "agentnet/agentnet.jsonl").write_text("")
    edit(dataset, lambda told: told["sources"].pop(id_of(1)))

    assert recalled(dataset, Recall(handles=frozenset({ANN}))) == (id_of(1), id_of(3))


def test_a_line_that_the_manifest_forgot_is_refused_because_nobody_could_have_it_deleted(dataset: Path) -> None:
    for path in (dataset / "data").iterdir():
        path.unlink()
    edit(dataset, lambda told: told["sources"].pop(id_of(1)))

    with pytest.raises(FormatError, match="does not name"):
        recalled(dataset, Recall(handles=frozenset({ANN})))


def edit(dataset: Path, change: Callable[[dict[str, Any]], object]) -> None:
    place = dataset / "MANIFEST.json"
    told = json.loads(place.read_text())
    change(told)
    place.write_text(json.dumps(told))


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "no sources": lambda told: told.pop("sources"),
    "another format": lambda told: told.update(format="overt-dataset/2"),
    "a source without a name": lambda told: told["sources"].update({"x": {}}),
    "nothing in it": lambda told: told["parameters"].update(formats=[]),
    "less than nothing": lambda told: told["episodes"].update(exported=-1),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_manifest_that_is_not_ours_is_refused(dataset: Path, what: str) -> None:
    edit(dataset, CHANGES[what])

    with pytest.raises(FormatError):
        recalled(dataset, Recall())


@pytest.mark.parametrize("cut", [3, 200])
def test_a_damaged_table_is_named(dataset: Path, cut: int) -> None:
    place = dataset / "data/steps-00000-of-00001.parquet"
    place.write_bytes(place.read_bytes()[:-cut])

    with pytest.raises(FormatError, match="steps"):
        recalled(dataset, Recall(handles=frozenset({ANN})))


@pytest.mark.parametrize("line", ["{", "[]", '{"task_id": 7, "traj": []}', '{"task_id": "x", "traj": []}', ""])
def test_a_damaged_line_is_named(dataset: Path, line: str) -> None:
    (dataset / "agentnet/agentnet.jsonl").write_text(f"{line}\n")

    with pytest.raises(FormatError, match="line 1"):
        recalled(dataset, Recall(handles=frozenset({ANN})))


def test_a_picture_never_leads_out_of_the_data_set(dataset: Path, tmp_path: Path) -> None:
    line = {"task_id": f"{id_of(2)}_000", "traj": [{"image": "../../MANIFEST.json"}]}
    (dataset / "agentnet/agentnet.jsonl").write_text(json.dumps(line) + "\n")

    with pytest.raises(FormatError):
        write_without(dataset, [id_of(1)], tmp_path / "copy")


def test_after_a_failure_nothing_of_the_copy_is_left(dataset: Path, tmp_path: Path) -> None:
    next((dataset / "agentnet/images").iterdir()).unlink()

    with pytest.raises((StorageError, OvertError)):
        write_without(dataset, [id_of(3)], tmp_path / "copy")

    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("copy")] == []


def test_a_list_counts_only_if_the_key_that_the_data_set_names_has_signed_it() -> None:
    controller, other = NoteSigner.generate("admin"), NoteSigner.generate("admin")
    note = write_revocations(Asked(handles=(ANN,), episodes=(id_of(2),), unknown=()), controller, NOON)

    listed = open_revocations(note, controller.vkey)

    assert (listed.handles, listed.episodes) == ((ANN,), (id_of(2),))
    with pytest.raises(OvertError, match="another key"):
        open_revocations(note, other.vkey)
    with pytest.raises(OvertError, match="changed"):
        open_revocations(note.replace(ANN, BOB), controller.vkey)
    with pytest.raises(ConsentError, match="no revocation list"):
        open_revocations(request_text(DeletionRequest(handles=(ANN,))), controller.vkey)


def test_no_list_is_longer_than_a_note_may_be() -> None:
    controller = NoteSigner.generate("admin")
    most = tuple(f"{number:032x}" for number in range(14_000))

    note = write_revocations(Asked(handles=most, episodes=most, unknown=()), controller, NOON)

    assert open_revocations(note, controller.vkey).handles == most
    with pytest.raises(UsageError, match="14000"):
        write_revocations(Asked(handles=(*most, "f" * 32), episodes=(), unknown=()), controller, NOON)
