"""Pages inside the allowlist of which one person wants nothing recorded: by host, by path, by what is searched for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from overt.errors import PolicyError
from overt.policy.address import Address, parse
from overt.policy.hosts import HOSTS
from overt.policy.rules import SiteRule

_SCHEME: Final = "https://"
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Prefix:
    """Addresses at *host* whose path begins with *path* and whose parameters begin with *params*; *text* says it."""

    text: str
    host: str
    path: str
    params: tuple[tuple[str, str], ...]

    def covers(self, address: Address) -> bool:
        """Say whether *address* begins so; case, and underscores for spaces, do not count."""
        if _host(address.host) != self.host or not any(path.startswith(self.path) for path in _paths(address)):
            return False
        return all(
            any(_plain(given).startswith(value) for given in address.values(name)) for name, value in self.params
        )


class NeverList:
    """All the prefixes of one person."""

    def __init__(self, prefixes: Iterable[str] = ()) -> None:
        """Read *prefixes*, as ``prefix_of`` wrote them; raises ``PolicyError``."""
        self.prefixes = tuple(prefix_of(text) for text in prefixes)

    def covers(self, url: str) -> bool:
        """Say whether nothing of the page at *url* may be recorded; an address that cannot be read is covered."""
        if not self.prefixes:
            return False
        address = parse(url)
        return isinstance(address, SiteRule) or any(prefix.covers(address) for prefix in self.prefixes)


def prefix_of(text: str) -> Prefix:
    """Read the beginning of an address as a person writes it, with or without ``https://``.

    Raises:
        PolicyError: it is no such beginning, or of a host of which nothing is ever recorded.
    """
    written = text.strip()
    url = written if "://" in written else _SCHEME + written
    address = parse(url) if len(url) <= _LONGEST else SiteRule.TOO_LONG
    if isinstance(address, SiteRule):
        raise PolicyError(
            "this is not the beginning of a page's address", hint="write it like en.wikipedia.org/wiki/Depression"
        )
    if address.host not in HOSTS:
        raise PolicyError(
            "nothing is ever recorded at this host", hint="list pages of recorded sites, with their full host"
        )
    params = tuple((name, _plain(value)) for name, value in address.params)
    return Prefix(text=url.partition("#")[0], host=_host(address.host), path=_plain(address.path), params=params)


def _host(host: str) -> str:
    """Return *host* without what only says for which screen it is."""
    return ".".join(part for part in host.split(".") if part not in {"www", "m"})


def _paths(address: Address) -> tuple[str, ...]:
    """Return the path, and that of the article which a parameter names in its place."""
    return (_plain(address.path), *(f"/wiki/{_plain(title)}" for title in address.values("title")))


def _plain(text: str) -> str:
    return text.replace("_", " ").casefold()
