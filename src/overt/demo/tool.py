"""Runs ``overt`` as a user would: a process of its own, with its own home and temporary directory."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from overt.errors import DesktopError

_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What one command answered: its words after ``overt``, exit code, both outputs and duration in seconds."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str
    seconds: float

    @property
    def command(self) -> str:
        """The command as a person may read it: of a path, the name alone."""
        return " ".join(("overt", *(Path(word).name for word in self.words)))

    def json(self) -> Any:  # noqa: ANN401 - whatever the command says
        """Return what standard output says; raises ``DesktopError`` when that is not JSON."""
        try:
            return json.loads(self.out)
        except ValueError:
            raise DesktopError(f"overt {self.words[0]} did not answer in JSON") from None


class Tool:
    """The console script with one *home*, on one desktop; everything that it says is kept in ``said``."""

    def __init__(self, home: Path, work: Path, desktop_env: Mapping[str, str]) -> None:
        """Prepare to run with *home*; *work* gets the processes' own home and temporary directories."""
        self.home = home
        self.temporary, self.user = work / "tmp", work / "user"
        for each in (self.temporary, self.user):
            each.mkdir(mode=0o700, parents=True)
        self.env = {**desktop_env, "TMPDIR": str(self.temporary), "HOME": str(self.user), "OVERT_HOME": str(home)}
        self.said: list[Ran] = []

    def run(self, *words: str, expect: int = 0) -> Ran:
        """Run ``overt *words*`` and return what it answered.

        Raises:
            DesktopError: The exit code is not *expect*; the message holds the command's own last line.
        """
        started = time.monotonic()
        argv = [sys.executable, "-m", "overt", *words]
        try:
            done = subprocess.run(
                argv, env=self.env, cwd=self.user, capture_output=True, text=True, check=False, timeout=_SECONDS
            )
        except subprocess.TimeoutExpired:
            raise DesktopError(f"overt {words[0]} did not end within {_SECONDS:g} s") from None
        ran = Ran(
            words=words,
            code=done.returncode,
            out=done.stdout,
            err=done.stderr,
            seconds=time.monotonic() - started,
        )
        self.said.append(ran)
        if ran.code != expect:
            last = (ran.err.strip() or ran.out.strip() or "it said nothing").splitlines()[-1]
            raise DesktopError(f"{ran.command} ended with {ran.code}, not {expect}: {last}")
        return ran

    def record(self, *words: str) -> "Recording":
        """Start ``overt record *words* --json`` and return it while it runs."""
        return Recording(self, [sys.executable, "-m", "overt", "record", "--json", *words], self.env, self.user)


class Recording:
    """A running ``overt record``; it says as a line of JSON whatever changes."""

    def __init__(self, tool: Tool, argv: list[str], env: Mapping[str, str], cwd: Path) -> None:
        """Start *argv*."""
        self._tool = tool
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            argv, env=dict(env), cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
        )
        self._lines: list[str] = []
        self._rest = b""

    @property
    def pid(self) -> int:
        """The recorder's process id."""
        return self._process.pid

    def wait_armed(self, seconds: float = 20.0) -> None:
        """Wait until it says that it records; raises ``DesktopError`` when it ends or stays silent."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if any(json.loads(line).get("armed") for line in self._read(0.1)):
                return
            if self._process.poll() is not None:
                raise DesktopError(f"overt record ended by itself: {self.stop().err.strip()}")
        raise DesktopError(f"overt record did not begin to record within {seconds:g} s")

    def wait(self, seconds: float) -> int | None:
        """Return the exit code, or ``None`` when it still runs after *seconds*."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, seconds: float = 15.0) -> Ran:
        """Press Ctrl+C, as it were, and return what it said. Harmless when it has ended."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        asked = time.monotonic()
        try:
            out, err = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise DesktopError(f"overt record did not stop within {seconds:g} s") from None
        ran = Ran(
            words=("record",),
            code=self._process.returncode,
            out="".join(self._lines) + (self._rest + out).decode("utf-8", "replace"),
            err=err.decode("utf-8", "replace"),
            seconds=time.monotonic() - asked,
        )
        self._tool.said.append(ran)
        return ran

    def episode(self, ended: Ran) -> str:
        """Return the id of the episode that *ended* names; raises ``DesktopError`` when nothing was recorded."""
        last = json.loads(ended.out.strip().splitlines()[-1])
        if not last.get("episode"):
            raise DesktopError("overt record says that it recorded nothing")
        return str(last["episode"])

    def kill(self) -> None:
        """End it without mercy, if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def _read(self, seconds: float) -> list[str]:
        """Return the whole lines that came within *seconds*."""
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], seconds)
        if not ready:
            return []
        self._rest += os.read(self._process.stdout.fileno(), 65536)
        *whole, self._rest = self._rest.split(b"\n")
        lines = [line.decode("utf-8", "replace") + "\n" for line in whole]
        self._lines += lines
        return [line for line in lines if line.strip()]
