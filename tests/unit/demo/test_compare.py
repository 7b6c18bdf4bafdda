"""What was wanted is found in what was exported, in order and exactly."""

import random
from typing import Any

import pytest

from overt.demo.compare import align, matches

A: dict[str, Any] = {"kind": "type", "text": "a"}
B: dict[str, Any] = {"kind": "type", "text": "b"}
C: dict[str, Any] = {"kind": "click", "x": 1, "y": 2, "button": "left"}


@pytest.mark.parametrize(
    ("wanted", "actions", "places"),
    [
        ([], [A], []),
        ([A], [], [None]),
        ([A, B], [A, B], [0, 1]),
        ([A, B], [C, A, C, C, B], [1, 4]),
        ([A, B], [B, A], [None, 0]),
        ([A, B, C], [A, C], [0, None, 1]),
        ([A, A], [A], [None, 0]),
        ([A, B, A], [A, A, B], [0, 2, None]),
    ],
)
def test_places_are_those_of_the_longest_common_order(
    wanted: list[dict[str, Any]], actions: list[dict[str, Any]], places: list[int | None]
) -> None:
    assert sum(place is not None for place in align(wanted, actions)) == sum(place is not None for place in places)
    found = [place for place in align(wanted, actions) if place is not None]
    assert found == sorted(set(found))
    for each, place in zip(wanted, align(wanted, actions), strict=True):
        assert place is None or matches(each, actions[place])


@pytest.mark.parametrize("seed", range(30))
def test_everything_wanted_is_found_whatever_lies_between(seed: int) -> None:
    randomness = random.Random(seed)
    wanted = [randomness.choice([A, B, C]) for _ in range(randomness.randrange(12))]
    actions: list[dict[str, Any]] = []
    for each in wanted:
        actions += [{"kind": "wait"}] * randomness.randrange(3) + [each | {"extra": 1}]

    assert None not in align(wanted, actions)


@pytest.mark.parametrize("name", ["kind", "x", "button"])
def test_one_other_value_is_no_match(name: str) -> None:
    assert matches(C, C)
    assert not matches(C, C | {name: "other"})
    assert not matches(C, {key: value for key, value in C.items() if key != name})
