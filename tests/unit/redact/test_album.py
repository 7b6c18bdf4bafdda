"""Each picture is kept once in a visit, and no more bytes than the hour has; what is refused is counted."""

from typing import Any

import pytest

from overt.events.geometry import Rect
from overt.events.raw import RawFrame
from overt.redact import pixels
from overt.redact.album import Album, Picture
from overt.redact.limits import Limits

VIEW = Rect(x=0, y=0, width=20, height=10)
HOUR_NS = 3_600_000_000_000


def frame(shade: int = 1, *, at_ns: int = 0, rect: Rect = VIEW) -> RawFrame:
    return RawFrame(at_ns=at_ns, rect=rect, pixels=bytearray(bytes((shade, 2, 3, 0)) * (rect.width * rect.height)))


def album(bytes_per_hour: int = 1_000_000) -> Album:
    return Album(started_ns=0, bytes_per_hour=bytes_per_hour)


def test_a_picture_is_masked_in_its_own_pixels() -> None:
    taken = frame()

    made = album().take(taken, [Rect(x=8, y=4, width=2, height=2)], VIEW)

    assert made is not None
    assert made.masks == 1
    assert bytes(taken.pixels[(4 * 20 + 8) * 4 :][:4]) == pixels.FILL


def test_a_picture_that_shows_the_same_is_kept_once() -> None:
    book = album()

    made = [book.take(frame(at_ns=at), [], VIEW) is not None for at in (0, 1, 2)]

    assert made == [True, False, False]
    assert book.spent == 0


def test_a_caret_that_blinks_in_a_masked_field_makes_no_new_picture() -> None:
    book, field = album(), Rect(x=6, y=3, width=4, height=2)
    blinking = frame()
    blinking.pixels[(4 * 20 + 7) * 4] = 255

    first = book.take(frame(), [field], VIEW)
    second = book.take(blinking, [field], VIEW)

    assert first is not None
    assert second is None


@pytest.mark.parametrize(
    ("other", "content"),
    [
        (frame(2), VIEW),
        (frame(1), Rect(x=1, y=0, width=20, height=10)),
        (frame(1, rect=Rect(x=1, y=0, width=20, height=10)), VIEW),
    ],
    ids=["other pixels", "another part", "another place"],
)
def test_another_picture_is_kept(other: RawFrame, content: Rect) -> None:
    book = album()
    book.take(frame(), [], VIEW)

    assert book.take(other, [], content) is not None


def test_the_first_picture_of_each_visit_is_kept() -> None:
    book = album()
    book.take(frame(), [], VIEW)

    book.turn()

    assert book.take(frame(), [], VIEW) is not None


def test_a_picture_that_comes_again_after_another_is_kept_again() -> None:
    book = album()

    made = [book.take(frame(shade), [], VIEW) for shade in (1, 2, 1)]

    assert None not in made


def test_when_the_bytes_of_the_hour_are_used_up_pictures_are_refused_and_counted() -> None:
    book = album(bytes_per_hour=400)

    made = [book.take(frame(shade), [], VIEW) for shade in range(1, 6)]

    kept = [each for each in made if each is not None]
    assert made[len(kept) :] == [None] * (5 - len(kept))
    assert book.spent == 5 - len(kept) > 0
    assert sum(len(each.file) for each in kept[:-1]) < 100, "a quarter of the hour, and the last may go beyond it"


def test_a_refused_picture_is_masked_all_the_same() -> None:
    book, taken = album(bytes_per_hour=0), frame()

    made = book.take(taken, [VIEW], VIEW)

    assert made is None
    assert {bytes(taken.pixels[at : at + 4]) for at in range(0, 800, 4)} == {pixels.FILL}


def test_the_budget_comes_back_with_time_and_never_more_than_an_hour_of_it() -> None:
    book = album(bytes_per_hour=400)
    for shade in range(1, 6):
        book.take(frame(shade), [], VIEW)

    later = [book.take(frame(shade, at_ns=20 * HOUR_NS), [], VIEW) for shade in range(10, 30)]

    kept = [each for each in later if isinstance(each, Picture)]
    assert 400 <= sum(len(each.file) for each in kept) < 400 + len(kept[0].file)


def test_a_clock_that_goes_back_earns_nothing() -> None:
    book = album(bytes_per_hour=400)
    for shade in range(1, 12):
        book.take(frame(shade, at_ns=HOUR_NS), [], VIEW)
    refused = book.spent

    made = [book.take(frame(shade, at_ns=at), [], VIEW) for shade, at in ((20, 0), (21, HOUR_NS))]

    assert made == [None, None]
    assert book.spent == refused + 2


def test_a_frame_without_content_is_no_picture_and_costs_nothing() -> None:
    assert album().take(frame(), [], Rect(x=100, y=0, width=5, height=5)) is None


def test_the_redactor_counts_what_its_budget_refuses(desks: Any) -> None:
    desk = desks(limits=Limits(frame_bytes_per_hour=0)).enter()
    desk.frame()

    made = desk.leave()

    assert desk.redactor.frames_refused == 1
    assert [each.kind for each in made if hasattr(each, "kind")].count("frame") == 0
