"""Finds what had to be exported in what was: in order, each with the exact values that its act gave it."""

from collections.abc import Mapping, Sequence
from typing import Any

from overt.demo.act import Wanted


def matches(wanted: Wanted, action: Mapping[str, Any]) -> bool:
    """Say whether *action* has every value that *wanted* names."""
    return all(name in action and action[name] == value for name, value in wanted.items())


def align(wanted: Sequence[Wanted], actions: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """Return for each of *wanted* the place of its action in *actions*, or ``None`` where it is missing.

    The order is kept: it is the longest common subsequence, so one that is missing does not hide those after it.
    """
    rows, columns = len(wanted), len(actions)
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            if matches(wanted[row], actions[column]):
                best[row][column] = 1 + best[row + 1][column + 1]
            else:
                best[row][column] = max(best[row + 1][column], best[row][column + 1])
    return _walk(wanted, actions, best)


def _walk(wanted: Sequence[Wanted], actions: Sequence[Mapping[str, Any]], best: list[list[int]]) -> list[int | None]:
    found: list[int | None] = []
    column = 0
    for row, each in enumerate(wanted):
        reach = next(
            (
                place
                for place in range(column, len(actions))
                if matches(each, actions[place]) and 1 + best[row + 1][place + 1] == best[row][column]
            ),
            None,
        )
        found.append(reach)
        column = column if reach is None else reach + 1
    return found
