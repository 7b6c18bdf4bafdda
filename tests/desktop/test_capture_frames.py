"""Frames of a real screen: the right pixels of the right place, in a buffer of our own."""

from collections.abc import Iterator
from typing import Any

import mss
import pytest
from Xlib import X
from Xlib import display as xlib_display
from Xlib.protocol import rq

from overt.capture.contract import FrameSource
from overt.capture.select import open_frames
from overt.demo.desktop import HEIGHT, WIDTH, PrivateDesktop
from overt.errors import DesktopError
from overt.events.geometry import Rect

pytestmark = pytest.mark.desktop

MAGENTA = bytes((0xC8, 0x10, 0xFA))
"""Blue, green, red."""


@pytest.fixture
def frames(desktop: PrivateDesktop) -> Iterator[FrameSource]:
    made = open_frames(environ=desktop.env)
    yield made
    made.close()


@pytest.fixture
def patch(desktop: PrivateDesktop) -> Iterator[Rect]:
    """A magenta window of 30 by 20 pixels at 200, 100."""
    display: Any = xlib_display.Display(desktop.display)
    keys = {"background_pixel": 0xFA10C8, "override_redirect": True}
    window = display.screen().root.create_window(200, 100, 30, 20, 0, X.CopyFromParent, X.InputOutput, **keys)
    window.map()
    display.sync()
    yield Rect(x=200, y=100, width=30, height=20)
    display.close()


def colours(pixels: bytearray) -> list[bytes]:
    return [bytes(pixels[at : at + 3]) for at in range(0, len(pixels), 4)]


def test_a_frame_has_the_pixels_of_its_rectangle(frames: FrameSource, patch: Rect) -> None:
    frame = frames.grab(patch.grown(1))

    inside = [MAGENTA] * patch.width
    rows = [colours(frame.pixels)[at : at + 32] for at in range(0, 32 * 22, 32)]
    assert frame.rect == patch.grown(1)
    assert len(frame.pixels) == 32 * 22 * 4
    assert [row[1:-1] for row in rows[1:-1]] == [inside] * patch.height
    assert MAGENTA not in {*rows[0], *rows[-1], *(row[0] for row in rows), *(row[-1] for row in rows)}


def test_each_frame_is_a_buffer_of_its_own(frames: FrameSource, patch: Rect) -> None:
    first = frames.grab(patch)
    second = frames.grab(patch)

    first.pixels[:] = bytes(len(first.pixels))

    assert set(colours(second.pixels)) == {MAGENTA}


def test_a_frame_is_clipped_to_the_screen(frames: FrameSource) -> None:
    frame = frames.grab(Rect(x=-5, y=HEIGHT - 10, width=20, height=50))

    assert frame.rect == Rect(x=0, y=HEIGHT - 10, width=15, height=10)
    assert len(frame.pixels) == 15 * 10 * 4


def test_a_rectangle_off_the_screen_is_refused(frames: FrameSource) -> None:
    with pytest.raises(DesktopError, match="outside the screen"):
        frames.grab(Rect(x=WIDTH, y=0, width=10, height=10))


class SetMonitor(rq.Request):  # type: ignore[misc] # python-xlib has no types, and not this request
    """RandR 1.5: makes a part of the screen a monitor."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(43),
        rq.RequestLength(),
        rq.Window("window"),
        *(rq.Card32("name"), rq.Bool("primary"), rq.Bool("automatic"), rq.Card16("outputs")),
        *(rq.Int16("x"), rq.Int16("y"), rq.Card16("width"), rq.Card16("height")),
        *(rq.Card32("width_mm"), rq.Card32("height_mm")),
    )


def test_a_frame_across_two_monitors_has_the_pixels_of_both(desktop: PrivateDesktop, patch: Rect) -> None:
    """Monitors are parts of one root window, whose pixels are the only coordinates there are."""
    display: Any = xlib_display.Display(desktop.display)
    edge = patch.x + 10
    opcode = display.query_extension("RANDR").major_opcode
    places = {"left": (0, edge), "right": (edge, WIDTH - edge)}
    for name, (x, width) in places.items():
        SetMonitor(
            display=display.display,
            opcode=opcode,
            window=display.screen().root.id,
            name=display.intern_atom(name),
            primary=x == 0,
            automatic=False,
            outputs=0,
            x=x,
            y=0,
            width=width,
            height=HEIGHT,
            width_mm=100,
            height_mm=100,
        )
    display.sync()
    source = open_frames(environ=desktop.env)
    try:
        with mss.MSS(display=desktop.display) as seen:
            monitors = seen.monitors
        frame = source.grab(patch)
        whole = source.grab(Rect(x=-5, y=-5, width=9_999, height=9_999))
    finally:
        source.close()
        display.close()

    assert {each["left"] for each in monitors[1:]} == {0, edge}
    assert set(colours(frame.pixels)) == {MAGENTA}
    assert whole.rect == Rect(x=0, y=0, width=WIDTH, height=HEIGHT)


def test_a_closed_source_is_closed_twice_and_gives_no_frame(frames: FrameSource) -> None:
    frames.close()
    frames.close()

    with pytest.raises(DesktopError, match="closed"):
        frames.grab(Rect(x=0, y=0, width=10, height=10))
