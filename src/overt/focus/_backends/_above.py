"""What a browser draws itself above a page, in the page's own window."""

import asyncio
from typing import Final

from overt.events.context import Context
from overt.events.geometry import Rect
from overt.focus._backends._bus import Node
from overt.focus._backends._nodes import Nodes
from overt.focus._backends._process import CHROMIUM

_OWN_VIEW: Final = "NonClientView"
"""The one part of a Chromium window that is the window: frame, tabs, bars, page."""

_SHADOW: Final = 8
"""Pixels by which such a box is grown: its shadow and its rounding are the browser's, too."""

_STRIP: Final = 64
"""Pixels at the bottom of a page where other browsers show where a link leads, without telling that they do."""


async def boxes(nodes: Nodes, frame: Node, context: Context) -> list[Rect]:
    """Return the boxes (root pixels) of what the browser itself draws above the page in the page's own window.

    The address that a link under the pointer leads to, what is searched on the page, questions that sites ask: no
    window of the X server tells of them. On a dense screen their boxes are told in larger units than pixels.
    """
    window = context.window
    if window.browser != CHROMIUM:
        view = context.page.rect or window.rect
        return [Rect(x=view.x, y=view.y + max(0, view.height - _STRIP), width=view.width, height=_STRIP)]
    children, whole = await asyncio.gather(nodes.children(frame), nodes.extents(frame))
    attributes = await asyncio.gather(*(nodes.attributes(child) for child in children))
    drawn = [child for child, each in zip(children, attributes, strict=True) if each.get("class") != _OWN_VIEW]
    scale = window.rect.width / whole.width if whole is not None else 1.0
    measured = await asyncio.gather(*(nodes.extents(child) for child in drawn))
    return [_scaled(box, scale).grown(_SHADOW) for box in measured if box is not None]


def _scaled(box: Rect, scale: float) -> Rect:
    left, top = int(box.x * scale), int(box.y * scale)
    return Rect(
        x=left,
        y=top,
        width=int((box.x + box.width) * scale) + 1 - left,
        height=int((box.y + box.height) * scale) + 1 - top,
    )
