"""A key and a state give the symbol that the server's own mapping says."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from overt.capture._backends._x11_keymap import Key, KeyMap, KeyType, ModifierBits, modifier_bits, parse_keys

SHIFT, LOCK, ALTGR, GROUP_2 = 1, 2, 1 << 7, 1 << 13
ONE = KeyType(0, {}, {})
ALPHABETIC = KeyType(SHIFT | LOCK, {SHIFT: 1, LOCK: 1}, {})
TWO = KeyType(SHIFT, {SHIFT: 1}, {})
FOUR = KeyType(SHIFT | ALTGR, {SHIFT: 1, ALTGR: 2, SHIFT | ALTGR: 3}, {})
KEEPING = KeyType(SHIFT | LOCK, {SHIFT: 1, LOCK: 0}, {LOCK: LOCK})


def keymap(*keys: Key) -> KeyMap:
    return KeyMap(dict(enumerate(keys, 8)), ModifierBits())


@pytest.mark.parametrize(
    ("key", "state", "expected"),
    [
        (Key((TWO,), 1, 2, (0x61, 0x41)), 0, (0x61, False)),
        (Key((TWO,), 1, 2, (0x61, 0x41)), SHIFT, (0x41, False)),
        (Key((TWO,), 1, 2, (0xE9, 0x32)), LOCK, (0xE9, True)),
        (Key((ALPHABETIC,), 1, 2, (0x61, 0x41)), LOCK, (0x41, False)),
        (Key((KEEPING,), 1, 2, (0x61, 0x41)), LOCK, (0x61, True)),
        (Key((FOUR,), 1, 4, (0x71, 0x51, 0x40, 0x7D9)), ALTGR, (0x40, False)),
        (Key((FOUR, TWO), 2, 4, (0x71, 0x51, 0x40, 0x7D9, 0x6CA, 0x6EA, 0, 0)), GROUP_2 | SHIFT, (0x6EA, False)),
        (Key((TWO,), 1, 2, (0x61,)), SHIFT, (0, False)),
        (Key((), 0, 0, ()), 0, (0, False)),
    ],
    ids=["plain", "shift", "caps applies", "caps used up", "caps kept", "altgr", "second layout", "short row", "none"],
)
def test_a_state_chooses_among_a_keys_symbols(key: Key, state: int, expected: tuple[int, bool]) -> None:
    assert keymap(key).symbol(8, state) == expected


@pytest.mark.parametrize(("beyond", "symbol"), [(2, 0x62), (2 | 0x40, 0x62), (2 | 0x80, 0x61), (2 | 0x80 | 0x30, 0x61)])
def test_a_layout_beyond_the_last_is_read_as_the_key_says(beyond: int, symbol: int) -> None:
    key = Key((ONE, ONE), beyond, 1, (0x61, 0x62))

    assert keymap(key).symbol(8, 3 << 13) == (symbol, False)


def test_a_key_that_is_not_mapped_gives_nothing() -> None:
    assert keymap().symbol(200, 0) == (0, False)


def wire() -> bytes:
    """Write the reply for key codes 8 and 9, with one type of two levels that keeps Lock."""
    head = struct.pack("=2xBBHBBBBHB19x", 8, 9, 3, 0, 1, 1, 8, 3, 2)
    kind = struct.pack("=BBHBBBx", SHIFT | LOCK, 3, 0, 2, 2, 1)
    entries = struct.pack("=BBBBHxx", 1, SHIFT, 1, 1, 0) + struct.pack("=BBBBHxx", 0, LOCK, 1, 2, 0)
    kept = struct.pack("=BBH", LOCK, 0, 0) + bytes(4)
    first = struct.pack("=4BBBH2I", 0, 0, 0, 0, 1, 2, 2, 0x61, 0x41)
    return head + kind + entries + kept + first + struct.pack("=4BBBHI", 0, 0, 0, 0, 1, 2, 1, 0xFF0D)


def test_a_reply_is_read_as_the_specification_lays_it_out() -> None:
    kind = KeyType(SHIFT | LOCK, {SHIFT: 1}, {SHIFT: LOCK, LOCK: 0})

    assert parse_keys(wire()) == {8: Key((kind,), 1, 2, (0x61, 0x41)), 9: Key((kind,), 1, 2, (0xFF0D,))}


@example(0)
@given(st.integers(0, len(wire()) - 1))
def test_a_reply_that_ends_early_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="keyboard mapping"):
        parse_keys(wire()[:length])


@given(st.binary(max_size=200))
def test_any_other_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        parse_keys(data)
    except ValueError as refusal:
        assert "keyboard mapping" in str(refusal)  # noqa: PT017 - both outcomes are right


def test_modifier_bits_come_from_the_keys_that_carry_them() -> None:
    keys = {
        64: Key((ONE,), 1, 1, (0xFFE9,)),
        133: Key((ONE,), 1, 1, (0xFFEB,)),
        92: Key((ONE,), 1, 1, (0xFE03,)),
    }
    rows = [[50], [66], [37], [133], [77], [], [64], [92]]

    bits = modifier_bits(keys, rows)

    assert bits == ModifierBits(alt=1 << 6, win=1 << 3, altgr=1 << 7)
    assert bits.held(1 << 6 | 1 << 2 | LOCK | GROUP_2) == {"alt", "ctrl"}


def test_a_keyboard_without_these_keys_holds_none_of_them() -> None:
    assert modifier_bits({}, [[0, 0]] * 8).held(0xFF) == {"shift", "ctrl"}
