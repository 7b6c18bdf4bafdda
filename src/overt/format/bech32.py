"""Bech32 without its length limit, as age spells recipients and identities."""

from typing import Final

from overt.errors import FormatError

_ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM: Final = 6


def encode(prefix: str, data: bytes) -> str:
    """Return *data* behind the lower-case human-readable *prefix*."""
    values = _regroup(data, 8, 5, pad=True)
    state = _polymod(_expand(prefix) + values + [0] * _CHECKSUM) ^ 1
    check = [(state >> 5 * (5 - place)) & 31 for place in range(_CHECKSUM)]
    return prefix + "1" + "".join(_ALPHABET[value] for value in values + check)


def decode(prefix: str, text: str) -> bytes:
    """Return the bytes that *text* spells behind the lower-case *prefix*; *text* is all lower case.

    Raises:
        FormatError: another prefix, another alphabet, a wrong checksum or stray bits. The message never quotes *text*.
    """
    head, separator, tail = text.rpartition("1")
    if not separator or head != prefix or len(tail) < _CHECKSUM or not set(tail) <= _VALUES.keys():
        raise FormatError(f"not a key that starts with {prefix}1")
    values = [_VALUES[character] for character in tail]
    if _polymod(_expand(prefix) + values) != 1:
        raise FormatError(f"wrong checksum in a key that starts with {prefix}1")
    return bytes(_regroup(bytes(values[:-_CHECKSUM]), 5, 8, pad=False))


def lowered(text: str) -> str:
    """Return the capitals *text*, the one spelling that a secret has, in small letters for :func:`decode`.

    Raises:
        FormatError: *text* has small letters, or others than ASCII.
    """
    if text != text.upper() or not text.isascii():
        raise FormatError("an identity is written in capitals")
    return text.lower()


def _expand(prefix: str) -> list[int]:
    codes = prefix.encode("ascii")
    return [code >> 5 for code in codes] + [0] + [code & 31 for code in codes]


def _polymod(values: list[int]) -> int:
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for place, term in enumerate(_GENERATOR):
            if top >> place & 1:
                state ^= term
    return state


def _regroup(data: bytes, width: int, into: int, *, pad: bool) -> list[int]:
    pending = bits = 0
    groups = []
    for value in data:
        pending = pending << width | value
        bits += width
        while bits >= into:
            bits -= into
            groups.append(pending >> bits & ((1 << into) - 1))
        pending &= (1 << bits) - 1
    if pad and bits:
        groups.append(pending << (into - bits))
    elif not pad and (bits >= width or pending):
        raise FormatError("stray bits at the end of a key")
    return groups
