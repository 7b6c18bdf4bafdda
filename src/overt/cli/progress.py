"""A bar on standard error for what takes long, where that is a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress as Bars

from overt.keys.vault_contract import Progress


@contextmanager
def bar(what: str) -> Iterator[Progress]:
    """Show a bar that says *what* is going on; yield what moves it."""
    with Bars(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bars:
        task = bars.add_task(what, total=None)

        def move(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        yield move
