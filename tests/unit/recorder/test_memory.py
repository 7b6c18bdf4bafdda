"""Pictures are overwritten as soon as they are of no more use."""

import asyncio
from collections.abc import Callable

import pytest

from overt.capture._backends._fake import FakeFrames
from overt.events.context import Context, Focus
from overt.events.geometry import Rect
from overt.events.raw import RawFrame
from overt.focus._backends._fake import FakeFocus, a_context
from overt.gate import Gate
from overt.policy.signals import Signal
from overt.recorder.pipeline import Pipeline
from overt.recorder.shutter import Shutter
from overt.recorder.tally import Tally
from overt.redact.redactor import Redactor

WIKI = "https://en.wikipedia.org/wiki/Lighthouse"
AREA = Rect(x=0, y=0, width=40, height=30)
SIGNALS = frozenset(Signal)


def a_frame() -> RawFrame:
    return RawFrame(at_ns=0, rect=AREA, pixels=bytearray(b"\x01\x02\x03\xff" * (40 * 30)))


@pytest.fixture
def pipeline() -> Pipeline:
    async def check() -> Focus:
        return a_context(WIKI)

    return Pipeline(
        gate=Gate(sites=frozenset({"wikipedia"}), signals=SIGNALS),
        redactor=Redactor(started_ns=0, signals=SIGNALS),
        tally=Tally(),
        check=check,
        now=lambda: 10**12,
    )


def settled(pipeline: Pipeline) -> None:
    asyncio.run(pipeline.settle())


def on_page(pipeline: Pipeline) -> None:
    pipeline.turn(a_context(WIKI), area="wikipedia/article", at_ns=1)


@pytest.mark.parametrize(
    ("prepare", "still", "end"),
    [
        (on_page, True, settled),
        (lambda _: None, True, settled),
        (on_page, False, lambda _: None),
        (on_page, True, Pipeline.abandon),
    ],
    ids=["held as a picture", "off the page", "not still", "consent ended"],
)
def test_a_picture_is_wiped_whatever_becomes_of_it(
    pipeline: Pipeline,
    prepare: Callable[[Pipeline], None],
    still: bool,
    end: Callable[[Pipeline], None],
) -> None:
    frame = a_frame()
    prepare(pipeline)

    pipeline.shot(frame, (), AREA, still=still)
    end(pipeline)

    assert not any(frame.pixels)


@pytest.mark.parametrize("moves_on", [True, False])
def test_a_picture_that_is_not_taken_over_is_wiped(moves_on: bool) -> None:
    context = a_context(WIKI)
    assert isinstance(context, Context)
    focus, frames = FakeFocus(context), FakeFrames()
    grabbed = []
    grab = frames.grab

    def watched(rect: Rect) -> RawFrame:
        grabbed.append(grab(rect))
        if moves_on:
            focus.set(a_context("https://example.org/"))
        return grabbed[-1]

    frames.grab = watched
    shutter = Shutter(focus=focus, frames=frames, now=lambda: 0)

    async def twice() -> list[object]:
        return [await shutter.take(context), await shutter.take(context)]

    taken = asyncio.run(twice())

    assert [each is None for each in taken] == [moves_on, True]
    assert not any(grabbed[-1].pixels)
