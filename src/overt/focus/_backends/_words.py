"""Where on a visible page words stand that must not be kept as pixels."""

import asyncio
from typing import Final

from overt.events.geometry import Rect
from overt.focus._backends._bus import Node
from overt.focus._backends._nodes import ROLE_IMAGE, ROLE_STATIC, ROLES, SHOWING, Nodes
from overt.focus.contract import Find

_MOST: Final = 2_500
"""Elements with text in one view; when there are more, not all are read, and the frame is not kept."""

_LONGEST: Final = 20_000
"""Characters of one element that are read; when there are more, the element is masked whole."""

_READ: Final = tuple(role for role in range(1, ROLES) if role not in {ROLE_STATIC, ROLE_IMAGE})
"""A piece of text on its own is read as part of what it stands in: a number may be set in three pieces."""

_MEASURING_S: Final = 0.03
_TIMES: Final = 3


async def boxes(nodes: Nodes, page: Node, find: Find) -> list[Rect] | None:
    """Return the boxes of what *find* finds in the visible texts of *page*; ``None`` when they are too many to read."""
    shown = await nodes.matches(page, roles=_READ, states=SHOWING, limit=_MOST)
    if len(shown) >= _MOST:
        return None
    texts = await asyncio.gather(*(nodes.text_head(node, _LONGEST) for node in shown))
    found = [(node, span) for node, text in zip(shown, texts, strict=True) if text for span in _spans(text, find)]
    measured = await asyncio.gather(*(_box(nodes, node, span) for node, span in found))
    return [box for box in measured if box is not None]


def _spans(text: str, find: Find) -> list[tuple[int, int]]:
    return [(0, -1)] if len(text) >= _LONGEST else [(start, end) for start, end in find(text) if end > start]


async def _box(nodes: Nodes, node: Node, span: tuple[int, int]) -> Rect | None:
    """Return the box of *span*, or of the whole element when the browser has not measured its text in time."""
    start, end = span
    for _ in range(_TIMES if end > 0 else 0):
        box = await nodes.range_box(node, start, end)
        if box is not None:
            return box
        await asyncio.sleep(_MEASURING_S)
    return await nodes.extents(node)
