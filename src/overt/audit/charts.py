"""Charts as inline SVG: whole numbers, in colours that the page names, readable without them too."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

_WIDTH: Final = 640
_ROW: Final = 28
_LABEL: Final = 90
_HEIGHT: Final = 160
_MOST: Final = 60
"""So many audits fit into a trend."""


class Svg(str):
    """Markup that a template takes as it is: everything in it that somebody else wrote is escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return itself."""
        return self


def bars(counts: Mapping[str, int]) -> Svg:
    """Return a bar for each of *counts*, by name; a count of none has no bar, and its figure."""
    most = max([*counts.values(), 1])
    rows = []
    for at, (name, count) in enumerate(counts.items()):
        y = at * _ROW
        length = round((_WIDTH - _LABEL - 70) * count / most)
        rows.append(
            f'<text x="0" y="{y + 19}">{escape(name)}</text>'
            f'<rect class="{escape(name)}" x="{_LABEL}" y="{y + 5}" width="{length}" height="18" rx="2"/>'
            f'<text x="{_LABEL + length + 8}" y="{y + 19}">{count:,}</text>'
        )
    said = ", ".join(f"{name}: {count}" for name, count in counts.items())
    return _svg("".join(rows), _ROW * len(counts), said)


def trend(points: Sequence[tuple[str, int]]) -> Svg:
    """Return a column for each of *points*, a day and a count, in their order; at most the newest sixty."""
    shown = points[-_MOST:]
    most = max([count for _, count in shown] + [1])
    step = _WIDTH / len(shown)
    columns = []
    for at, (day, count) in enumerate(shown):
        height = round((_HEIGHT - 50) * count / most)
        x, y = at * step + step * 0.15, _HEIGHT - 22 - height
        columns.append(
            f'<rect class="critical" x="{x:.1f}" y="{y}" width="{step * 0.7:.1f}" height="{max(height, 1)}">'
            f"<title>{escape(day)}: {count}</title></rect>"
            f'<text class="small" x="{x:.1f}" y="{y - 5}">{count:,}</text>'
        )
    first, last = escape(shown[0][0]), escape(shown[-1][0])
    columns.append(f'<text class="small" x="0" y="{_HEIGHT - 4}">{first}</text>')
    columns.append(f'<text class="small" x="{_WIDTH}" y="{_HEIGHT - 4}" text-anchor="end">{last}</text>')
    return _svg("".join(columns), _HEIGHT, f"findings of {len(shown)} audits from {shown[0][0]} to {shown[-1][0]}")


def _svg(body: str, height: int, said: str) -> Svg:
    return Svg(
        f'<svg role="img" aria-label="{escape(said)}" viewBox="0 0 {_WIDTH} {height}" '
        f'xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )
