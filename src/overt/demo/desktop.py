"""A private desktop: virtual screen, window manager, session bus and accessibility bus, gone without a trace."""

import io
import os
import select
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final, Self

from overt.demo import programs
from overt.errors import DesktopError

WIDTH: Final = 1280
HEIGHT: Final = 800

_OPENBOX: Final = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse><focusLast>yes</focusLast></focus>
  <placement><policy>Smart</policy></placement>
  <desktops><number>1</number><popupTime>0</popupTime></desktops>
  <keyboard>
    <keybind key="A-Tab">
      <action name="NextWindow"><dialog>none</dialog><finalactions>
        <action name="Focus"/><action name="Raise"/></finalactions></action>
    </keybind>
  </keyboard>
  <mouse>
    <context name="Client">
      <mousebind button="Left" action="Press"><action name="Focus"/><action name="Raise"/></mousebind>
      <mousebind button="Right" action="Press"><action name="Focus"/><action name="Raise"/></mousebind>
    </context>
  </mouse>
  <applications><application class="*"><decor>no</decor><focus>yes</focus></application></applications>
</openbox_config>
"""


class PrivateDesktop:
    """A screen of 1280 by 800 pixels that nobody else sees, for ``with``.

    ``env`` holds the whole environment for programs on it, and nothing of the caller's but ``PATH``; its home is a
    temporary directory. The accessibility bus runs before anything else can start, so no browser needs a flag.
    Everything that was started through it ends with the block, also when the block ends by an exception or this
    process gets SIGTERM.
    """

    def __init__(self, parent: Path | None = None) -> None:
        """Prepare a desktop whose temporary files go below *parent* (default: the system's temporary directory)."""
        self._parent = parent
        self._processes: list[subprocess.Popen[bytes]] = []
        self._directory: Path | None = None
        self._former_handler: object = None
        self.display = ""
        self.env: dict[str, str] = {}

    @property
    def directory(self) -> Path:
        """The temporary directory of this desktop, deleted with it: logs, profiles, runtime files."""
        if self._directory is None:
            raise DesktopError("the private desktop is not open")
        return self._directory

    def __enter__(self) -> Self:
        """Start everything; raise ``DesktopError``, leaving nothing behind, when a program is missing or fails."""
        programs.require()
        self._directory = Path(tempfile.mkdtemp(prefix="overt-desktop-", dir=self._parent))
        self._catch_sigterm()
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End everything that was started, newest first, and delete the temporary directory."""
        self.close()

    def launch(self, command: list[str], log: str, extra_env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start *command* on this desktop, its output in the log file *log*; it ends with the desktop at the latest."""
        process = programs.start(command, {**self.env, **(extra_env or {})}, self.directory / f"{log}.log")
        self._processes.append(process)
        return process

    def close(self) -> None:
        """End everything now; harmless when called twice."""
        while self._processes:
            programs.end(self._processes.pop())
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None
        if self._former_handler is not None:
            signal.signal(signal.SIGTERM, self._former_handler)  # type: ignore[arg-type] # what signal() gave us
            self._former_handler = None

    def _start(self) -> None:
        self.env = self._environment()
        self._start_screen()
        self._start_session_bus()
        self._start_window_manager()
        self._start_accessibility()

    def _environment(self) -> dict[str, str]:
        home, runtime, temporary = (self.directory / name for name in ("home", "run", "tmp"))
        for each in (home, runtime, temporary):
            each.mkdir(mode=0o700)
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(home),
            "TMPDIR": str(temporary),
            "USER": "person",
            "LANG": "C.UTF-8",
            "LANGUAGE": "en_US",
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_SESSION_TYPE": "x11",
            "GSETTINGS_BACKEND": "memory",
        }

    def _start_screen(self) -> None:
        reader, writer = os.pipe()
        with os.fdopen(reader, "rb", buffering=0) as answer:
            try:
                argv = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{WIDTH}x{HEIGHT}x24"]
                argv += ["-nolisten", "tcp", "-noreset", "-dpi", "96"]
                log = self.directory / "xvfb.log"
                self._processes.append(programs.start(argv, self.env, log, pass_fds=(writer,)))
            finally:
                os.close(writer)
            number = _line(answer)
        if not number:
            raise DesktopError("the virtual screen did not start", hint="try: Xvfb -displayfd 1")
        self.display = self.env["DISPLAY"] = f":{number}"

    def _start_session_bus(self) -> None:
        path = self.directory / "run" / "bus"
        address = f"unix:path={path}"
        self.launch(["dbus-daemon", "--session", "--nofork", f"--address={address}"], "dbus")
        self.env["DBUS_SESSION_BUS_ADDRESS"] = address
        programs.wait_until(path.exists, "the session bus")

    def _start_window_manager(self) -> None:
        config = self.directory / "openbox.xml"
        config.write_text(_OPENBOX, encoding="utf-8")
        self.launch(["openbox", "--config-file", str(config), "--sm-disable"], "openbox")

    def _start_accessibility(self) -> None:
        launcher = programs.at_spi_launcher()
        if launcher is None:
            raise DesktopError("missing programs: at-spi-bus-launcher", hint=programs.apt_line(["at-spi-bus-launcher"]))
        self.launch([launcher, "--launch-immediately", "--a11y=1"], "at-spi")
        programs.wait_until(self._accessibility_answers, "the accessibility bus", every=0.1)

    def _accessibility_answers(self) -> bool:
        # Whoever asks org.a11y.Bus before it has an owner makes the bus start another launcher, without --a11y=1.
        owned = self._ask("org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", "org.a11y.Bus")
        get = ("org.freedesktop.DBus.Properties.Get", "org.a11y.Status", "IsEnabled")
        return owned and self._ask("org.a11y.Bus", "/org/a11y/bus", *get)

    def _ask(self, name: str, path: str, method: str, *arguments: str) -> bool:
        argv = ["dbus-send", "--session", "--print-reply", "--reply-timeout=2000", f"--dest={name}", path, method]
        argv += [f"string:{argument}" for argument in arguments]
        asked = subprocess.run(argv, env=self.env, capture_output=True, check=False, timeout=10)
        return b"boolean true" in asked.stdout

    def _catch_sigterm(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._former_handler = signal.signal(signal.SIGTERM, _leave)


def _line(answer: io.FileIO) -> str:
    # Up to its end: Xvfb writes the number and the end of the line apart, and a pipe closed in between kills it.
    said = b""
    while not said.endswith(b"\n"):
        ready, _, _ = select.select([answer], [], [], 15.0)
        part = answer.read(16) if ready else b""
        if not part:
            return ""
        said += part
    return said.strip().decode("ascii")


def _leave(number: int, frame: FrameType | None) -> None:
    del frame
    raise SystemExit(128 + number)
