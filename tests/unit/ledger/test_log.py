"""The log: every append durable and provable, no rewriting unseen, no prose in what cannot be erased."""

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.errors import StorageError, VerificationError
from overt.format import merkle
from overt.format.checkpoint import Checkpoint
from overt.format.note import NoteSigner, verify_note
from overt.ledger import tiles
from overt.ledger.log import Ledger, read_entries, verify_ledger
from overt.store import files


@pytest.fixture(scope="module")
def signer() -> NoteSigner:
    return NoteSigner.generate("log-77aa")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "log"


def entry(number: int) -> dict[str, Any]:
    return {"type": "vault-rekey", "epoch": number}


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, signer: NoteSigner) -> Path:
    """Return a log of 520 entries: two full tiles, a partial one and a partial one above."""
    place = tmp_path_factory.mktemp("grown") / "log"
    fast = pytest.MonkeyPatch()
    fast.setattr(os, "fsync", lambda _: None)
    ledger = Ledger(place, signer)
    for number in range(520):
        ledger.append(entry(number))
    fast.undo()
    return place


def test_a_new_log_is_empty_and_signed(place: Path, signer: NoteSigner) -> None:
    ledger = Ledger(place, signer)

    assert Checkpoint.parse(verify_note(ledger.checkpoint(), signer.vkey)).size == 0
    assert verify_ledger(place, signer.vkey).entries == ()


def test_entries_come_back_in_order_with_their_index(place: Path, signer: NoteSigner) -> None:
    ledger = Ledger(place, signer)

    indexes = [ledger.append(entry(number)) for number in range(3)]

    assert indexes == [0, 1, 2]
    assert read_entries(place, signer.vkey) == [entry(number) for number in range(3)]


def test_the_checkpoint_is_the_rfc_6962_root_of_the_entries(place: Path, signer: NoteSigner) -> None:
    ledger = Ledger(place, signer)
    ledger.append({"type": "vault-rekey", "epoch": 1})
    tree = merkle.Tree()
    tree.append(b'{"epoch":1,"type":"vault-rekey"}')

    checkpoint = Checkpoint.parse(verify_note(ledger.checkpoint(), signer.vkey))

    assert checkpoint == Checkpoint(origin="log-77aa", size=1, root=tree.root())


def test_a_log_goes_on_where_another_process_left_it(place: Path, signer: NoteSigner) -> None:
    one, two = Ledger(place, signer), Ledger(place, signer)

    indexes = [ledger.append(entry(number)) for number, ledger in enumerate([one, two, two, one])]

    assert indexes == [0, 1, 2, 3]
    assert verify_ledger(place, signer.vkey).size == 4


def test_a_large_log_is_proven_and_leaves_no_superseded_tile(grown: Path, signer: NoteSigner) -> None:
    state = verify_ledger(grown, signer.vkey)

    kept = {str(path.relative_to(grown)) for path in grown.rglob("*") if path.is_file()}
    assert [state.size, state.entries[519]] == [520, entry(519)]
    assert kept == {
        "checkpoint",
        *(f"tile/{level}/{name}" for level in ("entries", 0) for name in ("000", "001", "002.p/8")),
        "tile/1/000.p/2",
    }


def test_full_tiles_are_never_removed(grown: Path) -> None:
    """Defect of a first version: the entry after a full tile took the full tile away."""
    assert (grown / "tile/0/000").stat().st_size == 256 * 32


EDGE = ("checkpoint", "tile/0/002.p/8", "tile/1/000.p/2", "tile/entries/002.p/8")


@pytest.mark.parametrize("name", [*EDGE, "tile/0/000", "tile/entries/001"])
def test_a_changed_file_of_the_log_is_seen(grown: Path, signer: NoteSigner, name: str) -> None:
    """Whoever appends relies on the right edge and sees what is changed there; a full proof sees all of it."""
    path = grown / name
    before = path.read_bytes()
    for at in (0, len(before) // 2, len(before) - 1):
        path.write_bytes(before[:at] + bytes([before[at] ^ 1]) + before[at + 1 :])
        with pytest.raises(VerificationError):
            verify_ledger(grown, signer.vkey)
        if name in EDGE:
            with pytest.raises(VerificationError):
                Ledger(grown, signer)
    path.write_bytes(before)

    assert verify_ledger(grown, signer.vkey).size == 520


def test_a_lost_tile_is_seen(grown: Path, signer: NoteSigner) -> None:
    path = grown / "tile/entries/000"
    before = path.read_bytes()
    path.unlink()

    with pytest.raises(StorageError):
        verify_ledger(grown, signer.vkey)
    path.write_bytes(before)


def test_a_log_that_lost_its_checkpoint_does_not_start_again(place: Path, signer: NoteSigner) -> None:
    Ledger(place, signer).append(entry(0))
    (place / "checkpoint").unlink()

    with pytest.raises(VerificationError, match="lost its checkpoint"):
        Ledger(place, signer)


def test_the_log_of_another_signer_is_refused(grown: Path) -> None:
    stranger = NoteSigner.generate("log-77aa")

    with pytest.raises(VerificationError):
        verify_ledger(grown, stranger.vkey)
    with pytest.raises(VerificationError):
        Ledger(grown, stranger)


def test_a_checkpoint_with_a_witness_still_verifies(place: Path, signer: NoteSigner) -> None:
    ledger = Ledger(place, signer)
    ledger.append(entry(0))
    signed = ledger.checkpoint()
    witness = NoteSigner.generate("witness").sign(signed.partition("\n\n")[0] + "\n")
    files.replace(place, "checkpoint", (signed + witness.partition("\n\n")[2]).encode())

    assert verify_ledger(place, signer.vkey).size == 1


@pytest.mark.parametrize("step", range(1, 9))
def test_whatever_step_fails_the_log_stays_whole_and_the_entry_is_not_in_it(
    place: Path, signer: NoteSigner, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    ledger = Ledger(place, signer)
    ledger.append(entry(0))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing_at(step))
        try:
            ledger.append(entry(1))
            failed = False
        except StorageError:
            failed = True

    kept = read_entries(place, signer.vkey)
    assert kept[:1] == [entry(0)]
    assert failed or kept == [entry(0), entry(1)]
    assert ledger.append(entry(2)) == len(kept)
    assert read_entries(place, signer.vkey) == [*kept, entry(2)]


def failing_at(step: int) -> Callable[[int], None]:
    calls = iter(range(1, 1000))

    def fsync(_: int) -> None:
        if next(calls) == step:
            raise OSError(28, "No space left on device")

    return fsync


def _append_many(place: Path, seed: bytes, start: int) -> None:
    ledger = Ledger(place, NoteSigner.from_seed("log-77aa", seed))
    for number in range(start, start + 20):
        ledger.append(entry(number))


def test_two_processes_at_once_lose_nothing(place: Path, signer: NoteSigner) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_append_many, args=(place, signer.seed(), start)) for start in (0, 100)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    numbers = [found["epoch"] for found in read_entries(place, signer.vkey)]
    assert sorted(numbers) == [*range(20), *range(100, 120)]


@pytest.mark.parametrize(
    ("index", "width", "path"),
    [
        (0, 256, "tile/0/000"),
        (5, 256, "tile/0/005"),
        (1000, 256, "tile/0/x001/000"),
        (1234067, 256, "tile/0/x001/x234/067"),
        (1234067, 3, "tile/0/x001/x234/067.p/3"),
    ],
)
def test_tiles_lie_where_the_specification_says(index: int, width: int, path: str) -> None:
    tile = tiles.Tile(level=0, index=index, width=width)

    assert "/".join((*tile.directory, tile.name)) == path
