"""The key at the terminal that pauses and resumes: for as long as the person likes, counted and kept nowhere."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

PAUSE_KEY: Final = "p"


@contextmanager
def pause_key(terminal: int | None, toggle: Callable[[], None]) -> Iterator[None]:
    """Call *toggle* on the running loop whenever the key is typed at *terminal*, a file descriptor, inside the block.

    Without a terminal, or in its background, there is no such key. Whatever else is typed there is thrown away.
    """
    if terminal is None or not _in_foreground(terminal):
        yield
        return
    import termios  # noqa: PLC0415 - absent on Windows, where importing this module must not fail
    import tty  # noqa: PLC0415

    loop = asyncio.get_running_loop()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    loop.add_reader(terminal, lambda: _read(loop, terminal, toggle))
    try:
        yield
    finally:
        loop.remove_reader(terminal)
        if _in_foreground(terminal):
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _read(loop: asyncio.AbstractEventLoop, terminal: int, toggle: Callable[[], None]) -> None:
    """Take what was typed; reading from a terminal that is gone, or in its background, would stop the process."""
    try:
        typed = os.read(terminal, 1) if _in_foreground(terminal) else b""
    except OSError:
        typed = b""
    if not typed:
        loop.remove_reader(terminal)
    elif typed.decode("ascii", "replace").lower() == PAUSE_KEY:
        toggle()


def _in_foreground(terminal: int) -> bool:
    try:
        return os.isatty(terminal) and os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
