"""Where the four sides of the border lie, and how much of a side can be seen; pure geometry."""

from collections.abc import Iterable

from overt.events.geometry import Rect

THICKNESS = 4
"""Pixels: seen at a glance, and narrow enough to stay on when a window fills the screen."""


def border(rect: Rect, screen: Rect, thickness: int = THICKNESS) -> tuple[Rect, Rect, Rect, Rect] | None:
    """Return top, bottom, left and right side of the border around the part of *rect* that is on *screen*.

    A side lies outside that part where the screen has room for it, otherwise just inside its edge. ``None`` means that
    *rect* is off the screen, or too small to have a border.
    """
    part = rect.intersection(screen)
    if part is None or part.width <= 2 * thickness or part.height <= 2 * thickness:
        return None
    left, right = _span(part.x, part.width, screen.x, screen.width, thickness)
    top, bottom = _span(part.y, part.height, screen.y, screen.height, thickness)
    between = Rect(x=left, y=top + thickness, width=thickness, height=bottom - top - 2 * thickness)
    above = Rect(x=left, y=top, width=right - left, height=thickness)
    return above, above.moved(0, bottom - thickness - top), between, between.moved(right - thickness - left, 0)


def _span(start: int, length: int, limit: int, room: int, thickness: int) -> tuple[int, int]:
    """Return where the border begins and ends along one axis."""
    first = start - thickness if start - thickness >= limit else start
    end = start + length
    return first, end + thickness if end + thickness <= limit + room else end


def shown_share(side: Rect, screen: Rect, covers: Iterable[Rect]) -> float:
    """Return which share of *side*'s pixels is on *screen* and under none of *covers*, from 0 to 1."""
    part = side.intersection(screen)
    pieces = [part] if part is not None else []
    for cover in covers:
        pieces = [rest for piece in pieces for rest in _without(piece, cover)]
    area = side.width * side.height
    return sum(piece.width * piece.height for piece in pieces) / area if area else 0.0


def _without(piece: Rect, cover: Rect) -> list[Rect]:
    """Return the parts of *piece* that *cover* leaves: at most four, which share no pixel."""
    hit = piece.intersection(cover)
    if hit is None:
        return [piece]
    below, right = hit.y + hit.height, hit.x + hit.width
    rests = (
        Rect(x=piece.x, y=piece.y, width=piece.width, height=hit.y - piece.y),
        Rect(x=piece.x, y=below, width=piece.width, height=piece.y + piece.height - below),
        Rect(x=piece.x, y=hit.y, width=hit.x - piece.x, height=hit.height),
        Rect(x=right, y=hit.y, width=piece.x + piece.width - right, height=hit.height),
    )
    return [rest for rest in rests if rest.width and rest.height]
