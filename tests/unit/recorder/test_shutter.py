"""A frame is taken between two equal looks at the page, and kept when nothing happened in between."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from overt.capture._backends._fake import FakeFrames
from overt.events.geometry import Rect
from overt.events.raw import RawFrame
from overt.focus._backends._fake import PAGE, FakeFocus, a_context
from overt.recorder import shutter as shutters
from overt.recorder.shutter import Shutter

if TYPE_CHECKING:
    from collections.abc import Callable

BOX = Rect(x=100, y=150, width=30, height=20)


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutters, "LAG_S", 0.01)


class Scene:
    def __init__(self) -> None:
        self.focus = FakeFocus(a_context())
        self.focus.boxes = (BOX,)
        self.frames = FakeFrames()
        self.taken: list[RawFrame] = []
        self.meanwhile: Callable[[], None] = lambda: None
        grab = self.frames.grab
        self.shutter = Shutter(focus=self.focus, frames=self.frames, now=lambda: 1)

        def watched(rect: Rect) -> RawFrame:
            frame = grab(rect)
            self.taken.append(frame)
            self.meanwhile()
            return frame

        self.frames.grab = watched  # type: ignore[method-assign]

    def take(self) -> tuple[RawFrame, tuple[Rect, ...], Rect] | None:
        return asyncio.run(self.shutter.take(a_context()))


def test_a_frame_comes_with_its_boxes_and_the_whole_content_area() -> None:
    scene = Scene()

    made = scene.take()

    assert made is not None
    assert made[1:] == ((BOX,), PAGE)


def test_a_frame_of_a_page_half_off_the_screen_keeps_the_whole_content_area() -> None:
    """Clicks are counted from the page's corner: a picture that began at the screen's edge was shifted against them."""
    scene = Scene()
    scene.frames.screen = Rect(x=0, y=0, width=PAGE.x + 100, height=600)

    made = scene.take()

    assert made is not None
    assert made[0].rect.width == 100
    assert made[2] == PAGE


def test_a_picture_that_did_not_change_is_taken_once() -> None:
    scene = Scene()

    assert scene.take() is not None
    assert scene.take() is None
    assert not any(scene.taken[1].pixels)


def test_a_page_is_pictured_again_after_its_picture_was_thrown_away_for_a_key() -> None:
    """What was thrown away counted as taken, and a page that looked the same was never pictured again."""
    scene = Scene()
    scene.take()

    scene.shutter.stir()

    assert scene.take() is not None


@pytest.mark.parametrize("boxes", [(BOX.moved(0, 1),), (BOX, BOX.moved(9, 9)), (), None])
def test_a_page_whose_boxes_moved_meanwhile_has_no_frame(boxes: tuple[Rect, ...] | None) -> None:
    scene = Scene()
    scene.meanwhile = lambda: setattr(scene.focus, "boxes", boxes)

    made = scene.take()

    assert made is None
    assert not any(scene.taken[0].pixels)


@pytest.mark.parametrize("change", ["elsewhere", "moved", "navigated"])
def test_a_page_that_turned_or_moved_meanwhile_has_no_frame(change: str) -> None:
    scene, context = Scene(), a_context()
    page = context.documents[0]
    others = {
        "elsewhere": a_context("https://www.google.com/"),
        "moved": replace(context, documents=(replace(page, rect=PAGE.moved(0, 1)),)),
        "navigated": replace(context, documents=(replace(page, uri=f"{page.uri}#top"),)),
    }
    scene.meanwhile = lambda: scene.focus.set(others[change])

    made = scene.take()

    assert made is None
    assert not any(scene.taken[0].pixels)


def test_a_person_who_acts_meanwhile_has_no_frame_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutters, "LAG_S", 0.5)
    scene = Scene()
    scene.shutter = Shutter(focus=scene.focus, frames=scene.frames, now=iter(range(1, 99)).__next__)

    async def act() -> object:
        grabbed = asyncio.Event()
        scene.meanwhile = grabbed.set
        taking = asyncio.create_task(scene.shutter.take(a_context()))
        await grabbed.wait()
        scene.shutter.stir()
        return await taking

    assert asyncio.run(act()) is None
    assert not any(scene.taken[0].pixels)


def test_a_look_that_is_cancelled_leaves_no_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutters, "LAG_S", 30)
    scene = Scene()

    async def cancel() -> None:
        grabbed = asyncio.Event()
        scene.meanwhile = grabbed.set
        taking = asyncio.create_task(scene.shutter.take(a_context()))
        await grabbed.wait()
        taking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await taking

    asyncio.run(cancel())

    assert len(scene.taken) == 1
    assert not any(scene.taken[0].pixels)
