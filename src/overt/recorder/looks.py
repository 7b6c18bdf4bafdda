"""What two looks at the focus tell of the events that came between them."""

from typing import Final

from overt.events.context import Absence, Context, Focus, NoContext

ELSEWHERE: Final = "elsewhere"
"""Where else the focus is, is nobody's business, also of whoever reads a redirected status line."""

_REMEDIABLE: Final = frozenset(
    {
        *(Absence.NO_ACCESSIBLE, Absence.NO_DOCUMENT, Absence.TIMEOUT, Absence.BUS_DEAD, Absence.LANGUAGE),
    }
)


def told(focus: Focus) -> str:
    """Return why nothing is recorded, as far as the person can do something about it."""
    if isinstance(focus, NoContext) and focus.absence in _REMEDIABLE:
        return focus.absence.value
    return ELSEWHERE


def before(cached: Focus, fresh: Focus) -> Focus:
    """Choose the context before events that came between two looks: the stricter one, else the fresher of a page.

    A page that was just left still is what its last click belongs to. A field that is secret on either side makes
    the events secret.
    """
    if not isinstance(cached, Context):
        return fresh
    if cached.field is not None and cached.field.secret:
        return cached
    if isinstance(fresh, Context) and fresh.page.key == cached.page.key and fresh.page.uri == cached.page.uri:
        return fresh
    if isinstance(fresh, Context) and fresh.field is not None and fresh.field.secret:
        return fresh
    return cached


def known_ns(cached: Focus, fresh: Focus) -> int:
    """Return up to when an event must have waited for *fresh* to tell of it: the time of the look.

    If nothing changed since the look before, both tell of the whole time between them, however long it was.
    """
    if isinstance(cached, Context) and isinstance(fresh, Context) and _same_place(cached, fresh):
        return cached.taken_ns
    return fresh.taken_ns


def _same_place(one: Context, other: Context) -> bool:
    return one.generation == other.generation and [(d.key, d.uri) for d in one.documents] == [
        (d.key, d.uri) for d in other.documents
    ]
