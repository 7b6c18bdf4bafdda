"""A small grammar of our own: things, places and what is written about them. No text of any person is in it."""

from dataclasses import dataclass
from random import Random
from typing import Final

_KINDS: Final = ("tidal", "glass", "folding", "hollow", "solar", "woven", "silent", "floating", "magnetic", "hanging")
_THINGS: Final = ("clock", "bridge", "lantern", "loom", "kiln", "compass", "ferry", "windmill", "telescope", "aqueduct")
_FACETS: Final = ("history", "design", "materials", "maintenance", "uses", "types", "cost", "safety", "restoration")
_TRADES: Final = ("maker", "engineer", "keeper", "restorer", "inspector", "designer", "operator")
_FIRST: Final = ("vel", "tar", "osk", "mir", "lun", "bran", "fel", "quor", "sten", "ild")
_MIDDLE: Final = ("a", "o", "e", "ima", "ora", "une")
_LAST: Final = ("mora", "wick", "dell", "haven", "stad", "fjord", "mere", "gate")
_WORKS: Final = ("Works", "Workshop", "Yard", "Foundry", "Institute")

_SLIPS: Final = "qwertyuiopasdfghjklzxcvbnm"
"""Keys in the order of their rows: a slip hits a neighbour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a session looks into: a *thing* such as ``tidal clock``, in an invented *place*."""

    thing: str
    place: str

    @property
    def article(self) -> str:
        """The title of the encyclopedia's article about it."""
        return self.thing.capitalize()


def topic(chance: Random) -> Topic:
    """Return a topic."""
    return Topic(thing=f"{chance.choice(_KINDS)} {chance.choice(_THINGS)}", place=place(chance))


def place(chance: Random) -> str:
    """Return the name of a place, put together from syllables."""
    return (chance.choice(_FIRST) + chance.choice(_MIDDLE) + chance.choice(_LAST)).capitalize()


def question(chance: Random, about: Topic) -> str:
    """Return what one types into a search box to learn about a topic."""
    facet = chance.choice(_FACETS)
    forms = (
        f"how does a {about.thing} work",
        f"{about.thing} {facet}",
        f"{about.thing} {facet} {about.place}",
        f"who's building a {about.thing} in {about.place}",
        f"what is a {about.thing}",
    )
    return chance.choice(forms)


def facet(chance: Random) -> str:
    """Return an aspect of a thing, such as ``maintenance``."""
    return chance.choice(_FACETS)


def headline(chance: Random, about: Topic) -> str:
    """Return the title of a page somewhere about a topic."""
    name = about.thing
    aspect = chance.choice(_FACETS)
    forms = (
        f"The {name} of {about.place}",
        f"{name.capitalize()} and its {aspect}",
        f"{aspect.capitalize()} of the {name}",
    )
    return chance.choice(forms)


def trade(chance: Random, about: Topic) -> str:
    """Return a profession around a topic, such as ``Tidal clock engineer``."""
    return f"{about.article} {chance.choice(_TRADES)}"


def company(chance: Random, about: Topic) -> str:
    """Return the name of an invented company."""
    return f"{place(chance)} {about.thing.split()[-1].capitalize()} {chance.choice(_WORKS)}"


def slipped(chance: Random, text: str) -> str:
    """Return the beginning of *text* as far as a slip of the finger in it, the wrong letter included."""
    at = chance.randrange(len(text) // 2, len(text)) if len(text) > 1 else 0
    where = _SLIPS.find(text[at].lower())
    return text[:at] + _SLIPS[(where + 1) % len(_SLIPS)]
