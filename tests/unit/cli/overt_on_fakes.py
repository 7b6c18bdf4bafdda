"""``overt``, with a fake desktop on which the script in ``OVERT_SCRIPT`` happens; it notes which files it writes."""

import asyncio
import errno
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from overt.capture._backends._fake import FakeHook
from overt.cli.app import main
from overt.events.raw import RawKey
from overt.focus._backends._fake import FakeFocus, a_context, a_field
from overt.indicator._backends._fake import FakeIndicator
from overt.recorder import run
from overt.recorder.setting import Desktop

PAGE = "https://www.google.com/search?q=x"
GROWS = ("open", "write", "fsync", "fdatasync", "rename", "link", "mkdir")
written: set[str] = set()


class Stage:
    """The desktop, and what happens on it."""

    def __init__(self) -> None:
        self.focus, self.hook = FakeFocus(), FakeHook()
        self.refuses: int | None = None
        self.hours = 0

    def desktop(self, _: Any) -> Desktop:
        self.playing = asyncio.get_running_loop().create_task(self.play())
        return Desktop(focus=self.focus, hook=self.hook, frames=None, indicator=FakeIndicator())

    async def play(self) -> None:
        await asyncio.sleep(0.1)
        for act, *facts in json.loads(os.environ["OVERT_SCRIPT"]):
            await getattr(self, act)(*facts)
        os.kill(os.getpid(), signal.SIGINT)

    async def type(self, text: str) -> None:
        self.focus.set(a_context(PAGE, field=a_field()))
        await self._keys(text)

    async def secret(self, text: str) -> None:
        self.focus.set(
            a_context(PAGE, field=a_field(key="pw", role="password text", input_type="password", secret=True))
        )
        await self._keys(text)

    async def _keys(self, text: str) -> None:
        await asyncio.sleep(0.1)
        for letter in text:
            self.hook.push(RawKey(seq=0, at_ns=time.monotonic_ns(), pressed=True, text=letter))
            await asyncio.sleep(0.004)
        await asyncio.sleep(0.3)

    async def leave(self) -> None:
        self.focus.set(a_context("https://www.google.com/search?q=other", field=a_field(key="other")))
        await asyncio.sleep(0.9)

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def sh(self, words: str) -> None:
        os.system(words)  # noqa: ASYNC221 - the session waits, as for a slow disk

    async def refuse(self, name: str) -> None:
        self.refuses = getattr(errno, name)

    async def clock(self, hours: int) -> None:
        self.hours += hours

    async def crash(self, number: int) -> None:
        os.kill(os.getpid(), number)

    async def boom(self, text: str) -> None:
        def broken() -> None:
            raise RuntimeError(text)

        self.focus.check = broken
        await asyncio.sleep(3)

    async def thrown(self, text: str) -> None:
        asyncio.get_running_loop().call_soon({}.__getitem__, text)
        await asyncio.sleep(3)

    def failing(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **more: Any) -> Any:
            grows = (name != "open" or words[1] & os.O_CREAT) and (name != "write" or words[0] > 2)
            if self.refuses is not None and grows:
                raise OSError(self.refuses, os.strerror(self.refuses))
            return original(*words, **more)

        return call


def note_written(event: str, facts: tuple[Any, ...]) -> None:
    if event == "open" and isinstance(facts[2], int) and facts[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        written.add(str(facts[0]))


stage = Stage()
run._open_desktop = stage.desktop
wall = run._wall
run._wall = lambda: wall() + timedelta(hours=stage.hours)
for each in GROWS:
    setattr(os, each, stage.failing(each, getattr(os, each)))
sys.addaudithook(note_written)
try:
    main()
finally:
    stage.refuses = None
    if place := os.environ.get("OVERT_WRITTEN"):
        Path(place).write_text("\n".join(sorted(written)))
