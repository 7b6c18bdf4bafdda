"""Cuts a process off from every network, for good: what a judge of other people's making reads stays in it."""

import ctypes
import platform
import struct
import sys
from typing import Final

from overt.errors import KeyAccessError

_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_FILTER: Final = 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 1
"""The call fails with EPERM."""

_CALLS: Final = {"x86_64": (0xC000003E, (41, 53, 425, 438)), "aarch64": (0xC00000B7, (198, 199, 425, 438))}
"""The machine's number, and its calls ``socket``, ``socketpair``, ``io_uring_setup`` and ``pidfd_getfd``."""

_OTHER_TABLE: Final = 0x40000000
"""From this number on x86_64 has a second table of the same calls."""

_REFUSED: Final = ("socket.", "http.client.", "urllib.", "ftplib.", "smtplib.", "os.exec", "os.posix_spawn", "os.fork")


def cut_off() -> None:
    """Forbid this process and its children every new socket; also by the kernel where that is Linux.

    Raises:
        KeyAccessError: the kernel refused.
    """
    sys.addaudithook(_hook)
    if sys.platform == "linux" and platform.machine() in _CALLS:
        _forbid(*_CALLS[platform.machine()])


def _hook(event: str, facts: tuple[object, ...]) -> None:
    del facts
    if event.startswith(_REFUSED):
        raise PermissionError("a judge has no network and starts no program")


def _forbid(machine: int, calls: tuple[int, ...]) -> None:
    """Install a filter of the kernel: libraries of C ask no hook of Python's."""
    refuse = len(calls) + 3
    program = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, refuse, machine),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, refuse - 2, 0, _OTHER_TABLE),
        *((_EQUAL, len(calls) - number, 0, call) for number, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *each) for each in program))
    told = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or kernel.prctl(_PR_SET_SECCOMP, _FILTER, told, 0, 0):
        raise KeyAccessError("the kernel did not let a judge be cut off from the network", hint="export without it")
