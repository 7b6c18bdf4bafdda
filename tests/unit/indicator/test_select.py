"""A desktop on which nothing can be shown is refused with what to do; the fake keeps the contract."""

from typing import TYPE_CHECKING

import pytest

from overt.errors import DesktopError
from overt.events.geometry import Rect
from overt.indicator._backends._fake import FakeIndicator
from overt.indicator.select import open_indicator

if TYPE_CHECKING:
    from overt.indicator.contract import Indicator

RECT = Rect(x=1, y=2, width=30, height=40)


@pytest.mark.parametrize(
    ("environ", "platform", "message"),
    [
        ({}, "linux", "DISPLAY is not set"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "linux", "Wayland"),
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, "linux", "Wayland"),
        ({"DISPLAY": "desk.example.org:0"}, "linux", "display of this machine"),
        ({"DISPLAY": ":0"}, "win32", "win32"),
    ],
)
def test_an_unfit_desktop_is_refused_with_a_remedy(environ: dict[str, str], platform: str, message: str) -> None:
    with pytest.raises(DesktopError, match=message) as refusal:
        open_indicator(environ=environ, platform=platform)

    assert "X11" in refusal.value.hint


def test_a_display_that_is_not_there_is_refused() -> None:
    with pytest.raises(DesktopError, match="no connection to the display :65432"):
        open_indicator(environ={"DISPLAY": ":65432"}, platform="linux")


def test_the_fake_is_visible_between_show_and_hide_unless_covered() -> None:
    fake = FakeIndicator()
    indicator: Indicator = fake

    before = indicator.visible()
    indicator.show(RECT)
    shown = indicator.visible()
    fake.covered = True
    covered = indicator.visible()
    fake.covered = False
    indicator.hide()

    assert (before, shown, covered, indicator.visible(), fake.shown) == (False, True, False, False, [RECT])


def test_the_fake_refuses_to_show_on_a_dead_display() -> None:
    fake = FakeIndicator()
    fake.alive = False

    with pytest.raises(DesktopError, match="lost its display"):
        fake.show(RECT)
    fake.close()
