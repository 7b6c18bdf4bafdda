"""Chromium on the private desktop, as a person would have it: a fresh profile and no accessibility flag."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from overt.demo import programs
from overt.demo.desktop import PrivateDesktop

if TYPE_CHECKING:
    import subprocess

    from overt.demo.site import LocalSite

POSITION: Final = (40, 30)
SIZE: Final = (1180, 740)
"""The window's corner and size on the screen, in root pixels; it leaves room for a border and for other windows."""

_PREFERENCES: Final = {
    "credentials_enable_service": False,
    "credentials_enable_autosignin": False,
    "profile": {"password_manager_enabled": False},
    "autofill": {"profile_enabled": False, "credit_card_enabled": False},
    "browser": {"has_seen_welcome_page": True},
    "translate": {"enabled": False},
}
"""Bubbles that would cover the page and take the focus are switched off; nothing else differs from a new profile."""

_FLAGS: Final = (
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-smooth-scrolling",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--lang=en-US",
    "--password-store=basic",
    "--test-type",  # no bar that warns of the flags below: it would shift the page while it is recorded
    "--force-device-scale-factor=1",
    f"--window-position={POSITION[0]},{POSITION[1]}",
    f"--window-size={SIZE[0]},{SIZE[1]}",
)


class Chromium:
    """One Chromium with a profile of its own, whose every request goes to the local *site*."""

    def __init__(self, desktop: PrivateDesktop, site: "LocalSite", profile: Path | None = None) -> None:
        """Prepare a browser on *desktop*; *profile* defaults to a new directory in the desktop's own."""
        self._desktop = desktop
        self._site = site
        self._profile = profile or _fresh(desktop.directory)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id of the running browser; 0 when it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else 0

    def open(self, url: str, *, extra_env: dict[str, str] | None = None) -> None:
        """Start the browser with *url* and wait until the page says that it is laid out."""
        _write_preferences(self._profile)
        mark = self._site.mark()
        self._process = self._desktop.launch(self._command(url), "chromium", extra_env)
        self._site.wait_for(url, since=mark, seconds=60)

    def open_private(self, url: str) -> None:
        """Open an incognito window of the same process with *url* and wait for its page."""
        mark = self._site.mark()
        helper = self._desktop.launch(self._command("--incognito", "--new-window", url), "chromium-private")
        helper.wait(30)
        self._site.wait_for(url, since=mark, seconds=30)

    def open_window(self, url: str) -> None:
        """Open another ordinary window of the same process with *url* and wait for its page."""
        mark = self._site.mark()
        self._desktop.launch(self._command("--new-window", url), "chromium-window").wait(30)
        self._site.wait_for(url, since=mark, seconds=30)

    def close(self) -> None:
        """End the browser; harmless when it does not run."""
        if self._process is not None:
            programs.end(self._process)
            self._process = None

    def _command(self, *rest: str) -> list[str]:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to run as root with its sandbox
        return ["chromium", f"--user-data-dir={self._profile}", *_FLAGS, *self._site.browser_flags(), *root, *rest]


def _fresh(directory: Path) -> Path:
    number = sum(1 for _ in directory.glob("profile-*"))
    profile = directory / f"profile-{number}"
    profile.mkdir(mode=0o700)
    return profile


def _write_preferences(profile: Path) -> None:
    default = profile / "Default"
    default.mkdir(mode=0o700, parents=True, exist_ok=True)
    preferences = default / "Preferences"
    if not preferences.exists():
        preferences.write_text(json.dumps(_PREFERENCES), encoding="utf-8")
