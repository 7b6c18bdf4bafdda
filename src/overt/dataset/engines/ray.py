"""The engine of an existing Ray cluster: paths and wrapped keys go there, and answers without content come back."""

import importlib
import os
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from overt.dataset.engines.carrier import Carrier
from overt.dataset.engines.member import first_word
from overt.dataset.engines.shift import Hand, Team
from overt.dataset.engines.task import Hello, Task
from overt.dataset.objects import Prefix, fetch, is_object
from overt.dataset.workshop import Workshop
from overt.errors import BackendUnavailableError

_START_S: Final = 300.0
_ANSWER_S: Final = 20.0


@dataclass(slots=True, eq=False)
class _Far:
    """A worker on some machine of the cluster (``Hand``)."""

    ray: Any
    actor: Any
    answers: list[Any] = field(default_factory=list)

    def hello(self) -> Hello:
        try:
            told = self.ray.get(self.actor.hello.remote(), timeout=_START_S)
        except self.ray.exceptions.RayError:
            told = ""
        return first_word(told)

    def admit(self, sealed_key: str) -> None:
        self.actor.admit.remote(sealed_key)

    def send(self, task: Task) -> None:
        self.answers.append(self.actor.work.remote(task.model_dump_json()))

    def answer(self) -> str | None:
        try:
            return self.ray.get(self.answers.pop(0)) or None
        except self.ray.exceptions.RayError:
            return None

    def close(self) -> None:
        with suppress(self.ray.exceptions.RayError):
            self.ray.kill(self.actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cluster:
    """Starts workers on a cluster (``Crew``); *parts* is where they all can write."""

    ray: Any
    judges: Sequence[str]
    parts: str

    def hire(self) -> Hand:
        # What dies is replaced by the shift, which knows what it was at; Ray would do the same work again for ever.
        actor = self.ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0)(Carrier)
        return _Far(self.ray, actor.remote(list(self.judges)))

    def first(self, hands: Iterable[Hand]) -> Hand:
        far = {hand.answers[0]: hand for hand in hands if isinstance(hand, _Far)}
        ready, _ = self.ray.wait(list(far), num_returns=1)
        return far[ready[0]]

    def bring(self, address: str, workshop: Workshop, name: str) -> str:
        del workshop, name
        return address

    def part(self, name: str, workshop: Workshop) -> str:
        return f"{self.parts}/{name}" if is_object(self.parts) else str(workshop.path(name))

    def take(self, task: Task, workshop: Workshop) -> None:
        if is_object(task.part):
            # Only what came whole has the name of a part here.
            begun = workshop.directory / f"{task.name}.come"
            Path(fetch(task.part, begun)).rename(workshop.path(task.name))
            Prefix(self.parts).remove([task.name])


@contextmanager
def cluster(address: str, workers: int | None, judges: Sequence[str], parts: str) -> Iterator[Team]:
    """Yield an engine of *workers* workers, by default one for each processor, on the Ray cluster at *address*.

    *parts* is a directory that all its machines share, or the address of an object store; only sealed parts lie there.

    Raises:
        BackendUnavailableError: Ray is not installed, or the cluster does not answer.
    """
    ray = _ray()
    _check_answers(address)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        ray.init(address=address, log_to_driver=False, configure_logging=False, namespace="overt")
    except (ConnectionError, ValueError, RuntimeError, OSError, ray.exceptions.RayError):
        raise _absent(address) from None
    try:
        count = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        with Team(_Cluster(ray=ray, judges=judges, parts=parts), count) as team:
            yield team
    finally:
        ray.shutdown()


def _check_answers(address: str) -> None:
    """Ray itself would try for minutes."""
    place = urlsplit(address if "://" in address else f"//{address}")
    if place.hostname is None or place.port is None:
        return
    try:
        socket.create_connection((place.hostname, place.port), _ANSWER_S).close()
    except OSError:
        raise _absent(address) from None


def _absent(address: str) -> BackendUnavailableError:
    return BackendUnavailableError(f"there is no Ray cluster at {address}", hint="start one: ray start --head")


def _ray() -> Any:  # noqa: ANN401 - an extra
    try:
        return importlib.import_module("ray")
    except ImportError:
        raise BackendUnavailableError("ray is not installed", hint="pip install 'overt[ray]'") from None
