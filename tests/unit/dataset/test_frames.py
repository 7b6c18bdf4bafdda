"""A frame is the one that was announced, and holds pixels only."""

import hashlib
from typing import Any

import pytest

from overt.dataset.frames import FrameFault, fault_of
from overt.events.redacted import RedactedFrame


def changed(frame: RedactedFrame, png: bytes, **event: Any) -> RedactedFrame:
    facts = {"sha256": hashlib.sha256(png).hexdigest(), **event}
    return RedactedFrame(event=frame.event.model_copy(update=facts), png=png)


def test_a_plain_frame_has_no_fault(story: Any) -> None:
    assert fault_of(story.shot(1, 0)) is None


def test_another_picture_than_the_announced_one_is_a_fault(story: Any) -> None:
    frame = story.shot(1, 0)

    assert fault_of(RedactedFrame(event=frame.event, png=story.picture(2))) is FrameFault.WRONG_HASH


@pytest.mark.parametrize("kind", [b"tEXt", b"tIME", b"eXIf", b"iCCP", b"pHYs"])
def test_a_chunk_beside_the_pixels_is_a_fault(story: Any, kind: bytes) -> None:
    frame = story.shot(1, 0)
    png = frame.png[:33] + story.chunk(kind, b"x") + frame.png[33:]

    assert fault_of(changed(frame, png)) is FrameFault.EXTRA_CHUNK


@pytest.mark.parametrize("cut", [0, 7, 8, 20, 33, 40, -12, -1])
def test_a_cut_picture_is_a_fault(story: Any, cut: int) -> None:
    frame = story.shot(1, 0)

    assert fault_of(changed(frame, frame.png[:cut])) is FrameFault.MALFORMED


def test_bytes_after_the_end_are_a_fault(story: Any) -> None:
    frame = story.shot(1, 0)

    assert fault_of(changed(frame, frame.png + b"more")) is FrameFault.MALFORMED


def test_another_size_than_the_announced_one_is_a_fault(story: Any) -> None:
    frame = story.shot(1, 0)

    assert fault_of(changed(frame, frame.png, width=65)) is FrameFault.WRONG_SIZE
