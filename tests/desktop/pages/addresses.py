"""Pages whose address is not what it seems, and areas of the allowed sites that are never recorded."""

import time

from tests.desktop.pages.case import Act, Case, Expect, page
from tests.desktop.pages.serving import BAD_HOST, PLAIN_HOST, Answer
from tests.desktop.pages.stage import Stage, write

NOT_ALLOWED = "page_not_allowed"
NO_CHAIN = "unknown_context"


def refused(name: str, host: str, path: str = "/wiki/Lighthouse", *, firefox: bool = False) -> Case:
    return Case(name=name, expect=Expect.REFUSED, act=write, host=host, path=path, reason=NOT_ALLOWED, html=page(),
                firefox=firefox)  # fmt: skip


def typed_address(stage: Stage, case: Case) -> None:
    """Wait for a page that cannot tell that it is there, and type."""
    stage.until(case.reason)
    time.sleep(0.15)
    stage.type(case.canary)
    stage.settle()


def bare(name: str, url: str, act: Act = typed_address, reason: str = NOT_ALLOWED, firefox: bool = False) -> Case:
    return Case(name=name, expect=Expect.REFUSED, act=act, url=url, reason=reason, away=True, firefox=firefox,
                silent=True)  # fmt: skip


LOOK_ALIKES = (
    refused("a host that begins as an allowed one", "en.wikipedia.org.evil.example", firefox=True),
    refused("a host with a hyphen for a dot", "wikipedia-org.example"),
    refused("a host that ends as an allowed one", "evilwikipedia.org"),
    refused("a subdomain that is not in the table", "login.en.wikipedia.org"),
    refused("an IDN look-alike", "en.xn--wikipdia-f1a.org", firefox=True),
    refused("an allowed name under another top domain", "www.google.zip", "/search"),
    Case(name="an address with another port", expect=Expect.REFUSED, act=write, reason=NOT_ALLOWED, html=page(),
         path="/wiki/Port", url="https://en.wikipedia.org:8443/wiki/Port"),
    Case(name="a user name that looks like the host", expect=Expect.REFUSED, act=typed_address, silent=True,
         reason=NOT_ALLOWED, html=page(), host="evil.example", path="/wiki/User_part", firefox=True, away=True,
         url="https://en.wikipedia.org@evil.example/wiki/User_part"),
    Case(name="a foreign page with an allowed page's title", expect=Expect.REFUSED, act=write, reason=NOT_ALLOWED,
         html=page(title="Lighthouse - Wikipedia"), host="evil.example", path="/wiki/Lighthouse_", firefox=True),
    Case(name="an allowed page with a foreign title", expect=Expect.KEPT, act=write,
         html=page(title="Sign in - Bank \u2014 (Incognito)"), path="/wiki/Odd_title"),
    Case(name="the standard port written out", expect=Expect.KEPT, act=write, html=page(), path="/wiki/Standard_port",
         url="https://en.wikipedia.org:443/wiki/Standard_port", firefox=True),
    Case(name="a host in capital letters", expect=Expect.KEPT, act=write, html=page(), path="/wiki/Capitals",
         url="https://EN.Wikipedia.ORG/wiki/Capitals"),
    Case(name="plain http", expect=Expect.REFUSED, act=typed_address, silent=True, reason=NOT_ALLOWED, html=page(),
         host=PLAIN_HOST, path="/search", url=f"http://{PLAIN_HOST}/search", away=True),
)  # fmt: skip

EXCLUDED = tuple(
    refused(name, host, path, firefox=firefox)
    for name, host, path, firefox in (
        ("signing in to Wikipedia", "en.wikipedia.org", "/wiki/Special:UserLogin_", True),
        ("a user's own page", "en.wikipedia.org", "/wiki/User:Somebody", False),
        ("a Google account", "myaccount.google.com", "/personal-info", False),
        ("signing in to Google", "accounts.google.com", "/v3/signin", False),
        ("mail", "mail.google.com", "/mail/u/0/", True),
        ("paying", "pay.google.com", "/gp/w/home", False),
        ("a map of one's places", "www.google.com", "/maps/place", False),
        ("messaging", "www.linkedin.com", "/messaging/thread/new/", True),
        ("settings", "www.linkedin.com", "/mypreferences/d/categories", False),
        ("editing one's profile", "www.linkedin.com", "/in/somebody/edit/intro/", False),
        ("applying for a job", "www.linkedin.com", "/jobs/view/401/apply", False),
    )
)

SCHEMES = (
    bare("a data address", "data:text/html,<title>Wikipedia</title><input autofocus>"),
    bare("an empty page", "about:blank", reason=NO_CHAIN),
    bare("the source of an allowed page", "view-source:https://en.wikipedia.org/wiki/Lighthouse", reason=NO_CHAIN),
    bare("the browser's settings", "chrome://settings/passwords"),
    bare("the browser's history", "chrome://history"),
    bare("the browser's downloads", "chrome://downloads"),
    bare("the list of extensions", "chrome://extensions"),
    bare("a page of the browser's PDF extension", "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/index.html"),
    bare("a certificate that is not to be trusted", f"https://{BAD_HOST}/wiki/Lighthouse_"),
    bare("a server that does not answer", "https://en.wikipedia.org/wiki/Nothing_"),
    bare("a PDF at an allowed address", "https://en.wikipedia.org/wiki/Paper_", reason="foreign_frame"),
)

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Annots[4 0 R]>>endobj
4 0 obj<</Type/Annot/Subtype/Widget/FT/Tx/T(Search)/Rect[20 100 280 140]/P 3 0 R/F 4>>endobj
trailer<</Root 1 0 R>>
"""
SERVED = {
    ("en.wikipedia.org", "/wiki/Paper_"): Answer(kind="application/pdf", body=PDF),
    ("en.wikipedia.org", "/wiki/Nothing_"): Answer(status=0),
}
