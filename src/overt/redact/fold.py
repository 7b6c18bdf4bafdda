"""Look-alikes to plain letters and digits, so that a detector sees what a person sees."""

# ruff: noqa: RUF001 - look-alikes are the point

import unicodedata
from functools import lru_cache
from typing import Final

_GREEK_AND_CYRILLIC: Final = "аАеЕоОрРсСуУхХіІјЈѕЅвВнНкКмМтТԁԛԝһӀΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορν"
_LATIN: Final = "aAeEoOpPcCyYxXiIjJsSbBhHkKmMtTdqwhIABEZHIKMNOPTYXaopv"
_LOOK_ALIKES: Final = dict(zip(_GREEK_AND_CYRILLIC, _LATIN, strict=True)) | {"ı": "i", "ℓ": "l"}
_DASHES: Final = frozenset("‐‑‒–—―−﹣－")
_QUOTES: Final = dict.fromkeys("“”„‟«»〝〞〟「」『』＂", '"') | dict.fromkeys("‘’‚‛‹›′＇`´", "'")


def fold(text: str) -> tuple[str, list[int] | None]:
    """Return *text* folded, and for each folded character its place in *text* (``None``: the same place).

    Zero-width and other format characters vanish; full-width forms, digits of any script, dashes, quotes,
    other signs, spaces and the Greek and Cyrillic letters that look Latin become their plain counterparts.
    """
    if text.isascii():
        return text, None
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = char if char.isascii() else _plain(char)
        if plain:
            kept.append(plain)
            places.append(place)
    return "".join(kept), places


def storable(text: str) -> str:
    """Return *text* without the halves of characters that no file can hold."""
    return text if text.isascii() else text.encode(errors="ignore").decode()


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    if char in _LOOK_ALIKES:
        return _LOOK_ALIKES[char]
    if char in _DASHES:
        return "-"
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Cs"}:
        return ""
    if char in _QUOTES:
        return _QUOTES[char]
    if category == "Zs":
        return " "
    if category == "Nd":
        return str(unicodedata.digit(char))
    compatible = unicodedata.normalize("NFKC", char)
    if len(compatible) == 1 and compatible.isascii():
        return compatible
    return "." if category.startswith("P") else char
