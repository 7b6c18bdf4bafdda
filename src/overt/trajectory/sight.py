"""What the person saw before they acted: the last settled picture before their hand set out."""

from dataclasses import dataclass
from typing import Final

from overt.trajectory.step import Frame

MOVE_RUN_MS: Final = 500
"""Points of the pointer's way no further apart than this, and from the action, are one movement towards it."""


@dataclass(slots=True)
class Sight:
    """The frames of one page visit, as far as they may stand before an action.

    *latest* is the last one taken; *fresh* says that it was taken since the last action.
    """

    latest: Frame | None = None
    fresh: bool = False
    _at_rest: Frame | None = None
    _moved_ms: int | None = None

    def turn_page(self) -> None:
        """Forget every frame: another visit begins."""
        self.latest, self.fresh = None, False
        self._at_rest = self._moved_ms = None

    def shown(self, frame: Frame) -> None:
        """Note that *frame* was taken."""
        self.latest, self.fresh = frame, True

    def moved(self, at_ms: int) -> None:
        """Note a point of the pointer's way; the first of a movement is where the hand set out."""
        if self._moved_ms is None or at_ms - self._moved_ms > MOVE_RUN_MS:
            self._at_rest = self.latest if self.fresh else None
        self._moved_ms = at_ms

    def before(self, at_ms: int) -> Frame | None:
        """Return the frame before a pointer's action at *at_ms*.

        A frame that was taken while the hand moved already may show what it hovered over. It stands in only when none
        was taken between the last action and the movement.
        """
        moving = self._moved_ms is not None and at_ms - self._moved_ms <= MOVE_RUN_MS
        return self._at_rest if moving and self._at_rest is not None else self.latest

    def acted(self) -> None:
        """Note an action: what was seen until then is stale."""
        self.fresh = False
        self._at_rest = self._moved_ms = None
