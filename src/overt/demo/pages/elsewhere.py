"""Pages that are nobody's business: another site, two that pretend to be Wikipedia, a sign-in, a foreign frame."""

from typing import Final

from overt.demo.pages import shell

SHOP: Final = ("shop.example.net", "/lamps")
LOOK_ALIKES: Final = (
    ("en.wikipedia.org.evil.example", "/wiki/Lighthouse"),
    ("wikipedia-org.example", "/wiki/Lighthouse"),
)
SIGN_IN: Final = ("accounts.google.com", "/signin")

_FIELD: Final = '<textarea id="text" class="secret-text" placeholder=" "></textarea>'


def shop(query: dict[str, str]) -> str:
    """Return a page of a site that is on no list."""
    del query
    back = '<p><a id="back" href="https://en.wikipedia.org/wiki/Lighthouse">Back to the encyclopedia</a></p>'
    body = f'<main><h1>Lamps</h1>{_FIELD}<div class="secret-block"></div>{back}</main>'
    return shell.document("Lamps for sale", body)


def look_alike(query: dict[str, str]) -> str:
    """Return a page that calls itself a Wikipedia article and is none."""
    del query
    body = f'<main><h1>Lighthouse</h1><p>From an encyclopedia.</p>{_FIELD}<div class="secret-block"></div></main>'
    return shell.document("Lighthouse - Wikipedia", body)


def sign_in(query: dict[str, str]) -> str:
    """Return a sign-in page."""
    del query
    body = (
        '<main><h1>Sign in</h1><label for="account">Account</label><input type="text" id="account" '
        'class="secret-text" placeholder=" "><label for="password">Password</label><input type="password" '
        'id="password" class="secret-text" placeholder=" "><div class="secret-block"></div></main>'
    )
    return shell.document("Sign in", body)


def form(query: dict[str, str]) -> str:
    """Return what the frame of a foreign origin shows."""
    del query
    style = "main { margin: 10px; width: 560px; }"
    return shell.document("Form", f'<main>{_FIELD}<div class="secret-block"></div></main>', style=style)
