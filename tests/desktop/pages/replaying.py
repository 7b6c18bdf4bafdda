"""Does again what an export says that somebody did: rows of ``steps`` become keys and clicks of ``xdotool``."""

import os
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from Xlib import X, display

from overt.demo.layout import Layout
from overt.demo.site import LocalSite
from overt.errors import DesktopError

KEYS: Final = {
    "enter": "Return", "tab": "Tab", "esc": "Escape", "backspace": "BackSpace", "delete": "Delete", "home": "Home",
    "end": "End", "left": "Left", "right": "Right", "up": "Up", "down": "Down", "pagedown": "Next", "pageup": "Prior",
    "space": "space", "ctrl": "ctrl", "shift": "shift", "alt": "alt",
}  # fmt: skip
"""PyAutoGUI's name of a key to the X server's."""
BUTTONS: Final = {"left": 1, "middle": 2, "right": 3}
_QUIET: Final = 0.2
"""Seconds without a word from any page after which it has settled."""
_BLUR: Final = 3.0
_PATIENCE: Final = 20.0


class Replayer:
    """Acts on one display, on the page that was opened last; knows of the recording only what was exported."""

    def __init__(self, env: Mapping[str, str], site: LocalSite) -> None:
        """Act on the display that *env* names, where a browser shows pages of *site*."""
        self._env = {"PATH": os.environ.get("PATH", ""), "DISPLAY": env["DISPLAY"]}
        self._site = site

    def play(self, steps: list[dict[str, Any]], opened: str) -> None:
        """Do *steps*, in order, in a browser that shows *opened* already."""
        # On a busy machine a key would be held for so long that it repeats: one Tab became several.
        self._repeat(X.AutoRepeatModeOff)
        try:
            self._play(steps, opened)
        finally:
            self._repeat(X.AutoRepeatModeDefault)

    def _repeat(self, mode: int) -> None:
        server = display.Display(self._env["DISPLAY"])
        server.change_keyboard_control(auto_repeat_mode=mode)
        server.sync()
        server.close()

    def _play(self, steps: list[dict[str, Any]], opened: str) -> None:
        for number, step in enumerate(steps):
            action = step["action"]
            following = steps[number + 1] if number + 1 < len(steps) else None
            if number == 0 and (action["kind"], action["text"]) == ("navigate", opened):
                continue
            mark = self._site.mark()
            self._do(step)
            if action["kind"] == "navigate" or self._leads_on(step, following):
                self._site.wait(lambda each: each.why == "load", f"a page after step {number}", since=mark)
            self._settle()

    @staticmethod
    def _leads_on(step: dict[str, Any], following: dict[str, Any] | None) -> bool:
        """Whether the step after belongs to another page, to which this one led."""
        if following is None or following["action"]["kind"] == "navigate":
            return False
        return bool(following["visit"] != step["visit"])

    def _do(self, step: dict[str, Any]) -> None:
        action = step["action"]
        match action["kind"]:
            case "click" | "drag" | "scroll":
                self._point(action)
            case "type":
                assert not action["redacted"], "what was withheld nobody can type again"
                if step["quality"]["edited"]:
                    # All that the field then held, and not only what was added.
                    self._run("key", "ctrl+a")
                self._run("type", "--delay", 15, "--", action["text"])
            case "key" | "hotkey":
                self._run("key", "+".join(KEYS.get(key, key) for key in action["keys"]))
            case "navigate":
                self._navigate(action["text"])
            case other:
                assert other == "terminate"

    def _point(self, action: dict[str, Any]) -> None:
        self._run(*self._at(action["x"], action["y"]), *self._held(action, "keydown"))
        if action["kind"] == "click":
            self._run("click", "--repeat", action["count"], "--delay", 60, BUTTONS[action["button"]])
        elif action["kind"] == "drag":
            button = BUTTONS[action["button"]]
            self._run("mousedown", button, *self._at(action["x2"], action["y2"]), "mouseup", button)
        else:
            for turns, back, on in ((action["dy"], 5, 4), (action["dx"], 6, 7)):
                if turns:
                    self._run("click", "--repeat", abs(turns), "--delay", 60, on if turns > 0 else back)
        self._run(*self._held(action, "keyup"))

    def _navigate(self, url: str) -> None:
        mark = self._site.mark()
        self._run("key", "ctrl+l")
        # A page that had no focus does not say that it lost it.
        with suppress(DesktopError):
            self._site.wait(lambda each: each.why == "blur", "the page to lose the focus", since=mark, seconds=_BLUR)
        self._run("type", "--delay", 8, "--", url)
        self._run("key", "Return")

    def _at(self, x: int, y: int) -> tuple[str | int, ...]:
        """The pointer at pixel *x*, *y* of the page, wherever that lies on this screen."""
        content = self._page().content
        return "mousemove", "--sync", content.x + x, content.y + y

    def _page(self) -> Layout:
        """The page in view, measured: it must have seen the pointer once."""
        deadline = time.monotonic() + _PATIENCE
        known = self._site.latest()
        while not known.exact:
            assert time.monotonic() < deadline, f"waited {_PATIENCE:g} s in vain for the page to see the pointer"
            middle = known.content
            for nudge in (0, 3):
                self._run("mousemove", middle.x + middle.width - 30 - nudge, middle.y + middle.height // 2)
            self._settle()
            known = self._site.latest()
        return known

    def _held(self, action: dict[str, Any], what: str) -> tuple[str, ...]:
        return tuple(word for each in action["modifiers"] or () for word in (what, KEYS[each]))

    def _settle(self) -> None:
        mark, since = self._site.mark(), time.monotonic()
        while time.monotonic() - since < _QUIET:
            time.sleep(0.03)
            if self._site.mark() != mark:
                mark, since = self._site.mark(), time.monotonic()

    def _run(self, *words: str | int) -> None:
        if words:
            command = ["xdotool", *map(str, words)]
            subprocess.run(command, env=self._env, check=True, capture_output=True, timeout=60)
