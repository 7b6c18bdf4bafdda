"""The focus source is chosen by the desktop, and a desktop that has none says what to do."""

import pytest

from overt.errors import DesktopError
from overt.focus._backends._x11 import X11Focus
from overt.focus.diagnosis import diagnose
from overt.focus.select import open_focus

X11 = {"DISPLAY": ":7", "XDG_SESSION_TYPE": "x11"}


def test_linux_on_x11_is_followed() -> None:
    assert isinstance(open_focus("linux", X11), X11Focus)


def test_an_x_display_without_a_session_type_is_x11() -> None:
    assert isinstance(open_focus("linux", {"DISPLAY": ":7"}), X11Focus)


@pytest.mark.parametrize(
    ("platform", "environment", "says"),
    [
        ("linux", {}, "there is no display"),
        ("linux", {"DISPLAY": ""}, "there is no display"),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, "Wayland"),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "Wayland"),
        ("linux", {"XDG_SESSION_TYPE": "wayland", "DISPLAY": ":0"}, "Wayland"),
        ("linux", {"XDG_SESSION_TYPE": "Wayland", "DISPLAY": ":0"}, "Wayland"),
        ("win32", X11, "win32"),
        ("darwin", X11, "darwin"),
    ],
)
def test_any_other_desktop_is_refused_with_a_remedy(platform: str, environment: dict[str, str], says: str) -> None:
    with pytest.raises(DesktopError, match=says) as refused:
        open_focus(platform, environment)

    assert refused.value.hint
    (check,) = diagnose(platform, environment)
    assert not check.ok
    assert says in check.detail
    assert check.remedy == refused.value.hint
