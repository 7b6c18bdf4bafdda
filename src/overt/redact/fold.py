"""Look-alikes to plain letters and digits, so that a detector sees what a person sees."""

# ruff: noqa: RUF001 - look-alikes are the point

import unicodedata
from functools import lru_cache
from typing import Final

_GREEK_AND_CYRILLIC: Final = "аАеЕоОрРсСуУхХіІјЈѕЅвВнНкКмМтТԁԛԝһӀΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορν"
_LATIN: Final = "aAeEoOpPcCyYxXiIjJsSbBhHkKmMtTdqwhIABEZHIKMNOPTYXaopv"
_LOOK_ALIKES: Final = dict(zip(_GREEK_AND_CYRILLIC, _LATIN, strict=True)) | {"ı": "i", "ℓ": "l"}
_DASHES: Final = dict.fromkeys("‐‑‒–—―−﹣－", "-")
_QUOTES: Final = dict.fromkeys("“”„‟«»〝〞〟「」『』＂", '"') | dict.fromkeys("‘’‚‛‹›′＇`´", "'")
_ALIKE: Final = _LOOK_ALIKES | _DASHES | _QUOTES
_PLAIN_BY_CATEGORY: Final = {"Cf": "", "Mn": "", "Cs": "", "Zs": " "}


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
    if char in _ALIKE:
        return _ALIKE[char]
    category = unicodedata.category(char)
    if category in _PLAIN_BY_CATEGORY:
        return _PLAIN_BY_CATEGORY[category]
    if category == "Nd":
        return str(unicodedata.digit(char))
    compatible = unicodedata.normalize("NFKC", char)
    if len(compatible) != 1:
        compatible = char
    return "." if category.startswith("P") and not compatible.isascii() else compatible
