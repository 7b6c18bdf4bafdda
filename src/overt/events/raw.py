"""What the operating system reported, before anyone agreed to it: no repr, no pickle, never stored.

Times are monotonic nanoseconds; coordinates are pixels of the X root window. *seq* counts every event that the hook
saw while armed, so a gap in it is a loss.
"""

from dataclasses import dataclass
from typing import Never

from overt.events.context import Context
from overt.events.geometry import Rect


class _Unstorable:
    """Refuse every easy way in which a value slips into a log, a traceback or a file."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"

    def __reduce__(self) -> Never:
        raise TypeError(f"{type(self).__name__} is never stored")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RawKey(_Unstorable):
    """A key went down or up: *text* is the character that it types, *name* its name when it types none."""

    seq: int
    at_ns: int
    pressed: bool
    text: str | None = None
    name: str | None = None
    modifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RawButton(_Unstorable):
    """A pointer button (``left``, ``middle``, ``right``, ``back``, ``forward``) went down or up."""

    seq: int
    at_ns: int
    pressed: bool
    button: str
    x: int
    y: int
    modifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RawScroll(_Unstorable):
    """The wheel turned by *dx*, *dy* clicks; positive *dy* is up."""

    seq: int
    at_ns: int
    x: int
    y: int
    dx: int
    dy: int
    modifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RawMove(_Unstorable):
    """The pointer moved to *x*, *y*."""

    seq: int
    at_ns: int
    x: int
    y: int


RawEvent = RawKey | RawButton | RawScroll | RawMove
"""Made in ``capture`` and nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RawFrame(_Unstorable):
    """Pixels of *rect* as the screen showed them: 4 bytes a pixel (BGRX), row after row, in a buffer of our own."""

    at_ns: int
    rect: Rect
    pixels: bytearray


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Admitted(_Unstorable):
    """An event that the gate let in, with the context that it belongs to. Made in ``gate`` and nowhere else."""

    event: RawEvent
    context: Context
    area: str
    """The site rule that allowed the page, for example ``google/search``."""
