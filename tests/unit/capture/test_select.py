"""A desktop that cannot be recorded is refused with what to do, and choosing never touches a display."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping

import pytest

from overt.capture.select import open_frames, open_hook
from overt.errors import DesktopError


def hook(environ: Mapping[str, str], platform: str) -> object:
    return open_hook(moves=False, environ=environ, platform=platform)


def frames(environ: Mapping[str, str], platform: str) -> object:
    return open_frames(environ=environ, platform=platform)


@pytest.mark.parametrize("choose", [hook, frames])
@pytest.mark.parametrize(
    ("environ", "platform", "message"),
    [
        ({}, "linux", "DISPLAY is not set"),
        ({"DISPLAY": ""}, "linux", "DISPLAY is not set"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "linux", "Wayland"),
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, "linux", "Wayland"),
        ({"DISPLAY": "localhost:10.0"}, "linux", "display of this machine"),
        ({"DISPLAY": "tcp/desk.example.org:0"}, "linux", "display of this machine"),
        ({"DISPLAY": ":0"}, "win32", "win32"),
        ({"DISPLAY": ":0"}, "darwin", "darwin"),
    ],
)
def test_an_unfit_desktop_is_refused_with_a_remedy(
    choose: Callable[[Mapping[str, str], str], object], environ: dict[str, str], platform: str, message: str
) -> None:
    with pytest.raises(DesktopError, match=message) as refusal:
        choose(environ, platform)

    assert "X11" in refusal.value.hint


def test_a_display_that_is_not_there_is_refused() -> None:
    chosen = open_hook(moves=False, environ={"DISPLAY": ":65432"}, platform="linux")

    with pytest.raises(DesktopError, match="no connection to the display :65432"):
        chosen.start(lambda: None)
    chosen.disarm()
    chosen.close()


def test_frames_of_a_display_that_is_not_there_are_refused() -> None:
    with pytest.raises(DesktopError, match="no pictures from the display :65432"):
        open_frames(environ={"DISPLAY": ":65432"}, platform="linux")


def test_a_hook_that_was_not_started_cannot_be_armed() -> None:
    chosen = open_hook(moves=False, environ={"DISPLAY": ":65432"}, platform="linux")

    with pytest.raises(DesktopError, match="lost its display"):
        chosen.arm()
    assert (chosen.alive, chosen.armed, chosen.seen, chosen.lost, chosen.pending) == (False, False, 0, 0, False)


def test_choosing_imports_no_pynput() -> None:
    code = (
        "import sys; from overt.capture.select import open_hook;"
        "open_hook(moves=False, environ={'DISPLAY': ':65432'}, platform='linux');"
        "sys.exit('pynput' in sys.modules)"
    )
    environ = {name: value for name, value in os.environ.items() if name != "DISPLAY"}

    run = subprocess.run([sys.executable, "-c", code], env=environ, check=False, capture_output=True, text=True)

    assert (run.returncode, run.stderr) == (0, "")
