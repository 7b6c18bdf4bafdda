"""A hardened process says nothing of its own accord, leaves no core, and no other process can look into it."""

import ctypes
import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.errors import KeyAccessError
from overt.keys import hardening
from overt.keys.hardening import harden

HARDENED = "from overt.keys.hardening import harden; harden(); "
NOBODY = 65534
PR_SET_DUMPABLE = 4
PTRACE_ATTACH = 16


def said(code: str, **environment: str) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", HARDENED + code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout, done.stderr


@pytest.mark.parametrize(
    "code",
    [
        "import logging; logging.getLogger('any').critical('canary')",
        "import warnings; warnings.warn('canary')",
        "import warnings; warnings.resetwarnings(); warnings.warn('canary')",
        "import threading; thread = threading.Thread(target=lambda: {}['canary']); thread.start(); thread.join()",
        "Bad = type('Bad', (), {'__del__': lambda self: {}['canary']}); Bad()",
        "import atexit; atexit.register(lambda: {}['canary'])",
        "import os; os.abort()",
        "import ctypes; ctypes.string_at(0)",
        "{}['canary']",
    ],
)
def test_nothing_that_goes_wrong_prints_a_traceback(code: str) -> None:
    """Logs, warnings and tracebacks quote values, and a value may be what was typed."""
    assert said(code, PYTHONFAULTHANDLER="1", PYTHONWARNINGS="always") == ("", "")


@pytest.mark.parametrize("end", ["SIGSEGV", "SIGABRT", "SIGQUIT"])
def test_a_crash_leaves_no_core(end: str, tmp_path: Path) -> None:
    crash = f"import os, signal; os.chdir({str(tmp_path)!r}); os.kill(os.getpid(), signal.{end})"
    allowed = "import resource; hard = resource.getrlimit(resource.RLIMIT_CORE)[1]; "
    allowed += "resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)); "

    done = subprocess.run([sys.executable, "-c", allowed + HARDENED + crash], capture_output=True, check=False)

    assert done.returncode == -getattr(signal, end)
    assert list(tmp_path.iterdir()) == []


def forked(work: Callable[[], object]) -> int:
    """Run *work* in a child of ours that is an ordinary user's, and return its number."""
    if child := os.fork():
        return child
    try:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            # Giving up root already protects a process; an ordinary one begins without.
            ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
        work()
    finally:
        os._exit(0)


def looked_into(protect: Callable[[], None]) -> dict[str, str]:
    """Return what another process of the same user gets to see of one that has called *protect*."""
    ready, say_ready = os.pipe()
    answer, say_answer = os.pipe()

    def target() -> None:
        protect()
        os.write(say_ready, b".")
        signal.pause()

    def stranger() -> None:
        os.write(say_answer, "\n".join(f"{name} {peek(name, pid)}" for name in PEEKS).encode())

    pid = forked(target)
    os.read(ready, 1)
    os.waitpid(forked(stranger), 0)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    seen = os.read(answer, 4096).decode()
    for each in (ready, say_ready, answer, say_answer):
        os.close(each)
    return dict(line.split() for line in seen.splitlines())


PEEKS = ("mem", "environ", "maps", "fd", "ptrace")


def peek(name: str, pid: int) -> str:
    if name == "ptrace":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        return "allowed" if libc.ptrace(PTRACE_ATTACH, pid, None, None) == 0 else errno.errorcode[ctypes.get_errno()]
    try:
        if name == "fd":
            list(Path(f"/proc/{pid}/fd").iterdir())
        else:
            with Path(f"/proc/{pid}/{name}").open("rb") as file:
                file.read(0 if name == "mem" else 1)
    except OSError as refused:
        return errno.errorcode[refused.errno or 0]
    return "allowed"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has /proc")
def test_another_process_of_the_same_user_sees_nothing_of_a_hardened_one() -> None:
    before, after = looked_into(lambda: None), looked_into(harden)

    if before["ptrace"] != "allowed":
        pytest.skip("this kernel lets nobody attach anyway: what harden adds cannot be told")
    assert set(before.values()) == {"allowed"}
    assert set(after.values()) <= {"EACCES", "EPERM"}


def test_a_kernel_that_refuses_is_an_error_and_no_silent_weakness(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def __init__(self, *_: object) -> None:
            pass

        def prctl(self, *_: int) -> int:
            return -1

    monkeypatch.setattr(hardening, "_silence", lambda: None)
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    monkeypatch.setattr(hardening.ctypes, "CDLL", Refusing)

    with pytest.raises(KeyAccessError, match="refused to protect"):
        harden()


DOOR = """
import ctypes, resource, sys
import click
from overt.cli import app

def body(*words, **more):
    limits = resource.getrlimit(resource.RLIMIT_CORE)
    print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), *limits)

app.overt.get_command = lambda *_: click.Command("any", callback=body)
app.main()
"""


def test_every_command_runs_behind_the_hardened_door() -> None:
    """Review, export, the vault and the keys hold secrets as well as the recorder does."""
    done = subprocess.run([sys.executable, "-c", DOOR, "any"], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("0 0 0\n", "")
