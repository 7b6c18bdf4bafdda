"""Prove the files of many episodes at once: in this process, or spread over several, never more than fit in memory."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from overt.audit.proving import Proven, Task, prove
from overt.audit.remembering import Memory

ALONE: Final = 300
"""Up to so many episodes other processes cost more than they save."""
_BATCH: Final = 16
_MEMORY: Final[list[Memory]] = []
"""In a worker: its own look at what is remembered."""


class Pool:
    """Proves tasks in their order."""

    def __init__(self, memory: Memory, executor: ProcessPoolExecutor | None, workers: int) -> None:
        """Recall from *memory*; spread over *executor*, or work here without one."""
        self._memory = memory
        self._executor = executor
        self._ahead = 4 * workers

    def proven(self, tasks: Iterable[Task]) -> Iterator[Proven]:
        """Yield what comes of *tasks*, in their order; what is proven anew is remembered."""
        for each in self._each(tasks):
            if each.fresh:
                self._memory.remember(each.key, each.proof.text())
            yield each

    def _each(self, tasks: Iterable[Task]) -> Iterator[Proven]:
        if self._executor is None:
            yield from (prove(task, self._memory.recall) for task in tasks)
            return
        waiting: deque[Future[list[Proven]]] = deque()
        for batch in _batches(tasks):
            waiting.append(self._executor.submit(_prove_all, batch))
            if len(waiting) >= self._ahead:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


@contextmanager
def pool(memory: Memory, workers: int) -> Iterator[Pool]:
    """Yield a pool of *workers* processes; with one, everything is done here."""
    if workers < 2:  # noqa: PLR2004 - one is none beside this
        yield Pool(memory, None, 1)
        return
    executor = ProcessPoolExecutor(
        max_workers=workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(memory.path,)
    )
    try:
        yield Pool(memory, executor, workers)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _begin(path: Path | None) -> None:
    _MEMORY.append(Memory(path))


def _prove_all(tasks: list[Task]) -> list[Proven]:
    return [prove(task, _MEMORY[0].recall) for task in tasks]


def _batches(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    remaining = iter(tasks)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
