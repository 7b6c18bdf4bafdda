"""Attacks on a log's directory: every byte, every file, every order, every interruption."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from overt.errors import StorageError, VerificationError
from overt.format.checkpoint import Checkpoint
from overt.format.note import NoteSigner
from overt.ledger import tiles
from overt.ledger.edge import Edge
from overt.ledger.log import Ledger, read_entries, verify_ledger
from overt.store import files

SEED = bytes(range(32))


@pytest.fixture(scope="module")
def signer() -> NoteSigner:
    return NoteSigner.from_seed("device-attacked", SEED)


def entry(number: int) -> dict[str, Any]:
    return {"type": "withdraw", "grant": f"{number:032x}"}


def log_of(place: Path, signer: NoteSigner, numbers: Iterator[int] | range) -> Path:
    ledger = Ledger(place, signer)
    for number in numbers:
        ledger.append(entry(number))
    return place


@pytest.fixture
def small(tmp_path: Path, signer: NoteSigner) -> Path:
    return log_of(tmp_path / "log", signer, range(5))


def all_files(place: Path) -> list[Path]:
    return sorted(path for path in place.rglob("*") if path.is_file())


def test_a_flipped_bit_in_any_byte_of_any_file_is_refused(small: Path, signer: NoteSigner) -> None:
    tried, missed = 0, []
    for path in all_files(small):
        before = path.read_bytes()
        for at in range(len(before)):
            path.write_bytes(before[:at] + bytes([before[at] ^ 1 << at % 8]) + before[at + 1 :])
            tried += 1
            if accepts(small, signer):
                missed.append((path.name, at))
        path.write_bytes(before)

    assert (missed, tried > 500, accepts(small, signer)) == ([], True, True)


def accepts(place: Path, signer: NoteSigner) -> bool:
    """Say whether either the full proof or the opening for an append believes the log."""
    believed = 0
    for look in (lambda: verify_ledger(place, signer.vkey), lambda: Ledger(place, signer)):
        try:
            look()
            believed += 1
        except (VerificationError, StorageError):
            pass
    return believed > 0


def test_every_truncation_of_any_file_is_refused(small: Path, signer: NoteSigner) -> None:
    missed = []
    for path in all_files(small):
        before = path.read_bytes()
        for end in range(len(before)):
            path.write_bytes(before[:end])
            missed += [(path.name, end)] if accepts(small, signer) else []
        path.write_bytes(before)

    assert missed == []


def test_a_lost_file_is_refused(small: Path, signer: NoteSigner) -> None:
    for path in all_files(small):
        before = path.read_bytes()
        path.unlink()
        assert not accepts(small, signer)
        path.write_bytes(before)


def test_any_other_order_of_the_entries_is_refused(small: Path, signer: NoteSigner) -> None:
    path = small / "tile/entries/000.p/5"
    entries = tiles.parse_entries(path.read_bytes(), 5)
    for order in itertools.permutations(entries):
        path.write_bytes(tiles.render_entries(order))
        assert accepts(small, signer) == (list(order) == entries)


def test_a_dropped_or_doubled_entry_is_refused(small: Path, signer: NoteSigner) -> None:
    path = small / "tile/entries/000.p/5"
    entries = tiles.parse_entries(path.read_bytes(), 5)
    for at in range(5):
        for changed in (entries[:at] + entries[at + 1 :], [*entries[:at], entries[at], *entries[at:]]):
            path.write_bytes(tiles.render_entries(changed))
            assert not accepts(small, signer)


def test_an_old_checkpoint_is_no_whole_log_for_whoever_knows_the_new_one(tmp_path: Path, signer: NoteSigner) -> None:
    """Its tiles are gone; and a writer that saw the newer head refuses the older directory as a whole."""
    place = log_of(tmp_path / "log", signer, range(3))
    shutil.copytree(place, tmp_path / "old")
    running = Ledger(place, signer)
    running.append(entry(3))
    newest = (place / "checkpoint").read_text()
    (place / "checkpoint").write_text((tmp_path / "old/checkpoint").read_text())
    with pytest.raises(StorageError):
        verify_ledger(place, signer.vkey)
    shutil.rmtree(place)
    shutil.copytree(tmp_path / "old", place)

    with pytest.raises(VerificationError, match="cut back from 4 entries to 3"):
        running.append(entry(4))

    assert running.checkpoint() == newest


def test_a_running_writer_refuses_a_log_rewritten_with_its_own_key(tmp_path: Path, signer: NoteSigner) -> None:
    place = log_of(tmp_path / "log", signer, range(3))
    running = Ledger(place, signer)
    shutil.rmtree(place)
    log_of(place, signer, range(1, 9))

    with pytest.raises(VerificationError, match="another old root"):
        running.append(entry(9))


def test_the_tiles_of_another_log_are_refused(small: Path, tmp_path: Path, signer: NoteSigner) -> None:
    stranger = NoteSigner.generate("device-stranger")
    other = log_of(tmp_path / "other", stranger, range(5, 10))
    for name in ("tile", "checkpoint"):
        (small / name).rename(tmp_path / f"own-{name}")
        (shutil.copytree if name == "tile" else shutil.copy)(other / name, small / name)
        assert not accepts(small, signer)
        shutil.rmtree(small / name) if name == "tile" else (small / name).unlink()
        (tmp_path / f"own-{name}").rename(small / name)

    assert accepts(small, signer)


def test_an_entry_off_the_list_is_refused_even_when_the_key_signed_it(tmp_path: Path, signer: NoteSigner) -> None:
    place = log_of(tmp_path / "log", signer, range(0))
    edge = Edge.empty()
    for tile, content in edge.append(b'{"name":"Jane Doe","type":"erase"}'):
        files.replace(files.ensure_directory(place.joinpath(*tile.directory)), tile.name, content)
    head = Checkpoint(origin=signer.name, size=1, root=edge.root())
    files.replace(place, "checkpoint", signer.sign(head.text()).encode())

    with pytest.raises(VerificationError, match="holds what no log may hold") as caught:
        verify_ledger(place, signer.vkey)

    assert "Jane" not in str(caught.value)


def failing_at(step: int, real: Callable[..., Any]) -> Callable[..., Any]:
    calls = itertools.count(1)

    def call(*arguments: Any, **named: Any) -> Any:
        if next(calls) == step:
            raise OSError(28, "No space left on device")
        return real(*arguments, **named)

    return call


@pytest.mark.parametrize("what", ["write", "fsync", "rename", "mkdir", "open"])
@pytest.mark.parametrize("size", [1, 255, 256])
def test_a_disk_that_fills_at_any_step_leaves_a_whole_log(
    tmp_path: Path, signer: NoteSigner, monkeypatch: pytest.MonkeyPatch, what: str, size: int
) -> None:
    """Around a full tile too, where an append writes most files."""
    with monkeypatch.context() as fast:
        fast.setattr(os, "fsync", lambda _: None)
        place = log_of(tmp_path / "log", signer, range(size))
    ledger, step, kept = Ledger(place, signer), 0, size
    failed = True
    while failed:
        step += 1
        with monkeypatch.context() as patch:
            patch.setattr(os, what, failing_at(step, getattr(os, what)))
            try:
                ledger.append(entry(1000 + step))
                failed = False
            except StorageError:
                pass
        now = read_entries(place, signer.vkey)
        assert now[:kept] == [*map(entry, range(size)), *now[size:kept]]
        assert len(now) - kept in ((1,) if not failed else (0, 1))
        kept = len(now)

    assert ledger.append(entry(1)) == kept


APPENDER = """
import sys
from overt.format.note import NoteSigner
from overt.ledger.log import Ledger
from pathlib import Path
ledger = Ledger(Path(sys.argv[1]), NoteSigner.from_seed("device-attacked", bytes(range(32))))
print("ready", flush=True)
while True:
    print(ledger.append({"type": "withdraw", "grant": f"{ledger.size:032x}"}), flush=True)
"""


def test_killed_while_appending_it_keeps_every_entry_that_it_acknowledged(tmp_path: Path, signer: NoteSigner) -> None:
    """More than twenty kills, one log."""
    place, acknowledged = tmp_path / "log", 0
    for kill in range(24):
        worker = subprocess.Popen([sys.executable, "-c", APPENDER, place], stdout=subprocess.PIPE)
        assert worker.stdout is not None
        for _ in range(2 + kill % 5):
            last = worker.stdout.readline().strip()
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        rest = worker.stdout.read().split()
        worker.stdout.close()
        said = [int(word) for word in [last, *rest] if word.isdigit()]
        acknowledged = max([acknowledged, *(number + 1 for number in said)])
        entries = read_entries(place, signer.vkey)
        assert entries == [entry(number) for number in range(len(entries))]
        assert len(entries) in {acknowledged, acknowledged + 1}

    assert acknowledged > 24
