"""What of a visible page must not be kept as pixels: fields, frames of another origin, fields once secret."""

import asyncio
from typing import Final

from overt.events.context import Context
from overt.events.geometry import Rect
from overt.focus._backends._bus import Node
from overt.focus._backends._chain import DOCUMENT_ROLE
from overt.focus._backends._nodes import (
    EDITABLE,
    ROLE_DOCUMENT_WEB,
    ROLE_EMBEDDED,
    ROLE_ENTRY,
    ROLE_INTERNAL_FRAME,
    ROLE_PASSWORD,
    SHOWING,
    Nodes,
    uri_of,
)
from overt.focus._backends._secrets import PASSWORD, Secrets, note_passwords

_SPECIAL: Final = (ROLE_PASSWORD, ROLE_INTERNAL_FRAME, ROLE_EMBEDDED, ROLE_DOCUMENT_WEB)

_MOST: Final = 300
"""Boxes on one page; when there are more, not all are known, and the frame is not kept."""


async def boxes(nodes: Nodes, page: Node, context: Context, secrets: Secrets) -> tuple[Rect, ...] | None:
    """Return the boxes (root pixels, clipped to the page), or ``None`` when they cannot all be known.

    The browser searches its own tree, frames included, in one call for each kind; only what shows is measured. A field
    that cannot be edited (any more) is one all the same: a shown password, a key to be copied.
    """
    fields, entries, special = await asyncio.gather(
        nodes.matches(page, states=EDITABLE | SHOWING, limit=_MOST),
        nodes.matches(page, roles=(ROLE_ENTRY,), states=SHOWING, limit=_MOST),
        nodes.matches(page, roles=_SPECIAL, limit=_MOST),
    )
    if max(len(fields), len(entries), len(special)) >= _MOST:
        return None
    roles = await asyncio.gather(*(nodes.role(node) for node in special))
    passwords = [node for node, role in zip(special, roles, strict=True) if role == PASSWORD]
    frames = [(node, role) for node, role in zip(special, roles, strict=True) if role != PASSWORD]
    await note_passwords(nodes, page, secrets, passwords)
    foreign = await asyncio.gather(*(_is_foreign(nodes, *frame, context.page.uri) for frame in frames))
    hidden = [frame for (frame, _), strange in zip(frames, foreign, strict=True) if strange]
    masked = dict.fromkeys((*fields, *entries, *passwords, *hidden))
    measured = await asyncio.gather(*(nodes.extents(node) for node in masked))
    view = context.page.rect or context.window.rect
    return tuple(shared for box in measured if box is not None and (shared := box.intersection(view)))


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
