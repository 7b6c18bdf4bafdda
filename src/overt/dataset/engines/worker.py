"""A worker: a process without a network that opens one episode after the other, and writes what comes of it sealed.

Each way one line of JSON (``overt.dataset.engines.task``), and before the tasks the run's key, sealed for this process.
"""

import base64
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from pydantic import BaseModel, ValidationError

from overt import __version__
from overt.dataset.engines.task import Answer, Hello, Task, Trouble, part_of
from overt.dataset.judges.cut_off import cut_off
from overt.dataset.judges.panel import opened_judges
from overt.dataset.part import PartWriter, part_key
from overt.dataset.reading import read_episode
from overt.dataset.recheck import SecondLook
from overt.errors import BackendUnavailableError, FormatError, KeyAccessError, OvertError, StorageError
from overt.events.redacted import RedactedEvent, RedactedFrame
from overt.format import age_read, age_write
from overt.keys.hardening import harden
from overt.unseal.content import read_opened_content

_KINDS: Final[dict[type[OvertError], str]] = {
    StorageError: "storage",
    BackendUnavailableError: "backend",
    KeyAccessError: "key",
}


def main(names: Sequence[str]) -> None:
    """Be a worker between standard input and output, with the judges *names*, until the input ends."""
    reader, writer = sys.stdin.buffer, os.fdopen(os.dup(1), "wb", buffering=0)
    # What a library prints would stand between the answers, and may be content.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        harden()
        with opened_judges(names) as judges:
            cut_off()
            _serve(reader, writer, SecondLook(judges=judges))
    except OvertError as problem:
        _say(writer, trouble_of(problem))


def _serve(reader: IO[bytes], writer: IO[bytes], look: SecondLook) -> None:
    own = age_write.new_identity()
    _say(writer, Hello(recipient=own.recipient, version=__version__, judges=look.versions))
    run_key = age_read.decrypt(base64.b64decode(reader.readline()), [own.text])
    while line := reader.readline():
        try:
            task = Task.model_validate_json(line)
        except ValidationError:
            raise FormatError("a task is malformed") from None
        _say(writer, perform(task, run_key, look))


def perform(task: Task, run_key: bytes, look: SecondLook) -> Answer:
    """Do *task*, and say that its part is there, or why not."""

    def content() -> Iterator[RedactedEvent | RedactedFrame]:
        return read_opened_content(_ciphertext(task), task.identity(run_key))

    try:
        with PartWriter(part_of(task), part_key(run_key, task.name)) as part:
            part.finish(read_episode(content, part, look, task.rules(), synthetic=task.synthetic))
    except OvertError as problem:
        return Answer(name=task.name, trouble=trouble_of(problem))
    return Answer(name=task.name)


def trouble_of(problem: OvertError) -> Trouble:
    """Return *problem* as it is told to another process."""
    return Trouble.model_validate(
        {"kind": _KINDS.get(type(problem), "format"), "message": str(problem), "hint": problem.hint}
    )


def _ciphertext(task: Task) -> bytes:
    """Return the bytes that were judged; raises ``FormatError`` when others are there now, or none."""
    try:
        data = Path(task.episode).read_bytes()
    except OSError:
        raise FormatError("an episode is not where it was when it was judged") from None
    if hashlib.sha256(data).hexdigest() != task.source_sha256:
        raise FormatError("an episode was changed after it was judged")
    return data


def _say(writer: IO[bytes], answer: BaseModel) -> None:
    writer.write(answer.model_dump_json().encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
