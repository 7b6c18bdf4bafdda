"""Keep other processes of the same user, and core dumps, out of this one's memory."""

import ctypes
import resource
import sys
from typing import Final

from overt.errors import DesktopError

_PR_SET_DUMPABLE: Final = 4
"""Linux ``prctl(2)``: at 0, another process of the same user can no longer attach, read memory or the environment."""


def harden() -> None:
    """Forbid core dumps and attaching; raises ``DesktopError`` when the kernel refuses."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise DesktopError("the kernel refused to protect the recorder's memory", hint="see overt doctor")
