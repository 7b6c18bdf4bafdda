"""Which pages may be recorded: an exact table of hosts, areas inside them, and excluded areas inside those."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from overt.policy import wiki
from overt.policy.address import Address, parse
from overt.policy.hosts import HOSTS, NEVER
from overt.policy.rules import SiteRule

SITES: Final = frozenset(HOSTS.values())
"""The names of the sites that a grant can cover."""

AREAS: Final = (
    *("google/home", "google/images", "google/search"),
    *("linkedin/company", "linkedin/jobs", "linkedin/learning", "linkedin/pulse", "linkedin/school", "linkedin/search"),
    *("wikipedia/article", "wikipedia/history", "wikipedia/home", "wikipedia/search"),
)
"""Every area that ``judge`` may allow; a policy may exclude any of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The page may be recorded: *site* and *host* are from the table, *area* is like ``google/search``."""

    site: str
    host: str
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """The page may not be recorded, by *rule*. Nothing else of it is told."""

    rule: SiteRule


def judge(url: str, sites: frozenset[str] = SITES, excluded: frozenset[str] = frozenset()) -> Allowed | Denied:
    """Say whether the page at *url* may be recorded under a grant for *sites* whose policy leaves out *excluded* areas.

    Never raises; unknown means no.
    """
    address = parse(url)
    if isinstance(address, SiteRule):
        return Denied(rule=address)
    site = HOSTS.get(address.host)
    if site is None:
        return Denied(rule=NEVER.get(address.host, SiteRule.HOST_NOT_LISTED))
    if site not in sites:
        return Denied(rule=SiteRule.SITE_NOT_GRANTED)
    area = _AREA_OF[site](address)
    if isinstance(area, SiteRule):
        return Denied(rule=area)
    return Denied(rule=SiteRule.AREA_EXCLUDED) if area in excluded else Allowed(site=site, host=address.host, area=area)


def _google(address: Address) -> str | SiteRule:
    area = _GOOGLE_PATHS.get(address.path)
    if area is None:
        first = address.segments[0] if address.segments else ""
        return _GOOGLE_NEVER.get(first, SiteRule.AREA_NOT_LISTED)
    if _AI_MODE in address.values("udm"):
        return SiteRule.CONVERSATION
    return area


def _linkedin(address: Address) -> str | SiteRule:
    segments = address.segments
    for segment in segments:
        if segment in _LINKEDIN_NEVER:
            return _LINKEDIN_NEVER[segment]
        if "apply" in segment:
            return SiteRule.APPLICATION
    if segments in _LINKEDIN_PATHS:
        return _LINKEDIN_PATHS[segments]
    return _linkedin_tree(segments)


def _linkedin_tree(segments: tuple[str, ...]) -> str | SiteRule:
    area: str | SiteRule = SiteRule.AREA_NOT_LISTED
    match segments:
        case ("jobs", "view" | "collections", _):
            area = "linkedin/jobs"
        case ("search", "results", kind) if kind in _LINKEDIN_RESULTS:
            area = "linkedin/search"
        case (("company" | "school") as organisation, _, *tabs) if tabs == [] or tabs[0] in _LINKEDIN_TABS:
            area = f"linkedin/{organisation}" if len(tabs) <= 1 else area
        case ("learning", *_):
            area = "linkedin/learning"
        case ("pulse", _):
            area = "linkedin/pulse"
        case _:
            pass
    return area


_AREA_OF: Final = MappingProxyType[str, Callable[[Address], str | SiteRule]](
    {"google": _google, "wikipedia": wiki.area, "linkedin": _linkedin}
)

_AI_MODE: Final = "50"
"""Google's ``udm`` for its assistant: a conversation, not a search."""

_GOOGLE_PATHS: Final = MappingProxyType(
    {"/": "google/home", "/webhp": "google/home", "/search": "google/search", "/imghp": "google/images"}
)

_GOOGLE_NEVER: Final = MappingProxyType(
    {
        "url": SiteRule.REDIRECT,
        "amp": SiteRule.REDIRECT,
        "imgres": SiteRule.REDIRECT,
        "maps": SiteRule.PERSONAL,
        "history": SiteRule.PERSONAL,
        "account": SiteRule.ACCOUNT,
        "accounts": SiteRule.ACCOUNT,
        "signin": SiteRule.SIGN_IN,
        "mail": SiteRule.MAIL,
        "preferences": SiteRule.SETTINGS,
        "setprefs": SiteRule.SETTINGS,
        "ai": SiteRule.CONVERSATION,
    }
)

_LINKEDIN_PATHS: Final = MappingProxyType(
    {
        ("jobs",): "linkedin/jobs",
        ("jobs", "search"): "linkedin/jobs",
        ("jobs", "search-results"): "linkedin/jobs",
        ("jobs", "collections"): "linkedin/jobs",
    }
)

_LINKEDIN_RESULTS: Final = frozenset({"all", "jobs", "companies", "schools", "products", "learning", "events"})
_LINKEDIN_TABS: Final = frozenset({"about", "jobs", "life", "products", "insights"})

_LINKEDIN_NEVER: Final = MappingProxyType(
    dict.fromkeys(("login", "uas", "checkpoint", "signup", "reg", "authwall", "oauth"), SiteRule.SIGN_IN)
    | dict.fromkeys(("messaging", "message", "messages", "inbox", "inmail"), SiteRule.MESSAGING)
    | dict.fromkeys(("in", "pub", "people", "profile", "contact-info", "me", "mycompany"), SiteRule.PROFILE)
    | dict.fromkeys(("mynetwork", "notifications", "feed", "my-items", "saved", "tracker"), SiteRule.PERSONAL)
    | dict.fromkeys(("mypreferences", "psettings", "settings", "preferences"), SiteRule.SETTINGS)
    | dict.fromkeys(("payments", "premium", "cart", "checkout", "billing"), SiteRule.PAYMENT)
    | dict.fromkeys(("admin", "account"), SiteRule.ACCOUNT)
    | dict.fromkeys(("edit", "post-a-job", "posting"), SiteRule.EDITING)
    | {"redir": SiteRule.REDIRECT}
)
"""These are refused wherever they stand in a path."""
