"""Events of the server become ours: what was typed, with what held, and when."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from overt.capture._backends._x11_keymap import Key, KeyMap, KeyType, ModifierBits
from overt.capture._backends._x11_keysyms import KeySymbols, key_name
from overt.capture._backends._x11_translate import ServerClock, Translator
from overt.capture._backends._x11_wire import DeviceEvent
from overt.events.raw import RawButton, RawEvent, RawKey, RawMove, RawScroll

SHIFT, LOCK, CTRL, ALT = 1, 2, 4, 8
MS = 1_000_000
TYPE = KeyType(SHIFT, {SHIFT: 1}, {})
ACUTE = 0xFE51
SYMBOLS = KeySymbols({0x6C1: "ж", ACUTE: "\u0301"}, {ACUTE: "\u0301"}, {ACUTE: "'"})
ROWS = {
    38: (0x61, 0x41),
    11: (0x32, 0x40),
    26: (0x65, 0x45),
    65: (0x20, 0x20),
    36: (0xFF0D, 0xFF0D),
    50: (0xFFE1, 0xFFE1),
    21: (ACUTE, ACUTE),
    53: (0x78, 0x58),
    20: (0xDF, 0x3F),
    40: (0x6C1, 0x6C1),
    60: (0x01001E9E, 0x01000007),
    79: (0xFF95, 0xFFB7),
    200: (0x1008FFB1, 0),
}
KEYMAP = KeyMap({code: Key((TYPE,), 1, 2, row) for code, row in ROWS.items()}, ModifierBits())


@pytest.fixture
def translator() -> Translator:
    return Translator(SYMBOLS, KEYMAP)


def key(translator: Translator, detail: int, state: int = 0, *, pressed: bool = True) -> RawKey:
    event = translator.translate(DeviceEvent(2 if pressed else 3, detail, 0, 0, 0, state), 0, 1)
    assert isinstance(event, RawKey)
    return event


def pointer(translator: Translator, code: int, detail: int, at_ms: int = 0) -> RawEvent | None:
    return translator.translate(DeviceEvent(code, detail, at_ms, 3, 4, CTRL), at_ms * MS, 7)


@pytest.mark.parametrize(
    ("detail", "state", "text", "name"),
    [
        (38, 0, "a", None),
        (38, SHIFT, "A", None),
        (38, LOCK, "A", None),
        (11, LOCK, "2", None),
        (11, SHIFT, "@", None),
        (65, 0, " ", None),
        (20, LOCK, "ß", None),
        (40, 0, "ж", None),
        (60, 0, "ẞ", None),
        (60, SHIFT, None, "unknown"),
        (79, SHIFT, "7", None),
        (79, 0, None, "home"),
        (36, 0, None, "enter"),
        (50, 0, None, "shift"),
        (21, 0, None, "dead"),
        (200, 0, None, "unknown"),
        (250, 0, None, "unknown"),
    ],
)
def test_a_key_types_a_character_or_has_a_name(
    translator: Translator, detail: int, state: int, text: str | None, name: str | None
) -> None:
    event = key(translator, detail, state)

    assert (event.text, event.name) == (text, name)


def test_modifiers_come_from_the_state_of_the_event(translator: Translator) -> None:
    assert key(translator, 38, SHIFT | CTRL | ALT | LOCK).modifiers == {"shift", "ctrl", "alt"}


def test_a_release_names_what_the_press_typed_even_when_shift_went_up_before(translator: Translator) -> None:
    pressed = key(translator, 38, SHIFT)

    released = key(translator, 38, 0, pressed=False)

    assert (pressed.text, released.text, released.pressed) == ("A", "A", False)


@pytest.mark.parametrize(
    ("details", "texts"),
    [
        ((21, 26), [None, "é"]),
        ((21, 50, 26), [None, None, "é"]),
        ((21, 65), [None, "'"]),
        ((21, 53), [None, None]),
        ((21, 36, 26), [None, None, "e"]),
        ((21, 26, 26), [None, "é", "e"]),
    ],
    ids=["composed", "shift between", "before a space", "no such letter", "given up", "only once"],
)
def test_a_dead_key_changes_the_next_letter(
    translator: Translator, details: tuple[int, ...], texts: list[str | None]
) -> None:
    assert [key(translator, detail).text for detail in details] == texts


def test_a_dead_key_from_before_the_disarming_is_forgotten(translator: Translator) -> None:
    key(translator, 21)

    translator.reset()

    assert key(translator, 26).text == "e"


@pytest.mark.parametrize(("detail", "name"), [(1, "left"), (2, "middle"), (3, "right"), (8, "back"), (9, "forward")])
def test_a_button_has_a_name_and_a_place(translator: Translator, detail: int, name: str) -> None:
    event = pointer(translator, 4, detail)

    assert isinstance(event, RawButton)
    assert (event.button, event.x, event.y, event.modifiers, event.seq) == (name, 3, 4, {"ctrl"}, 7)


@pytest.mark.parametrize(("detail", "turn"), [(4, (0, 1)), (5, (0, -1)), (6, (-1, 0)), (7, (1, 0))])
def test_the_wheel_turns_once_per_press(translator: Translator, detail: int, turn: tuple[int, int]) -> None:
    event = pointer(translator, 4, detail)

    assert isinstance(event, RawScroll)
    assert (event.dx, event.dy) == turn
    assert pointer(translator, 5, detail) is None


def test_a_button_without_a_name_is_not_reported(translator: Translator) -> None:
    assert pointer(translator, 4, 12) is None


def test_at_most_ten_moves_a_second_are_reported(translator: Translator) -> None:
    translator.clock.observe(0, 0)

    moves = [pointer(translator, 6, 0, at_ms) for at_ms in range(0, 1000, 8)]

    assert sum(isinstance(move, RawMove) for move in moves) == 10


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        (0xFFBE, "f1"),
        (0xFFC9, "f12"),
        (0xFF08, "backspace"),
        (0xFFFF, "delete"),
        (0xFFEB, "winleft"),
        (0xFE20, "tab"),
        (0xFF1B, "esc"),
        (0xFF55, "pageup"),
        (0xFF56, "pagedown"),
        (0xFFE5, "capslock"),
        (0xFFEA, "altright"),
    ],
)
def test_names_are_those_of_pyautogui(symbol: int, name: str) -> None:
    assert key_name(symbol) == name


def test_a_key_that_reached_us_late_has_the_instant_of_the_press() -> None:
    """Defect: stamped on arrival, a key typed into a password box counted for the field focused after it."""
    clock = ServerClock()
    clock.observe(1000, 5000 * MS)

    assert clock.instant(1010, 5260 * MS) == 5010 * MS


def test_the_word_with_the_least_delay_sets_the_clock() -> None:
    clock = ServerClock()

    for server_ms, at_ms in ((1000, 5040), (1100, 5101), (1200, 5230)):
        clock.observe(server_ms, at_ms * MS)

    assert clock.instant(1300, 5400 * MS) == 5301 * MS


@pytest.mark.parametrize("age_ms", [-5, 70_000], ids=["future", "far past"])
def test_a_server_time_that_cannot_be_true_is_replaced_by_the_arrival(age_ms: int) -> None:
    clock = ServerClock()
    clock.observe(0, 0)

    assert clock.instant((100_000 - age_ms) % (1 << 32), 100_000 * MS) == 100_000 * MS


@example(start=(1 << 32) - 1, gaps=[(1, 0), (1, 0)])
@given(start=st.integers(0, (1 << 32) - 1), gaps=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 900))))
def test_instants_never_go_back_nor_lie_in_the_future(start: int, gaps: list[tuple[int, int]]) -> None:
    clock, now_ms, last, arrived = ServerClock(), 10_000, 0, 0
    clock.observe(start, now_ms * MS)

    for gap, delay in gaps:
        now_ms += gap
        arrived = max(arrived, now_ms + delay)
        at_ns = clock.instant((start + now_ms - 10_000) % (1 << 32), arrived * MS)

        assert last <= at_ns <= arrived * MS
        assert at_ns == now_ms * MS
        last = at_ns
