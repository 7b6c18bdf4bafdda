"""The keyboard's mapping as the X keyboard extension tells it: from a key and a modifier state to a key symbol.

The core protocol's mapping cannot say which of its columns belong to the second layout and which to AltGr, so a
German ``@`` would be read as ``q``; the extension's *GetMap* reply can (The X Keyboard Extension, 16.4.2).
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from overt.capture._backends._x11_keysyms import KEYSYM

LOCK_MASK = 1 << 1
_GROUP_SHIFT, _GROUP_BITS = 13, 3
_REPLY = struct.Struct("=2xBBHBBBBHB19x")
_TYPE = struct.Struct("=BBHBBBx")
_ENTRY = struct.Struct("=BBBBHxx")
_PRESERVE = struct.Struct("=BBH")
_KEY = struct.Struct("=4BBBH")
_GROUPS_MASK, _CLAMP, _REDIRECT = 0x0F, 0x40, 0x80


class KeyType(NamedTuple):
    """Which modifiers choose among a key's symbols: *levels* by the state within *mask*, *kept* what stays unused."""

    mask: int
    levels: Mapping[int, int]
    kept: Mapping[int, int]


class Key(NamedTuple):
    """One key: a type for each layout, how a layout beyond the last is read, and rows of *width* symbols."""

    types: tuple[KeyType, ...]
    beyond: int
    width: int
    symbols: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ModifierBits:
    """Which bits of an event's state mean Alt, the Windows key and AltGr on this keyboard."""

    alt: int = 1 << 3
    win: int = 1 << 6
    altgr: int = 1 << 7

    def held(self, state: int) -> frozenset[str]:
        """Name the modifiers that are down in *state*."""
        return frozenset(name for name, bits in self._names() if state & bits)

    def _names(self) -> tuple[tuple[str, int], ...]:
        return (("shift", 1), ("ctrl", 1 << 2), ("alt", self.alt), ("win", self.win), ("altgr", self.altgr))


@dataclass(frozen=True, slots=True)
class KeyMap:
    """The mapping of every key, and which modifier bit is which."""

    keys: Mapping[int, Key]
    modifiers: ModifierBits

    def symbol(self, keycode: int, state: int) -> tuple[int, bool]:
        """Return the key symbol that *keycode* gives in *state* (0: none), and whether Caps Lock applies to it."""
        key = self.keys.get(keycode)
        if key is None or not key.types:
            return 0, False
        group = _layout(key, (state >> _GROUP_SHIFT) & _GROUP_BITS)
        kind = key.types[group]
        used = state & kind.mask
        index = group * key.width + kind.levels.get(used, 0)
        symbol = key.symbols[index] if index < len(key.symbols) else 0
        consumed = kind.mask & ~kind.kept.get(used, 0)
        return symbol, bool(state & ~consumed & LOCK_MASK)


def _layout(key: Key, group: int) -> int:
    count = len(key.types)
    if group < count:
        return group
    if key.beyond & _REDIRECT:
        target = (key.beyond >> 4) & _GROUP_BITS
        return target if target < count else 0
    return count - 1 if key.beyond & _CLAMP else group % count


def parse_keys(reply: bytes) -> dict[int, Key]:
    """Read the keys from a *GetMap* reply without its first 8 bytes, which asked for all types and all symbols.

    Raises:
        ValueError: the reply is shorter than it says, or names a type that it does not carry.
    """
    try:
        first, last, _, first_type, types, _, first_key, _, keys = _REPLY.unpack_from(reply)
        if first_type or not first <= first_key <= last:
            raise ValueError("a keyboard mapping that does not begin at the beginning")
        table, offset = _parse_types(reply, _REPLY.size, types)
        return _parse_symbols(reply, offset, range(first_key, first_key + keys), table)
    except (struct.error, IndexError):
        raise ValueError("a keyboard mapping that ends too early") from None


def _parse_types(reply: bytes, offset: int, count: int) -> tuple[list[KeyType], int]:
    table = []
    for _ in range(count):
        mask, _, _, _, entries, preserves = _TYPE.unpack_from(reply, offset)
        offset += _TYPE.size
        rows = [_ENTRY.unpack_from(reply, offset + i * _ENTRY.size) for i in range(entries)]
        offset += entries * _ENTRY.size
        kept = {}
        if preserves:
            kept = {rows[i][1]: _PRESERVE.unpack_from(reply, offset + i * _PRESERVE.size)[0] for i in range(entries)}
            offset += entries * _PRESERVE.size
        table.append(KeyType(mask, {used: level for active, used, level, *_ in rows if active}, kept))
    return table, offset


def _parse_symbols(reply: bytes, offset: int, codes: Sequence[int], table: list[KeyType]) -> dict[int, Key]:
    keys = {}
    for code in codes:
        *kinds, beyond, width, count = _KEY.unpack_from(reply, offset)
        offset += _KEY.size
        symbols = struct.unpack_from(f"={count}I", reply, offset)
        offset += 4 * count
        types = tuple(table[kind] for kind in kinds[: min(beyond & _GROUPS_MASK, 4)])
        keys[code] = Key(types, beyond, width, symbols)
    return keys


def modifier_bits(keys: Mapping[int, Key], rows: Sequence[Sequence[int]]) -> ModifierBits:
    """Find Alt, Windows and AltGr among the eight *rows* of key codes that the core protocol calls modifiers.

    Two meanings never share a bit: the one that is found first keeps it, and the other is then never reported.
    """
    found = {"alt": 0, "win": 0, "altgr": 0}
    for meaning, names in _MODIFIER_KEYS:
        for index, codes in enumerate(rows):
            bit = 1 << index
            taken = any(bits & bit for bits in found.values())
            if index > 2 and not taken and any(_carries(keys.get(code), names) for code in codes):  # noqa: PLR2004 - Shift, Lock, Control
                found[meaning] |= bit
    return ModifierBits(**found)


def _carries(key: Key | None, symbols: frozenset[int]) -> bool:
    return key is not None and not symbols.isdisjoint(key.symbols)


_MODIFIER_KEYS = tuple(
    (meaning, frozenset(KEYSYM[name] for name in names))
    for meaning, names in (
        ("altgr", ("ISO_Level3_Shift", "Mode_switch")),
        ("alt", ("Alt_L", "Alt_R", "Meta_L", "Meta_R")),
        ("win", ("Super_L", "Super_R")),
    )
)
