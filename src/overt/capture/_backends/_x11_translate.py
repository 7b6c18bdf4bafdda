"""From the X server's events to ours: names and text of keys, buttons, the wheel, and the instant of each."""

from overt.capture._backends._x11_keymap import KeyMap
from overt.capture._backends._x11_keysyms import KeySymbols, key_name
from overt.capture._backends._x11_wire import Code, DeviceEvent
from overt.events.raw import RawButton, RawEvent, RawKey, RawMove, RawScroll

MOVES_APART_NS = 100_000_000
"""At most ten moves a second: enough for a path, too coarse to know a hand by."""
_BUTTONS = {1: "left", 2: "middle", 3: "right", 8: "back", 9: "forward"}
_WHEEL = {4: (0, 1), 5: (0, -1), 6: (-1, 0), 7: (1, 0)}
_CLOCK = 1 << 32
_OLDEST_MS = 60_000
_NS_PER_MS = 1_000_000


class ServerClock:
    """Turns the server's milliseconds into our monotonic nanoseconds.

    The instant at which a key reached *us* grows with our own load, and a late key would be judged by the context of
    the next field. The server's own time does not. The smallest difference of both clocks that was seen is the one
    with the least delay in it, so it is kept.
    """

    def __init__(self) -> None:
        """Know nothing yet of the server's clock."""
        self._offset_ms: int | None = None
        self._last_ns = 0

    def observe(self, server_ms: int, at_ns: int) -> None:
        """Learn that the server's clock showed *server_ms* at or before *at_ns*."""
        offset = (at_ns // _NS_PER_MS - server_ms) % _CLOCK
        if self._offset_ms is None or (offset - self._offset_ms) % _CLOCK > _CLOCK // 2:
            self._offset_ms = offset

    def instant(self, server_ms: int, received_ns: int) -> int:
        """Return when *server_ms* was: never after *received_ns*, and never before an instant given earlier."""
        age_ms = 0
        if self._offset_ms is not None:
            age_ms = (received_ns // _NS_PER_MS - self._offset_ms - server_ms) % _CLOCK
        if age_ms > _OLDEST_MS:
            age_ms = 0
        self._last_ns = max(self._last_ns, received_ns - age_ms * _NS_PER_MS)
        return self._last_ns


class Translator:
    """Holds what an event's meaning depends on: the key map, a pending dead key, and the keys that are down."""

    def __init__(self, symbols: KeySymbols, keymap: KeyMap) -> None:
        """Read keys by *symbols* and *keymap*; assign ``keymap`` when the server says that it changed."""
        self.keymap = keymap
        self._symbols = symbols
        self.reset()

    def reset(self) -> None:
        """Forget everything of the time before: nobody watched while the hook was disarmed."""
        self.clock = ServerClock()
        self._dead = 0
        self._down: dict[int, tuple[str | None, str | None]] = {}
        self._next_move_ns = 0

    def translate(self, event: DeviceEvent, received_ns: int, seq: int) -> RawEvent | None:
        """Return our form of *event*, numbered *seq*, or ``None`` if it is none that we report.

        Not reported are moves that come too soon after the last, the release of the wheel, and buttons without a name.
        """
        at_ns = self.clock.instant(event.ms, received_ns)
        match event.code:
            case Code.KEY_PRESS | Code.KEY_RELEASE:
                return self._key(event, at_ns, seq)
            case Code.BUTTON_PRESS | Code.BUTTON_RELEASE:
                return self._button(event, at_ns, seq)
            case Code.MOTION:
                return self._move(event, at_ns, seq)
            case _:
                return None

    def _key(self, event: DeviceEvent, at_ns: int, seq: int) -> RawKey:
        pressed = event.code == Code.KEY_PRESS
        if pressed:
            meaning = self._down[event.detail] = self._press(event)
        else:
            down = self._down.pop(event.detail, None)
            meaning = down if down is not None else self._meaning(event)
        text, name = meaning
        held = self.keymap.modifiers.held(event.state)
        return RawKey(seq=seq, at_ns=at_ns, pressed=pressed, text=text, name=name, modifiers=held)

    def _press(self, event: DeviceEvent) -> tuple[str | None, str | None]:
        """Say what a press means, and let a dead key change the letter after it."""
        text, name = self._meaning(event)
        if name == "dead":
            self._dead = self.keymap.symbol(event.detail, event.state)[0]
        elif text is not None and self._dead:
            text = self._symbols.composed(self._dead, text)
            name = None if text else "dead"
            self._dead = 0
        elif name not in _HELD:
            self._dead = 0
        return text, name

    def _meaning(self, event: DeviceEvent) -> tuple[str | None, str | None]:
        symbol, locked = self.keymap.symbol(event.detail, event.state)
        text = self._symbols.text(symbol)
        if text is None:
            return None, key_name(symbol)
        upper = text.upper()
        return (upper if locked and len(upper) == 1 else text), None

    def _button(self, event: DeviceEvent, at_ns: int, seq: int) -> RawButton | RawScroll | None:
        pressed = event.code == Code.BUTTON_PRESS
        held = self.keymap.modifiers.held(event.state)
        if event.detail in _WHEEL:
            dx, dy = _WHEEL[event.detail]
            turn = RawScroll(seq=seq, at_ns=at_ns, x=event.x, y=event.y, dx=dx, dy=dy, modifiers=held)
            return turn if pressed else None
        button = _BUTTONS.get(event.detail)
        if button is None:
            return None
        return RawButton(seq=seq, at_ns=at_ns, pressed=pressed, button=button, x=event.x, y=event.y, modifiers=held)

    def _move(self, event: DeviceEvent, at_ns: int, seq: int) -> RawMove | None:
        if at_ns < self._next_move_ns:
            return None
        self._next_move_ns = at_ns + MOVES_APART_NS
        return RawMove(seq=seq, at_ns=at_ns, x=event.x, y=event.y)


_HELD = {"shift", "ctrl", "alt", "altright", "winleft", "winright", "capslock", "numlock"}
