"""What the X server sends on the connection that carries recorded events, told apart byte by byte.

The layouts are those of the X11 protocol (appendix B) and of the RECORD extension (version 1.13), in this machine's
byte order, which is the one that python-xlib asked the server for.
"""

import struct
import sys
from collections.abc import Iterator
from enum import Enum, IntEnum, auto
from typing import NamedTuple

UNIT = 32
"""Every packet of the server is at least this long, and every event exactly."""
BUFFER = 1 << 16
_HEADER = struct.Struct("=BBHIBBxxIII8x")
_EVENT = struct.Struct("=BBHIIIIhhhhHBx")
_KINDS = struct.Struct("=BB2xB27x")
_ERROR, _REPLY, _MAPPING_NOTIFY, _GENERIC = 0, 1, 34, 35
_MAPPING_POINTER = 2
_FROM_SERVER, _START, _END = 0, 4, 5


class Code(IntEnum):
    """Core events of keyboard and pointer."""

    KEY_PRESS = 2
    KEY_RELEASE = 3
    BUTTON_PRESS = 4
    BUTTON_RELEASE = 5
    MOTION = 6


class Signal(Enum):
    """What the server says that is no event of a person."""

    STARTED = auto()
    ENDED = auto()
    REMAPPED = auto()
    """The keyboard's mapping changed; every client is told, unasked."""
    REFUSED = auto()
    GARBLED = auto()
    """Recorded bytes that are no whole event of this machine's byte order."""


class ServerTime(NamedTuple):
    """The server's clock when it wrote a packet, in milliseconds modulo 2³²."""

    ms: int


class DeviceEvent(NamedTuple):
    """One core event of keyboard or pointer: its code, key or button, server time, root position and modifier state."""

    code: int
    detail: int
    ms: int
    x: int
    y: int
    state: int

    def __repr__(self) -> str:
        """Name the type and nothing else: the values may be a password."""
        return "DeviceEvent(...)"


Item = Signal | ServerTime | DeviceEvent


class RecordStream:
    """Cuts the server's bytes into items, in a buffer that is reused and wiped."""

    def __init__(self) -> None:
        """Begin with nothing received."""
        self._buffer = bytearray(BUFFER)
        self._view = memoryview(self._buffer)
        self._filled = 0

    @property
    def room(self) -> memoryview:
        """The part of the buffer to receive into; never empty between two calls of ``items``."""
        return self._view[self._filled :]

    def items(self, received: int) -> Iterator[Item]:
        """Yield what the *received* bytes complete; raises ``ConnectionError`` if a packet could never fit."""
        self._filled += received
        start = 0
        while self._filled - start >= UNIT:
            size = self._packet_size(start)
            if size > BUFFER:
                raise ConnectionError("the display server sent a packet of impossible size")
            if self._filled - start < size:
                break
            yield from _packet(self._view[start : start + size])
            start += size
        self._forget(start)

    def _packet_size(self, start: int) -> int:
        kind, units = self._buffer[start] & 0x7F, int.from_bytes(self._buffer[start + 4 : start + 8], sys.byteorder)
        return UNIT + 4 * units if kind in (_REPLY, _GENERIC) else UNIT

    def _forget(self, used: int) -> None:
        rest = self._filled - used
        self._buffer[:rest] = self._buffer[used : self._filled]
        self._buffer[rest : self._filled] = bytes(used)
        self._filled = rest


def _packet(packet: memoryview) -> Iterator[Item]:
    kind, _, request = _KINDS.unpack_from(packet)
    if kind & 0x7F == _MAPPING_NOTIFY:
        if request != _MAPPING_POINTER:
            yield Signal.REMAPPED
    elif kind == _REPLY:
        yield from _reply(packet)
    elif kind == _ERROR:
        yield Signal.REFUSED


def _reply(packet: memoryview) -> Iterator[Item]:
    _, category, _, _, _, swapped, _, server_ms, _ = _HEADER.unpack_from(packet)
    if category == _START:
        yield Signal.STARTED
    yield ServerTime(server_ms)
    if category == _END:
        yield Signal.ENDED
    elif category == _FROM_SERVER:
        yield from _events(packet[UNIT:], swapped=bool(swapped))


def _events(data: memoryview, *, swapped: bool) -> Iterator[Item]:
    if swapped or len(data) % UNIT:
        yield Signal.GARBLED
        return
    for code, detail, _, ms, _, _, _, x, y, _, _, state, _ in _EVENT.iter_unpack(data):
        yield DeviceEvent(code & 0x7F, detail, ms, x, y, state)
