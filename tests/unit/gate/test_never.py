"""What is never recorded, whatever anybody consents to: one table."""

import pytest

from overt.events.context import Absence, Context, Document, NoContext, Window
from overt.events.geometry import Rect
from overt.events.verdict import DropReason
from overt.gate import Open, page_of
from overt.policy.rules import SiteRule
from overt.policy.sites import AREAS, SITES, Denied, judge

PAGE = Rect(x=0, y=0, width=800, height=600)

NEVER = {
    SiteRule.SIGN_IN: [
        "https://accounts.google.com/signin/v2/identifier",
        "https://www.google.com/signin",
        "https://www.linkedin.com/login",
        "https://www.linkedin.com/checkpoint/lg/login-submit",
        "https://www.linkedin.com/uas/login",
        "https://www.linkedin.com/signup",
    ],
    SiteRule.MAIL: ["https://mail.google.com/mail/u/0/", "https://www.google.com/mail/"],
    SiteRule.MESSAGING: [
        "https://www.linkedin.com/messaging/",
        "https://www.linkedin.com/messaging/thread/2-abc/",
        "https://www.linkedin.com/company/acme/inbox/",
        "https://www.linkedin.com/jobs/view/1/inmail",
    ],
    SiteRule.PAYMENT: [
        "https://www.linkedin.com/premium/checkout/",
        "https://www.linkedin.com/payments/purchases",
        "https://www.linkedin.com/learning/cart",
        "https://www.linkedin.com/company/acme/billing",
    ],
    SiteRule.ACCOUNT: ["https://www.google.com/account/", "https://www.linkedin.com/company/acme/admin/"],
    SiteRule.SETTINGS: ["https://www.linkedin.com/mypreferences/d/privacy", "https://www.google.com/preferences"],
    SiteRule.PROFILE: ["https://www.linkedin.com/in/someone/", "https://www.linkedin.com/in/me/"],
    SiteRule.PERSONAL: ["https://www.linkedin.com/feed/", "https://www.google.com/maps", "https://www.google.com/history"],
    SiteRule.APPLICATION: ["https://www.linkedin.com/jobs/view/1/apply/", "https://www.linkedin.com/jobs/easy-apply/"],
    SiteRule.CONVERSATION: ["https://www.google.com/search?udm=50&q=x"],
    SiteRule.EDITING: ["https://en.wikipedia.org/w/index.php?title=Otter&action=edit"],
    SiteRule.NAMESPACE: [
        "https://en.wikipedia.org/wiki/User_talk:Someone",
        "https://en.wikipedia.org/wiki/Special:UserLogin",
        "https://en.wikipedia.org/wiki/Special:EmailUser/Someone",
    ],
    SiteRule.SCHEME: ["chrome://settings/passwords", "file:///home/me/letter.html", "about:blank", "view-source:https://www.google.com/"],
}  # fmt: skip
"""Pages of the sites that can be offered, by the rule that keeps them out."""

OPEN = "https://www.linkedin.com/jobs/view/1/"


def context(*uris: str) -> Context:
    documents = tuple(Document(key=str(number), uri=uri, rect=PAGE) for number, uri in enumerate(uris))
    window = Window(xid=1, pid=2, browser="chromium", rect=PAGE)
    return Context(window=window, documents=documents, field=None, generation=1, taken_ns=0)


@pytest.mark.parametrize("uri", [uri for uris in NEVER.values() for uri in uris])
def test_a_page_that_is_never_recorded_is_not_recorded(uri: str) -> None:
    assert page_of(context(uri), SITES) is DropReason.PAGE_NOT_ALLOWED
    assert page_of(context(uri, OPEN), SITES) is DropReason.FOREIGN_FRAME, "nor as a frame of an open page"
    assert page_of(context(OPEN, uri), SITES) is DropReason.PAGE_NOT_ALLOWED, "nor an open page inside it"


@pytest.mark.parametrize(("rule", "uri"), [(rule, uri) for rule, uris in NEVER.items() for uri in uris])
def test_what_keeps_it_out_is_told_by_its_rule(rule: SiteRule, uri: str) -> None:
    assert judge(uri) == Denied(rule=rule)


def test_a_private_window_is_never_recorded_whatever_it_shows() -> None:
    private = NoContext(absence=Absence.PRIVATE, taken_ns=0)

    assert page_of(private, SITES) is DropReason.PRIVATE_WINDOW


def test_the_table_is_not_empty_of_sense() -> None:
    """The page beside which all others are judged is open."""
    assert isinstance(page_of(context(OPEN), SITES), Open)


ADDRESSES = {
    "google/home": "https://www.google.com/",
    "google/images": "https://www.google.com/imghp",
    "google/search": "https://www.google.com/search?q=x",
    "linkedin/company": "https://www.linkedin.com/company/acme/",
    "linkedin/jobs": OPEN,
    "linkedin/learning": "https://www.linkedin.com/learning/python",
    "linkedin/pulse": "https://www.linkedin.com/pulse/otters",
    "linkedin/school": "https://www.linkedin.com/school/acme/",
    "linkedin/search": "https://www.linkedin.com/search/results/jobs/",
    "wikipedia/article": "https://en.wikipedia.org/wiki/Otter",
    "wikipedia/history": "https://en.wikipedia.org/wiki/Otter?action=history",
    "wikipedia/home": "https://en.wikipedia.org/",
    "wikipedia/search": "https://en.wikipedia.org/w/index.php?search=otter",
}


@pytest.mark.parametrize("area", AREAS)
def test_an_area_that_a_policy_leaves_out_is_denied_like_one_that_always_is(area: str) -> None:
    page = context(ADDRESSES[area])

    assert isinstance(page_of(page, SITES), Open)
    assert page_of(page, SITES, frozenset({area})) is DropReason.PAGE_NOT_ALLOWED
    assert isinstance(page_of(page, SITES, frozenset(AREAS) - {area}), Open)
