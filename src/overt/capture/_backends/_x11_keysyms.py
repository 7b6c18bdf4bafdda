"""Key symbols of X11: the text that each types, and PyAutoGUI's name for each that types none."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

KEYSYM = {
    "Multi_key": 0xFF20,
    "Alt_L": 0xFFE9,
    "Alt_R": 0xFFEA,
    "Meta_L": 0xFFE7,
    "Meta_R": 0xFFE8,
    "Super_L": 0xFFEB,
    "Super_R": 0xFFEC,
    "Mode_switch": 0xFF7E,
    "ISO_Level3_Shift": 0xFE03,
}
"""The symbols that the code speaks of (``X11/keysymdef.h``)."""

_NAMES = {
    **dict.fromkeys((0xFF0D, 0xFF8D, 0xFE34), "enter"),
    **dict.fromkeys((0xFF09, 0xFF89, 0xFE20), "tab"),
    0xFF08: "backspace",
    0xFF1B: "esc",
    **dict.fromkeys((0xFFFF, 0xFF9F), "delete"),
    **dict.fromkeys((0xFF63, 0xFF9E), "insert"),
    **dict.fromkeys((0xFF50, 0xFF95), "home"),
    **dict.fromkeys((0xFF57, 0xFF9C), "end"),
    **dict.fromkeys((0xFF51, 0xFF96), "left"),
    **dict.fromkeys((0xFF52, 0xFF97), "up"),
    **dict.fromkeys((0xFF53, 0xFF98), "right"),
    **dict.fromkeys((0xFF54, 0xFF99), "down"),
    **dict.fromkeys((0xFF55, 0xFF9A), "pageup"),
    **dict.fromkeys((0xFF56, 0xFF9B), "pagedown"),
    **dict.fromkeys((0xFF0B, 0xFF9D), "clear"),
    **dict.fromkeys((0xFFE1, 0xFFE2), "shift"),
    **dict.fromkeys((0xFFE3, 0xFFE4), "ctrl"),
    **dict.fromkeys((KEYSYM["Alt_L"], KEYSYM["Meta_L"], KEYSYM["Meta_R"]), "alt"),
    **dict.fromkeys((KEYSYM["Alt_R"], KEYSYM["ISO_Level3_Shift"], KEYSYM["Mode_switch"]), "altright"),
    KEYSYM["Super_L"]: "winleft",
    KEYSYM["Super_R"]: "winright",
    **dict.fromkeys((0xFFE5, 0xFFE6), "capslock"),
    0xFF7F: "numlock",
    0xFF14: "scrolllock",
    0xFF67: "apps",
    0xFF61: "printscreen",
    0xFF13: "pause",
    0xFF6A: "help",
    KEYSYM["Multi_key"]: "compose",
    **{0xFFBE + number: f"f{number + 1}" for number in range(24)},
    0x1008FF26: "browserback",
    0x1008FF27: "browserforward",
    0x1008FF29: "browserrefresh",
    0x1008FF11: "volumedown",
    0x1008FF12: "volumemute",
    0x1008FF13: "volumeup",
}
_KEYPAD = {
    0xFF80: " ",
    0xFFAA: "*",
    0xFFAB: "+",
    0xFFAC: ",",
    0xFFAD: "-",
    0xFFAE: ".",
    0xFFAF: "/",
    0xFFBD: "=",
    **{0xFFB0 + digit: str(digit) for digit in range(10)},
}
_DEAD = range(0xFE50, 0xFEA0)
_BEFORE_SPACE = {"\u0301": "'", "\u0308": '"'}
"""Where X11's compose table differs from pynput's: acute and diaeresis before a space are the ASCII quotes."""
_LATIN_1 = (range(0x20, 0x7F), range(0xA0, 0x100))
_UNICODE = range(0x0100_0100, 0x0111_0000)
_UNICODE_BASE = 0x0100_0000


@dataclass(frozen=True, slots=True)
class KeySymbols:
    """What symbols outside Latin-1 type, and each dead key's combining mark and the accent that it gives alone."""

    characters: Mapping[int, str]
    combining: Mapping[int, str]
    spacing: Mapping[int, str]

    def text(self, symbol: int) -> str | None:
        """Return the character that *symbol* types, or ``None``."""
        if any(symbol in block for block in _LATIN_1):
            return chr(symbol)
        if symbol in _UNICODE:
            return _printable(chr(symbol - _UNICODE_BASE))
        if symbol in _DEAD:
            return None
        return _KEYPAD.get(symbol) or self.characters.get(symbol)

    def composed(self, dead: int, letter: str) -> str | None:
        """Return what *letter* becomes after the dead key *dead*, or ``None`` when there is no simple answer."""
        mark = self.combining.get(dead)
        if mark is None:
            return None
        if letter == " ":
            return self.spacing.get(dead)
        joined = unicodedata.normalize("NFC", letter + mark)
        return joined if len(joined) == 1 else None


def _printable(character: str) -> str | None:
    return None if unicodedata.category(character) in {"Cc", "Cs"} else character


def key_name(symbol: int) -> str:
    """Return PyAutoGUI's name for a *symbol* that types no text; ``dead`` and ``unknown`` are ours."""
    return "dead" if symbol in _DEAD else _NAMES.get(symbol, "unknown")


def pynput_symbols() -> KeySymbols:
    """Read pynput's tables of key symbols; pynput opens the display when it is imported, so call this late."""
    from pynput._util.xorg_keysyms import DEAD_KEYS, SYMBOLS  # noqa: PLC0415 - importing pynput needs a display

    symbols: Mapping[str, tuple[int, str | None]] = SYMBOLS
    alone: Mapping[str, str] = {**DEAD_KEYS, **_BEFORE_SPACE}
    characters = {symbol: text for symbol, text in symbols.values() if text}
    marks = {symbol: mark for symbol, mark in characters.items() if symbol in _DEAD}
    return KeySymbols(characters, marks, {symbol: alone[mark] for symbol, mark in marks.items() if mark in alone})
