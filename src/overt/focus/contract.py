"""What every platform's focus source promises."""

from collections.abc import Callable, Iterable
from typing import Protocol

from overt.events.context import Context, FieldChange, FieldInfo, Focus
from overt.events.geometry import Rect

Find = Callable[[str], Iterable[tuple[int, int]]]
"""Finds the characters, from and up to, of a page's text whose pixels must not be kept."""


class FocusSource(Protocol):
    """Follows the focus by events and answers from what it knows; nothing here walks a tree per key.

    All methods are called on one asyncio loop. A time-out, a dead bus or a malformed answer becomes a ``NoContext``
    with its absence; no method but ``start`` raises.
    """

    async def start(self) -> None:
        """Connect and begin to follow; raises ``DesktopError`` with a remedy when this desktop cannot be followed."""
        ...

    async def close(self) -> None:
        """Disconnect; harmless when called twice."""
        ...

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call *callback* (no arguments, must not block) whenever window, document chain or field may have changed."""
        ...

    async def check(self) -> Focus:
        """Read the focus afresh: every document's URI, and from the window downward that each is still in its place.

        Costs a few D-Bus round trips, about a millisecond; bounded by a time-out, after which the answer is
        ``NoContext(TIMEOUT)``.
        """
        ...

    async def masks(self, context: Context, find: Find | None = None) -> tuple[Rect, ...] | None:
        """Return the boxes (root pixels) on *context*'s page whose pixels must not be kept, or ``None`` if unknown.

        Fields, also those that cannot be edited, frames of a foreign origin, suggestions, messages, accounts, people
        by the structure of the page, what *find* finds in its visible texts, and anything that lies above the page: of
        other windows or of the browser itself. ``None`` means that the frame must be discarded.
        """
        ...

    def owns(self, context: Context, x: int, y: int) -> bool:
        """Say whether *context*'s window is the topmost one at root pixel *x*, *y*; one round trip, never raises."""
        ...

    async def target(self, context: Context, x: int, y: int) -> tuple[str, str, Rect | None] | None:
        """Return role, accessible name and box of the page's element at root pixel *x*, *y*, or ``None``.

        The name of what is about a person is ``[PERSON]``.
        """
        ...

    def listen(self, field: FieldInfo | None) -> None:
        """Report the changes of the text of *field*, and of no other object, from now on; ``None``: of none.

        Only ever an ordinary field of an allowed page, and only while the hook is armed. Returns at once; what the
        field holds then arrives as a ``START`` before any change. A source that cannot listen reports nothing.
        """
        ...

    def hush(self) -> None:
        """Stop listening at once and drop what waits: no text reaches this process until ``listen`` is called."""
        ...

    def on_text(self, callback: Callable[[], None]) -> None:
        """Call *callback* (no arguments, must not block) when there are changes to fetch."""
        ...

    def changes(self) -> list[FieldChange]:
        """Return the changes since the last call, in their order; bounded, and a ``LOST`` stands where some lack."""
        ...

    @property
    def changes_lost(self) -> int:
        """How many changes found no room."""
        ...
