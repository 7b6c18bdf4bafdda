"""The engine of several processes on this machine, which have no network."""

import os
import select
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from overt.dataset.engines.member import Member
from overt.dataset.engines.shift import Hand, Team
from overt.dataset.engines.task import Hello, Task
from overt.dataset.objects import fetch, is_object
from overt.dataset.workshop import Workshop


@dataclass(frozen=True, slots=True, eq=False)
class _Near:
    """A worker on this machine (``Hand``)."""

    member: Member

    def fileno(self) -> int:
        return self.member.fileno()

    def hello(self) -> Hello:
        return self.member.hello()

    def admit(self, sealed_key: str) -> None:
        self.member.tell(sealed_key)

    def send(self, task: Task) -> None:
        self.member.tell(task.model_dump_json())

    def answer(self) -> bytes | None:
        return self.member.line()

    def close(self) -> None:
        self.member.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool:
    """Starts workers on this machine (``Crew``)."""

    judges: Sequence[str]

    def hire(self) -> Hand:
        return _Near(Member(self.judges))

    def first(self, hands: Iterable[Hand]) -> Hand:
        near = [hand for hand in hands if isinstance(hand, _Near)]
        heard = [hand for hand in near if hand.member.has_line]
        return heard[0] if heard else select.select(near, [], [])[0][0]

    def bring(self, address: str, workshop: Workshop, name: str) -> str:
        """Fetch what lies in an object store: the workers cannot, and get its ciphertext alone."""
        return fetch(address, workshop.directory / f"{name}.ep") if is_object(address) else address

    def part(self, name: str, workshop: Workshop) -> str:
        return str(workshop.path(name))

    def take(self, task: Task, workshop: Workshop) -> None:
        episode = Path(task.episode)
        if episode.parent == workshop.directory:
            episode.unlink(missing_ok=True)


def pool(workers: int, judges: Sequence[str] = ()) -> Team:
    """Return an engine of *workers* processes, each with the judge of the rules and *judges* of its own."""
    return Team(_Pool(judges=judges), workers)


def usual_workers(episodes: int) -> int:
    """Return how many workers to use for so many *episodes*: no more than this process may use processors."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(processors, episodes))
