"""How orders are spread over workers: few at a time, and again when a worker dies, but not for ever."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Protocol, Self

from overt import __version__
from overt.dataset.eligible import SkipReason
from overt.dataset.engines.member import answered, sealed_key
from overt.dataset.engines.task import Done, Hello, Order, Places, Task, task_of
from overt.dataset.workshop import Workshop
from overt.errors import BackendUnavailableError, FormatError, KeyAccessError
from overt.trajectory.build import Rules

DEPTH: Final = 2
"""Orders that one worker holds: the one that it reads, and the next."""
TRIES: Final = 2


class Hand(Protocol):
    """One worker, wherever it is."""

    def hello(self) -> Hello:
        """Return its first word; raises ``BackendUnavailableError``."""
        ...

    def admit(self, sealed_key: str) -> None:
        """Tell it the run's key, which is sealed for it."""
        ...

    def send(self, task: Task) -> None:
        """Give it one more task; it answers in the order of the tasks."""
        ...

    def answer(self) -> str | bytes | None:
        """Return its next answer, or nothing when it is dead."""
        ...

    def close(self) -> None:
        """End it; harmless when it is dead."""
        ...


class Crew(Protocol):
    """Where workers come from."""

    def hire(self) -> Hand:
        """Return a new worker; raises ``BackendUnavailableError``."""
        ...

    def first(self, hands: Iterable[Hand]) -> Hand:
        """Wait until one of *hands* has an answer or is dead, and return it."""
        ...

    def bring(self, address: str, workshop: Workshop, name: str) -> str:
        """Return where a worker finds the ciphertext at *address*; raises ``StorageError``."""
        ...

    def part(self, name: str, workshop: Workshop) -> str:
        """Return where a worker writes the part *name*."""
        ...

    def take(self, task: Task, workshop: Workshop) -> None:
        """Fetch *task*'s part if it is elsewhere, and clear away what was brought; raises ``StorageError``."""
        ...


@dataclass(slots=True, kw_only=True, eq=False)
class Shift:
    """Some workers of a *crew* at the orders of one export."""

    crew: Crew
    workers: int
    rules: Rules
    workshop: Workshop
    judges: Mapping[str, str]
    ready: list[tuple[Hand, Hello]] = field(default_factory=list)
    _busy: dict[Hand, deque[tuple[Order, Task]]] = field(default_factory=dict)
    _again: deque[Order] = field(default_factory=deque)
    _deaths: Counter[str] = field(default_factory=Counter)

    def read(self, orders: Iterable[Order]) -> Iterator[Done]:
        """Yield what is done; the workers are ended with it."""
        left = iter(orders)
        try:
            while True:
                yield from self._fill(left)
                if not any(self._busy.values()):
                    return
                hand = self.crew.first([each for each, held in self._busy.items() if held])
                yield from self._heard(hand)
        finally:
            for hand in [*self._busy, *(hand for hand, _ in self.ready)]:
                hand.close()
            self.ready.clear()

    def _fill(self, left: Iterator[Order]) -> Iterator[Done]:
        """Give orders to whoever has the fewest, until all have enough; who cannot be read is done with."""
        while (hand := self._freest()) is not None or len(self._busy) < self.workers:
            order = self._again.popleft() if self._again else next(left, None)
            if order is None:
                return
            try:
                task = self._task(order)
            except (KeyAccessError, FormatError) as problem:
                yield _refused(order, problem)
                continue
            if len(self._busy) < self.workers and (hand is None or self._busy[hand]):
                hand = self._hired()
            assert hand is not None
            self._busy[hand].append((order, task))
            hand.send(task)

    def _freest(self) -> Hand | None:
        free = [hand for hand, held in self._busy.items() if len(held) < DEPTH]
        return min(free, key=lambda hand: len(self._busy[hand]), default=None)

    def _task(self, order: Order) -> Task:
        sealed = order.each.sealed
        assert sealed is not None, "only what is sealed leaves this process"
        identity = sealed.identity()
        places = Places(
            episode=self.crew.bring(sealed.address, self.workshop, order.name),
            part=self.crew.part(order.name, self.workshop),
        )
        return task_of(order, self.rules, self.workshop.key, identity, places)

    def _hired(self) -> Hand:
        hand, hello = self.ready.pop() if self.ready else greeted(self.crew)
        self._busy[hand] = deque()
        if (hello.version, hello.judges) != (__version__, dict(self.judges)):
            raise BackendUnavailableError(
                "a worker has another version of Overt, or of a judge", hint="install the same on every machine"
            )
        hand.admit(sealed_key(self.workshop.key, hello))
        return hand

    def _heard(self, hand: Hand) -> Iterator[Done]:
        line = hand.answer()
        if line is None:
            yield from self._bury(hand)
            return
        order, task = self._busy[hand].popleft()
        try:
            answered(line, task)
        except (KeyAccessError, FormatError) as problem:
            yield _refused(order, problem)
            return
        self.crew.take(task, self.workshop)
        yield Done(name=order.name)

    def _bury(self, hand: Hand) -> Iterator[Done]:
        """Take back what a dead worker held; what it was at is tried once more."""
        held = self._busy.pop(hand)
        hand.close()
        at, _ = held.popleft()
        self._again.extend(order for order, _ in held)
        self._deaths[at.name] += 1
        if self._deaths[at.name] < TRIES:
            self._again.append(at)
        else:
            yield Done(name=at.name, reason=SkipReason.WORKER_DIED)


class Team:
    """Reads episodes with workers of a crew (``Engine``). Use it in a ``with`` block, which ends them."""

    def __init__(self, crew: Crew, workers: int) -> None:
        """Hire at most *workers*, and none before it is needed."""
        self._crew, self._workers = crew, workers
        self._ready: list[tuple[Hand, Hello]] = []
        self._judges: dict[str, str] | None = None

    @property
    def judges(self) -> Mapping[str, str]:
        """Who looks a second time, as the first worker says; raises ``BackendUnavailableError``."""
        if self._judges is None:
            first = greeted(self._crew)
            self._ready.append(first)
            self._judges = first[1].judges
        return self._judges

    def read(self, orders: Iterable[Order], rules: Rules, workshop: Workshop) -> Iterator[Done]:
        """Yield what is done, a part or a reason, in whatever order it is done."""
        shift = Shift(
            crew=self._crew,
            workers=self._workers,
            rules=rules,
            workshop=workshop,
            judges=self.judges,
            ready=self._ready,
        )
        yield from shift.read(orders)

    def __enter__(self) -> Self:
        """Return this engine; leaving the block ends who was hired."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End who was hired and never needed."""
        for hand, _ in self._ready:
            hand.close()
        self._ready.clear()


def greeted(crew: Crew) -> tuple[Hand, Hello]:
    """Hire one of *crew*, and return it with its first word; raises ``BackendUnavailableError``."""
    hand = crew.hire()
    try:
        return hand, hand.hello()
    except BaseException:
        hand.close()
        raise


def _refused(order: Order, problem: KeyAccessError | FormatError) -> Done:
    wrong_key = isinstance(problem, KeyAccessError)
    return Done(name=order.name, reason=SkipReason.WRONG_KEY if wrong_key else SkipReason.DAMAGED)
