"""What the sizes of ciphertext tell somebody who cannot read it."""

import importlib.util
import random
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parents[3] / "bench/episode.py"


@pytest.fixture(scope="module")
def bench() -> Any:
    """Load the measure, with its typist and its onlooker, so that the figure printed is the one tested."""
    spec = importlib.util.spec_from_file_location("bench_episode", BENCH)
    assert isinstance(spec, ModuleSpec)
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", [1, 2])
def test_keystrokes_a_second_are_not_guessed_better_than_blindly(bench: Any, seed: int) -> None:
    """Without padding they were named every time; the onlooker here knows all that there is to know."""
    counts = bench.typist(random.Random(seed), 300)

    told = bench.guessing(counts)

    assert told["sealed"] == told["base_rate"] < 0.4
    assert told["unpadded"] == 1


def test_of_a_long_text_only_a_class_of_lengths_is_told(bench: Any) -> None:
    """Beyond the floor a size is a class: each holds many lengths, and none is named."""
    lengths = list(range(900, 2400, 7))

    sealed, _ = bench.sizes(lengths, random.Random(3))

    for size in set(sealed):
        here = [length for length, seen in zip(lengths, sealed, strict=True) if seen == size]
        assert max(here) - min(here) >= 40 or size in {min(sealed), max(sealed)}
    assert 8 * len(set(sealed)) < len(lengths)
