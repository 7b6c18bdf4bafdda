"""What a worker is told of one episode, and what it answers: paths, wrapped keys and reasons, never content."""

import base64
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from overt.dataset.eligible import Eligible, SkipReason
from overt.dataset.part import part_key
from overt.dataset.workshop import Workshop
from overt.errors import FormatError
from overt.format import age_stream
from overt.trajectory.build import Rules

_STRICT: Final = ConfigDict(strict=True, frozen=True, extra="forbid")
_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Task(BaseModel):
    """Read the ciphertext *episode* and write the part *name* to *part*. *wrapped* is its identity under the run's key.

    *source_sha256* is that of the bytes that were judged: a worker reads no others.
    """

    model_config = _STRICT

    name: _Digest
    episode: str
    part: str
    source_sha256: _Digest
    wrapped: str
    synthetic: bool
    split_after_ms: int
    gaps: bool

    def rules(self) -> Rules:
        """Return how events become trajectories."""
        return Rules(split_after_ms=self.split_after_ms, gaps=self.gaps)

    def identity(self, run_key: bytes) -> str:
        """Return what opens the content; raises ``FormatError`` when *run_key* is another run's."""
        try:
            sealed = base64.b64decode(self.wrapped, validate=True)
        except ValueError:
            raise FormatError("a task is malformed") from None
        return age_stream.unseal(sealed, _wrapping(run_key, self.name)).decode()


class Hello(BaseModel):
    """What a worker says first: to whom the run's key is to be sealed, its version, and who looks a second time."""

    model_config = _STRICT

    recipient: str
    version: str
    judges: dict[str, str]


class Trouble(BaseModel):
    """Why a worker cannot go on, with the kind of its error and the hint."""

    model_config = _STRICT

    kind: Literal["storage", "backend", "key", "format"]
    message: str
    hint: str = ""


class Answer(BaseModel):
    """What a worker says of the task *name*: its part is there, or there is *trouble*."""

    model_config = _STRICT

    name: _Digest
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Order:
    """One episode to be read into the part *name*."""

    each: Eligible
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The part of *name* is there; or it is not, and the episode is skipped for *reason*."""

    name: str
    reason: SkipReason | None = None


class Engine(Protocol):
    """Reads episodes."""

    @property
    def judges(self) -> Mapping[str, str]:
        """Who looks a second time, and which version of them."""
        ...

    def read(self, orders: Iterable[Order], rules: Rules, workshop: Workshop) -> Iterator[Done]:
        """Yield what is done, in whatever order; *orders* are taken, and the vault asked, only as there is room.

        Raises:
            StorageError: the disk refused, or a release could not be logged.
            BackendUnavailableError: a judge or a worker is broken.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a worker finds the ciphertext *episode*, and where it writes the *part*."""

    episode: str
    part: str


def task_of(order: Order, rules: Rules, run_key: bytes, identity: str, places: Places) -> Task:
    """Return what a worker is told of *order*, which *identity* opens."""
    sealed = age_stream.seal(
        identity.encode(), _wrapping(run_key, order.name), secrets.token_bytes(age_stream.NONCE_BYTES)
    )
    return Task(
        name=order.name,
        episode=places.episode,
        part=places.part,
        source_sha256=order.each.source_sha256,
        wrapped=base64.b64encode(sealed).decode(),
        synthetic=order.each.session.synthetic,
        split_after_ms=rules.split_after_ms,
        gaps=rules.gaps,
    )


def part_of(task: Task) -> Path:
    """Return where *task*'s part is to be written."""
    return Path(task.part)


def _wrapping(run_key: bytes, name: str) -> bytes:
    return part_key(run_key, f"{name} identity")
