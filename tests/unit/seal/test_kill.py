"""A writer that is killed at a random moment has lost no flush that it acknowledged."""

import multiprocessing
import os
import random
import signal
import struct
import time
from pathlib import Path
from typing import Any

import pytest

from overt.errors import StorageError
from overt.events.redacted import Typed
from overt.format.age_read import decrypt
from overt.store.episodes import EpisodeStore
from overt.unseal.content import read_content
from overt.verify import State, TrustDevice, verify_episode

A_NIGHT = pytest.param(10_000, marks=[pytest.mark.soak, pytest.mark.timeout(7200)])
LONGEST_RUN_S = 0.06


def write_until_killed(directory: Path, desk: Any, acknowledge: int) -> None:
    """Flush without end; tell the number of each flush once the store has it."""
    sealer, opening = desk.begin()
    store = EpisodeStore(directory)
    store.put_keys(opening.episode_id, opening.keys)
    (directory / "share").write_bytes(opening.shares["c"])
    with store.create(opening.episode_id, opening.first) as episode:
        for number in range(10**6):
            typed = Typed(at_ms=0, visit=1, text=f"flush {number} {'x' * (number * 997 % 5000)}")
            episode.append(sealer.flush(meta=[], content=[typed]))
            os.write(acknowledge, struct.pack(">I", number + 1))


def killed_run(directory: Path, desk: Any, seconds: float) -> int:
    """Return the last flush that a writer acknowledged before it was killed after *seconds*."""
    reading, writing = os.pipe()
    writer = multiprocessing.get_context("fork").Process(target=write_until_killed, args=(directory, desk, writing))
    writer.start()
    os.close(writing)
    acknowledged = b""
    first = os.read(reading, 4)
    time.sleep(seconds)
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    while block := os.read(reading, 1 << 16):
        acknowledged += block
    os.close(reading)
    return struct.unpack(">I", (first + acknowledged)[-4:])[0] if first else 0


@pytest.mark.parametrize("kills", [30, A_NIGHT])
def test_no_acknowledged_flush_is_lost_to_kill_9(kills: int, tmp_path: Path, desk: Any) -> None:
    chance = random.Random(20)
    acknowledged_in_all = 0
    for run in range(kills):
        directory = tmp_path / str(run)
        acknowledged = killed_run(directory, desk, chance.random() * LONGEST_RUN_S)
        store = EpisodeStore(directory)
        (episode_id,) = store.list()

        verdict = verify_episode(store.read(episode_id), trust=TrustDevice(desk.device.vkey))

        acknowledged_in_all += acknowledged
        assert acknowledged <= verdict.flushes <= acknowledged + 1
        assert verdict.state in {State.OPEN, State.DAMAGED_TAIL}
    assert acknowledged_in_all > kills


def test_what_a_killed_writer_left_is_read_back_in_order(tmp_path: Path, desk: Any) -> None:
    killed_run(tmp_path, desk, 0.02)
    store = EpisodeStore(tmp_path)
    (episode_id,) = store.list()
    share = decrypt((tmp_path / "share").read_bytes(), [desk.vault.text]).decode().split()[-1]
    data = store.read(episode_id)

    records = read_content(data, store.read_keys(episode_id), role_identity=desk.employee.text, share=share)

    numbers = [int(record.text.split()[1]) for record in records if isinstance(record, Typed)]
    assert numbers == list(range(verify_episode(data, trust=TrustDevice(desk.device.vkey)).flushes))


def test_after_a_crash_nothing_can_be_appended(tmp_path: Path, desk: Any) -> None:
    killed_run(tmp_path, desk, 0.0)
    store = EpisodeStore(tmp_path)
    (episode_id,) = store.list()

    with pytest.raises(StorageError, match="file exists"):
        store.create(episode_id, b"second opening")
