"""Which browser a process is, by the program that it runs; a title or a window class proves nothing."""

import re
from pathlib import Path
from typing import Final

CHROMIUM: Final = "chromium"
FIREFOX: Final = "firefox"

_PLACES: Final = r"/(?:usr|opt|snap|app|nix/store|var/lib/flatpak)/(?:[^/]+/)*"
_PROGRAMS: Final = (
    (CHROMIUM, re.compile(_PLACES + r"(?:chromium|chromium-browser|chromium-browser/chrome)")),
    (CHROMIUM, re.compile(_PLACES + r"google/chrome(?:-beta|-unstable)?/chrome")),
    (FIREFOX, re.compile(_PLACES + r"(?:firefox|firefox-esr|firefox-bin)")),
)
"""Families by the path of the program, which only the system's administrator can put there."""

_REPLACED: Final = " (deleted)"
"""The kernel appends it once an upgrade has replaced the program of a running process."""


def family(program: str) -> str | None:
    """Return the browser family of the program at *program*, or ``None`` when it is not on the allowlist."""
    path = program.removesuffix(_REPLACED)
    return next((name for name, pattern in _PROGRAMS if pattern.fullmatch(path)), None)


def browser_of(pid: int, proc: Path = Path("/proc")) -> str | None:
    """Return the browser family of process *pid*, or ``None``: no browser, ended, or somebody else's process."""
    if pid <= 0:
        return None
    try:
        return family(str((proc / str(pid) / "exe").readlink()))
    except OSError:
        return None


def environment_of(pid: int, proc: Path = Path("/proc")) -> dict[str, str]:
    """Return the environment that process *pid* was started with; empty when it cannot be read or was wiped.

    Chromium wipes its own; Firefox does not.
    """
    try:
        raw = (proc / str(pid) / "environ").read_bytes()
    except OSError:
        return {}
    pairs = (entry.decode("utf-8", "replace").partition("=") for entry in raw.split(b"\0"))
    return {name: value for name, equals, value in pairs if equals}
