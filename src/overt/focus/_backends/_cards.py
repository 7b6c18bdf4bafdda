"""People on a visible page: links to them, and the cards that such a link stands in."""

import asyncio
from dataclasses import dataclass
from typing import Final

from overt.events.context import Context
from overt.events.geometry import Rect
from overt.focus._backends import _people
from overt.focus._backends._bus import Node
from overt.focus._backends._nodes import (
    ROLE_ARTICLE,
    ROLE_HEADING,
    ROLE_IMAGE,
    ROLE_LINK,
    ROLE_LIST_ITEM,
    ROLE_SECTION,
    ROLE_TABLE_ROW,
    SHOWING,
    Nodes,
)

_MOST: Final = 1_000
_LINKS: Final = 100
"""Links of one card that are looked at."""

_LARGE: Final = 0.4
"""A card that covers more of the page than this is the page's subject: only its headings and pictures are masked."""

_PORTRAIT: Final = 96
_ABOVE: Final = 72
_BELOW: Final = 40
"""Pixels beside and about a name that are its owner's: a portrait that stands before it, a line or two."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Person:
    """A link to a person, and what the person is called there."""

    link: Node
    names: frozenset[str]


async def boxes(nodes: Nodes, page: Node, context: Context, persons: list[Person]) -> list[Rect] | None:
    """Return the boxes of *persons*' links and cards, or ``None`` when there are too many to look at.

    A card may stand in view when the name on it does not, so on LinkedIn every card is asked whom it is about.
    """
    linkedin = _people.is_linkedin(context.page.uri)
    if not persons and not linkedin:
        return []
    found = await _about_people(nodes, page)
    if found is None:
        return None
    inside = await asyncio.gather(*(nodes.matches(each.link, states=SHOWING, limit=_MOST) for each in persons))
    measured = await _measured(nodes, [node for some in inside for node in some])
    links = await _measured(nodes, [each.link for each in persons])
    measured += map(_around, links) if linkedin else links
    view = context.page.rect or context.window.rect
    for card in found:
        measured += await _of_card(nodes, card, view)
    return measured


def _around(link: Rect) -> Rect:
    """Return where a portrait and a headline stand beside a name on LinkedIn.

    Neither has to be in the tree, and no more has the card: a browser leaves out what has neither text nor role.
    """
    return Rect(
        x=link.x - _PORTRAIT,
        y=link.y - _ABOVE,
        width=link.width + 2 * _PORTRAIT,
        height=link.height + _ABOVE + _BELOW,
    )


async def holds_person(nodes: Nodes, card: Node) -> bool:
    """Say whether a link in *card*, in view or not, leads to a person."""
    links = await nodes.matches(card, roles=(ROLE_LINK,), limit=_LINKS)
    uris = await asyncio.gather(*(nodes.link_uri(link) for link in links))
    return any(map(_people.leads_to_person, uris))


async def _about_people(nodes: Nodes, page: Node) -> list[Node] | None:
    items, sections = await asyncio.gather(
        nodes.matches(page, roles=(ROLE_LIST_ITEM, ROLE_ARTICLE, ROLE_TABLE_ROW), states=SHOWING, limit=_MOST),
        nodes.matches(page, roles=(ROLE_SECTION,), states=SHOWING, limit=_MOST),
    )
    if max(len(items), len(sections)) >= _MOST:
        return None
    attributes = await asyncio.gather(*(nodes.attributes(node) for node in sections))
    cards = [*items, *(node for node, each in zip(sections, attributes, strict=True) if _people.is_card("", each))]
    about = await asyncio.gather(*(holds_person(nodes, card) for card in cards))
    return [card for card, person in zip(cards, about, strict=True) if person]


async def _of_card(nodes: Nodes, card: Node, view: Rect) -> list[Rect]:
    box = await nodes.extents(card)
    shown = box.intersection(view) if box is not None else None
    small = shown is not None and shown.width * shown.height <= _LARGE * view.width * view.height
    # What belongs to a card may hang out of its box.
    roles = () if small else (ROLE_HEADING, ROLE_IMAGE)
    inside = await nodes.matches(card, roles=roles, states=SHOWING, limit=_MOST)
    return await _measured(nodes, [card, *inside] if small else inside)


async def _measured(nodes: Nodes, things: list[Node]) -> list[Rect]:
    boxes = await asyncio.gather(*(nodes.extents(thing) for thing in dict.fromkeys(things)))
    return [box for box in boxes if box is not None]
