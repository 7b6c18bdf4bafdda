"""The areas of Wikipedia: articles of the main namespace, their history, and the search; in every language."""

import unicodedata
from typing import Final

from overt.policy.address import Address
from overt.policy.namespaces import PERSONAL, SEARCH, SPECIAL
from overt.policy.rules import SiteRule

_ARTICLE: Final = "wikipedia/article"
_HISTORY: Final = "wikipedia/history"
_HOME: Final = "wikipedia/home"
_SEARCH: Final = "wikipedia/search"
_SCRIPT: Final = "/w/index.php"
_PAGES: Final = "/wiki/"
_PORTAL: Final = "www.wikipedia.org"


def area(address: Address) -> str | SiteRule:
    """Name the area of Wikipedia at *address*, or the rule that keeps it out."""
    refused = _refused_act(address)
    if refused is not None:
        return refused
    if address.path == "/" and not address.values("title"):
        return _HOME
    if address.host == _PORTAL:
        return SiteRule.AREA_NOT_LISTED
    areas = {_title_area(title) for title in _titles(address)} or _untitled(address)
    for rule in areas:
        if isinstance(rule, SiteRule):
            return rule
    found = areas.pop() if len(areas) == 1 else SiteRule.AREA_NOT_LISTED
    return _HISTORY if found == _ARTICLE and _old(address) else found


def _titles(address: Address) -> tuple[str, ...]:
    """Return every title that the address could mean: the path's and the query's; none for a foreign path."""
    named = address.values("title")
    if address.path.startswith(_PAGES):
        return (address.path.removeprefix(_PAGES), *named)
    return named if address.path in {"/", _SCRIPT} else ()


def _untitled(address: Address) -> set[str | SiteRule]:
    searches = address.path == _SCRIPT and bool(address.values("search"))
    return {_SEARCH if searches else SiteRule.AREA_NOT_LISTED}


def _title_area(title: str) -> str | SiteRule:
    """Judge a page's title; of those with a colon only ``Mission: Impossible`` can be an article for certain.

    A namespace is written with no space after its colon. So a title is an article when what stands before its first
    colon is no personal namespace of any language *and* a space follows; all others are refused, known or not.
    """
    plain = "".join(char for char in title if unicodedata.category(char) != "Cf").replace("_", " ").replace("+", " ")
    if not plain.strip():
        return SiteRule.AREA_NOT_LISTED
    prefix, colon, rest = plain.partition(":")
    name = "_".join(prefix.casefold().split())
    if not colon:
        return _ARTICLE
    if name in SPECIAL:
        special = "_".join(rest.partition("/")[0].casefold().split())
        return _SEARCH if special in SEARCH else SiteRule.NAMESPACE
    if name in PERSONAL or not name or not rest.startswith(" "):
        return SiteRule.NAMESPACE
    return _ARTICLE


def _refused_act(address: Address) -> SiteRule | None:
    actions = {value.strip().casefold() for value in address.values("action")}
    if not actions <= {"view", "history"} or address.values("veaction") or address.values("redlink"):
        return SiteRule.EDITING
    if address.values("curid"):
        return SiteRule.NAMESPACE
    # The mobile site opens its editor and its notices over an article, and tells only in the fragment.
    if address.fragment.startswith(("/", "!", "%2F", "%2f")) and not address.fragment.startswith("/media/"):
        return SiteRule.EDITING
    return None


def _old(address: Address) -> bool:
    acts = {value.strip().casefold() for value in address.values("action")}
    return "history" in acts or bool(address.values("oldid") or address.values("diff"))
