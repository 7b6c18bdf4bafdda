"""Which element of a page a pointer hit, named as a person would name it."""

import asyncio
from typing import Final

from overt.events.context import Context
from overt.events.geometry import Rect
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
    name, box = await asyncio.gather(nodes.name(element), nodes.extents(element))
    return role, name, box


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
