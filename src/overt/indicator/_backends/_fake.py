"""An indicator that shows nothing and remembers everything, for tests."""

from overt.errors import DesktopError
from overt.events.geometry import Rect


class FakeIndicator:
    """Visible between ``show`` and ``hide``, unless a test covers it or kills it."""

    def __init__(self) -> None:
        """Be off the screen."""
        self.rect: Rect | None = None
        self.shown: list[Rect] = []
        self.covered = False
        self.alive = True
        self.closed = False

    def show(self, rect: Rect) -> None:
        """Remember *rect*; raises ``DesktopError`` when the test took the display away."""
        if self.closed or not self.alive:
            raise DesktopError("the indicator has lost its display")
        self.rect = rect
        self.shown.append(rect)

    def hide(self) -> None:
        """Be off the screen."""
        self.rect = None

    def visible(self) -> bool:
        """Say whether a person could see it."""
        return self.rect is not None and self.alive and not self.covered and not self.closed

    def close(self) -> None:
        """Be off the screen for good."""
        self.hide()
        self.closed = True
