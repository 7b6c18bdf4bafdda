"""A web address taken apart by a grammar stricter than any browser's: what could be read in two ways is refused."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from overt.policy.rules import SiteRule

MAX_URL: Final = 8192
"""Characters; a longer address is refused."""

_HEX: Final = frozenset("0123456789abcdefABCDEF")
_HOST: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
_SCHEME: Final = "https://"
_SPACING: Final = frozenset(" \u200c\u200d")
"""A space, and the two joiners without which Persian and Indic titles cannot be written."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Address:
    """An https address on port 443. *path* is decoded once; *params* are decoded and in order; *fragment* is raw."""

    host: str
    path: str
    params: tuple[tuple[str, str], ...]
    fragment: str

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the path between slashes, in lower case, without empty ones at either end."""
        return tuple(self.path.casefold().strip("/").split("/")) if self.path.strip("/") else ()

    def values(self, name: str) -> tuple[str, ...]:
        """Return every value that the query gives for the parameter *name*, in order."""
        return tuple(value for key, value in self.params if key == name)


def parse(url: str) -> Address | SiteRule:
    """Take *url* apart, or say by which rule it is refused. Never raises."""
    if len(url) > MAX_URL:
        return SiteRule.TOO_LONG
    if any(_unprintable(char) for char in url):
        return SiteRule.UNREADABLE
    if url[: len(_SCHEME)].lower() != _SCHEME:
        return SiteRule.SCHEME
    authority, rest = _cut(url[len(_SCHEME) :], "/?#")
    if "\\" in url:
        return SiteRule.UNREADABLE
    host = _host(authority)
    return host if isinstance(host, SiteRule) else _whole(host, rest)


def _whole(host: str, rest: str) -> Address | SiteRule:
    beyond, _, fragment = rest.partition("#")
    raw_path, _, raw_query = beyond.partition("?")
    path = unquote(raw_path or "/")
    params = _params(raw_query)
    if path is None or params is None:
        return SiteRule.UNREADABLE
    if "%" in path or "//" in path or not {".", ".."}.isdisjoint(path.split("/")):
        return SiteRule.PATH_TRICK
    if "\\" in path or any(_unprintable(char) for char in path if char not in _SPACING):
        return SiteRule.UNREADABLE
    return Address(host=host, path=path, params=params, fragment=fragment)


def _host(authority: str) -> str | SiteRule:
    if "@" in authority:
        return SiteRule.USERINFO
    if "%" in authority:
        return SiteRule.UNREADABLE
    name, colon, port = authority.partition(":")
    if colon and port != "443":
        return SiteRule.PORT
    host = name.lower().removesuffix(".")
    if not host.isascii() or "xn--" in host:
        return SiteRule.HOST_NOT_ASCII
    return host if host and _HOST.issuperset(host) else SiteRule.UNREADABLE


def _params(query: str) -> tuple[tuple[str, str], ...] | None:
    """Read a query as the strictest server would: leading spaces of a name and what follows ``[`` do not count."""
    found: list[tuple[str, str]] = []
    for pair in query.split("&") if query else ():
        raw_name, _, raw_value = pair.partition("=")
        name, value = unquote(raw_name.replace("+", " ")), unquote(raw_value.replace("+", " "))
        if name is None or value is None or any(_unprintable(char) for char in name if char != " "):
            return None
        found.append((name.partition("[")[0].strip().casefold(), value))
    return tuple(found)


def unquote(text: str) -> str | None:
    """Decode the percent escapes of *text* once; ``None`` when an escape is torn or the bytes are not UTF-8."""
    head, *parts = text.split("%")
    decoded = bytearray(head.encode(errors="surrogatepass"))
    for part in parts:
        if len(part) < 2 or not _HEX.issuperset(part[:2]):  # noqa: PLR2004 - an escape has two digits
            return None
        decoded.append(int(part[:2], 16))
        decoded += part[2:].encode(errors="surrogatepass")
    try:
        return decoded.decode()
    except UnicodeDecodeError:
        return None


def quote(text: str, safe: str) -> str:
    """Escape *text* so that only ASCII letters, digits and *safe* remain as they are."""
    kept = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~" + safe)
    return "".join(
        char if char in kept else "".join(f"%{byte:02X}" for byte in char.encode(errors="replace")) for char in text
    )


def _cut(text: str, stops: str) -> tuple[str, str]:
    at = min((place for stop in stops if (place := text.find(stop)) >= 0), default=len(text))
    return text[:at], text[at:]


def _unprintable(char: str) -> bool:
    """Say whether *char* is a space, a control or an invisible format character."""
    return char.isspace() or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"}
