"""What every platform's indicator promises."""

from typing import Protocol

from overt.events.geometry import Rect


class Indicator(Protocol):
    """A coloured, click-through border around what is recorded. Not on the screen, nothing records."""

    def show(self, rect: Rect) -> None:
        """Draw the border around *rect* (root pixels), raised above other windows, and wait until it is mapped."""
        ...

    def hide(self) -> None:
        """Take the border off the screen."""
        ...

    def visible(self) -> bool:
        """Ask the display server whether every side of the border is mapped and not covered; never raises."""
        ...

    def close(self) -> None:
        """Destroy the border; harmless when called twice."""
        ...
