"""Once secret, always secret: which fields of which documents were ever passwords."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final

from overt.events.geometry import Rect
from overt.focus._backends._absence import AbsenceError
from overt.focus._backends._bus import Node
from overt.focus._backends._nodes import ROLE_PASSWORD, Nodes

PASSWORD: Final = "password text"  # noqa: S105 - a role, not a password

_DOCUMENTS: Final = 1000
"""Documents remembered; a page with passwords has to be older than a thousand others of its kind to be forgotten."""

_AGAIN_NS: Final = 5_000_000_000
_SHARE: Final = 50
"""A search may take a fiftieth of the browser's time."""

_SEARCH_S: Final = 1.0
_MOST: Final = 64

_BULLETS: Final = frozenset("•●∙◦○■▪⬤")
_FIELD_TAGS: Final = frozenset({"input", "textarea"})
_FIELD_ROLES: Final = frozenset({"entry", PASSWORD, "combo box", "spin button"})
"""Under these roles a browser still tells a field's type, and shows bullets where it draws them."""

HEAD: Final = 4
"""How many characters of a field's text are looked at, and dropped at once, to see whether it shows bullets."""


def shows_bullets(head: str) -> bool:
    """Say whether a field's text begins as a masked one does; ``-webkit-text-security`` has no other sign."""
    return bool(head) and all(character in _BULLETS for character in head)


def is_password(role: str, attributes: dict[str, str]) -> bool:
    """Say whether a field says of itself that it is a password."""
    return role == PASSWORD or attributes.get("text-input-type") == "password"


def is_disguised(role: str, attributes: dict[str, str]) -> bool:
    """Say whether something that takes text is no field of a form, or says another thing of itself than it is.

    A page may call its password a button: Chromium then tells neither that it is a password nor that it shows bullets.
    What is written into any other element than a form's field is a message or a document, and no search.
    """
    return bool(tag := attributes.get("tag")) and (tag not in _FIELD_TAGS or role not in _FIELD_ROLES)


class Secrets:
    """Remembers secret fields while their document lives, also when the browser makes their node anew."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._marks: OrderedDict[str, set[str]] = OrderedDict()

    def remember(self, document: str, marks: frozenset[str]) -> bool:
        """Note that the field of *document* (its key) with *marks* is or was secret; say whether that is news."""
        known = self._marks.setdefault(document, set())
        news = not marks <= known
        known.update(marks)
        self._marks.move_to_end(document)
        while len(self._marks) > _DOCUMENTS:
            self._marks.popitem(last=False)
        return news

    def known(self, document: str, marks: frozenset[str]) -> bool:
        """Say whether a field of *document* with any of *marks* was ever secret."""
        return not marks.isdisjoint(self._marks.get(document, ()))


def marks_of(key: str, attributes: dict[str, str], box: Rect | None, page: Rect | None) -> frozenset[str]:
    """Return the ways to recognise a field: its node, its id, its name and its place on the page.

    A script may put another field where the password was. *box* and *page* are the field's and its document's boxes in
    root pixels.
    """
    marks = {f"node {key}"}
    if attributes.get("id"):
        marks.add(f"id {attributes['id']}")
    if attributes.get("html-input-name"):
        marks.add(f"name {attributes['html-input-name']}")
    if box is not None and page is not None:
        marks.add(f"place {box.x - page.x} {box.y - page.y} {box.width} {box.height}")
    return frozenset(marks)


class Survey:
    """Looks for passwords before anyone enters them, so that a "show password" cannot make them ordinary unseen.

    The browser searches its whole page for it (90 ms on one of 16,000 objects), so it runs beside the looks at the
    focus, and seldom.
    """

    def __init__(self, secrets: Secrets, now: Callable[[], int], on_news: Callable[[], None]) -> None:
        """Note in *secrets*; *now* is monotonic ns; *on_news* is called when a password was found."""
        self._secrets = secrets
        self._now = now
        self._on_news = on_news
        self._due_ns: OrderedDict[str, int] = OrderedDict()
        self._task: asyncio.Task[None] | None = None

    def look(self, nodes: Nodes, documents: Iterable[Node]) -> None:
        """Search those of *documents* that were not searched lately; returns at once."""
        if self._task is not None and not self._task.done():
            return
        due = [each for each in documents if self._now() >= self._due_ns.get(each.key, 0)]
        if due:
            self._task = asyncio.get_running_loop().create_task(self._search(nodes, due))

    def reopen(self) -> None:
        """Search every document anew: one of them has loaded."""
        self._due_ns.clear()

    async def close(self) -> None:
        """Stop searching."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _search(self, nodes: Nodes, documents: list[Node]) -> None:
        news = False
        for document in documents:
            began = self._now()
            try:
                async with asyncio.timeout(_SEARCH_S):
                    news |= await note_passwords(nodes, document, self._secrets)
            except (AbsenceError, TimeoutError):
                pass  # nothing is known of it until it is searched again
            self._due_ns[document.key] = self._now() + max(_AGAIN_NS, _SHARE * (self._now() - began))
            while len(self._due_ns) > _DOCUMENTS:
                self._due_ns.popitem(last=False)
        if news:
            self._on_news()


async def note_passwords(nodes: Nodes, document: Node, secrets: Secrets, found: list[Node] | None = None) -> bool:
    """Remember every password of *document* (already *found*, or searched now); say whether one of them is news."""
    if found is None:
        found = await nodes.matches(document, roles=(ROLE_PASSWORD,), limit=_MOST)
    attributes = await asyncio.gather(*(nodes.attributes(node) for node in found))
    news = [
        secrets.remember(document.key, marks_of(node.key, each, None, None))
        for node, each in zip(found, attributes, strict=True)
    ]
    return any(news)
