"""Why a page may not be recorded: a closed list of rules, with a sentence for each."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class SiteRule(StrEnum):
    """The rule that keeps a page out. Its value is stable and names nothing of the page."""

    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    SCHEME = "scheme"
    USERINFO = "userinfo"
    PORT = "port"
    HOST_NOT_ASCII = "host_not_ascii"
    HOST_NOT_LISTED = "host_not_listed"
    SITE_NOT_GRANTED = "site_not_granted"
    PATH_TRICK = "path_trick"
    AREA_NOT_LISTED = "area_not_listed"
    AREA_EXCLUDED = "area_excluded"
    SIGN_IN = "sign_in"
    ACCOUNT = "account"
    MAIL = "mail"
    MESSAGING = "messaging"
    PAYMENT = "payment"
    SETTINGS = "settings"
    PROFILE = "profile"
    PERSONAL = "personal"
    APPLICATION = "application"
    CONVERSATION = "conversation"
    EDITING = "editing"
    NAMESPACE = "namespace"
    REDIRECT = "redirect"

    @property
    def sentence(self) -> str:
        """Say in one sentence, for the person whose page it is, why nothing of it is kept."""
        return SENTENCES[self]


SENTENCES: Final = MappingProxyType(
    {
        SiteRule.TOO_LONG: "The address is longer than any page's that may be recorded.",
        SiteRule.UNREADABLE: "The address is malformed, or has characters that browsers and people read differently.",
        SiteRule.SCHEME: "Only https pages of the web are recorded: no local files, browser pages or page sources.",
        SiteRule.USERINFO: "The address carries a user name, a common way to dress one site up as another.",
        SiteRule.PORT: "Only the standard port 443 is recorded.",
        SiteRule.HOST_NOT_ASCII: "No listed site has letters beyond a to z in its name, so this is not one of them.",
        SiteRule.HOST_NOT_LISTED: "The host is not on the list of sites.",
        SiteRule.SITE_NOT_GRANTED: "Your consent does not cover this site.",
        SiteRule.PATH_TRICK: "The path is written so that it could be read in two ways.",
        SiteRule.AREA_NOT_LISTED: "This part of the site is not among those that may be recorded.",
        SiteRule.AREA_EXCLUDED: "Your organisation's policy leaves this part of the site out.",
        SiteRule.SIGN_IN: "Pages for signing in or up are never recorded.",
        SiteRule.ACCOUNT: "Account pages are never recorded.",
        SiteRule.MAIL: "Mail is never recorded.",
        SiteRule.MESSAGING: "Messages are never recorded.",
        SiteRule.PAYMENT: "Payment pages are never recorded.",
        SiteRule.SETTINGS: "Settings are never recorded.",
        SiteRule.PROFILE: "Profiles of people, yours included, are never recorded.",
        SiteRule.PERSONAL: "Pages that show your own history, places, files or contacts are never recorded.",
        SiteRule.APPLICATION: "Job applications are never recorded.",
        SiteRule.CONVERSATION: "Conversations with an assistant are never recorded.",
        SiteRule.EDITING: "Editing a page is never recorded.",
        SiteRule.NAMESPACE: "Of Wikipedia only articles and searches are recorded, no user, talk or special pages.",
        SiteRule.REDIRECT: "Pages that only lead elsewhere are never recorded.",
    }
)
"""Every rule has its sentence; a test holds the two together."""
