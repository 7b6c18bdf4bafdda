"""What can be recorded, each switched on by itself and off until then."""

from enum import StrEnum


class Signal(StrEnum):
    """One kind of interaction that a grant may cover."""

    TEXT = "text"
    """Text typed into ordinary fields, redacted."""
    CLASSES = "classes"
    """Of typed text only the kinds of keys (letter, digit, punctuation), never which. Nothing records it yet."""
    CLICKS = "clicks"
    SCROLLS = "scrolls"
    MOVES = "moves"
    """The pointer's way, at most ten points a second."""
    SCREENSHOTS = "screenshots"
    """Masked frames of the page's own content area."""
