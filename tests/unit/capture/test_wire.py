"""The server's bytes are told apart, however they arrive."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.capture._backends._x11_wire import BUFFER, DeviceEvent, Item, RecordStream, ServerTime, Signal

START, FROM_SERVER, END = 4, 0, 5


def event(code: int = 2, detail: int = 38, ms: int = 7, state: int = 0) -> bytes:
    return struct.pack("=BBHIIIIhhhhHBx", code, detail, 0, ms, 1, 0, 0, 10, -20, 0, 0, state, 1)


def reply(category: int, data: bytes = b"", *, swapped: bool = False, ms: int = 5) -> bytes:
    return struct.pack("=BBHIBBxxIII8x", 1, category, 9, len(data) // 4, 0, swapped, 0, ms, 0) + data


def remapped(request: int) -> bytes:
    return struct.pack("=BxHBBB25x", 34, 9, request, 8, 248)


def cut(chunks: list[bytes]) -> list[Item]:
    stream, items = RecordStream(), []
    for chunk in chunks:
        stream.room[: len(chunk)] = chunk
        items += list(stream.items(len(chunk)))
    return items


SESSION = (
    reply(START)
    + remapped(1)
    + reply(FROM_SERVER, event() + event(3, ms=8, state=1))
    + remapped(2)
    + reply(END)
    + bytes(32)
)
ITEMS = [
    Signal.STARTED,
    ServerTime(5),
    Signal.REMAPPED,
    ServerTime(5),
    DeviceEvent(2, 38, 7, 10, -20, 0),
    DeviceEvent(3, 38, 8, 10, -20, 1),
    ServerTime(5),
    Signal.ENDED,
    Signal.REFUSED,
]


@given(st.lists(st.integers(0, len(SESSION))))
def test_items_do_not_depend_on_how_the_bytes_arrive(cuts: list[int]) -> None:
    bounds = [0, *sorted(cuts), len(SESSION)]

    items = cut([SESSION[a:b] for a, b in pairwise(bounds)])

    assert sorted(items[7:], key=str) == sorted(ITEMS[7:], key=str)
    assert items[:6] == ITEMS[:6]


def test_the_start_comes_before_the_first_word_on_the_servers_clock() -> None:
    assert cut([reply(START, ms=42)]) == [Signal.STARTED, ServerTime(42)]


@pytest.mark.parametrize(
    "packet",
    [reply(FROM_SERVER, event(), swapped=True), reply(FROM_SERVER, event() + bytes(4))],
    ids=["other byte order", "half an event"],
)
def test_recorded_bytes_that_are_no_events_are_garbled(packet: bytes) -> None:
    assert cut([packet]) == [ServerTime(5), Signal.GARBLED]


def test_a_packet_that_can_never_fit_ends_the_connection() -> None:
    stream = RecordStream()
    stream.room[:32] = struct.pack("=BBHI24x", 1, FROM_SERVER, 0, BUFFER)

    with pytest.raises(ConnectionError, match="impossible size"):
        list(stream.items(32))


def test_nothing_of_a_finished_packet_stays_in_the_buffer() -> None:
    stream = RecordStream()
    packet = reply(FROM_SERVER, event(detail=99, ms=0x5A5A5A5A))
    stream.room[: len(packet) + 3] = packet + b"\x01\x00\x00"

    list(stream.items(len(packet) + 3))

    assert b"\x5a" not in bytes(stream.room)
    assert len(stream.room) == BUFFER - 3


def test_an_event_of_the_wire_does_not_show_itself() -> None:
    assert repr(DeviceEvent(2, 38, 7, 1, 2, 0)) == "DeviceEvent(...)"
