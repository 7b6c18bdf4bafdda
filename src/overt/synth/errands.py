"""Research sessions: look something up, read what is found, come back, ask again; on the three sites."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Final

from overt.policy.fields import FieldKind
from overt.synth import pages, words
from overt.synth.hand import Hand
from overt.synth.pages import Element, Page
from overt.synth.words import Topic

_MARKERS: Final = ("EMAIL", "PHONE", "POSTAL_ADDRESS", "USERNAME")
"""What a recorder would have withheld from what was typed; there never was a text behind the marker."""


class Errands:
    """Runs errands with one hand, by the throw of one die."""

    def __init__(self, chance: Random, hand: Hand) -> None:
        """Decide by *chance* what *hand* does."""
        self._chance = chance
        self._hand = hand
        self._begun = False

    def run(self) -> None:
        """Run one to three errands about one or two topics, and leave."""
        about = words.topic(self._chance)
        for _ in range(self._chance.randint(1, 3)):
            about = about if self._often(0.7) else words.topic(self._chance)
            errand: Callable[[Topic], None] = self._chance.choices(
                (self._look_up, self._encyclopedia, self._network), weights=(5, 3, 3)
            )[0]
            errand(about)
        self._hand.leave()

    def _look_up(self, about: Topic) -> None:
        """Ask the search engine, open a few hits, and ask again if it takes more."""
        hand, asked = self._hand, self._question(about)
        self._navigate(pages.search_home(about))
        self._ask(asked)
        if self._often(0.75):
            hand.press("enter")
            hand.open(pages.results(self._chance, about, asked), "key")
        else:
            hand.click(self._named("Google Search"))
            hand.open(pages.results(self._chance, about, asked), "click")
        self._hits(self._chance.randint(1, 3))
        if self._often(0.4):
            self._ask_again(about)
            self._hits(1)

    def _encyclopedia(self, about: Topic) -> None:
        """Search the encyclopedia from one of its articles, and read from link to link."""
        hand, asked = self._hand, self._question(about)
        self._navigate(pages.article(self._chance, words.topic(self._chance)))
        hand.click(hand.page.inputs()[0])
        self._ask(asked)
        hand.press("enter")
        hand.open(pages.found(self._chance, about, asked), "key")
        self._follow("https://en.wikipedia.org/wiki/")
        for _ in range(self._chance.randint(1, 3)):
            self._read()
            if not self._follow("https://en.wikipedia.org/wiki/"):
                break
        self._read()

    def _network(self, about: Topic) -> None:
        """Search for openings in a place, look at one or two and at the company behind."""
        hand, asked = self._hand, f"{about.thing} {self._chance.choice(('engineer', 'maker', 'keeper'))}"
        self._navigate(pages.jobs(self._chance, about, about.thing, about.place))
        keywords, location = hand.page.inputs()
        hand.click(keywords, count=3)
        hand.type(keywords, asked)
        hand.press("tab")
        hand.type(location, about.place)
        by_key = self._often(0.6)
        if by_key:
            hand.press("enter")
        else:
            hand.click(self._named("Search"))
        hand.open(pages.jobs(self._chance, about, asked, about.place), "key" if by_key else "click")
        for _ in range(self._chance.randint(1, 2)):
            with self._back_after():
                if self._follow("https://www.linkedin.com/jobs/view/"):
                    self._opening()

    def _opening(self) -> None:
        """Read an opening, fill in its alert now and then, and look at the company."""
        hand = self._hand
        hand.read(self._chance.randint(1, 3))
        if self._often(0.25):
            hand.click(hand.page.inputs()[0])
            hand.withhold(FieldKind.EMAIL.value)
            hand.press("esc")
        if self._often(0.5) and self._follow("https://www.linkedin.com/company/"):
            hand.read(1)
            self._follow(hand.page.links()[1].leads)
            hand.read(1)

    def _hits(self, count: int) -> None:
        """Skim the results and open *count* of them, each followed by the way back."""
        for _ in range(count):
            self._hand.read(self._chance.randrange(2))
            with self._back_after():
                hit = self._chance.choice(self._hand.page.links()[:6])
                if self._often(0.1):
                    # In a tab of its own, which is looked at later or never.
                    self._hand.click(hit, held=("ctrl",))
                elif self._enter(hit):
                    self._read()

    def _ask_again(self, about: Topic) -> None:
        hand, asked = self._hand, self._question(about)
        hand.click(hand.page.inputs()[0], count=3)
        self._ask(asked)
        hand.press("enter")
        hand.open(pages.results(self._chance, about, asked), "key")

    def _ask(self, asked: str) -> None:
        """Type *asked* into the page's search field; the markers in it are its kinds."""
        kinds = tuple(kind for kind in _MARKERS if f"[{kind}]" in asked)
        field = self._hand.page.inputs()[0]
        self._hand.type(field, asked, kinds=kinds, unseen=not kinds and self._often(0.04))

    def _question(self, about: Topic) -> str:
        asked = words.question(self._chance, about)
        return f"{asked} [{self._chance.choice(_MARKERS)}]" if self._often(0.06) else asked

    def _read(self) -> None:
        """Read the page in view, and copy a line of it now and then."""
        self._hand.read(self._chance.randint(1, 5))
        if self._often(0.2):
            self._hand.mark()

    def _follow(self, beginning: str) -> bool:
        """Click a link whose address begins so, if there is one, and say whether a page was opened."""
        links = self._hand.page.links(beginning)
        return bool(links) and self._enter(self._chance.choice(links))

    def _enter(self, link: Element) -> bool:
        """Click *link*; what lies off the list is left out, and the same page is there again afterwards."""
        hand, here = self._hand, self._hand.page
        hand.click(link)
        page = pages.opened(self._chance, here.topic, link.leads, link.name)
        if page is not None:
            hand.open(page, "click")
            return True
        hand.leave(off_list=True)
        hand.wait(4_000, 50_000)
        hand.open(here, "navigate")
        return False

    @contextmanager
    def _back_after(self) -> Iterator[None]:
        """Come back to the page in view, if another one is in view at the end."""
        here = self._hand.page
        yield
        if self._hand.page is not here:
            if self._often(0.5):
                self._hand.press("alt", "left")
            self._navigate(here)

    def _navigate(self, page: Page) -> None:
        """Go to *page* by way of the browser's own interface, of which nothing is recorded."""
        self._hand.wait(600, 3_000)
        self._hand.open(page, "navigate" if self._begun else "start")
        self._begun = True

    def _named(self, name: str) -> Element:
        return next(each for each in self._hand.page.elements if each.name == name)

    def _often(self, share: float) -> bool:
        return self._chance.random() < share
