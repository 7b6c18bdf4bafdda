"""Tokens too random to be words: letters and digits that keep changing places, or a word dressed up with signs."""

import re
from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final

from overt.redact.engine import Pattern

_IN: Final = r"A-Za-z0-9_+=~!@^*#$&%/()-"
_TOKEN: Final = re.compile(f"[{_IN}]{{8,}}")
"""One class, repeated: linear in any engine, and this one is the quickest where there are many matches."""
_PART: Final = Pattern(r"[^/]{8,}")
_SETTINGS: Final = Pattern(r"[A-Za-z_][A-Za-z0-9_-]*=[^&=]+={0,2}(?:&[A-Za-z_][A-Za-z0-9_-]*=[^&=]*)*")
_VALUE: Final = Pattern(r"(?:^|&)[A-Za-z0-9_-]+=([^&=]+={0,2})")
_MOST: Final = 0.6
"""The share of a token that must be random for all of it to be withheld: the letters of base64 have a slash."""
_JOINTS: Final = "._-"
_LONG: Final = 16
_SHORT: Final = 8
_LONG_CHANGES: Final = 3
_SHORT_CHANGES: Final = 4
_DRESSED: Final = frozenset("!@^*~$&%#")

_CLASSES: Final = str.maketrans(
    dict.fromkeys(ascii_lowercase + ascii_uppercase, "a")
    | dict.fromkeys(digits, "0")
    | dict.fromkeys("_+=~!@^*#$&%/()-")
)
_CASES: Final = str.maketrans(dict.fromkeys(ascii_lowercase, "a") | dict.fromkeys(ascii_uppercase, "A"))

_ELEMENT: Final = (
    r"(?:He|Li|Be|Ne|Na|Mg|Al|Si|Cl|Ar|Ca|Sc|Ti|Cr|Mn|Fe|Co|Ni|Cu|Zn|Ga|Ge|As|Se|Br|Kr|Rb|Sr|Zr|Nb|Mo|Ag|Cd|In|Sn|"
    r"Sb|Te|"
    r"Xe|Cs|Ba|La|Ce|Pt|Au|Hg|Tl|Pb|Bi|Th|[BCFHIKNOPSUVWY])"
)
_COMPOUND: Final = Pattern(rf"(?i)(?:\d?\(?(?:{_ELEMENT}\d{{0,2}})+\)?\d{{0,2}}[+=-]?)+")
_FUNCTION: Final = r"(?:arc)?(?:sin|cos|tan)h?|log|ln|exp|pi|sqrt|lim|mod|max|min|dx|dy|dt|mc|ab|xy|ac"
_FORMULA: Final = Pattern(
    rf"(?i)(?:(?:{_FUNCTION}|[a-z]|\d{{1,3}}){{0,3}}[-+*/^=()])+(?:{_FUNCTION}|[a-z]|\d{{1,3}}){{0,3}}"
)
_SIZE: Final = Pattern(r"(?i)\d{1,4}(?:[xp*]\d{1,4})+(?:[a-z]{1,4}\d{0,3}){0,2}")
_CODE: Final = Pattern(r"(?i)0x[0-9a-f]{1,8}")
_MACHINE: Final = Pattern(r"(?i)(?:arm|x86|i386|amd|aarch|riscv)[-_]?\d{2}[-_a-z0-9]{0,6}|stm32[a-z]\d{3}[a-z0-9]{4}")
_PLAIN: Final = (_COMPOUND, _SIZE, _CODE, _MACHINE)
_OF_FORMULAS: Final = frozenset("=^(")


def random_tokens(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every token of a folded *text* that looks like a key or a password."""
    for match in _TOKEN.finditer(text):
        whole, start = match[0], match.start()
        if (len(whole) < _LONG and whole.isalpha()) or whole.lower() == whole.upper():
            continue  # a word, or without a letter
        if not _said(whole):
            for first, last in _values(whole):
                yield from (_dotted(text, start + begin, start + end) for begin, end in _parts(whole, first, last))


def _values(token: str) -> list[tuple[int, int]]:
    """Return where the values of settings and parameters stand in *token*, or all of it."""
    if "=" not in token[1:-2] or _SETTINGS.whole(token) is None:
        return [(0, len(token))]
    return _VALUE.finds(token)


def _parts(token: str, first: int, last: int) -> list[tuple[int, int]]:
    """Return what is random between *first* and *last*: parts between slashes, or all if most of it is."""
    value = token[first:last]
    parts = _PART.spans(value) if "/" in value else [(0, len(value))]
    random = [(begin, end) for begin, end in parts if _random(value[begin:end].strip("-_=+()"))]
    if random and not value.startswith("/"):
        most = sum(end - begin for begin, end in random) > _MOST * len(value)
        random = [(0, len(value))] if most else random
    return [(first + begin, first + end) for begin, end in random]


def _dotted(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a token to the parts that dots join to it: some providers' keys have several."""
    begin = start
    while begin > 0 and (text[begin - 1].isalnum() or text[begin - 1] in _JOINTS):
        begin -= 1
    last = end
    while last < len(text) and (text[last].isalnum() or text[last] in _JOINTS):
        last += 1
    part = text[begin:last]
    return begin + len(part) - len(part.lstrip(_JOINTS)), begin + len(part.rstrip(_JOINTS))


def _said(token: str) -> bool:
    """Say whether *token* is a chemical or mathematical formula, a size or an error's code."""
    if any(plain.whole(token) is not None for plain in _PLAIN):
        return True
    return not _OF_FORMULAS.isdisjoint(token) and _FORMULA.whole(token) is not None


def _random(token: str) -> bool:
    if len(token) < _SHORT or token.lower() == token.upper():
        return False
    flips = _case_flips(token)
    if not any(char.isdigit() for char in token):
        return len(token) >= _LONG and flips >= 2 * _LONG_CHANGES and "-" not in token
    changes = _changes(token)
    if changes >= _SHORT_CHANGES or not _DRESSED.isdisjoint(token[1:]):
        return True
    return len(token) >= _LONG and changes + flips >= _LONG_CHANGES


def _changes(token: str) -> int:
    """Count how often letters and digits take turns, whatever signs stand between them."""
    shape = token.translate(_CLASSES)
    return shape.count("a0") + shape.count("0a")


def _case_flips(token: str) -> int:
    """Count the turns from small to capital letters."""
    return token.translate(_CASES).count("aA")
