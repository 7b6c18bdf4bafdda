"""What of a page is about people, told by its structure: where links lead, what cards and bars are called. Pure."""

import re
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from overt.policy.namespaces import PERSONAL

PERSON: Final = "[PERSON]"
"""What stands for the name of an element that is about a person."""

_PROFILES: Final = frozenset({"in", "pub", "profile"})
_ACCOUNTS: Final = frozenset({"accounts.google.com", "myaccount.google.com", "profiles.google.com"})
_WIKIPEDIA: Final = ".wikipedia.org"

_ACCOUNT: Final = re.compile(
    r"(?i)\b(account|konto|compte|cuenta|conta|signed in|angemeldet|view profile|profile photo|photo of)\b"
)
_ACCOUNT_MARK: Final = re.compile(
    r"(?i)(?:^|[-_ ])(?:account|avatar|userpage|user-?menu|user-links|global-nav__me|me-photo|ghost-person|"
    r"EntityPhoto|presence-entity|profile-photo|profile-picture|author-photo|actor__avatar)(?:$|[-_ ])"
)
_OVERLAY_MARK: Final = re.compile(r"(?i)(?:^|[-_ ])(?:msg|messaging|messenger|chat|conversations?)(?:$|[-_ ])")
_OVERLAY_NAME: Final = re.compile(
    r"(?i)^\W*(?:messaging|messages|messenger|chat|nachrichten|messagerie|mensajes|mensagens|messaggistica)\b"
)
_CARD_MARK: Final = re.compile(
    r"(?i)(?:^|[-_ ])(?:\w*card|entity\w*|profile\w*|actor\w*|member\w*|person\w*)(?:$|[-_ ])"
)
CARD_ROLES: Final = frozenset({"list item", "article", "table row"})

_FEWEST: Final = 5
"""Letters of a name: what is shorter would be met in other words."""
_WORDS: Final = re.compile(r"[^\W\d_]{2,}")


def leads_to_person(uri: str) -> bool:
    """Say whether a link to *uri* leads to a page about a person or to somebody's account."""
    try:
        parts = urlsplit(uri)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    segments = [each for each in unquote(parts.path).casefold().split("/") if each]
    if _of_linkedin(host):
        return bool(segments) and segments[0] in _PROFILES
    if host in _ACCOUNTS:
        return True
    if not host.endswith(_WIKIPEDIA):
        return False
    titles = [unquote(parts.path).removeprefix("/wiki/"), *parse_qs(parts.query).get("title", ())]
    return any(_namespace(title) in PERSONAL for title in titles)


def is_linkedin(uri: str) -> bool:
    """Say whether *uri*, which the gate allowed, is a page of LinkedIn."""
    return _of_linkedin(urlsplit(uri).hostname or "")


def _of_linkedin(host: str) -> bool:
    return host == "linkedin.com" or host.endswith(".linkedin.com")


def _namespace(title: str) -> str:
    """Return the namespace of a wiki page's *title* as the table writes it; "" when it has none."""
    prefix, colon, _ = title.replace("_", " ").partition(":")
    return "_".join(prefix.casefold().split()) if colon else ""


def names_of(uri: str, *said: str) -> frozenset[str]:
    """Return the names, in folded case, of the person to whom a link with the texts *said* leads at *uri*."""
    firsts = (re.split(r"[\n\ufffc•·|,]", each.strip("\n\ufffc ")) for each in said)
    found = {" ".join(parts[0].split()).casefold() for parts in firsts}
    try:
        segments = [each for each in unquote(urlsplit(uri).path).casefold().split("/") if each]
    except ValueError:
        segments = []
    if len(segments) > 1 and segments[0] in _PROFILES:
        found.add(" ".join(_WORDS.findall(segments[1])))
    return frozenset(each for each in found if sum(map(str.isalpha, each)) >= _FEWEST)


def occurrences(names: frozenset[str], text: str) -> list[tuple[int, int]]:
    """Return where *text* has any of *names*, as characters from and up to."""
    # Only letters that stay one character are folded, so that places in the folded text are places in the text.
    plain = "".join(low if len(low := char.casefold()) == 1 else char for char in text)
    return [found.span() for name in names for found in re.finditer(re.escape(name), plain)]


def is_account(name: str, attributes: dict[str, str]) -> bool:
    """Say whether a button, link or picture is called or marked as somebody's account or portrait."""
    return bool(_ACCOUNT.search(name) or _ACCOUNT_MARK.search(marks(attributes)))


def is_overlay(name: str, attributes: dict[str, str]) -> bool:
    """Say whether a part of a page holds messages."""
    return bool(_OVERLAY_NAME.search(name) or _OVERLAY_MARK.search(marks(attributes)))


def is_card(role: str, attributes: dict[str, str]) -> bool:
    """Say whether an element can be the card of one thing among others."""
    return role in CARD_ROLES or bool(_CARD_MARK.search(attributes.get("class", "")))


def marks(attributes: dict[str, str]) -> str:
    """Return the element's id and classes as one text."""
    return f"{attributes.get('id', '')} {attributes.get('class', '')}"
