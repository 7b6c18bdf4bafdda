"""All who look a second time at one export."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from overt.dataset.judge import RULES, Judge, judge_of
from overt.dataset.judges.process import Apart


@contextmanager
def opened_judges(names: Iterable[str]) -> Iterator[list[Judge]]:
    """Yield the rules and then the judges *names*, each of which has a process without a network for as long.

    Raises:
        BackendUnavailableError: what a judge needs is not installed.
    """
    with ExitStack() as stack:
        slow = [stack.enter_context(Apart(name)) for name in dict.fromkeys(names)]
        yield [judge_of(RULES), *slow]
