"""The fakes behave as the contracts promise."""

from typing import TYPE_CHECKING

import pytest

from overt.capture._backends._fake import FakeFrames, FakeHook
from overt.errors import DesktopError
from overt.events.geometry import Rect
from overt.events.raw import RawKey

if TYPE_CHECKING:
    from overt.capture.contract import FrameSource, InputHook

KEY = RawKey(seq=0, at_ns=1, pressed=True, text="a")


def test_the_fakes_have_the_types_of_the_contracts() -> None:
    hook: InputHook = FakeHook()
    frames: FrameSource = FakeFrames()

    assert not hook.armed
    assert frames.grab(Rect(x=0, y=0, width=1, height=1)).rect.width == 1


def test_what_happens_while_disarmed_is_neither_queued_nor_counted() -> None:
    hook, woken = FakeHook(), []
    hook.start(lambda: woken.append(1))

    hook.push(KEY)
    hook.arm()
    hook.push(KEY, KEY)
    taken = hook.drain()
    hook.push(KEY)
    hook.disarm()

    assert ([event.seq for event in taken], hook.drain(), hook.seen, len(woken)) == ([1, 2], [], 3, 2)


def test_a_full_fake_loses_and_counts() -> None:
    hook = FakeHook(capacity=1)
    hook.start(lambda: None)
    hook.arm()

    hook.push(KEY, KEY)

    assert (hook.seen, hook.lost, len(hook.drain())) == (2, 1, 1)


def test_a_hook_without_its_display_cannot_be_armed() -> None:
    hook = FakeHook()
    hook.start(lambda: None)
    hook.die()

    with pytest.raises(DesktopError, match="lost its display"):
        hook.arm()
    assert not hook.alive


def test_a_frame_is_clipped_to_the_screen() -> None:
    frame = FakeFrames(Rect(x=0, y=0, width=10, height=10)).grab(Rect(x=8, y=-5, width=10, height=10))

    assert frame.rect == Rect(x=8, y=0, width=2, height=5)
    assert len(frame.pixels) == 2 * 5 * 4


def test_a_rectangle_off_the_screen_has_no_frame() -> None:
    with pytest.raises(DesktopError):
        FakeFrames().grab(Rect(x=5000, y=0, width=10, height=10))
