"""On a machine of a cluster: starts a worker there, and carries ciphertext to it and sealed parts away from it."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from overt.dataset.engines.member import Member
from overt.dataset.engines.task import Answer, Task, Trouble
from overt.dataset.objects import deliver, fetch, is_object
from overt.errors import OvertError, StorageError


class Carrier:
    """What runs in a cluster's own process: it holds no key, and never sees anything but ciphertext and counts."""

    def __init__(self, judges: Sequence[str]) -> None:
        """Start a worker with *judges* beside it."""
        self._member = Member(judges)

    def hello(self) -> str:
        """Return the worker's first word; nothing when it died."""
        return (self._member.line() or b"").decode()

    def admit(self, sealed_key: str) -> None:
        """Tell the worker the run's key, which is sealed for it."""
        self._member.tell(sealed_key)

    def work(self, told: str) -> str:
        """Let the worker do the task *told*, and return its answer; nothing when it died."""
        task = Task.model_validate_json(told)
        with tempfile.TemporaryDirectory(prefix="overt-") as directory:
            try:
                return self._carried(task, Path(directory))
            except OvertError as problem:
                trouble = Trouble(kind="storage", message=str(problem), hint=problem.hint)
                return Answer(name=task.name, trouble=trouble).model_dump_json()

    def _carried(self, task: Task, directory: Path) -> str:
        near: dict[str, str] = {}
        if is_object(task.episode):
            near["episode"] = fetch(task.episode, directory / "episode")
        if is_object(task.part):
            near["part"] = str(directory / "part")
        elif not Path(task.part).parent.is_dir():
            raise StorageError(
                f"a machine of the cluster has no {Path(task.part).parent}",
                hint="export to a directory that every machine has, or to an object store",
            )
        self._member.tell(task.model_copy(update=near).model_dump_json())
        answer = (self._member.line() or b"").decode()
        if is_object(task.part) and (directory / "part").exists():
            deliver(directory / "part", task.part)
        return answer
