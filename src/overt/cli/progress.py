"""A bar on standard error for what takes long, where that is a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress as Bars

from overt.keys.vault_contract import Progress


@contextmanager
def bar(what: str) -> Iterator[Progress]:
    """Yield what shows, and then moves, a bar that says *what* is going on; it is gone when the block ends.

    It appears with the first step, never before: it would hide a passphrase prompt.
    """
    bars = Bars(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    task = bars.add_task(what, total=None)

    def move(done: int, total: int) -> None:
        bars.start()
        bars.update(task, completed=done, total=total)

    try:
        yield move
    finally:
        bars.stop()
