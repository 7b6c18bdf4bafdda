"""Which element of a page a pointer hit, named as a person would name it."""

import asyncio
from typing import Final

from overt.events.context import Context
from overt.events.geometry import Rect
from overt.focus._backends import _cards, _people
from overt.focus._backends._bus import Node
from overt.focus._backends._chain import DOCUMENT_ROLE
from overt.focus._backends._nodes import Nodes

_DEEPEST: Final = 250
_NEAR: Final = 6
"""Levels above the innermost object in which to look for what a person would call the thing they clicked."""

_THINGS: Final = frozenset(
    {
        *("link", "push button", "toggle button", "entry", "password text", "check box", "radio button", "combo box"),
        *("list item", "menu item", "page tab", "slider", "spin button", "tree item", "table cell", "heading", "image"),
    }
)
_INSIDE_THINGS: Final = frozenset({"static", "text", "section", "label", "paragraph", "panel", "image", "generic"})


async def at(nodes: Nodes, page: Node, context: Context, point: tuple[int, int]) -> tuple[str, str, Rect | None] | None:
    """Return role, accessible name and box of the element at *point* (root pixels), or ``None``.

    ``None`` also when the element lies in a frame that is not among *context*'s documents.
    """
    hit = await nodes.at_point(page, *point)
    if hit is None:
        return None
    path = await _up_to_document(nodes, hit)
    if path is None or path[-1][0].key not in {document.key for document in context.documents}:
        return None
    if len(path) == 1:
        return DOCUMENT_ROLE, "", context.page.rect
    element, role = _thing(path[:-1]) or path[0]
    name, box, person = await asyncio.gather(
        nodes.name(element), nodes.extents(element), _is_about_person(nodes, path[:-1])
    )
    return role, _people.PERSON if person else name, box


async def _is_about_person(nodes: Nodes, path: list[tuple[Node, str]]) -> bool:
    """Say whether an element, with all that is above it, lies in a link to a person, in a person's card or in messages.

    What a button of such a card does, it does to somebody by name.
    """
    attributes, uris = await asyncio.gather(
        asyncio.gather(*(nodes.attributes(node) for node, _ in path)),
        asyncio.gather(*(nodes.link_uri(node) for node, role in path if role == "link")),
    )
    if any(map(_people.leads_to_person, uris)):
        return True
    if any(_people.is_overlay("", each) for each in attributes):
        return True
    cards = [node for (node, role), each in zip(path, attributes, strict=True) if _people.is_card(role, each)]
    return any(await asyncio.gather(*(_cards.holds_person(nodes, card) for card in cards)))


async def _up_to_document(nodes: Nodes, hit: Node) -> list[tuple[Node, str]] | None:
    """Return *hit* and what is above it with their roles, up to and with its document."""
    path: list[tuple[Node, str]] = []
    here: Node | None = hit
    while here is not None and len(path) < _DEEPEST:
        role, parent = await asyncio.gather(nodes.role(here), nodes.parent(here))
        path.append((here, role))
        if role == DOCUMENT_ROLE:
            return path
        here = parent
    return None


def _thing(path: list[tuple[Node, str]]) -> tuple[Node, str] | None:
    """Return the first link, button or field on the way up, as long as only its own insides lie below it."""
    for node, role in path[:_NEAR]:
        if role in _THINGS and role != "image":
            return node, role
        if role not in _INSIDE_THINGS:
            return None
    return None
