"""Keeps other processes of the same user, core dumps and messages away from a process that may hold secrets."""

import ctypes
import faulthandler
import logging
import sys
import threading
import warnings
from typing import Final

from overt.errors import KeyAccessError

_PR_SET_DUMPABLE: Final = 4
"""Linux ``prctl(2)``: at 0, another process of the same user can no longer attach, read memory or the environment."""


def harden() -> None:
    """Forbid core dumps, attaching, logs, warnings and tracebacks, first thing in a process; twice is no error.

    What a library logs or warns of, and the traceback of a thread, may hold what was typed. It cannot be undone but by
    starting another program, which begins unprotected.

    Raises:
        KeyAccessError: The kernel refused.
    """
    _silence()
    _shield()


def _silence() -> None:
    faulthandler.disable()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    warnings.showwarning = lambda *_, **__: None
    threading.excepthook = lambda _: None
    sys.unraisablehook = lambda _: None
    sys.excepthook = lambda *_: None


def _shield() -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - absent on Windows, where importing this module must not fail

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # A limit of 0 does not stop a core that the kernel pipes into a program: this does.
        refused = sys.platform == "linux" and ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0
    except (OSError, ValueError):
        refused = True
    if refused:
        raise KeyAccessError("the kernel refused to protect this process's memory", hint="see overt doctor")
