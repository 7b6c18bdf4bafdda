"""The only place that speaks python-xlib for the hook: connections, the RECORD context, the keyboard's mapping."""

import struct
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any, Protocol, cast

from Xlib import display as xlib_display
from Xlib import error as xlib_error
from Xlib.ext import record
from Xlib.protocol import rq

from overt.capture._backends._x11_keymap import KeyMap, modifier_bits, parse_keys
from overt.capture._backends._x11_wire import Code
from overt.errors import DesktopError

BROKEN = (xlib_error.XError, xlib_error.ConnectionClosedError, xlib_error.DisplayError, OSError)
"""What python-xlib raises when the server refuses or goes away."""
_XKB = "XKEYBOARD"
_CORE_KEYBOARD = 0x100
_TYPES_AND_SYMBOLS = 1 | 2
_ENABLE, _ENABLE_UNITS = 5, 2
_BOTH_WAYS = 2
"""``shutdown(2)``: neither reading nor writing any more."""
_Untyped = Callable[..., Any]


class _Socket(Protocol):
    """A connection to the local display, opened by python-xlib: no room that records imports ``socket`` itself."""

    def sendall(self, data: bytes, /) -> None: ...
    def recv_into(self, buffer: memoryview, /) -> int: ...
    def shutdown(self, how: int, /) -> None: ...
    def close(self) -> None: ...


class _Wire(Protocol):
    """python-xlib's protocol layer, as far as we use it."""

    socket: _Socket
    data_recv: bytes

    def get_extension_major(self, extname: str) -> int: ...


class XDisplay(Protocol):
    """python-xlib's ``Display``, as far as the hook uses it; some methods exist only once the server has RECORD."""

    display: _Wire

    def query_extension(self, name: str) -> Any: ...  # noqa: ANN401 - python-xlib has no types
    def set_error_handler(self, handler: Callable[..., object]) -> None: ...
    def get_modifier_mapping(self) -> Sequence[Sequence[int]]: ...
    def sync(self) -> None: ...
    def flush(self) -> None: ...
    def record_create_context(self, flags: int, clients: list[int], ranges: list[dict[str, Any]]) -> int: ...
    def record_disable_context(self, context: int) -> None: ...


# python-xlib has no types at all: what is called here is given one.
_layout, _raw = cast("_Untyped", rq.Struct), cast("_Untyped", record.RawField)
_card8, _card16, _pad = cast("_Untyped", rq.Card8), cast("_Untyped", rq.Card16), cast("_Untyped", rq.Pad)
_opcode, _length = cast("_Untyped", rq.Opcode), cast("_Untyped", rq.RequestLength)
_reply_length = cast("_Untyped", rq.ReplyLength)
_open_display = cast("Callable[[str], XDisplay]", xlib_display.Display)


class Link:
    """Both connections of one hook, and its context. The lock keeps two threads from one python-xlib display."""

    def __init__(self, control: XDisplay, wire: _Wire, context: int) -> None:
        self.data = wire.socket
        self._control = control
        self._context = context
        self._early = bytes(wire.data_recv)
        self._lock = Lock()
        self._enable = struct.pack(
            "=BBHI", control.display.get_extension_major(record.extname), _ENABLE, _ENABLE_UNITS, context
        )

    def early(self, room: memoryview) -> int:
        """Copy into *room* what the server had already sent after the setup; return how many bytes."""
        room[: len(self._early)] = self._early
        return len(self._early)

    def enable(self) -> bool:
        """Ask, over the data connection, that events come over it; say whether the request could be sent."""
        try:
            self.data.sendall(self._enable)
        except OSError:
            return False
        return True

    def disable(self) -> bool:
        """Ask, over the control connection, that events stop; say whether the request could be sent."""
        try:
            with self._lock:
                self._control.record_disable_context(self._context)
                self._control.flush()
        except BROKEN:
            return False
        return True

    def read_keymap(self) -> KeyMap:
        """Ask the server how the keyboard is mapped; raises ``DesktopError`` when it gives no usable answer."""
        try:
            with self._lock:
                return _read_keymap(self._control)
        except (*BROKEN, ValueError):
            raise DesktopError("the display server did not tell how the keyboard is mapped") from None

    def hang_up(self) -> None:
        """End both connections; whoever waits for them wakes up."""
        for connection in (self.data, self._control.display.socket):
            with suppress(OSError):
                connection.shutdown(_BOTH_WAYS)

    def close(self) -> None:
        """End both connections and give their descriptors back; harmless when called twice."""
        self.hang_up()
        self.data.close()
        self._control.display.socket.close()


def open_link(name: str, *, moves: bool) -> Link:
    """Connect twice to the display *name* and create the context, disabled; raises ``DesktopError`` if impossible."""
    control = _connect(name)
    try:
        control.set_error_handler(_stay_silent)
        _require(control, name)
        context = _create_context(control, moves=moves)
        return Link(control, _connect(name).display, context)
    except DesktopError:
        control.display.socket.close()
        raise
    except BROKEN:
        control.display.socket.close()
        raise _unreachable(name) from None


def _connect(name: str) -> XDisplay:
    """Connect to *name* over its local socket alone; python-xlib would go on to try TCP for a bare ``:0``."""
    local = f"unix{name}" if name.startswith(":") else name
    display = None
    with warnings.catch_warnings():
        # python-xlib forgets to close a socket that did not connect.
        warnings.simplefilter("ignore", ResourceWarning)
        with suppress(*BROKEN):
            display = _open_display(local)
    if display is None:
        raise _unreachable(name)
    return display


def _unreachable(name: str) -> DesktopError:
    return DesktopError(f"no connection to the display {name}", hint="check DISPLAY, and that the X server runs")


def _stay_silent(*_: object) -> None:
    """Replace python-xlib's handler, which prints to stderr."""


def _require(control: XDisplay, name: str) -> None:
    for extension in (record.extname, _XKB):
        if control.query_extension(extension) is None:
            raise DesktopError(f"the display {name} lacks {extension}", hint="start the X server with this extension")


def _create_context(control: XDisplay, *, moves: bool) -> int:
    """Create the session's one context; without *moves* the server is not even asked for motion."""
    last = Code.MOTION if moves else Code.BUTTON_RELEASE
    wanted = {
        "core_requests": (0, 0),
        "core_replies": (0, 0),
        "ext_requests": (0, 0, 0, 0),
        "ext_replies": (0, 0, 0, 0),
        "delivered_events": (0, 0),
        "device_events": (int(Code.KEY_PRESS), int(last)),
        "errors": (0, 0),
        "client_started": False,
        "client_died": False,
    }
    context = control.record_create_context(0, [record.AllClients], [wanted])
    control.sync()
    return context


def _read_keymap(control: XDisplay) -> KeyMap:
    opcode = int(control.query_extension(_XKB).major_opcode)
    # The server refuses the extension's requests until it has been greeted.
    cast("_Untyped", _UseExtension)(display=control.display, opcode=opcode, major=1, minor=0)
    reply = cast("_Untyped", _GetMap)(
        display=control.display, opcode=opcode, device=_CORE_KEYBOARD, full=_TYPES_AND_SYMBOLS
    )
    keys = parse_keys(bytes(reply.data))
    return KeyMap(keys, modifier_bits(keys, control.get_modifier_mapping()))


class _UseExtension(rq.ReplyRequest):
    """Greet the keyboard extension, version 1.0."""

    _request = _layout(_card8("opcode"), _opcode(0), _length(), _card16("major"), _card16("minor"))
    _reply = _layout(_pad(2), _card16("sequence_number"), _reply_length(), _pad(24))


class _GetMap(rq.ReplyRequest):
    """Ask for all key types and all symbols; the twenty bytes left out would ask for parts."""

    _request = _layout(_card8("opcode"), _opcode(8), _length(), _card16("device"), _card16("full"), _pad(20))
    _reply = _layout(_pad(2), _card16("sequence_number"), _reply_length(), _raw("data"))
