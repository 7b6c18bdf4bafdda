"""Frames are masked at once, cut to the content area, bare PNG, and gone when the page shows what was withheld."""

import hashlib
import io
import struct
import zlib
from types import SimpleNamespace
from typing import Any

import pytest

from overt.events.geometry import Rect
from overt.events.raw import RawFrame
from overt.events.redacted import RedactedFrame
from overt.redact import pixels
from overt.redact.limits import Limits

Image = pytest.importorskip("PIL.Image", reason="without Pillow no PNG is read back by other code")
FILL = (0x30, 0x30, 0x30)
SECRET = (255, 0, 255)


def painted(rect: Rect, box: Rect) -> RawFrame:
    """Return a frame of *rect* that is blue, with *box* (root pixels) in the colour of secrets."""
    buffer = bytearray(bytes((200, 100, 50, 0)) * (rect.width * rect.height))
    for y in range(box.y - rect.y, box.y - rect.y + box.height):
        at = (y * rect.width + box.x - rect.x) * 4
        buffer[at : at + box.width * 4] = bytes((255, 0, 255, 0)) * box.width
    return RawFrame(at_ns=0, rect=rect, pixels=buffer)


def colours(png: bytes) -> dict[tuple[int, ...], int]:
    image = Image.open(io.BytesIO(png))
    return {colour: count for count, colour in image.getcolors(1 << 24)}


def chunks(png: bytes) -> list[bytes]:
    names, at = [], 8
    while at < len(png):
        size = struct.unpack(">I", png[at : at + 4])[0]
        names.append(png[at + 4 : at + 8])
        at += 12 + size
    return names


def frames(out: list[Any]) -> list[RedactedFrame]:
    return [event for event in out if isinstance(event, RedactedFrame)]


def test_a_mask_covers_its_box_and_a_margin_in_one_colour() -> None:
    screen, box = Rect(x=100, y=50, width=60, height=40), Rect(x=110, y=60, width=20, height=10)
    frame = painted(screen, box)

    touched = pixels.mask(frame, [box, Rect(x=0, y=0, width=5, height=5)])
    made = pixels.png(frame, screen)

    assert touched == 1
    assert made is not None
    assert colours(made[0]) == {FILL: 28 * 18, (50, 100, 200): 60 * 40 - 28 * 18}


def test_a_mask_at_the_edge_is_cut_to_the_frame() -> None:
    screen = Rect(x=0, y=0, width=20, height=20)
    frame = painted(screen, Rect(x=0, y=0, width=20, height=20))

    pixels.mask(frame, [Rect(x=-50, y=-50, width=500, height=500)])
    made = pixels.png(frame, screen)

    assert made is not None
    assert colours(made[0]) == {FILL: 400}


def test_only_the_content_area_is_written() -> None:
    frame = painted(Rect(x=0, y=0, width=50, height=50), Rect(x=0, y=0, width=50, height=10))

    made = pixels.png(frame, Rect(x=5, y=10, width=30, height=40))

    assert made is not None
    assert made[1:] == (30, 40)
    assert set(colours(made[0])) == {(50, 100, 200)}


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (Rect(x=90, y=90, width=5, height=5), 0),
        (Rect(x=0, y=0, width=0, height=5), 0),
        (Rect(x=0, y=0, width=9, height=9), 4),
    ],
)
def test_a_frame_without_content_or_with_too_few_pixels_is_none(content: Rect, missing: int) -> None:
    frame = painted(Rect(x=0, y=0, width=10, height=10), Rect(x=0, y=0, width=1, height=1))
    del frame.pixels[len(frame.pixels) - missing :]

    assert pixels.png(frame, content) is None


def test_the_file_has_no_chunk_that_could_tell_more() -> None:
    made = pixels.png(
        painted(Rect(x=0, y=0, width=9, height=9), Rect(x=0, y=0, width=1, height=1)), Rect(x=0, y=0, width=9, height=9)
    )

    assert made is not None
    assert chunks(made[0]) == [b"IHDR", b"IDAT", b"IEND"]


def test_a_frame_is_masked_in_its_own_pixels_before_it_is_held(desk: Any) -> None:
    box = Rect(x=110, y=180, width=400, height=40)

    shot = desk.frame(box)

    at = ((180 - 80) * 1200 + (110 - 10)) * 4
    assert bytes(shot.pixels[at : at + 4]) == pixels.FILL


def test_a_frame_announces_its_file(desk: Any) -> None:
    desk.frame(Rect(x=110, y=180, width=400, height=40))

    (made,) = frames(desk.leave())

    assert made.event.sha256 == hashlib.sha256(made.png).hexdigest()
    assert (made.event.frame, made.event.width, made.event.height, made.event.masks) == (1, 1200, 700, 1)


def test_a_frame_waits_for_the_field_that_it_may_show(desk: Any) -> None:
    desk.type("ada")
    desk.frame()
    held = desk.take()

    assert frames(held) == []
    assert len(frames(desk.leave())) == 1


def test_a_frame_of_a_page_whose_field_is_withheld_is_dropped(desk: Any) -> None:
    desk.type("4111 1111 1111 1111")
    desk.frame()

    assert frames(desk.leave()) == []


def test_a_frame_of_a_page_that_was_told_a_password_is_dropped(desk: Any) -> None:
    """The page may show it elsewhere: in a text beside the field, or in a field that is none any more."""
    desk.focused = None
    desk.withhold()
    desk.frame()

    assert frames(desk.leave()) == []


def test_a_frame_of_a_page_to_which_the_person_came_back_is_dropped_as_before(desk: Any) -> None:
    desk.type("4111 1111 1111 1111")
    desk.leave()
    desk.enter()
    desk.frame()

    assert frames(desk.leave()) == []


def test_a_frame_of_a_page_whose_address_is_withheld_is_dropped(desks: Any) -> None:
    desk = desks().enter("https://www.google.com/search?q=4111111111111111")
    desk.frame()

    assert frames(desk.leave()) == []


def test_frames_of_the_next_page_are_kept_and_numbered_without_a_gap(desk: Any) -> None:
    desk.frame()
    desk.type("4111 1111 1111 1111")
    desk.frame()
    desk.leave()
    desk.enter("https://en.wikipedia.org/wiki/Ada_Lovelace", "Ada Lovelace")
    desk.frame()

    assert [made.event.frame for made in frames(desk.leave())] == [1]


def test_only_so_many_frames_are_held_and_the_oldest_go_first(desks: Any) -> None:
    desk = desks(limits=Limits(frames=2)).enter()
    desk.type("ada")
    for at in range(5):
        desk.at_ms = 1_000 * at
        desk.frame()

    made = frames(desk.leave())

    assert [frame.event.at_ms for frame in made] == [3_000, 4_000]
    assert desk.redactor.frames_dropped == 3


# Arithmetic to the pixel

VIEW = Rect(x=100, y=50, width=40, height=30)
PIXEL = Rect(x=119, y=64, width=1, height=1)


def masked(box: Rect) -> set[tuple[int, int]]:
    """Return the places, counted from the frame's corner, that *box* fills."""
    frame = painted(VIEW, PIXEL)
    pixels.mask(frame, [box])
    width = VIEW.width
    places = range(width * VIEW.height)
    return {(at % width, at // width) for at in places if bytes(frame.pixels[at * 4 : at * 4 + 4]) == pixels.FILL}


def grid(left: int, top: int, right: int, bottom: int) -> set[tuple[int, int]]:
    return {(x, y) for x in range(left, right) for y in range(top, bottom)}


@pytest.mark.parametrize(
    ("box", "filled"),
    [
        (PIXEL, grid(15, 10, 24, 19)),
        (Rect(x=96, y=46, width=1, height=1), grid(0, 0, 1, 1)),
        (Rect(x=95, y=46, width=1, height=1), set()),
        (Rect(x=96, y=45, width=1, height=1), set()),
        (Rect(x=143, y=83, width=1, height=1), grid(39, 29, 40, 30)),
        (Rect(x=144, y=83, width=1, height=1), set()),
        (Rect(x=143, y=84, width=1, height=1), set()),
        (Rect(x=100, y=50, width=40, height=1), grid(0, 0, 40, 5)),
        (Rect(x=139, y=79, width=1, height=1), grid(35, 25, 40, 30)),
    ],
)
def test_a_mask_fills_its_box_and_four_pixels_about_it_and_not_one_more(
    box: Rect, filled: set[tuple[int, int]]
) -> None:
    assert masked(box) == filled


def test_masks_count_those_that_touch_the_frame() -> None:
    frame = painted(VIEW, PIXEL)

    touched = pixels.mask(frame, [PIXEL, PIXEL, Rect(x=0, y=0, width=5, height=5), VIEW])

    assert touched == 3
    assert pixels.mask(frame, []) == 0


def test_every_pixel_keeps_its_colour_and_its_place() -> None:
    frame = RawFrame(at_ns=0, rect=Rect(x=7, y=9, width=5, height=4), pixels=bytearray(range(80)))

    made = pixels.png(frame, Rect(x=8, y=10, width=3, height=2))

    assert made is not None
    image = Image.open(io.BytesIO(made[0]))
    wanted = [(at + 2, at + 1, at) for row in (1, 2) for at in (row * 20 + column * 4 for column in (1, 2, 3))]
    assert (image.mode, image.size) == ("RGB", (3, 2))
    assert image.tobytes() == bytes(part for colour in wanted for part in colour)


def test_a_picture_has_the_size_of_its_content_though_part_of_it_is_off_the_screen() -> None:
    """Points of the page are pixels of the picture, wherever the window stands."""
    frame = painted(Rect(x=0, y=0, width=4, height=3), Rect(x=0, y=0, width=1, height=1))

    made = pixels.png(frame, Rect(x=-2, y=-1, width=8, height=6))

    assert made is not None
    image = Image.open(io.BytesIO(made[0]))
    inside = {(x, y): image.getpixel((x, y)) for x, y in grid(2, 1, 6, 4)}
    outside = {image.getpixel(place) for place in grid(0, 0, 8, 6) - set(inside)}
    assert made[1:] == image.size == (8, 6)
    assert outside == {FILL}
    assert inside.pop((2, 1)) == SECRET
    assert set(inside.values()) == {(50, 100, 200)}


@pytest.mark.parametrize(("height", "is_made"), [(1 << 13, True), ((1 << 13) + 1, False)])
def test_a_page_larger_than_any_screen_is_no_picture(height: int, is_made: bool) -> None:
    frame = painted(VIEW, PIXEL)

    made = pixels.png(frame, Rect(x=100, y=50, width=1 << 13, height=height))

    assert (made is not None) is is_made


def test_one_pixel_is_a_picture() -> None:
    made = pixels.png(painted(VIEW, PIXEL), PIXEL)

    assert made is not None
    assert colours(made[0]) == {SECRET: 1}


def test_the_whole_file_is_what_its_format_says() -> None:
    made = pixels.png(painted(VIEW, PIXEL), VIEW)

    assert made is not None
    assert made[0][:8] == b"\x89PNG\r\n\x1a\n"
    assert made[0][16:29] == struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    Image.open(io.BytesIO(made[0])).verify()


def test_what_is_wiped_is_nothing_but_zeros_and_as_long_as_before() -> None:
    frame = painted(VIEW, PIXEL)

    pixels.wipe(frame)

    assert frame.pixels == bytes(40 * 30 * 4)


def test_the_rows_that_were_packed_are_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    packed: list[bytearray] = []

    def pack(data: bytearray, level: int) -> bytes:
        packed.append(data)
        return zlib.compress(data, level)

    with monkeypatch.context() as patch:
        patch.setattr(pixels, "zlib", SimpleNamespace(compress=pack, crc32=zlib.crc32))
        made = pixels.png(painted(VIEW, PIXEL), VIEW)

    assert made is not None
    assert len(packed[0]) == 30 * (1 + 40 * 3)
    assert not any(packed[0])


def test_the_file_ends_with_an_empty_end() -> None:
    made = pixels.png(painted(VIEW, PIXEL), VIEW)

    assert made is not None
    assert made[0].endswith(b"\0\0\0\0IEND\xaeB`\x82")


def test_a_part_in_the_middle_of_a_frame_far_from_the_corner_is_that_part() -> None:
    frame = painted(Rect(x=300, y=200, width=20, height=20), Rect(x=305, y=204, width=6, height=3))

    made = pixels.png(frame, Rect(x=305, y=204, width=6, height=3))

    assert made is not None
    assert colours(made[0]) == {SECRET: 18}


def test_a_mask_is_the_grey_that_the_format_names() -> None:
    assert bytes((0x30, 0x30, 0x30, 0xFF)) == pixels.FILL
