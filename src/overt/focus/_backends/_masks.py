"""What of a visible page must not be kept as pixels: fields, foreign frames, people, messages, telling words."""

import asyncio
from collections.abc import Iterable
from typing import Final

from overt.events.context import Context
from overt.events.geometry import Rect
from overt.focus._backends import _cards, _people, _words
from overt.focus._backends._bus import Node
from overt.focus._backends._cards import Person
from overt.focus._backends._chain import DOCUMENT_ROLE
from overt.focus._backends._nodes import (
    EDITABLE,
    ROLE_ARTICLE,
    ROLE_CANVAS,
    ROLE_COMBO_BOX,
    ROLE_DATE_EDITOR,
    ROLE_DIALOG,
    ROLE_DOCUMENT_WEB,
    ROLE_EMBEDDED,
    ROLE_ENTRY,
    ROLE_IMAGE,
    ROLE_INTERNAL_FRAME,
    ROLE_LANDMARK,
    ROLE_LINK,
    ROLE_LIST_BOX,
    ROLE_MENU,
    ROLE_NOTIFICATION,
    ROLE_PANEL,
    ROLE_PASSWORD,
    ROLE_POPUP_MENU,
    ROLE_PUSH_BUTTON,
    ROLE_SECTION,
    ROLE_SPIN_BUTTON,
    ROLE_TOGGLE_BUTTON,
    ROLE_TOOL_TIP,
    ROLE_VIDEO,
    SHOWING,
    Nodes,
    uri_of,
)
from overt.focus._backends._secrets import PASSWORD, Secrets, note_passwords
from overt.focus.contract import Find

_SPECIAL: Final = (ROLE_PASSWORD, ROLE_INTERNAL_FRAME, ROLE_EMBEDDED, ROLE_DOCUMENT_WEB)

_COVERED: Final = (
    *(ROLE_ENTRY, ROLE_COMBO_BOX, ROLE_DATE_EDITOR, ROLE_SPIN_BUTTON),
    *(ROLE_LIST_BOX, ROLE_MENU, ROLE_POPUP_MENU, ROLE_DIALOG, ROLE_NOTIFICATION, ROLE_TOOL_TIP),
    *(ROLE_CANVAS, ROLE_VIDEO),
)
"""Fields, suggestions, what opens above a page, and pictures that may draw a field: covered wherever they show."""

_INPUT: Final = {"tag": "input"}
"""A chosen file, a colour, a tick: fields that no role and no state marks as ones."""

_BUTTONS: Final = (ROLE_PUSH_BUTTON, ROLE_TOGGLE_BUTTON, ROLE_IMAGE)
_PARTS: Final = (ROLE_LANDMARK, ROLE_PANEL, ROLE_SECTION, ROLE_ARTICLE)

_MOST: Final = 300
"""Boxes of one kind on one page; when there are more, not all are known, and the frame is not kept."""

_MANY: Final = 1_500
"""Links, buttons or parts in one view, likewise."""


class TooMuchError(Exception):
    """A page has more than can be looked at; never leaves this module."""


async def boxes(
    nodes: Nodes, page: Node, context: Context, secrets: Secrets, find: Find | None = None
) -> tuple[Rect, ...] | None:
    """Return the boxes (root pixels, clipped to the page), or ``None`` when they cannot all be known.

    The browser searches its own tree, frames included, in one call for each kind; only what shows is measured. A field
    that cannot be edited (any more) is one all the same: a shown password, a key to be copied. *find* tells which words
    of the page must not be kept.
    """
    try:
        persons = await _persons(nodes, page)
        covered = await asyncio.gather(
            _fields(nodes, page, context, secrets),
            _marked(nodes, page),
            _cards.boxes(nodes, page, context, persons),
        )
        telling = await _words.boxes(nodes, page, _finder(persons, find))
    except TooMuchError:
        return None
    if telling is None or covered[2] is None:
        return None
    view = context.page.rect or context.window.rect
    every = (*covered[0], *covered[1], *covered[2], *telling)
    return tuple(dict.fromkeys(shared for box in every if (shared := box.intersection(view)) is not None))


async def _fields(nodes: Nodes, page: Node, context: Context, secrets: Secrets) -> list[Rect]:
    """Measure every field, foreign frame and overlay, and learn the passwords."""
    fields, inputs, covered, special = await asyncio.gather(
        _matches(nodes, page, states=EDITABLE | SHOWING),
        nodes.matches(page, attributes=_INPUT, states=SHOWING, limit=_MOST),
        _matches(nodes, page, roles=_COVERED, states=SHOWING),
        _matches(nodes, page, roles=_SPECIAL),
    )
    if len(inputs) >= _MOST:
        raise TooMuchError
    roles = await asyncio.gather(*(nodes.role(node) for node in special))
    passwords = [node for node, role in zip(special, roles, strict=True) if role == PASSWORD]
    frames = [(node, role) for node, role in zip(special, roles, strict=True) if role != PASSWORD]
    await note_passwords(nodes, page, secrets, passwords)
    foreign = await asyncio.gather(*(_is_foreign(nodes, *frame, context.page.uri) for frame in frames))
    hidden = [frame for (frame, _), strange in zip(frames, foreign, strict=True) if strange]
    return await measured(nodes, (*fields, *inputs, *covered, *passwords, *hidden))


async def _persons(nodes: Nodes, page: Node) -> list[Person]:
    """Return the visible links of *page* that lead to people, with the people's names."""
    links = await _matches(nodes, page, roles=(ROLE_LINK,), states=SHOWING, limit=_MANY)
    uris = await asyncio.gather(*(nodes.link_uri(link) for link in links))
    found = [(link, uri) for link, uri in zip(links, uris, strict=True) if _people.leads_to_person(uri)]
    names = await asyncio.gather(*(nodes.name(link) for link, _ in found))
    texts = await asyncio.gather(*(nodes.text_head(link, _MOST) for link, _ in found))
    return [
        Person(link=link, names=_people.names_of(uri, name, text))
        for (link, uri), name, text in zip(found, names, texts, strict=True)
    ]


async def _marked(nodes: Nodes, page: Node) -> list[Rect]:
    """Measure what is called or marked as an account, a portrait or a place of messages, with all that is in it."""
    buttons, links, parts = await asyncio.gather(
        _matches(nodes, page, roles=_BUTTONS, states=SHOWING, limit=_MANY),
        _matches(nodes, page, roles=(ROLE_LINK,), states=SHOWING, limit=_MANY),
        _matches(nodes, page, roles=_PARTS, states=SHOWING, limit=_MANY),
    )
    things = [(node, _people.is_account) for node in (*buttons, *links)]
    things += [(node, _people.is_overlay) for node in parts]
    names = await asyncio.gather(*(nodes.name(node) for node, _ in things))
    attributes = await asyncio.gather(*(nodes.attributes(node) for node, _ in things))
    telling = [node for (node, judge), name, each in zip(things, names, attributes, strict=True) if judge(name, each)]
    inside = await asyncio.gather(*(_matches(nodes, node, states=SHOWING, limit=_MANY) for node in telling))
    return await measured(nodes, (*telling, *(node for group in inside for node in group)))


def _finder(persons: list[Person], find: Find | None) -> Find:
    names = frozenset[str]().union(*(person.names for person in persons))

    def both(text: str) -> list[tuple[int, int]]:
        return [*_people.occurrences(names, text), *(find(text) if find is not None else ())]

    return both


async def _matches(
    nodes: Nodes, root: Node, *, roles: tuple[int, ...] = (), states: int = 0, limit: int = _MOST
) -> list[Node]:
    found = await nodes.matches(root, roles=roles, states=states, limit=limit)
    if len(found) >= limit:
        raise TooMuchError
    return found


async def measured(nodes: Nodes, things: Iterable[Node]) -> list[Rect]:
    """Return the boxes of *things* that have one, each thing measured once."""
    boxes = await asyncio.gather(*(nodes.extents(thing) for thing in dict.fromkeys(things)))
    return [box for box in boxes if box is not None]


async def _is_foreign(nodes: Nodes, frame: Node, role: str, page: str) -> bool:
    """Say whether *frame* shows another origin than *page*; a frame that does not say what it shows does.

    A document is asked itself, whatever it is that holds it.
    """
    if role == DOCUMENT_ROLE:
        return origin(uri_of(await nodes.document(frame))) != origin(page)
    children = await nodes.children(frame)
    if len(children) != 1:
        return True
    return origin(uri_of(await nodes.document(children[0]))) != origin(page)


def origin(uri: str) -> str:
    """Return scheme and authority of *uri* as they stand, or a value that equals no other when it has none."""
    scheme, mark, rest = uri.partition("://")
    authority = rest.partition("/")[0].partition("?")[0].partition("#")[0]
    return f"{scheme}://{authority}".lower() if mark and scheme and authority else f"opaque {uri}"
