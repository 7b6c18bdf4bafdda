"""Typed questions to accessible objects; whatever comes back in another shape is ``STALE``."""

from collections.abc import Iterable
from typing import Final

from dbus_fast import Variant

from overt.events.context import Absence
from overt.events.geometry import Rect
from overt.focus._backends._absence import AbsenceError
from overt.focus._backends._bus import Bus, Node

ACTIVE: Final = 1 << 1
DEFUNCT: Final = 1 << 6
EDITABLE: Final = 1 << 7
FOCUSED: Final = 1 << 12
MULTI_LINE: Final = 1 << 17
SHOWING: Final = 1 << 25

ROLE_CANVAS: Final = 6
ROLE_COMBO_BOX: Final = 11
ROLE_DATE_EDITOR: Final = 12
ROLE_DIALOG: Final = 16
ROLE_IMAGE: Final = 27
ROLE_INTERNAL_FRAME: Final = 28
ROLE_LIST_ITEM: Final = 32
ROLE_MENU: Final = 33
ROLE_PANEL: Final = 39
ROLE_PASSWORD: Final = 40
ROLE_POPUP_MENU: Final = 41
ROLE_PUSH_BUTTON: Final = 43
ROLE_SPIN_BUTTON: Final = 52
ROLE_TOGGLE_BUTTON: Final = 62
ROLE_TOOL_TIP: Final = 64
ROLE_EMBEDDED: Final = 78
ROLE_ENTRY: Final = 79
ROLE_HEADING: Final = 83
ROLE_SECTION: Final = 85
ROLE_LINK: Final = 88
ROLE_TABLE_ROW: Final = 90
ROLE_DOCUMENT_WEB: Final = 95
ROLE_LIST_BOX: Final = 98
ROLE_NOTIFICATION: Final = 101
ROLE_VIDEO: Final = 107
ROLE_ARTICLE: Final = 109
ROLE_LANDMARK: Final = 110
ROLE_STATIC: Final = 116
ROLES: Final = 128
"""Roles have numbers below this one, as far as a rule can ask for them."""

_NULL: Final = "/org/a11y/atspi/null"
_SCREEN: Final = 0
_EMBEDS: Final = 13
_MATCH_ALL: Final = 1
_MATCH_ANY: Final = 2
_CANONICAL: Final = 1
_RULE: Final = "(aiia{ss}iaiiasib)uib"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties.Get"


class Nodes:
    """Questions over one bus. Each raises ``AbsenceError`` when the object is gone, the bus is dead or lies."""

    def __init__(self, bus: Bus) -> None:
        """Ask over *bus*."""
        self._bus = bus

    async def state(self, node: Node) -> int:
        """Return the object's states as a bit mask (``ACTIVE``, ``FOCUSED``, ...)."""
        words = _first(await self._bus.call(node, "Accessible.GetState"))
        match words:
            case [int(low), int(high)]:
                return low | high << 32
            case _:
                raise AbsenceError(Absence.STALE)

    async def attributes(self, node: Node) -> dict[str, str]:
        """Return the object's attributes: ``tag``, ``id``, ``class``, ``text-input-type``, ..."""
        return _strings(await self._bus.call(node, "Accessible.GetAttributes"))

    async def document(self, node: Node) -> dict[str, str]:
        """Return a document's attributes: ``URI`` (Chromium) or ``DocURL`` (Firefox), ``Title``."""
        return _strings(await self._bus.call(node, "Document.GetAttributes"))

    async def role(self, node: Node) -> str:
        """Return the name of the object's role, the same in every language."""
        return _string(_first(await self._bus.call(node, "Accessible.GetRoleName")))

    async def name(self, node: Node) -> str:
        """Return the object's accessible name."""
        return _string(_variant(await self._bus.call(node, _PROPERTIES, "ss", ("org.a11y.atspi.Accessible", "Name"))))

    async def toolkit(self, application: Node) -> str:
        """Return the name of the application's toolkit: ``Chromium``, ``Gecko``, ``gtk``."""
        question = ("org.a11y.atspi.Application", "ToolkitName")
        return _string(_variant(await self._bus.call(application, _PROPERTIES, "ss", question)))

    async def parent(self, node: Node) -> Node | None:
        """Return the object's parent, or ``None`` at the top."""
        return _node(_variant(await self._bus.call(node, _PROPERTIES, "ss", ("org.a11y.atspi.Accessible", "Parent"))))

    async def children(self, node: Node) -> list[Node]:
        """Return the object's children, without the empty ones."""
        return _nodes(_first(await self._bus.call(node, "Accessible.GetChildren")))

    async def child(self, node: Node, index: int) -> Node | None:
        """Return the child at *index*."""
        return _node(_first(await self._bus.call(node, "Accessible.GetChildAtIndex", "i", (index,))))

    async def index(self, node: Node) -> int:
        """Return the object's place among its parent's children."""
        return _integer(_first(await self._bus.call(node, "Accessible.GetIndexInParent")))

    async def extents(self, node: Node) -> Rect | None:
        """Return the object's box in root pixels, or ``None`` when it has none."""
        box = _first(await self._bus.call(node, "Component.GetExtents", "u", (_SCREEN,)))
        match box:
            case [int(x), int(y), int(width), int(height)] if width > 0 and height > 0:
                return Rect(x=x, y=y, width=width, height=height)
            case [int(), int(), int(), int()]:
                return None
            case _:
                raise AbsenceError(Absence.STALE)

    async def text_head(self, node: Node, characters: int) -> str:
        """Return the first *characters* of the object's text; "" when it has no text."""
        try:
            return _string(_first(await self._bus.call(node, "Text.GetText", "ii", (0, characters))))
        except AbsenceError as error:
            if error.absence is Absence.STALE:
                return ""
            raise

    async def link_uri(self, node: Node) -> str:
        """Return where a link leads; "" when it does not say."""
        try:
            return _string(_first(await self._bus.call(node, "Hyperlink.GetURI", "i", (0,))))
        except AbsenceError as error:
            if error.absence is Absence.STALE:
                return ""
            raise

    async def range_box(self, node: Node, start: int, end: int) -> Rect | None:
        """Return the box (root pixels) of the characters from *start* up to *end*, or ``None`` when it is not told.

        A browser measures a text only once it has been asked, so the first answer may be ``None``.
        """
        match await self._bus.call(node, "Text.GetRangeExtents", "iiu", (start, end, _SCREEN)):
            case [int(x), int(y), int(width), int(height)]:
                return Rect(x=x, y=y, width=width, height=height) if width > 0 and height > 0 else None
            case _:
                raise AbsenceError(Absence.STALE)

    async def embedded(self, frame: Node) -> Node | None:
        """Return the document that a browser window shows now, by its ``EMBEDS`` relation: one call, never cached."""
        relations = _first(await self._bus.call(frame, "Accessible.GetRelationSet"))
        if not isinstance(relations, list):
            raise AbsenceError(Absence.STALE)
        for relation in relations:
            match relation:
                case [int(kind), list(targets)] if kind == _EMBEDS and len(targets) == 1:
                    return _node(targets[0])
        return None

    async def at_point(self, document: Node, x: int, y: int) -> Node | None:
        """Return the innermost object of *document* at root pixel *x*, *y*."""
        return _node(_first(await self._bus.call(document, "Component.GetAccessibleAtPoint", "iiu", (x, y, _SCREEN))))

    async def matches(
        self, root: Node, *, states: int = 0, roles: Iterable[int] = (), attributes: dict[str, str] | None = None,
        limit: int,
    ) -> list[Node]:  # fmt: skip
        """Return up to *limit* objects below *root* with all *states*, any of *roles* and all *attributes*.

        The application walks its own tree in its own process: one call, 0.3 ms on a small page.
        """
        masks = [0, 0, 0, 0]
        for role in roles:
            masks[role // 32] |= 1 << role % 32
        rule = [
            [_signed(states & 0xFFFFFFFF), _signed(states >> 32)],
            _MATCH_ALL,
            attributes or {},
            # Matching "all of none" holds for every object, "any of some" only for those that have it.
            _MATCH_ANY if attributes else _MATCH_ALL,
            [_signed(mask) for mask in masks],
            _MATCH_ANY if any(masks) else _MATCH_ALL,
            [],
            _MATCH_ALL,
            False,
        ]
        return _nodes(
            _first(await self._bus.call(root, "Collection.GetMatches", _RULE, (rule, _CANONICAL, limit, True)))
        )


def uri_of(document: dict[str, str]) -> str:
    """Return the page's own address among a document's attributes; "" when it says none."""
    return document.get("URI") or document.get("DocURL") or ""


def _signed(word: int) -> int:
    return word - (1 << 32) if word >= 1 << 31 else word


def _first(body: list[object]) -> object:
    if not body:
        raise AbsenceError(Absence.STALE)
    return body[0]


def _variant(body: list[object]) -> object:
    value = _first(body)
    return value.value if isinstance(value, Variant) else value


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise AbsenceError(Absence.STALE)
    return value


def _integer(value: object) -> int:
    if not isinstance(value, int):
        raise AbsenceError(Absence.STALE)
    return value


def _strings(body: list[object]) -> dict[str, str]:
    value = _first(body)
    if not isinstance(value, dict):
        raise AbsenceError(Absence.STALE)
    return {key: text for key, text in value.items() if isinstance(key, str) and isinstance(text, str)}


def _node(value: object) -> Node | None:
    match value:
        case [str(owner), str(path)]:
            return Node(owner, path) if owner and path != _NULL else None
        case _:
            raise AbsenceError(Absence.STALE)


def _nodes(value: object) -> list[Node]:
    if not isinstance(value, list):
        raise AbsenceError(Absence.STALE)
    found = [_node(each) for each in value]
    return [node for node in found if node is not None]
