"""The way from the focused element up to the window: found once for each change of focus, then proved for each look."""

import asyncio
from dataclasses import dataclass
from typing import Final

from overt.events.context import Absence
from overt.events.geometry import Rect
from overt.focus._backends import _secrets
from overt.focus._backends._absence import AbsenceError
from overt.focus._backends._bus import Node
from overt.focus._backends._nodes import ACTIVE, DEFUNCT, EDITABLE, FOCUSED, SHOWING, Nodes

_DEEPEST: Final = 250
"""Levels between an element and its window; a page deeper than this is not understood."""

_FEW: Final = 16
"""More elements that all claim the focus than this cannot be told apart."""

DOCUMENT_ROLE: Final = "document web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A document and its place: child number *index* of *parent*."""

    document: Node
    parent: Node
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """From the focused *element* (``None``: the page itself has the focus, or nothing) over *links* to *frame*."""

    frame: Node
    element: Node | None
    links: tuple[Link, ...]

    @property
    def page(self) -> Node:
        """The top document."""
        return self.links[-1].document


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reading:
    """What the chain's objects said just now; lists run as the chain's links do."""

    documents: tuple[dict[str, str], ...]
    boxes: tuple[Rect | None, ...]
    element: "ElementReading | None"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ElementReading:
    """What the focused element said just now; *bullets*: it shows them, or hides what it is."""

    state: int
    role: str
    name: str
    attributes: dict[str, str]
    box: Rect | None
    bullets: bool


class Chains:
    """Finds chains and proves them."""

    def __init__(self, nodes: Nodes) -> None:
        """Ask through *nodes*."""
        self._nodes = nodes

    async def find(self, frame: Node, focused: Node | None) -> Chain:
        """Return the chain of what has the focus in *frame*, starting from the last event's *focused* object.

        Raises ``AbsenceError``: ``NO_DOCUMENT``, ``CHROME`` when the focus is outside the page, ``STALE``.
        """
        page = await self._nodes.embedded(frame)
        if page is None:
            await self._nodes.attributes(frame)  # wakes a tree that no client has read so far
            raise AbsenceError(Absence.NO_DOCUMENT)
        return await self._from_event(frame, page, focused) or await self._by_search(frame, page)

    async def read(self, chain: Chain, bar: Node | None) -> Reading:
        """Ask every object of *chain* at once, afresh, and prove the chain from the window downward.

        Raises ``AbsenceError``: ``CHROME`` when the frame is not the active one or the address *bar* has the focus,
        ``STALE`` when a document is not in its place any more or the element lost the focus.
        """
        nodes, documents = self._nodes, [link.document for link in chain.links]
        (frame, above, page), (said, places, boxes), element = await asyncio.gather(
            asyncio.gather(
                nodes.state(chain.frame), nodes.state(bar) if bar else _nothing(), nodes.embedded(chain.frame)
            ),
            asyncio.gather(
                asyncio.gather(*(nodes.document(document) for document in documents)),
                asyncio.gather(*(nodes.child(link.parent, link.index) for link in chain.links)),
                asyncio.gather(*(nodes.extents(document) for document in documents)),
            ),
            self._read_element(chain.element) if chain.element else _nothing(),
        )
        if frame & DEFUNCT or page != chain.page or list(places) != documents:
            raise AbsenceError(Absence.STALE)
        if element is not None and (not element.state & FOCUSED or element.state & DEFUNCT):
            raise AbsenceError(Absence.STALE)
        if not frame & ACTIVE or (above is not None and above & FOCUSED):
            raise AbsenceError(Absence.CHROME)
        return Reading(documents=tuple(said), boxes=tuple(boxes), element=element)

    async def _read_element(self, node: Node) -> ElementReading:
        state, role, name, attributes, box, head = await asyncio.gather(
            self._nodes.state(node),
            self._nodes.role(node),
            self._nodes.name(node),
            self._nodes.attributes(node),
            self._nodes.extents(node),
            self._nodes.text_head(node, _secrets.HEAD),
        )
        if "tag" not in attributes:
            state &= ~EDITABLE  # Firefox tells of an element before it tells what the element is
        hidden = _secrets.shows_bullets(head) or (bool(state & EDITABLE) and _secrets.is_disguised(role, attributes))
        return ElementReading(state=state, role=role, name=name, attributes=attributes, box=box, bullets=hidden)

    async def _from_event(self, frame: Node, page: Node, focused: Node | None) -> Chain | None:
        """Return the chain of the element that the last event named, or ``None`` when it is not on this page."""
        if focused is None:
            return None
        try:
            state = await self._nodes.state(focused)
            climbed = await self._climb(focused)
        except AbsenceError as error:
            if error.absence is Absence.STALE:
                return None
            raise
        if climbed is None or not state & FOCUSED:
            return None
        top, links = climbed
        if links and links[-1].document == page:
            return _chain(frame, focused, links)
        if top != frame or not links:
            raise AbsenceError(Absence.CHROME)
        return None

    async def _by_search(self, frame: Node, page: Node) -> Chain:
        """Return the chain of what says that it has the focus, when no event told: at the start, after "back".

        A page's element goes on saying so while the address bar has the focus: anything outside the page wins, also
        what shows in another document of the window, as developer tools do. Empty documents say so, too, and mean
        nothing.
        """
        claims = await self._nodes.matches(frame, states=FOCUSED, limit=_FEW)
        if len(claims) == _FEW:
            raise AbsenceError(Absence.STALE)
        inside: list[tuple[Node, tuple[Link, ...]]] = []
        beside: list[Node] = []
        for climbed, claim in zip(await asyncio.gather(*map(self._climb, claims)), claims, strict=True):
            if climbed is None or not climbed[1]:
                raise AbsenceError(Absence.CHROME)
            if climbed[1][-1].document == page:
                inside.append((claim, climbed[1]))
            elif climbed[1][0].document != claim:
                beside.append(claim)
        if any(state & SHOWING for state in await asyncio.gather(*map(self._nodes.state, beside))):
            raise AbsenceError(Absence.CHROME)
        if not inside:
            return Chain(frame=frame, element=None, links=(await self._link(page),))
        deepest = max(inside, key=lambda each: len(each[1]))
        return _chain(frame, *deepest)

    async def _climb(self, node: Node) -> tuple[Node, tuple[Link, ...]] | None:
        """Return the frame above *node* and the documents in between, innermost first; ``None`` if there is none."""
        links: list[Link] = []
        here, parent = node, None
        for _ in range(_DEEPEST):
            role, parent = await asyncio.gather(self._nodes.role(here), self._nodes.parent(here))
            if role == "frame":
                return here, tuple(links)
            if parent is None:
                return None
            if role == DOCUMENT_ROLE:
                links.append(Link(document=here, parent=parent, index=await self._nodes.index(here)))
            here = parent
        return None

    async def _link(self, document: Node) -> Link:
        parent, index = await asyncio.gather(self._nodes.parent(document), self._nodes.index(document))
        if parent is None:
            raise AbsenceError(Absence.STALE)
        return Link(document=document, parent=parent, index=index)


def _chain(frame: Node, focused: Node, links: tuple[Link, ...]) -> Chain:
    """Return the chain; a document that has the focus itself is no element."""
    return Chain(frame=frame, element=None if focused == links[0].document else focused, links=links)


async def _nothing() -> None:
    return None
