"""A home with consent in it, a recorder without a desktop, and a disk that fails or kills at a chosen moment."""

import asyncio
import errno
import os
import signal
import struct
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from overt.errors import StorageError
from overt.events.redacted import Typed
from overt.events.verdict import EndReason
from overt.keys.device import device_vkey
from overt.keys.founding import found_all_in_one
from overt.keys.passphrase import no_passphrase
from overt.ledger.log import read_entries
from overt.recorder.opening import claimed, prepare_writer
from overt.recorder.tally import Tally
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.subject.consenting import Choice, give
from overt.verify import TrustDevice, Verdict, verify_episode

CHANGES = ("open", "write", "fsync", "fdatasync", "rename", "link", "unlink", "mkdir", "ftruncate")
"""Every call by which the recorder changes the disk."""

GROWS = ("open", "write", "fsync", "fdatasync", "rename", "link", "mkdir")
"""Those that a full disk may refuse."""


@dataclass
class Tripwire:
    """Does *action* instead of the call with the number *at*, and of all after it when it is *sticky*."""

    at: int
    action: Callable[[], None]
    sticky: bool = False
    calls: Sequence[str] = CHANGES
    count: int = 0

    def install(self, patch: Callable[[Any, str, Any], None]) -> None:
        for name in self.calls:
            patch(os, name, self._wrapped(name, getattr(os, name)))

    def _wrapped(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **more: Any) -> Any:
            if name == "open" and not words[1] & os.O_CREAT:
                return original(*words, **more)
            self.count += 1
            if self.count == self.at or (self.sticky and self.count > self.at):
                self.action()
            return original(*words, **more)

        return call


def refuse(number: int) -> Callable[[], None]:
    def action() -> None:
        raise OSError(number, os.strerror(number))

    return action


FULL = refuse(errno.ENOSPC)


@dataclass
class Workplace:
    """A trial home in which somebody has consented, and what its recorder does there."""

    home: Home

    def record(self, acknowledge: Callable[[int], None], *, flushes: int = 3) -> None:
        """Record a little and close, telling the number of flushes whenever the disk has one more."""
        asyncio.run(self._record(acknowledge, flushes))

    async def _record(self, acknowledge: Callable[[int], None], flushes: int) -> None:
        with claimed(self.home, no_passphrase, wall) as credentials:
            writer = prepare_writer(credentials, now=time.monotonic_ns, wall=wall)
            close = partial(writer.close, [], reason=EndReason.STOPPED, armed_ns=0, tally=Tally(), lost=0)
            try:
                writer.open_once()
                for number in range(1, flushes + 1):
                    acknowledge(number)
                    text = f"flush {number} " + "x" * (number * 997 % 5000)
                    await writer.flush([Typed(at_ms=0, visit=1, text=text)], tally=Tally(), lost=0)
                acknowledge(flushes + 1)
            except StorageError:
                # As the session does: what is told is the first problem.
                with suppress(StorageError):
                    await close()
                raise
            await close()

    def start_again(self) -> None:
        """Start a recorder that records nothing."""
        with claimed(self.home, no_passphrase, wall):
            pass

    def killed(self, tripwire: Tripwire | None = None, *, after_s: float | None = None, flushes: int = 3) -> int | None:
        """Record in a process that is killed; return the flushes it acknowledged, ``None`` when it came to its end."""
        reading, writing = os.pipe()
        tell = os.write
        if not (child := os.fork()):
            try:
                if tripwire is not None:
                    tripwire.install(setattr)
                self.record(lambda number: tell(writing, struct.pack(">I", number)) and None, flushes=flushes)
                os._exit(0)
            finally:
                os._exit(1)
        os.close(writing)
        if after_s is not None:
            time.sleep(after_s)
            os.kill(child, signal.SIGKILL)
        told = b""
        while block := os.read(reading, 1 << 16):
            told += block
        os.close(reading)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        return struct.unpack(">I", told[-4:] or bytes(4))[0] if os.WIFSIGNALED(status) else None

    @property
    def store(self) -> EpisodeStore:
        return EpisodeStore(self.home.episodes_directory)

    def verdict(self, episode_id: str) -> Verdict:
        return verify_episode(self.store.read(episode_id), trust=TrustDevice(device_vkey(self.home)))

    def entries(self) -> list[dict[str, Any]]:
        return list(read_entries(self.home.log_directory, device_vkey(self.home)))

    def logged(self, kind: str) -> list[dict[str, Any]]:
        return [entry for entry in self.entries() if entry["type"] == kind]


def wall() -> datetime:
    return datetime.now(UTC)


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    home = found_all_in_one(tmp_path / "trial")
    choice = Choice(sites=("google",), signals=("text",), purposes=("model_training",), days=1)
    give(home, choice, no_passphrase, wall())
    return Workplace(home)


@pytest.fixture
def dying_at() -> Callable[[int], Tripwire]:
    """Return what makes a tripwire that kills its process instead of its n-th change of the disk."""
    return lambda at: Tripwire(at, kill)


@pytest.fixture
def failing_at() -> Callable[..., Tripwire]:
    """Return what makes a tripwire for a disk that is full at the n-th call, and from then on when it is sticky."""
    return lambda at, *, sticky, action=FULL: Tripwire(at, action, sticky=sticky, calls=GROWS)
