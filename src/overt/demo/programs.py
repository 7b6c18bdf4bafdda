"""The programs of the operating system that the demo starts: which are missing, how to start and how to end one."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from overt.errors import DesktopError

AT_SPI_LAUNCHERS: Final = (
    "/usr/libexec/at-spi-bus-launcher",
    "/usr/lib/at-spi2-core/at-spi-bus-launcher",
    "/usr/lib/at-spi-bus-launcher",
)
"""Where distributions put the launcher of the accessibility bus: it is never on the PATH."""

PACKAGES: Final = {
    "Xvfb": "xvfb",
    "xkbcomp": "x11-xkb-utils",
    "openbox": "openbox",
    "xterm": "xterm",
    "chromium": "chromium",
    "dbus-daemon": "dbus-daemon",
    "dbus-send": "dbus-bin",
    "at-spi-bus-launcher": "at-spi2-core",
    "openssl": "openssl",
}
"""Program to the Debian package that has it; pages and frames also want a font, hence ``fonts-dejavu-core``."""

_TERM_SECONDS: Final = 5.0


def at_spi_launcher() -> str | None:
    """Return the path of the accessibility bus's launcher, or ``None`` when it is not installed."""
    return next((path for path in AT_SPI_LAUNCHERS if os.access(path, os.X_OK)), None)


def missing() -> tuple[str, ...]:
    """Return the names of the programs that the demo needs and this machine lacks, in a fixed order."""
    return tuple(
        name
        for name in PACKAGES
        if (at_spi_launcher() if name == "at-spi-bus-launcher" else shutil.which(name)) is None
    )


def apt_line(names: Sequence[str]) -> str:
    """Return the command that installs the packages of the programs *names* on Debian."""
    packages = sorted({PACKAGES[name] for name in names} | {"fonts-dejavu-core"})
    return f"apt-get install -y --no-install-recommends {' '.join(packages)}"


def require() -> None:
    """Raise ``DesktopError`` that names every missing program and how to install them all."""
    if absent := missing():
        raise DesktopError(f"missing programs: {', '.join(absent)}", hint=apt_line(absent))


def start(
    command: Sequence[str], env: Mapping[str, str], log: Path, *, pass_fds: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Start *command* in a session of its own, with *env* alone, its output appended to *log*.

    It is told to end when this process dies, even of SIGKILL, wherever ``setpriv`` is installed. Raises
    ``DesktopError`` when it cannot be started.
    """
    leash = [shutil.which("setpriv") or "", "--pdeathsig", "TERM"]
    argv = [*(leash if leash[0] else []), *command]
    try:
        with log.open("ab") as output:
            return subprocess.Popen(
                argv,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=pass_fds,
            )
    except OSError as error:
        raise DesktopError(f"cannot start {command[0]}: {error.strerror}") from error


def end(process: subprocess.Popen[bytes]) -> None:
    """End *process* and the whole session that it leads: politely, then not. Harmless when it has ended."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_TERM_SECONDS)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(holds: Callable[[], bool], what: str, seconds: float = 15.0, every: float = 0.02) -> None:
    """Ask *holds* again and again until it is true; raise ``DesktopError`` that names *what* after *seconds*."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise DesktopError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(every)
