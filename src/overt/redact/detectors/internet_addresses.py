"""Addresses of the internet protocol (RFC 791, 4291) and of network cards (IEEE 802)."""

import ipaddress
from typing import Final

from overt.redact.detector import Detector
from overt.redact.engine import Pattern
from overt.redact.kinds import Kind

_COLONS_OF_IPV6: Final = 2
_COLONS_OF_A_CARD: Final = 5
_WORD: Final = Pattern(r"[\pL\pN_]")
_VERSION: Final = Pattern(r"(?i)(?:version|release|firmware|build|update|patch|driver|\bv\.?) ?$")
_CARD: Final = Pattern(r"(?i)(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
_INNER: Final = Pattern(r"(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254)\..*")


def _judge(text: str, start: int, end: int) -> Kind | None:
    """Accept an address, and no time of day, no version and no part of a word."""
    word = text[start:end]
    versioned = _VERSION.within(text[max(0, start - 12) : start])
    if "." in word and ":" not in word:
        return None if versioned and _INNER.whole(word) is None else Kind.IP
    if _WORD.within(text[max(0, start - 1) : start] + text[end : end + 1]):
        return None
    if _CARD.whole(word) is not None:
        return Kind.IP
    if word.count(":") < _COLONS_OF_IPV6 or not any(char.isdigit() for char in word):
        return Kind.IP if "-" in word or "." in word else None
    try:
        ipaddress.ip_address(word.partition("/")[0])
    except ValueError:
        return Kind.IP if word.count(":") == _COLONS_OF_A_CARD and "::" not in word else None
    return Kind.IP


DETECTOR: Final = Detector(
    kind=Kind.IP,
    hints=(".", "::", ":", "-"),
    patterns=(
        r"(?i)\b(?:\d{1,3}(?:\.|\[\.\]|\(\.\)|\[dot\]|\(dot\))){3}\d{1,3}(?:/\d{1,2})?\b",
        r"(?i)(?:[0-9a-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{0,4})(?:/\d{1,3})?",
        r"(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b",
        r"(?i)\b(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}\b",
    ),
    judge=_judge,
    found=(
        "ping «192.168.10.20»",
        "«10.0.0.0/8»",
        "«fe80::1ff:fe23:4567:890a»",
        "«3e:f7:66:9c:c6:78»",
        "«00-1A-2B-3C-4D-5E»",
        "«001a.2b3c.4d5e»",
        "version «10.0.0.1»",
        "«203[.]0[.]113[.]77»",
        "«2001:db8::/32»",
        "ether «aa:bb:cc:dd:ee:ff»",
    ),
    kept=("12:30:45", "std::vector", "a::b", "at 12:30 or 14:45", "version 1.2.3.4", "v8.8.3.1", "1.2.3", "face:feed"),
)
