"""Planted secrets: one of a kind for each forbidden act, and every form in which bytes could still give one away."""

import base64
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, quote_plus

LENGTH: Final = 14
RUN: Final = 4
"""No run of more than this many of a secret's own characters may be kept."""

_CONSONANTS: Final = "jkvxz"
"""Without w: a run of \"wikipedia\" said twice would else be taken for a run of a secret."""
_VOWELS: Final = "aeiou"
_CARD_PREFIX: Final = "4"
_CARD_DIGITS: Final = 16
_TAIL: Final = ((0, 0), (1, 2), (2, 3))
"""Bytes before the secret, and how many base64 characters those bytes spoil, for each alignment."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Canary:
    """A secret that one act plants: *act* is the act's id, *text* what is typed.

    Of what is not typed (the name of a place, say) only the *whole* counts, not each run of its characters.
    """

    act: str
    text: str
    whole: bool = False

    def forms(self) -> Iterator[tuple[str, bytes]]:
        """Yield the name of an encoding and the bytes to look for, one pair for each form."""
        yield from _plain(self.text)
        yield "reversed", self.text[::-1].encode()
        yield from _base64(self.text)

    def runs(self) -> Iterator[str]:
        """Yield every run of ``RUN + 1`` characters: whatever holds a longer one holds one of these."""
        if self.whole:
            yield self.text
            return
        for start in range(len(self.text) - RUN):
            yield self.text[start : start + RUN + 1]


def plant(act: str, randomness: random.Random) -> Canary:
    """Return a word for *act* that occurs nowhere else.

    No detector may take it for a secret: what withholds it must be the gate, or else it is found.
    """
    letters = (randomness.choice(_VOWELS if place % 2 else _CONSONANTS) for place in range(LENGTH))
    return Canary(act=act, text="".join(letters))


def plant_card(act: str, randomness: random.Random) -> Canary:
    """Return a card number for *act*: random digits that pass the Luhn check."""
    digits = _CARD_PREFIX + "".join(randomness.choice("0123456789") for _ in range(_CARD_DIGITS - 2))
    return Canary(act=act, text=digits + _luhn_digit(digits))


def _plain(text: str) -> Iterator[tuple[str, bytes]]:
    raw = text.encode()
    yield "plain", raw
    yield "utf-16-le", text.encode("utf-16-le")
    yield "utf-16-be", text.encode("utf-16-be")
    yield "hex", raw.hex().encode()
    yield "HEX", raw.hex().upper().encode()
    if quote(text, safe="") != text:
        yield "url", quote(text, safe="").encode()
        yield "url+", quote_plus(text).encode()


def _base64(text: str) -> Iterator[tuple[str, bytes]]:
    for alphabet, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
        for before, spoilt in _TAIL:
            whole = (before + len(text)) // 3 * 3  # the characters of an unfinished group depend on what follows
            yield f"{alphabet}+{before}", encode(b"\0" * before + text.encode())[spoilt : whole // 3 * 4]


def _luhn_digit(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)
