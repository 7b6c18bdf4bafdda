"""An accessibility tree in memory, which answers as a browser's does over the bus."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from overt.events.context import Absence
from overt.focus._backends._absence import AbsenceError
from overt.focus._backends._bus import Node
from overt.focus._backends._nodes import Nodes

if TYPE_CHECKING:
    from collections.abc import Callable

OWNER = ":1.5"
ROLES = {
    "password text": 40,
    "internal frame": 28,
    "embedded": 78,
    "entry": 79,
    "document web": 95,
    "link": 88,
    "push button": 43,
    "image": 27,
    "heading": 83,
    "section": 85,
    "paragraph": 73,
    "list item": 32,
    "static": 116,
    "landmark": 110,
    "article": 109,
    "canvas": 6,
    "combo box": 11,
    "list box": 98,
    "dialog": 16,
    "panel": 39,
}


@dataclass
class Thing:
    """One object of the tree: what a test gives it, and what hangs below it."""

    role: str
    name: str = ""
    states: int = 0
    attributes: dict[str, str] = field(default_factory=dict)
    document: dict[str, str] = field(default_factory=dict)
    box: tuple[int, int, int, int] = (0, 0, 10, 10)
    text: str | None = None
    uri: str = ""
    ranges: tuple[int, int, int, int] = (0, 0, 0, 0)
    children: list[str] = field(default_factory=list)
    parent: str | None = None
    embeds: str | None = None


class Tree:
    """The bus of one application; ``calls`` counts what was asked, ``lies`` replaces answers by member."""

    thing = Thing

    def __init__(self) -> None:
        self.things: dict[str, Thing] = {}
        self.lies: dict[str, list[object]] = {}
        self.calls: list[str] = []
        self.dead = False
        self.nodes = Nodes(self)  # type: ignore[arg-type] # it answers as the bus does

    def put(self, path: str, thing: Thing, below: str | None = None) -> Node:
        self.things[path] = thing
        if below is not None:
            thing.parent = below
            self.things[below].children.append(path)
        return Node(OWNER, path)

    def call(
        self, node: Node, member: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> asyncio.Future[list[object]]:
        del signature
        self.calls.append(member)
        future: asyncio.Future[list[object]] = asyncio.get_running_loop().create_future()
        if self.dead:
            future.set_exception(AbsenceError(Absence.BUS_DEAD))
        elif member in self.lies:
            future.set_result(self.lies[member])
        elif node.path not in self.things:
            future.set_exception(AbsenceError(Absence.STALE))
        else:
            future.set_result(self._answer(node.path, member, body))
        return future

    def _answer(self, path: str, member: str, body: tuple[Any, ...]) -> list[object]:
        thing = self.things[path]
        answers: dict[str, Callable[[], object]] = {
            "Accessible.GetState": lambda: [thing.states & 0xFFFFFFFF, thing.states >> 32],
            "Accessible.GetAttributes": lambda: thing.attributes,
            "Document.GetAttributes": lambda: thing.document,
            "Accessible.GetRoleName": lambda: thing.role,
            "Accessible.GetChildren": lambda: [ref(child) for child in thing.children],
            "Accessible.GetChildAtIndex": lambda: ref(
                thing.children[body[0]] if body[0] < len(thing.children) else None
            ),
            "Accessible.GetIndexInParent": lambda: self.things[thing.parent or ""].children.index(path),
            "Accessible.GetRelationSet": lambda: [[13, [ref(thing.embeds)]]] if thing.embeds else [],
            "Component.GetExtents": lambda: list(thing.box),
            "Component.GetAccessibleAtPoint": lambda: ref(self._hit(path, *body[:2])),
            "Hyperlink.GetURI": lambda: thing.uri,
            "Text.GetRangeExtents": lambda: thing.ranges,
            "Text.GetText": lambda: (thing.text or "")[body[0] : body[1]],
            "org.freedesktop.DBus.Properties.Get": lambda: thing.name if body[1] == "Name" else ref(thing.parent),
            "Collection.GetMatches": lambda: self._matches(path, *body[:1], body[2]),
        }
        found = answers[member]()
        return list(found) if isinstance(found, tuple) else [found]

    def _matches(self, path: str, rule: list[Any], limit: int) -> list[object]:
        (low, _), _, attributes, _, roles, _, *_ = rule
        wanted = [number for number in range(128) if roles[number // 32] >> number % 32 & 1]
        return [
            ref(each)
            for each in self._below(path)
            if self.things[each].states & low == low
            and (not wanted or ROLES.get(self.things[each].role) in wanted)
            and attributes.items() <= self.things[each].attributes.items()
        ][:limit]

    def _below(self, path: str) -> list[str]:
        return [each for child in self.things[path].children for each in (child, *self._below(child))]

    def _hit(self, path: str, x: int, y: int) -> str:
        for child in self.things[path].children:
            left, top, width, height = self.things[child].box
            if left <= x < left + width and top <= y < top + height:
                return self._hit(child, x, y)
        return path


def ref(path: str | None) -> list[str]:
    return [OWNER, path or "/org/a11y/atspi/null"]


@pytest.fixture
def tree() -> Tree:
    return Tree()
