"""A headless Chromium that is asked through a pipe what it did: no port, no library, no network of its own."""

import base64
import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

_FLAGS: Final = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)
_KEYS: Final = {"Tab": 9, "Enter": 13, " ": 32}
_SECONDS: Final = 40.0


class Headless:
    """One page of one browser; *events* is everything that it told of its own accord."""

    def __init__(self, reader: int, writer: int) -> None:
        """Attach to the first page of the browser behind the two ends of a pipe."""
        self._reader, self._writer = reader, writer
        self._rest = b""
        self._number = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        pages = self.ask("Target.getTargets")["targetInfos"]
        page = next(each["targetId"] for each in pages if each["type"] == "page")
        self._session = self.ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Log", "Runtime", "Network", "Audits"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return what the browser answers; an error of its is one of the test's."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._writer, json.dumps(message).encode() + b"\0")
        number = self._number
        while True:
            told = self._told(f"an answer to {method}")
            if told.get("id") == number:
                assert "error" not in told, told
                result: dict[str, Any] = told["result"]
                return result

    def open(self, path: Path) -> None:
        """Open the file *path* and wait until all of it is there."""
        self.events.clear()
        self.ask("Page.navigate", url=path.as_uri())
        while not self.of("Page.loadEventFired"):
            self._told("the page to load")
        self.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def value(self, expression: str) -> Any:
        """Return what the script *expression* is in the page; the page's own rules do not bind the debugger."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release one key."""
        told = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": _KEYS[key]}
        text = {"Enter": "\r", " ": " "}.get(key, "")
        self.ask("Input.dispatchKeyEvent", type="keyDown", text=text, **told)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **told)

    def scheme(self, name: str) -> None:
        """Prefer *name*: light or dark."""
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def size(self, width: int, height: int) -> None:
        """Make the window's inside *width* by *height* pixels."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def screenshot(self) -> bytes:
        """Return a PNG of what is in view."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])

    def of(self, method: str) -> list[dict[str, Any]]:
        """Return what was told under the name *method*."""
        return [each["params"] for each in self.events if each["method"] == method]

    def requests(self) -> list[str]:
        """Return the address of everything that was asked for."""
        return [each["request"]["url"] for each in self.of("Network.requestWillBeSent")]

    def complaints(self) -> list[dict[str, Any]]:
        """Return every error, warning, broken rule, exception and dialogue."""
        names = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Audits.issueAdded")
        return [each for name in (*names, "Page.javascriptDialogOpening") for each in self.of(name)]

    def _told(self, what: str) -> dict[str, Any]:
        """Return the next message; what belongs to no question is kept among the events as well."""
        deadline = time.monotonic() + _SECONDS
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._reader], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"waited {_SECONDS:g} s in vain for {what}"
            part = os.read(self._reader, 1 << 16)
            assert part, "the browser ended"
            self._rest += part
        line, self._rest = self._rest.split(b"\0", 1)
        told: dict[str, Any] = json.loads(line)
        if "method" in told:
            self.events.append(told)
        return told


@contextmanager
def headless(profile: Path) -> Iterator[Headless]:
    """Start a browser with a fresh profile in *profile*, and end it with the block."""
    to_browser, from_browser = os.pipe(), os.pipe()
    root = ["--no-sandbox"] if os.geteuid() == 0 else []

    # Chromium reads from 3 and writes to 4, whatever the numbers are here.
    wired = f'exec "$@" 3</dev/fd/{to_browser[0]} 4>/dev/fd/{from_browser[1]}'
    command = ["chromium", *_FLAGS, *root, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(
        ["/bin/sh", "-c", wired, "sh", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(to_browser[0], from_browser[1]),
    )
    os.close(to_browser[0])
    os.close(from_browser[1])
    try:
        yield Headless(from_browser[0], to_browser[1])
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(from_browser[0])
        os.close(to_browser[1])
