"""The border on a real screen: seen, clicked through, and honest about when it is not seen."""

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from Xlib import X
from Xlib import display as xlib_display
from Xlib.ext import xtest

from overt.capture.select import open_frames
from overt.demo import programs
from overt.demo.desktop import HEIGHT, WIDTH, PrivateDesktop
from overt.errors import DesktopError
from overt.events.geometry import Rect
from overt.indicator._backends._sides import THICKNESS, border
from overt.indicator._backends._x11 import LIFT_APART_NS, X11Indicator
from overt.indicator._backends._x11_screen import COLOUR, MARK

pytestmark = pytest.mark.desktop

SCREEN = Rect(x=0, y=0, width=WIDTH, height=HEIGHT)
AROUND = Rect(x=300, y=200, width=400, height=250)
BGR = bytes(reversed(COLOUR))


class Other:
    """Another program on the same screen, whose windows no window manager touches."""

    def __init__(self, name: str) -> None:
        self.display: Any = xlib_display.Display(name)
        self.root = self.display.screen().root

    def window(self, rect: Rect) -> Any:
        keys = {"background_pixel": 0x336699, "override_redirect": True, "event_mask": X.ButtonPressMask}
        place = (rect.x, rect.y, rect.width, rect.height, 0)
        made = self.root.create_window(*place, X.CopyFromParent, X.InputOutput, X.CopyFromParent, **keys)
        made.map()
        self.display.sync()
        return made

    def click(self, x: int, y: int) -> None:
        xtest.fake_input(self.display, X.MotionNotify, x=x, y=y)
        xtest.fake_input(self.display, X.ButtonPress, 1)
        xtest.fake_input(self.display, X.ButtonRelease, 1)
        self.display.sync()

    def sides(self) -> list[Any]:
        mark = self.display.intern_atom(MARK)
        return [w for w in self.root.query_tree().children if w.get_full_property(mark, X.AnyPropertyType)]


@pytest.fixture
def other(desktop: PrivateDesktop) -> Iterator[Other]:
    made = Other(desktop.display)
    yield made
    made.display.close()


@pytest.fixture
def indicator(desktop: PrivateDesktop) -> Iterator[X11Indicator]:
    made = X11Indicator(desktop.display)
    yield made
    made.close()


def coloured(desktop: PrivateDesktop, rect: Rect) -> float:
    """Return which share of *rect*'s pixels on the screen has the border's colour."""
    frames = open_frames(environ=desktop.env)
    pixels = frames.grab(rect).pixels
    frames.close()
    hits = sum(bytes(pixels[at : at + 3]) == BGR for at in range(0, len(pixels), 4))
    return hits * 4 / len(pixels)


def test_the_border_is_on_the_screen_when_show_returns(indicator: X11Indicator, desktop: PrivateDesktop) -> None:
    before = indicator.visible()

    indicator.show(AROUND)

    sides = border(AROUND, SCREEN, THICKNESS)
    assert sides is not None
    assert (before, indicator.visible()) == (False, True)
    assert [coloured(desktop, side) for side in sides] == [1.0] * 4
    assert coloured(desktop, AROUND) == 0.0


def test_the_border_of_a_full_screen_window_lies_inside_its_edge(
    indicator: X11Indicator, desktop: PrivateDesktop
) -> None:
    indicator.show(SCREEN)

    assert indicator.visible()
    assert coloured(desktop, Rect(x=0, y=0, width=WIDTH, height=THICKNESS)) == 1.0


def test_the_border_follows_the_window(indicator: X11Indicator, desktop: PrivateDesktop) -> None:
    indicator.show(AROUND)

    indicator.show(AROUND.moved(50, 60))

    old, new = border(AROUND, SCREEN), border(AROUND.moved(50, 60), SCREEN)
    assert old is not None
    assert new is not None
    assert indicator.visible()
    assert coloured(desktop, old[0]) < 0.1
    assert coloured(desktop, new[0]) == 1.0


def test_a_hidden_border_is_not_visible_and_can_be_shown_again(
    indicator: X11Indicator, desktop: PrivateDesktop
) -> None:
    indicator.show(AROUND)
    indicator.hide()
    hidden = (indicator.visible(), coloured(desktop, AROUND.grown(THICKNESS)))

    indicator.show(AROUND)

    assert (hidden, indicator.visible()) == ((False, 0.0), True)


def test_a_click_on_the_border_reaches_the_window_beneath(indicator: X11Indicator, other: Other) -> None:
    other.window(AROUND.grown(20))
    indicator.show(AROUND)
    sides = border(AROUND, SCREEN)
    assert sides is not None

    for side in sides:
        other.click(side.x + side.width // 2, side.y + side.height // 2)
    programs.wait_until(lambda: other.display.pending_events() >= 4, "the clicks", 3.0)

    clicks = [other.display.next_event() for _ in range(4)]
    assert [event.type for event in clicks] == [X.ButtonPress] * 4
    assert indicator.visible()


def test_an_unmapped_side_is_noticed(indicator: X11Indicator, other: Other) -> None:
    indicator.show(AROUND)

    other.sides()[2].unmap()
    other.display.sync()

    assert not indicator.visible()


def test_a_destroyed_side_is_noticed_and_made_again_by_show(indicator: X11Indicator, other: Other) -> None:
    indicator.show(AROUND)

    other.sides()[0].destroy()
    other.display.sync()
    destroyed = indicator.visible()
    indicator.show(AROUND)

    assert (destroyed, indicator.visible(), len(other.sides())) == (False, True, 4)


def test_a_side_that_was_moved_away_is_noticed(indicator: X11Indicator, other: Other) -> None:
    indicator.show(AROUND)

    other.sides()[1].configure(x=-2000)
    other.display.sync()

    assert not indicator.visible()


def test_a_covered_border_is_not_visible_until_it_is_above_again(indicator: X11Indicator, other: Other) -> None:
    indicator.show(AROUND)
    indicator._lifted_ns = time.monotonic_ns()
    other.window(AROUND.grown(20))

    covered = indicator.visible()
    indicator._lifted_ns -= LIFT_APART_NS
    indicator.visible()

    assert (covered, indicator.visible()) == (False, True)


def test_windows_that_together_cover_one_side_are_noticed(indicator: X11Indicator, other: Other) -> None:
    indicator.show(AROUND)
    indicator._lifted_ns = time.monotonic_ns()
    other.window(Rect(x=280, y=190, width=150, height=20))
    one = indicator.visible()

    other.window(Rect(x=430, y=190, width=150, height=20))

    assert (one, indicator.visible()) == (True, False)


def test_a_window_beside_the_border_does_not_matter(indicator: X11Indicator, other: Other) -> None:
    indicator.show(AROUND)

    other.window(Rect(x=900, y=600, width=50, height=50))

    assert indicator.visible()


def test_the_sides_are_marked_and_named(indicator: X11Indicator, other: Other) -> None:
    indicator.show(AROUND)

    assert [side.get_wm_class() for side in other.sides()] == [("overt-indicator", "Overt")] * 4


def test_a_window_off_the_screen_is_refused_and_the_border_taken_down(indicator: X11Indicator, other: Other) -> None:
    indicator.show(AROUND)

    with pytest.raises(DesktopError, match="no border fits"):
        indicator.show(Rect(x=5000, y=0, width=100, height=100))

    assert not indicator.visible()
    assert {side.get_attributes().map_state for side in other.sides()} == {X.IsUnmapped}


def test_a_closed_indicator_leaves_nothing_on_the_screen(indicator: X11Indicator, other: Other) -> None:
    indicator.show(AROUND)

    indicator.close()
    indicator.close()

    programs.wait_until(lambda: other.sides() == [], "the border's end", 3.0)
    assert not indicator.visible()
    with pytest.raises(DesktopError, match="closed"):
        indicator.show(AROUND)


def test_on_a_display_that_died_nothing_is_visible(tmp_path_factory: pytest.TempPathFactory) -> None:
    """In a process of its own, which must print nothing."""
    with PrivateDesktop(tmp_path_factory.mktemp("doomed")) as doomed:
        code = DYING.format(server=doomed._processes[0].pid, display=doomed.display)
        run = subprocess.run(
            [sys.executable, "-c", code], env=doomed.env, capture_output=True, text=True, timeout=30, check=False
        )

    assert (run.returncode, run.stdout.split(), run.stderr) == (0, ["True", "False", "refused"], "")


DYING = """
import os, signal, time
from overt.errors import DesktopError
from overt.events.geometry import Rect
from overt.indicator._backends._x11 import X11Indicator

indicator = X11Indicator({display!r})
indicator.show(Rect(x=100, y=100, width=100, height=100))
print(indicator.visible())
os.kill({server}, signal.SIGKILL)
time.sleep(0.3)
print(indicator.visible())
indicator.hide()
try:
    indicator.show(Rect(x=100, y=100, width=100, height=100))
except DesktopError:
    print("refused")
indicator.close()
"""
