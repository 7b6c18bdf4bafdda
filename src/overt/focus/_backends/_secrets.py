"""Once secret, always secret: which fields of which documents were ever passwords."""

from collections import OrderedDict
from typing import Final

from overt.events.geometry import Rect

_DOCUMENTS: Final = 1000
"""Documents remembered; a page with passwords has to be older than a thousand others of its kind to be forgotten."""

_BULLETS: Final = frozenset("•●∙◦○■▪⬤")
HEAD: Final = 4
"""How many characters of a field's text are looked at, and dropped at once, to see whether it shows bullets."""


def shows_bullets(head: str) -> bool:
    """Say whether a field's text begins as a masked one does; ``-webkit-text-security`` has no other sign."""
    return bool(head) and all(character in _BULLETS for character in head)


def is_password(role: str, attributes: dict[str, str]) -> bool:
    """Say whether a field says of itself that it is a password."""
    return role == "password text" or attributes.get("text-input-type") == "password"


class Secrets:
    """Remembers secret fields while their document lives, also when the browser makes their node anew."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._marks: OrderedDict[str, set[str]] = OrderedDict()

    def remember(self, document: str, marks: frozenset[str]) -> None:
        """Note that the field of *document* (its key) with *marks* is or was secret."""
        self._marks.setdefault(document, set()).update(marks)
        self._marks.move_to_end(document)
        while len(self._marks) > _DOCUMENTS:
            self._marks.popitem(last=False)

    def known(self, document: str, marks: frozenset[str]) -> bool:
        """Say whether a field of *document* with any of *marks* was ever secret."""
        return not marks.isdisjoint(self._marks.get(document, ()))


def marks_of(key: str, attributes: dict[str, str], box: Rect | None, page: Rect | None) -> frozenset[str]:
    """Return the ways to recognise a field: its node, its id, its name, or else its place on the page.

    *box* and *page* are the field's and its document's boxes in root pixels.
    """
    marks = {f"node {key}"}
    if attributes.get("id"):
        marks.add(f"id {attributes['id']}")
    if attributes.get("html-input-name"):
        marks.add(f"name {attributes['html-input-name']}")
    if len(marks) == 1 and box is not None and page is not None:
        marks.add(f"place {box.x - page.x} {box.y - page.y} {box.width} {box.height}")
    return frozenset(marks)
