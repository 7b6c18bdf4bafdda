"""The witness: it vouches for a log that only grew, and for nothing that a thief of the device key can make."""

import os
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from overt.errors import FormatError, StorageError, UsageError, VerificationError
from overt.format.cosignature import read_cosignature
from overt.format.note import NoteSigner
from overt.format.proof import GrowthFile
from overt.ledger.log import Ledger, verify_ledger
from overt.ledger.receipt import check_receipt, find_last, make_receipt
from overt.ledger.witness import Witness, accept, make_offer, read_witnessed

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def device() -> NoteSigner:
    return NoteSigner.generate("device-1")


@pytest.fixture(scope="module")
def officer() -> NoteSigner:
    return NoteSigner.generate("witness-1")


@pytest.fixture
def witness(tmp_path: Path, officer: NoteSigner) -> Witness:
    return Witness(tmp_path / "memory", officer)


def entry(number: int) -> dict[str, Any]:
    return {"type": "withdraw", "grant": f"{number:032x}"}


def grow(place: Path, device: NoteSigner, numbers: Iterable[int]) -> Path:
    ledger = Ledger(place, device)
    for number in numbers:
        ledger.append(entry(number))
    return place


@pytest.fixture
def log(tmp_path: Path, device: NoteSigner) -> Path:
    return grow(tmp_path / "log", device, range(5))


@pytest.fixture
def seen(log: Path, device: NoteSigner, officer: NoteSigner, witness: Witness) -> Path:
    """Return the log once it was witnessed at five entries."""
    answer = witness.cosign(make_offer(log, device.vkey), AT, vkey=device.vkey)
    accept(log, device.vkey, answer.note, officer.vkey)
    return log


def rewritten(seen: Path, device: NoteSigner, numbers: Iterable[int]) -> Path:
    """Do what a thief of the device key can: write another log, and lose what the witness said."""
    shutil.rmtree(seen)
    return grow(seen, device, numbers)


def test_a_new_log_is_cosigned_and_the_answer_is_kept(seen: Path, device: NoteSigner, officer: NoteSigner) -> None:
    checkpoint = (seen / "checkpoint").read_text()
    cosigned = read_cosignature(checkpoint, officer.vkey)
    kept = read_witnessed(seen, device.vkey)

    assert (cosigned.witness, cosigned.at) == ("witness-1", AT)
    assert kept is not None
    assert kept.checkpoint.size == 5
    assert verify_ledger(seen, device.vkey).size == 5


def test_a_log_that_grew_is_cosigned_again_from_where_it_was(
    seen: Path, device: NoteSigner, officer: NoteSigner, witness: Witness
) -> None:
    grow(seen, device, range(5, 300))
    offer = make_offer(seen, device.vkey)

    answer = witness.cosign(offer, AT)

    assert GrowthFile.parse(offer).old == answer.old == 5
    assert accept(seen, device.vkey, answer.note, officer.vkey).at == AT
    remembered = witness.remembered("device-1")
    assert remembered is not None
    assert remembered.size == 300


def test_an_unchanged_log_may_be_cosigned_again(seen: Path, device: NoteSigner, witness: Witness) -> None:
    assert witness.cosign(make_offer(seen, device.vkey), AT).checkpoint.size == 5


def test_an_unknown_log_needs_its_key_named(log: Path, device: NoteSigner, witness: Witness) -> None:
    with pytest.raises(UsageError, match="not known"):
        witness.cosign(make_offer(log, device.vkey), AT)

    assert witness.remembered("device-1") is None


def test_a_known_log_under_another_key_is_refused(seen: Path, tmp_path: Path, witness: Witness) -> None:
    """Even when the officer is talked into naming the new key."""
    del seen
    thief = NoteSigner.generate("device-1")
    other = grow(tmp_path / "other", thief, range(9))

    for named in (thief.vkey, None):
        with pytest.raises(VerificationError):
            witness.cosign(make_offer(other, thief.vkey), AT, vkey=named)


@pytest.mark.parametrize(
    ("numbers", "old", "said"),
    [
        (range(3), 0, "cut back: it had 5 entries, and now has 3"),
        (range(0), 0, "cut back"),
        (range(3), 3, "cut back"),
        (range(1, 9), 5, "rewritten since it had 5 entries"),
        ([0, 1, 2, 4, 3, 5], 5, "rewritten"),
        ([1, 2, 3, 4, 5], 5, "rewritten"),
    ],
    ids=["rolled back", "started again", "shorter", "rewritten and longer", "reordered", "one dropped, one added"],
)
def test_what_a_thief_of_the_device_key_makes_is_refused(
    seen: Path, device: NoteSigner, witness: Witness, numbers: Any, old: int, said: str
) -> None:
    rewritten(seen, device, numbers)
    before = witness.remembered("device-1")

    with pytest.raises(VerificationError, match=said):
        witness.cosign(make_offer(seen, device.vkey, old=old), AT)

    assert witness.remembered("device-1") == before


def test_a_log_that_starts_again_and_grows_past_the_old_one_is_refused(
    seen: Path, device: NoteSigner, witness: Witness
) -> None:
    """Offered from zero it is told where the memory ends; offered from there its proof fails."""
    rewritten(seen, device, range(100, 120))

    with pytest.raises(UsageError, match="knows 5 of it") as told:
        witness.cosign(make_offer(seen, device.vkey), AT)
    with pytest.raises(VerificationError, match="rewritten"):
        witness.cosign(make_offer(seen, device.vkey, old=5), AT)

    assert "--from 5" in told.value.hint


def test_an_answer_that_was_lost_is_made_up_for(log: Path, device: NoteSigner, witness: Witness) -> None:
    """The witness remembered, then its answer went astray: the log offers again, from there."""
    witness.cosign(make_offer(log, device.vkey), AT, vkey=device.vkey)
    grow(log, device, range(5, 8))
    with pytest.raises(UsageError):
        witness.cosign(make_offer(log, device.vkey), AT)

    assert witness.cosign(make_offer(log, device.vkey, old=5), AT).checkpoint.size == 8


def test_a_proof_of_the_wrong_length_or_of_other_hashes_is_refused(
    seen: Path, device: NoteSigner, witness: Witness
) -> None:
    grow(seen, device, range(5, 9))
    good = GrowthFile.parse(make_offer(seen, device.vkey))
    for hashes in ((), good.hashes[:-1], (*good.hashes, bytes(32)), good.hashes[::-1], (bytes(32),) * 3):
        bad = GrowthFile(old=good.old, hashes=hashes, checkpoint=good.checkpoint)
        with pytest.raises(VerificationError):
            witness.cosign(bad.text(), AT)

    assert witness.cosign(good.text(), AT).checkpoint.size == 9


def test_nothing_is_signed_before_it_is_remembered(
    seen: Path, device: NoteSigner, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(seen, device, range(5, 9))
    offer = make_offer(seen, device.vkey)
    signed: list[str] = []
    monkeypatch.setattr("overt.ledger.witness.cosign", lambda text, *_: signed.append(text) or "")
    for step in ("rename", "fsync", "write"):
        with monkeypatch.context() as patch:
            patch.setattr(os, step, full)
            with pytest.raises(StorageError):
                witness.cosign(offer, AT)

    assert signed == []


def full(*_: Any, **__: Any) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    "damage", [b"", b"{}", b"\xff", b'{"format":"overt-witnessed/1","log":"x","root":"","size":0}']
)
def test_a_damaged_memory_is_no_memory_of_nothing(
    seen: Path, device: NoteSigner, witness: Witness, tmp_path: Path, damage: bytes
) -> None:
    (file,) = (tmp_path / "memory").iterdir()
    file.write_bytes(damage)

    with pytest.raises(VerificationError, match="damaged"):
        witness.cosign(make_offer(seen, device.vkey, old=0), AT, vkey=device.vkey)


@pytest.mark.parametrize("offer", ["", "old 0\n", "old 0\n\nx", "old -1\n\nx\n", "new 0\n\nx\n", "old 00\n\nx\n"])
def test_a_malformed_offer_is_refused(witness: Witness, offer: str) -> None:
    with pytest.raises(FormatError):
        witness.cosign(offer, AT)


def test_an_answer_of_another_witness_or_about_another_log_is_not_kept(
    log: Path, device: NoteSigner, officer: NoteSigner, witness: Witness, tmp_path: Path
) -> None:
    answer = witness.cosign(make_offer(log, device.vkey), AT, vkey=device.vkey).note
    stranger = NoteSigner.generate("witness-1")
    fork = grow(tmp_path / "fork", device, range(1, 9))

    with pytest.raises(VerificationError):
        accept(log, device.vkey, answer, stranger.vkey)
    with pytest.raises(VerificationError):
        accept(fork, device.vkey, answer, officer.vkey)
    with pytest.raises(VerificationError):
        accept(log, stranger.vkey, answer, officer.vkey)

    assert read_witnessed(log, device.vkey) is None


def test_an_older_answer_does_not_take_the_place_of_a_newer_one(
    log: Path, device: NoteSigner, officer: NoteSigner, witness: Witness
) -> None:
    older = witness.cosign(make_offer(log, device.vkey), AT, vkey=device.vkey)
    grow(log, device, range(5, 9))
    newer = witness.cosign(make_offer(log, device.vkey, old=5), AT)
    accept(log, device.vkey, newer.note, officer.vkey)

    with pytest.raises(UsageError, match="newer"):
        accept(log, device.vkey, older.note, officer.vkey)


def test_a_damaged_answer_gives_way_to_a_good_one(
    seen: Path, device: NoteSigner, officer: NoteSigner, witness: Witness
) -> None:
    (seen / "witnessed").write_text("junk")
    with pytest.raises(VerificationError):
        make_offer(seen, device.vkey)
    answer = witness.cosign(make_offer(seen, device.vkey, old=5), AT)

    accept(seen, device.vkey, answer.note, officer.vkey)

    assert read_witnessed(seen, device.vkey) is not None


def test_a_writer_goes_on_while_its_log_is_witnessed(
    log: Path, device: NoteSigner, officer: NoteSigner, witness: Witness
) -> None:
    running = Ledger(log, device)
    answer = witness.cosign(make_offer(log, device.vkey), AT, vkey=device.vkey)
    accept(log, device.vkey, answer.note, officer.vkey)

    assert running.append(entry(5)) == 5
    assert verify_ledger(log, device.vkey).size == 6


def test_the_log_goes_on_after_it_was_witnessed(seen: Path, device: NoteSigner) -> None:
    running = Ledger(seen, device)
    running.append(entry(5))

    assert verify_ledger(seen, device.vkey).size == 6
    kept = read_witnessed(seen, device.vkey)
    assert kept is not None
    assert kept.checkpoint.size == 5


def test_a_receipt_stands_under_the_witnessed_checkpoint_while_that_covers_it(
    seen: Path, device: NoteSigner, officer: NoteSigner
) -> None:
    grow(seen, device, range(5, 9))

    early = check_receipt(make_receipt(seen, device.vkey, 2), device.vkey, officer.vkey)
    late = check_receipt(make_receipt(seen, device.vkey, 7), device.vkey)

    assert (early.entry, early.size) == (entry(2), 5)
    assert early.cosigned is not None
    assert (late.entry, late.size, late.cosigned) == (entry(7), 9, None)
    with pytest.raises(VerificationError, match="cosignature"):
        check_receipt(make_receipt(seen, device.vkey, 7), device.vkey, officer.vkey)


def test_every_entry_of_a_large_log_has_a_receipt(tmp_path: Path, device: NoteSigner, fast: None) -> None:
    del fast
    log = grow(tmp_path / "large", device, range(700))
    for index in (0, 1, 254, 255, 256, 511, 512, 698, 699):
        proven = check_receipt(make_receipt(log, device.vkey, index), device.vkey)
        assert (proven.entry, proven.index) == (entry(index), index)
    for index in (-1, 700):
        with pytest.raises(UsageError):
            make_receipt(log, device.vkey, index)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


def test_any_changed_character_of_a_receipt_is_refused(seen: Path, device: NoteSigner, officer: NoteSigner) -> None:
    receipt = make_receipt(seen, device.vkey, 3)
    for at, character in enumerate(receipt):
        changed = receipt[:at] + ("A" if character != "A" else "B") + receipt[at + 1 :]
        with pytest.raises((VerificationError, FormatError)):
            check_receipt(changed, device.vkey, officer.vkey)


def test_a_cut_receipt_is_refused(seen: Path, device: NoteSigner, officer: NoteSigner) -> None:
    receipt = make_receipt(seen, device.vkey, 3)
    for end in range(len(receipt)):
        with pytest.raises((VerificationError, FormatError)):
            check_receipt(receipt[:end], device.vkey, officer.vkey)


def test_the_last_entry_with_some_fields_is_found(log: Path, device: NoteSigner) -> None:
    grow(log, device, [2])

    assert find_last(log, device.vkey, {"grant": f"{2:032x}"}) == 5
    assert find_last(log, device.vkey, {"grant": f"{7:032x}"}) is None


def test_a_receipt_of_a_changed_log_is_not_made(log: Path, device: NoteSigner, flip: Callable[[Path], None]) -> None:
    flip(log / "tile/0/000.p/5")
    with pytest.raises(VerificationError):
        make_receipt(log, device.vkey, 0)


@pytest.fixture
def flip() -> Callable[[Path], None]:
    def change(path: Path) -> None:
        data = path.read_bytes()
        path.write_bytes(data[:40] + bytes([data[40] ^ 1]) + data[41:])

    return change
