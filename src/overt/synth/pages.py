"""The pages of the three sites as a recorder sees them: an address, a title, and elements with role, name and box."""

from dataclasses import dataclass
from random import Random
from typing import Final
from urllib.parse import quote_plus

from overt.events.geometry import Rect
from overt.synth import words
from overt.synth.words import Topic

ROW: Final = 120
"""Pixels from one result, paragraph or card to the next."""

_LEFT: Final = 180
_GLYPH: Final = 9
"""Pixels that a letter takes, on average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Something on a page that can be clicked. *box* is in pixels of the whole page, of which one sees a part.

    *leads* is the address behind it; empty where a click changes nothing. *asks* is what an input is for: ``search``,
    ``place`` or ``mail``.
    """

    role: str
    name: str
    box: Rect
    leads: str = ""
    asks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page at *url*; *height* is in pixels. *focused* is the input that has the focus when the page opens."""

    url: str
    title: str
    elements: tuple[Element, ...]
    height: int
    topic: Topic
    focused: str = ""

    def inputs(self) -> list[Element]:
        """Return what can be typed into."""
        return [each for each in self.elements if each.role == "entry"]

    def links(self, beginning: str = "https://") -> list[Element]:
        """Return the links whose address begins so."""
        return [each for each in self.elements if each.leads.startswith(beginning)]


def search_home(about: Topic) -> Page:
    """Return the search engine's first page, whose box has the focus."""
    box = _entry("Search", Rect(x=340, y=300, width=580, height=44), "search")
    return Page(
        url="https://www.google.com/",
        title="Google",
        elements=(box, _button("Google Search", 460, 370)),
        height=600,
        topic=about,
        focused="search",
    )


def results(chance: Random, about: Topic, asked: str, start: int = 0) -> Page:
    """Return what the search engine finds for *asked*, from hit *start* on: known sites among others."""
    leads = [_anywhere(chance, about) for _ in range(8)]
    # Somebody who looks something up finds the encyclopedia.
    leads[chance.randrange(3)] = (_wiki(about.article), about.article)
    hits = tuple(_link(name, 150 + row * ROW, url) for row, (url, name) in enumerate(leads))
    further = f"https://www.google.com/search?q={quote_plus(asked)}&start={start + 10}"
    bottom = _link("Next", 150 + len(hits) * ROW, further)
    box = _entry("Search", Rect(x=_LEFT, y=24, width=560, height=44), "search")
    offset = f"&start={start}" if start else ""
    return Page(
        url=f"https://www.google.com/search?q={quote_plus(asked)}{offset}",
        title=f"{asked} - Google Search",
        elements=(box, *hits, bottom),
        height=bottom.box.y + 160,
        topic=about,
    )


def article(chance: Random, about: Topic) -> Page:
    """Return an article of the encyclopedia, with links to others."""
    paragraphs = chance.randint(8, 22)
    others = [words.topic(chance) for _ in range(min(6, paragraphs))]
    links = tuple(
        _link(each.article, 260 + chance.randrange(paragraphs) * ROW, _wiki(each.article), left=_LEFT + 40 * number)
        for number, each in enumerate(others)
    )
    heads = tuple(
        Element(role="heading", name=words.facet(chance).capitalize(), box=_text("heading", 230 + row * ROW))
        for row in range(0, paragraphs, 4)
    )
    box = _entry("Search Wikipedia", Rect(x=300, y=18, width=420, height=36), "search")
    return Page(
        url=_wiki(about.article),
        title=f"{about.article} - Wikipedia",
        elements=(box, *heads, *links),
        height=300 + paragraphs * ROW,
        topic=about,
    )


def found(chance: Random, about: Topic, asked: str) -> Page:
    """Return what the encyclopedia's own search finds for *asked*."""
    titles = [about.article, *(words.headline(chance, about) for _ in range(5))]
    hits = tuple(_link(title, 170 + row * ROW, _wiki(title)) for row, title in enumerate(titles))
    box = _entry("Search Wikipedia", Rect(x=_LEFT, y=90, width=480, height=36), "search")
    return Page(
        url=f"https://en.wikipedia.org/w/index.php?search={quote_plus(asked)}",
        title=f"{asked} - Search results - Wikipedia",
        elements=(box, *hits),
        height=300 + len(hits) * ROW,
        topic=about,
    )


def jobs(chance: Random, about: Topic, asked: str, where: str) -> Page:
    """Return the job search of the network for *asked* in *where*."""
    cards = tuple(
        _link(words.trade(chance, about), 160 + row * ROW, f"https://www.linkedin.com/jobs/view/{number}/")
        for row, number in enumerate(chance.sample(range(10**8, 10**9), 7))
    )
    keywords = _entry("Search by title, skill, or company", Rect(x=160, y=20, width=360, height=40), "search")
    location = _entry("City, state, or country", Rect(x=540, y=20, width=260, height=40), "place")
    return Page(
        url=f"https://www.linkedin.com/jobs/search/?keywords={quote_plus(asked)}&location={quote_plus(where)}",
        title=f"{asked} jobs in {where} | LinkedIn",
        elements=(keywords, location, _button("Search", 820, 22), *cards),
        height=260 + len(cards) * ROW,
        topic=about,
    )


def job(chance: Random, about: Topic, url: str, name: str) -> Page:
    """Return one opening at *url*, with its company and a field for an alert."""
    employer = words.company(chance, about)
    company = _link(employer, 150, _profile(employer))
    alert = _entry("Email address for job alerts", Rect(x=_LEFT, y=420, width=320, height=40), "mail")
    similar = tuple(
        _link(words.trade(chance, about), 560 + row * ROW, f"https://www.linkedin.com/jobs/view/{number}/")
        for row, number in enumerate(chance.sample(range(10**8, 10**9), 3))
    )
    return Page(
        url=url,
        title=f"{name} | {employer} | LinkedIn",
        elements=(company, _button("Save", _LEFT, 220), alert, *similar),
        height=900 + len(similar) * ROW,
        topic=about,
    )


def firm(chance: Random, about: Topic, url: str) -> Page:
    """Return the profile of the company at *url*, with its tabs."""
    base = "/".join(url.split("/")[:5])
    name = base.rpartition("/")[2].replace("-", " ").title()
    tabs = tuple(
        _link(tab, 260, f"{base}/{path}", left=_LEFT + 90 * number)
        for number, (tab, path) in enumerate((("Home", ""), ("About", "about/"), ("Jobs", "jobs/")))
    )
    more = tuple(_link(words.headline(chance, about), 380 + row * ROW, "", role="heading") for row in range(6))
    return Page(url=url, title=f"{name} | LinkedIn", elements=(*tabs, *more), height=1200, topic=about)


def opened(chance: Random, about: Topic, url: str, name: str) -> Page | None:
    """Return the page behind a link called *name* to *url*, or ``None`` when it is on nobody's list."""
    if url.startswith("https://en.wikipedia.org/wiki/"):
        return article(chance, Topic(thing=name.lower(), place=about.place))
    if url.startswith("https://www.linkedin.com/jobs/view/"):
        return job(chance, about, url, name)
    if url.startswith("https://www.linkedin.com/jobs/"):
        return jobs(chance, about, about.thing, about.place)
    if url.startswith("https://www.linkedin.com/company/"):
        return firm(chance, about, url)
    return None


def _anywhere(chance: Random, about: Topic) -> tuple[str, str]:
    """Return an address and a title that a search may find; three in eight lead off the list."""
    name = words.headline(chance, about)
    company = words.company(chance, about)
    return chance.choice(
        (
            ("https://shop.example.net/things", name),
            ("https://news.example.org/story", name),
            ("https://www.example.com/", name),
            *[(_wiki(name), name)] * 2,
            (_profile(company), company),
            *[("https://www.linkedin.com/jobs/search/", f"{words.trade(chance, about)} jobs")] * 2,
        )
    )


def _wiki(title: str) -> str:
    return "https://en.wikipedia.org/wiki/" + title.replace(" ", "_")


def _profile(company: str) -> str:
    return f"https://www.linkedin.com/company/{company.lower().replace(' ', '-')}/"


def _text(text: str, top: int, left: int = _LEFT) -> Rect:
    return Rect(x=left, y=top, width=max(24, len(text) * _GLYPH), height=24)


def _link(name: str, top: int, url: str, *, left: int = _LEFT, role: str = "link") -> Element:
    return Element(role=role, name=name, box=_text(name, top, left), leads=url)


def _entry(name: str, box: Rect, asks: str) -> Element:
    return Element(role="entry", name=name, box=box, asks=asks)


def _button(name: str, left: int, top: int) -> Element:
    return Element(role="push button", name=name, box=Rect(x=left, y=top, width=len(name) * _GLYPH + 32, height=36))
