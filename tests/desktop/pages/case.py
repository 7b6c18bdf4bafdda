"""What a hostile page is made of: an address, its HTML, what a person does there, and what must come of it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from tests.desktop.pages.serving import TETHER_SCRIPT, Answer

if TYPE_CHECKING:
    from tests.desktop.pages.stage import Stage

HOST, FOREIGN = "en.wikipedia.org", "intranet.example"
ANY = "any"
"""A reason that is not asked for."""

FIELD = '<input id="a" autofocus aria-label="Search words">'


class Expect(Enum):
    """What must become of the canary."""

    KEPT = "kept"
    WITHHELD = "withheld"
    """Nothing of it is anywhere, and the episode says that something was withheld on this page."""
    REFUSED = "refused"
    """Nothing of it is anywhere, for the case's reason."""


Act = Callable[["Stage", "Case"], None]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One hostile page. *reason* is what the focus must be told as, at least once while it is refused.

    *url* is where the person goes (default: *path* of *host*); *also* is what else is served; *names* says that the
    page itself may be named, although what is typed there may not be kept.
    """

    name: str
    expect: Expect
    act: Act
    html: str = ""
    reason: str = ""
    host: str = HOST
    path: str = ""
    url: str = ""
    canary: str = ""
    also: dict[tuple[str, str], str | Answer] = field(default_factory=dict)
    named: bool = False
    firefox: bool = False
    silent: bool = False
    """The page cannot tell that it is there: the act waits until the focus is told as the case's reason."""
    away: bool = False
    """The page cannot lead to the next one: the person has to go there by the address bar."""

    @property
    def address(self) -> str:
        return self.url or f"https://{self.host}{self.path}"


def page(body: str = FIELD, script: str = "", title: str = "A page") -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><link rel="icon" '
        f'href="data:,"></head><body>{body}<script>{script}</script>{TETHER_SCRIPT}</body></html>'
    )


_WORDS = """
amber anchor autumn badger basket beacon bramble bridge bucket candle canyon carpet cellar chimney cinnamon clover
cobalt copper cotton cradle dragon drizzle ember falcon feather ferry fiddle flannel forest fountain garnet ginger
glacier granite hammock harbour hazel helmet heron hickory honey indigo island ivory jasmine jigsaw juniper kettle
kitten ladder lagoon lantern lemon lilac lobster locket magnet mallard mango maple marble meadow mitten muffin
mustard napkin nectar nutmeg oak oatmeal olive orchard osprey otter oyster paddle pancake parsley peacock pebble
pelican pepper pigeon pillow plum pocket poplar puffin pumpkin quartz quiver rabbit raisin raven ribbon river robin
rocket saddle saffron salmon sandal sapphire scarlet shovel silver sorrel spruce squirrel stable sunset tangerine
teapot thimble thistle thunder timber topaz trumpet tulip turnip turquoise velvet violet waffle walnut wicker willow
winter yarrow zipper
""".split()  # noqa: SIM905 - a table reads best as a block of words


def words(seed: int, taken: set[str], *, real: bool) -> str:
    """Return two words of which no five letters in a row occur anywhere else.

    What is to be kept is *real*: a detector may take other words for a password, as it should.
    """
    chance = random.Random(seed)
    for _ in range(10_000):
        made = " ".join(chance.sample(_WORDS, 2)) if real else f"{_syllables(chance)} {_syllables(chance)}"
        inside = {each for each in grams(made) if " " not in each}
        if inside.isdisjoint(taken):
            taken |= inside
            return made
    raise AssertionError("there are not enough words for so many pages")


def _syllables(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in "abc")


def grams(text: str) -> set[str]:
    return {text[at : at + 5] for at in range(len(text) - 4)}
