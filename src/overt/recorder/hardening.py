"""Keep other processes of the same user, and core dumps, out of this one's memory, and its memory out of messages."""

import asyncio
import ctypes
import logging
import resource
import sys
import threading
from collections.abc import Callable
from typing import Final

from overt.errors import DesktopError

_PR_SET_DUMPABLE: Final = 4
"""Linux ``prctl(2)``: at 0, another process of the same user can no longer attach, read memory or the environment."""


def harden() -> None:
    """Forbid core dumps, attaching, logs and tracebacks; raises ``DesktopError`` when the kernel refuses.

    What a library logs, and the traceback of a thread, may hold what was typed.
    """
    logging.disable(logging.CRITICAL)
    threading.excepthook = lambda _: None
    sys.unraisablehook = lambda _: None
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise DesktopError("the kernel refused to protect the recorder's memory", hint="see overt doctor")


def end_on_error(loop: asyncio.AbstractEventLoop, end: Callable[[], None]) -> None:
    """Have *loop* call *end* for an error that nobody caught, instead of logging it with its traceback."""
    loop.set_exception_handler(lambda _loop, _context: end())
