"""A judge in a process of its own, which has no network and tells kinds and counts alone.

Each way one line of JSON: what follows is so many bytes of a text or of a picture; what was found.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from overt.dataset.judge import Sight
from overt.errors import BackendUnavailableError

START_S: Final = 300.0
LOOK_S: Final = 300.0
"""How long a judge may take to begin, and for one look; after that it counts as broken."""

_LINE: Final = 1 << 16
_UNWANTED: Final = ("_proxy", "_PROXY", "OVERT_")
_DONE: Final = frozenset({"kinds"})


class Apart:
    """The judge *name*, behind two pipes. Use it in a ``with`` block, which ends its process."""

    def __init__(self, name: str, command: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> None:
        """Start the judge with the interpreter's *command*, by default this one, and wait until it is ready.

        Raises:
            BackendUnavailableError: what it needs is not installed, or it does not start.
        """
        self.name = name
        inherited = os.environ if environment is None else environment
        kept = {key: value for key, value in inherited.items() if not any(each in key for each in _UNWANTED)}
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            [*(command or (sys.executable, "-P")), "-m", "overt.dataset.judges.process", name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=kept, bufsize=0,
        )  # fmt: skip
        try:
            ready = self._ready()
            self.version = str(ready["version"])
            self.sights = frozenset(Sight(each) for each in ready["sights"])
        except BaseException:
            self.close()
            raise

    def findings(self, shown: str | bytes) -> Mapping[str, int]:
        """Ask the judge; raises ``BackendUnavailableError`` when it is broken: then nothing is known."""
        data = shown if isinstance(shown, bytes) else shown.encode(errors="replace")
        asked = json.dumps({"bytes": len(data), "picture": isinstance(shown, bytes)}).encode() + b"\n"
        try:
            _pipe(self._process.stdin).write(asked + data)
        except OSError:
            raise self._broken() from None
        answer = self._answer(LOOK_S)
        if set(answer) != _DONE or not isinstance(answer["kinds"], dict):
            raise self._broken()
        return {str(kind): int(count) for kind, count in answer["kinds"].items()}

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            _pipe(pipe).close()

    def __enter__(self) -> Self:
        """Return the judge; leaving the block ends its process."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.close()

    def _ready(self) -> dict[str, Any]:
        answer = self._answer(START_S)
        if "missing" in answer:
            raise BackendUnavailableError(str(answer["missing"]), hint=str(answer.get("hint", "")))
        return answer

    def _answer(self, patience_s: float) -> dict[str, Any]:
        told = b""
        pipe = _pipe(self._process.stdout)
        while not told.endswith(b"\n") and len(told) < _LINE:
            readable, _, _ = select.select([pipe], [], [], patience_s)
            part = os.read(pipe.fileno(), _LINE) if readable else b""
            if not part:
                raise self._broken()
            told += part
        try:
            answer = json.loads(told)
        except ValueError:
            raise self._broken() from None
        if not isinstance(answer, dict):
            raise self._broken()
        return answer

    def _broken(self) -> BackendUnavailableError:
        return BackendUnavailableError(
            f"the judge {self.name} does not answer, so nothing is exported", hint="try again, or export without it"
        )


def main(name: str) -> None:
    """Be the judge *name* between standard input and output, until the input ends."""
    from overt.dataset.judge import SLOW, judge_of  # noqa: PLC0415 - in the judge's process alone
    from overt.dataset.judges.cut_off import cut_off  # noqa: PLC0415
    from overt.keys.hardening import harden  # noqa: PLC0415

    reader, writer = sys.stdin.buffer, os.fdopen(os.dup(1), "wb", buffering=0)
    # What a library prints would stand between the answers, and may be content.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    harden()
    cut_off()
    try:
        judge = judge_of(name if name in SLOW else "")
    except BackendUnavailableError as problem:
        _say(writer, {"missing": str(problem), "hint": problem.hint})
        return
    _say(writer, {"version": judge.version, "sights": sorted(judge.sights)})
    while line := reader.readline():
        asked = json.loads(line)
        data = reader.read(asked["bytes"])
        _say(writer, {"kinds": dict(judge.findings(data if asked["picture"] else data.decode()))})


def _say(writer: IO[bytes], answer: Mapping[str, object]) -> None:
    writer.write(json.dumps(answer).encode() + b"\n")


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


if __name__ == "__main__":
    sys.path[:] = [each for each in sys.path if each != str(Path(__file__).parent)]
    main(sys.argv[1])
