"""A worker's process, as seen by who started it: two pipes, and nothing in its arguments or environment to steal."""

import base64
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Final

from pydantic import ValidationError

from overt.dataset.engines.task import Answer, Hello, Task, Trouble
from overt.errors import BackendUnavailableError, FormatError, KeyAccessError, OvertError, StorageError
from overt.format import age_write

START_S: Final = 300.0
"""How long a worker may take to begin: a judge's model may have to be loaded."""

_CHUNK: Final = 1 << 16
_UNWANTED: Final = ("_proxy", "_PROXY", "OVERT_", "AWS_", "RAY_")
_ERRORS: Final[Mapping[str, type[OvertError]]] = {
    "storage": StorageError,
    "backend": BackendUnavailableError,
    "key": KeyAccessError,
    "format": FormatError,
}


class Member:
    """A worker's process. Close it in the end, or it ends when this process does."""

    def __init__(self, judges: Sequence[str], command: Sequence[str] = ()) -> None:
        """Start a worker that looks with *judges*, by the interpreter's *command*, by default this one."""
        kept = {key: value for key, value in os.environ.items() if not any(each in key for each in _UNWANTED)}
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            [*(command or (sys.executable, "-P")), "-m", "overt.dataset.engines.worker", *judges],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=kept, bufsize=0,
        )  # fmt: skip
        self._heard = b""

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def fileno(self) -> int:
        """Return the descriptor at which its answers arrive."""
        return _pipe(self._process.stdout).fileno()

    @property
    def has_line(self) -> bool:
        """Whether a line of its has arrived that nobody asked for yet: its descriptor will not tell."""
        return b"\n" in self._heard

    def hello(self) -> Hello:
        """Wait for its first word; raises ``BackendUnavailableError`` when none comes."""
        return first_word(self.line(START_S) or b"")

    def tell(self, line: str) -> None:
        """Send a line; a worker that is dead is noticed when its answer is asked for."""
        try:
            _pipe(self._process.stdin).write(line.encode() + b"\n")
        except OSError:
            self._process.kill()

    def line(self, patience_s: float | None = None) -> bytes | None:
        """Return its next line, or nothing when it is dead, or silent for *patience_s*."""
        while not self.has_line:
            readable, _, _ = select.select([self], [], [], patience_s)
            part = os.read(self.fileno(), _CHUNK) if readable else b""
            if not part:
                return None
            self._heard += part
        line, _, self._heard = self._heard.partition(b"\n")
        return line

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            _pipe(pipe).close()


def first_word(line: bytes | str) -> Hello:
    """Return what a worker says first in *line*; raises ``BackendUnavailableError``, or what it says went wrong."""
    if not line:
        raise BackendUnavailableError("a worker does not start, so nothing is exported", hint="try --workers 1")
    try:
        return Hello.model_validate_json(line)
    except ValidationError:
        raise _first_trouble(line) from None


def sealed_key(run_key: bytes, hello: Hello) -> str:
    """Return the line that tells *run_key* to the worker that said *hello*, and to nobody else."""
    return base64.b64encode(age_write.encrypt(run_key, [hello.recipient])).decode()


def answered(line: bytes | str, task: Task) -> None:
    """Raise what *line*, the answer to *task*, says went wrong; raises ``BackendUnavailableError`` for nonsense."""
    try:
        answer = Answer.model_validate_json(line)
    except ValidationError:
        raise _first_trouble(line) from None
    if answer.name != task.name:
        raise BackendUnavailableError("a worker answers what it was not asked, so nothing is exported")
    if answer.trouble is not None:
        raise error_of(answer.trouble)


def error_of(trouble: Trouble) -> OvertError:
    """Return *trouble* as the error that it was in the worker."""
    return _ERRORS[trouble.kind](trouble.message, hint=trouble.hint)


def _first_trouble(line: bytes | str) -> OvertError:
    try:
        return error_of(Trouble.model_validate_json(line))
    except ValidationError:
        return BackendUnavailableError("a worker talks nonsense, so nothing is exported", hint="try --workers 1")


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
