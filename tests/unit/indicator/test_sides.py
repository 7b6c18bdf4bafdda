"""Where the border lies, and how much of it can be seen."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from overt.events.geometry import Rect
from overt.indicator._backends._sides import border, shown_share

SCREEN = Rect(x=0, y=0, width=100, height=80)
RECTS = st.builds(
    Rect, x=st.integers(-50, 120), y=st.integers(-50, 120), width=st.integers(0, 150), height=st.integers(0, 150)
)
SMALL = st.builds(
    Rect, x=st.integers(-3, 12), y=st.integers(-3, 12), width=st.integers(0, 12), height=st.integers(0, 12)
)


def rect(x: int, y: int, width: int, height: int) -> Rect:
    return Rect(x=x, y=y, width=width, height=height)


def test_the_border_lies_outside_where_the_screen_has_room() -> None:
    assert border(rect(20, 20, 40, 30), SCREEN, 4) == (
        rect(16, 16, 48, 4),
        rect(16, 50, 48, 4),
        rect(16, 20, 4, 30),
        rect(60, 20, 4, 30),
    )


def test_the_border_of_a_window_that_fills_the_screen_lies_inside_its_edge() -> None:
    assert border(SCREEN, SCREEN, 4) == (
        rect(0, 0, 100, 4),
        rect(0, 76, 100, 4),
        rect(0, 4, 4, 72),
        rect(96, 4, 4, 72),
    )


@pytest.mark.parametrize("off", [rect(200, 0, 50, 50), rect(-50, 0, 52, 50), rect(10, 10, 50, 8)])
def test_a_window_that_is_hardly_on_the_screen_has_no_border(off: Rect) -> None:
    assert border(off, SCREEN, 4) is None


@given(RECTS)
def test_four_sides_are_on_the_screen_share_no_pixel_and_surround_what_is_seen(around: Rect) -> None:
    sides = border(around, SCREEN, 4)
    if sides is None:
        return

    part = around.intersection(SCREEN)
    pixels = [(x, y) for side in sides for x in range(side.x, side.x + side.width) for y in _rows(side)]

    assert part is not None
    assert all(side.intersection(SCREEN) == side for side in sides)
    assert len(pixels) == len(set(pixels))
    assert min(x for x, _ in pixels) <= part.x
    assert max(x for x, _ in pixels) >= part.x + part.width - 1
    assert min(y for _, y in pixels) <= part.y
    assert max(y for _, y in pixels) >= part.y + part.height - 1


def _rows(side: Rect) -> range:
    return range(side.y, side.y + side.height)


@example(side=rect(0, 0, 10, 2), covers=[rect(0, 0, 5, 2), rect(5, 0, 5, 2)])
@example(side=rect(0, 0, 0, 0), covers=[])
@given(side=SMALL, covers=st.lists(SMALL, max_size=4))
def test_the_shown_share_counts_the_pixels_that_nothing_covers(side: Rect, covers: list[Rect]) -> None:
    screen = rect(0, 0, 10, 10)
    pixels = [(x, y) for x in range(side.x, side.x + side.width) for y in _rows(side)]

    share = shown_share(side, screen, covers)

    seen = [p for p in pixels if screen.contains(*p) and not any(cover.contains(*p) for cover in covers)]
    assert share == pytest.approx(len(seen) / len(pixels) if pixels else 0.0)
