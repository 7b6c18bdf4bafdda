"""A rectangle on the screen, in whole pixels of the X root window."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    """An upright rectangle: top left corner, width and height, in pixels; *width* and *height* are not negative."""

    x: int
    y: int
    width: int
    height: int

    def contains(self, x: int, y: int) -> bool:
        """Say whether the pixel at *x*, *y* lies inside."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height

    def intersection(self, other: "Rect") -> "Rect | None":
        """Return the part that both share, or ``None`` when they share no pixel."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right = min(self.x + self.width, other.x + other.width)
        bottom = min(self.y + self.height, other.y + other.height)
        if right <= left or bottom <= top:
            return None
        return Rect(x=left, y=top, width=right - left, height=bottom - top)

    def grown(self, pixels: int) -> "Rect":
        """Return this rectangle with a margin of *pixels* on every side."""
        return Rect(
            x=self.x - pixels, y=self.y - pixels, width=self.width + 2 * pixels, height=self.height + 2 * pixels
        )

    def moved(self, dx: int, dy: int) -> "Rect":
        """Return this rectangle shifted by *dx*, *dy* pixels."""
        return Rect(x=self.x + dx, y=self.y + dy, width=self.width, height=self.height)
