"""The key at the terminal: it pauses, it resumes, and it takes nothing else from the terminal."""

import asyncio
import os
import pty
import sys
import time
from collections.abc import Callable

import pytest

from overt.recorder.pausing import pause_key

CHILD = """
import asyncio, termios
from overt.recorder.pausing import pause_key
def mode():
    return termios.tcgetattr(0)[3]
async def story():
    before, presses = mode(), []
    with pause_key(0, lambda: (presses.append(1), print("toggled", flush=True))):
        print("ready", flush=True)
        while len(presses) < 2:
            await asyncio.sleep(0.01)
    print("as before" if mode() == before else "left in another mode", flush=True)
asyncio.run(story())
"""


@pytest.fixture
def at_terminal() -> Callable[[str, bytes], str]:
    """Return what runs a program in the foreground of a terminal, types to it once it is ready, and reads it all."""

    def run(program: str, typed: bytes) -> str:
        child, terminal = pty.fork()
        if not child:
            os.execv(sys.executable, [sys.executable, "-c", program])
        said, deadline = b"", time.monotonic() + 20
        while b"ready" not in said and time.monotonic() < deadline:
            said += os.read(terminal, 1000)
        os.write(terminal, typed)
        while True:
            try:
                said += os.read(terminal, 1000)
            except OSError:  # the terminal is gone with its last process
                break
        os.close(terminal)
        os.waitpid(child, 0)
        return said.decode()

    return run


def test_the_key_toggles_and_other_keys_do_nothing(at_terminal: Callable[[str, bytes], str]) -> None:
    said = at_terminal(CHILD, b"xq\x1b[AP 1p")

    assert said.split() == ["ready", "toggled", "toggled", "as", "before"]


@pytest.mark.parametrize("terminal", ["none", "pipe", "closed"])
def test_without_a_terminal_there_is_no_key_and_nothing_is_read(terminal: str) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"p")
    number = {"none": None, "pipe": reading, "closed": 10_000}[terminal]
    presses: list[int] = []

    async def story() -> None:
        with pause_key(number, lambda: presses.append(1)):
            await asyncio.sleep(0.05)

    asyncio.run(story())

    assert presses == []
    assert os.read(reading, 10) == b"p"
    os.close(reading)
    os.close(writing)
