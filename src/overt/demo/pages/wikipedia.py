"""Articles in the shape of Wikipedia's: a search field, a long text with links, and an excluded log-in page."""

from html import escape
from typing import Final

from overt.demo.pages import shell

HOST: Final = "en.wikipedia.org"

_STYLE: Final = """
  .bar { padding: 14px 24px; border-bottom: 1px solid #a2a9b1; display: flex; gap: 24px; align-items: center; }
  .bar form { width: 420px; }
  h1 { font: 32px/1.3 "DejaVu Serif", Georgia, serif; border-bottom: 1px solid #a2a9b1; }
  h2 { font: 24px/1.3 "DejaVu Serif", Georgia, serif; border-bottom: 1px solid #a2a9b1; margin-top: 40px; }
  a { color: #3366cc; }
"""

_LIGHTHOUSE: Final = """
Purpose: A lighthouse shows a sailor where the land is when the land cannot be seen.
Each has its own rhythm of light and dark, so that one look and a watch tell it from its neighbours.
By day the tower itself is the sign: bands, spirals and colours are in the pilot's book beside the rhythm.

Construction: Towers on rock are heavy at the foot and slim at the top, because a wave strikes low.
Blocks are cut to lock into one another, and the door is high above the tide.
Iron legs serve where there is sand: the sea runs through them instead of against them.

Light: A small flame is enough when none of it is wasted.
Rings of glass gather what would have gone up, down and sideways, and send all of it to the horizon.
The lens of the largest order is taller than a person and floats on quicksilver, so that a finger can turn it.

Keepers: For two centuries somebody lived in the tower and wound the clockwork that turned the lens.
They trimmed the wick and wrote down every ship, every storm and every hour of light.
Boats brought oil, flour and letters when the sea allowed it, and took the diary of the quarter back.

Fog: When light is not enough there is sound: bells, then guns, then trumpets driven by steam.
Each had its own pattern too, and every one of them woke the keeper's family.
Sound bends over cold water, so a horn heard on the left may well stand on the right.

Automation: A lamp that lights itself at dusk needs no keeper.
One after another the towers were emptied, and most of those that still shine are visited twice a year.
Some became inns, some became ruins, and a few are moved inland as the cliff below them falls.

Today: Satellites tell a ship where it is to within a few metres.
Most captains still look for the light, since a light cannot be wrong about where it stands.
"""

_FRESNEL: Final = """
Idea: A thick lens bends light at its surface only, so the glass in the middle can be left out.
What is left is a stack of rings, each at its own angle, as flat as a plate.

Use: It made the lamp of a lighthouse visible from twice as far.
It is in the rear lights of cars, in solar cookers and in reading aids of the size of a card.
"""
"""Sections: a name, a colon, and sentences of our own, a paragraph to each line."""


def lighthouse(query: dict[str, str]) -> str:
    """Return the long article, with links to follow."""
    del query
    return _article("Lighthouse", _LIGHTHOUSE)


def fresnel(query: dict[str, str]) -> str:
    """Return the short article to which the long one links."""
    del query
    return _article("Fresnel lens", _FRESNEL)


def found(query: dict[str, str]) -> str:
    """Return what the search finds."""
    asked = query.get("search", "")
    link = '<a id="link-fresnel" href="/wiki/Fresnel_lens">Fresnel lens</a>'
    body = f'<div class="bar"><b>Encyclopedia</b>{_form()}</div><main><h1 id="title">Results</h1><p>{link}</p></main>'
    return shell.document(f"{asked} - Search results - Wikipedia", body, style=_STYLE)


def sign_in(query: dict[str, str]) -> str:
    """Return the log-in page: on an allowed host, in an area that is excluded."""
    del query
    body = (
        '<main><h1>Log in</h1><label for="account">Account</label><input type="text" id="account" name="wpName" '
        'class="secret-text" placeholder=" "><label for="password">Password</label><input type="password" '
        'id="password" name="wpPassword" class="secret-text" placeholder=" "><div class="secret-block"></div></main>'
    )
    return shell.document("Log in - Wikipedia", body, style=_STYLE)


def _article(title: str, text: str) -> str:
    lead = (
        '<p id="lead">A <b>light</b> for ships. See also the <a id="link-fresnel" href="/wiki/Fresnel_lens">Fresnel'
        ' lens</a> and <a id="link-lighthouse" href="/wiki/Lighthouse">the lighthouse</a>, or leave for '
        '<a id="link-shop" href="https://shop.example.net/lamps">a shop</a>.</p>'
    )
    sections = "".join(_section(number, each) for number, each in enumerate(text.strip().split("\n\n"), start=1))
    foot = '<p><a id="link-foot" href="/wiki/Fresnel_lens">Continue with the Fresnel lens</a></p>'
    heading = f'<h1><span id="title">{escape(title)}</span></h1>'
    body = f'<div class="bar"><b>Encyclopedia</b>{_form()}</div><main>{heading}{lead}'
    return shell.document(f"{title} - Wikipedia", f"{body}{sections}{foot}</main>", style=_STYLE)


def _section(number: int, text: str) -> str:
    name, _, rest = text.partition(": ")
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in rest.splitlines())
    return f'<h2 id="section-{number}">{escape(name)}</h2>{paragraphs}'


def _form() -> str:
    return (
        '<form action="/w/index.php" method="get"><input type="search" id="search" name="search" '
        'aria-label="Search the encyclopedia" placeholder=" " autocomplete="off"></form>'
    )
