"""The address that is kept of an allowed page: host, path and the few parameters that say what was looked for."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from overt.policy.address import Address, parse, quote
from overt.policy.rules import SiteRule
from overt.policy.sites import Allowed, judge

_KEPT: Final = MappingProxyType(
    {
        "google": ("q", "start", "udm", "tbm", "hl"),
        "wikipedia": ("search", "title", "action"),
        "linkedin": ("keywords", "location", "start"),
    }
)
"""The only parameters that outlive cleaning, by site; each is kept once, in this order."""

_QUERY: Final = MappingProxyType({"google": "q", "wikipedia": "search", "linkedin": "keywords"})

_PATH_SAFE: Final = "/:()[]{},'!*"
_VALUE_SAFE: Final = "[]:,"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CleanUrl:
    """What is left of an address. *path* and the values of *params* are decoded and may still hold a secret.

    Use ``dataclasses.replace`` to put redacted texts in; ``url`` then writes the whole anew.
    """

    host: str
    path: str
    params: tuple[tuple[str, str], ...]
    query: str | None

    @property
    def url(self) -> str:
        """Write the address: the same parts always give the same characters, and markers stay readable."""
        pairs = "&".join(f"{name}={quote(value, _VALUE_SAFE)}" for name, value in self.params)
        return f"https://{self.host}{quote(self.path, _PATH_SAFE)}" + (f"?{pairs}" if pairs else "")


def clean(url: str) -> CleanUrl | None:
    """Keep of *url* only what its site's table names; ``None`` when the page may not be recorded at all.

    The fragment and every other parameter (session ids, tokens, where a link came from) are dropped; ids of jobs and
    names of articles by members become a template. ``query`` is what the person searched for, if the page is a search.
    """
    verdict, address = judge(url), parse(url)
    if not isinstance(verdict, Allowed) or isinstance(address, SiteRule):
        return None
    firsts = {name: values[0] for name in _KEPT[verdict.site] if (values := address.values(name))}
    query = firsts.get(_QUERY[verdict.site])
    return CleanUrl(host=address.host, path=_path(address), params=tuple(firsts.items()), query=query)


def _path(address: Address) -> str:
    match address.segments:
        case ("jobs", "view", _):
            return "/jobs/view/{job}"
        case ("jobs", "collections", _):
            return "/jobs/collections/{collection}"
        case ("pulse", _):
            return "/pulse/{article}"
        case _:
            return address.path
