"""What every format's writer is given, and what it owes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from overt.trajectory.build import Trajectory

SCHEMA_VERSION: Final = "1"
"""Of the tables in ``docs/spec/dataset-v1.md``."""

FRAME_RULE: Final = "settled-before-action"


class Format(StrEnum):
    """A format that can be written."""

    PARQUET = "parquet"
    AGENTNET = "agentnet"
    ATIF = "atif"
    CHAT = "chat"
    """Conversations for LLaMA-Factory, ms-swift and verl."""
    TRL = "trl"
    ANTHROPIC = "anthropic"
    OPENAI = "openai"
    WEBDATASET = "webdataset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where an episode comes from and under which consent; no person, no host, no day.

    *contributor* is a pseudonym that holds for one release only, and *consent* stands for the signed grant in this
    release. *month* is ``YYYY-MM``. The hashes are SHA-256 in hexadecimal: *source* of the sealed file, *policy* of the
    policy in force.
    *deletion_tag* is by what the person can have it deleted. *synthetic* says that a program made it up.
    """

    episode_id: str
    contributor: str
    consent_sha256: str
    deletion_tag: str
    policy_sha256: str
    source_sha256: str
    recorder_version: str
    redactor_version: str
    os_family: str
    month: str
    end_reason: str
    signals: tuple[str, ...]
    trial: bool
    synthetic: bool = False
    split: str = "train"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Episode:
    """One episode, ready to be written."""

    provenance: Provenance
    trajectories: tuple[Trajectory, ...]


def task_id(episode: Episode, trajectory: Trajectory) -> str:
    """Return the name of *trajectory* in formats that have one: lower-case letters, digits and underscores."""
    kind = "synthetic_" if episode.provenance.synthetic else ""
    return f"{kind}{episode.provenance.episode_id}_{trajectory.index:03d}"


FrameReader = Callable[[str], bytes]
"""Returns the PNG file whose SHA-256 is given in hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a writer left behind: rows by table, and by name what its format could not say in full."""

    rows: Mapping[str, int] = field(default_factory=dict)
    lossy: Mapping[str, int] = field(default_factory=dict)


class Writer(Protocol):
    """Writes one format into a directory that is not yet visible under its final name."""

    def add(self, episode: Episode, frames: FrameReader) -> None:
        """Write *episode*; the same episodes in the same order give the same bytes."""
        ...

    def close(self) -> Written:
        """Finish every file and say what was written."""
        ...

    def discard(self) -> None:
        """Release what is open after a failure; harmless at any time, and the files are worth nothing then."""
        ...
