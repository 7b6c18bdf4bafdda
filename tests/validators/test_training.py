"""An export is worth training on: a small model learns from it what people do next, also people it never saw."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.dataset.interface import Format
from overt.dataset.pipeline import Report
from overt.synth.session import Plan

pytestmark = pytest.mark.validators

PLAN = Plan(seed=11, episodes=150, contributors=15)
HOLDOUT = 30


@pytest.fixture(scope="module")
def said(export_to: Callable[..., Report], learn: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """How well each way of guessing does, on an export of made-up people of whom some are held out."""
    out = tmp_path_factory.mktemp("training") / "dataset"
    export_to(out, (Format.PARQUET,), HOLDOUT, PLAN, gaps=False)
    return learn("next_action", out)


def test_a_model_that_sees_only_the_past_beats_the_commonest_action_on_people_held_out(said: dict[str, Any]) -> None:
    known, others, both = said["people"]
    right = said["accuracy"]

    assert (known + others, both) == (PLAN.contributors, 0)
    assert others >= 2
    assert min(said["steps"]) >= 500
    assert len(said["kinds"]) >= 7
    assert right["model"] > right["majority"] + 0.2
    assert right["model"] > right["after_the_last"] + 0.05
    assert said["macro_f1"]["model"] > 5 * said["macro_f1"]["majority"]
    assert right["model"] < 0.95, "what people do next is not written in what they did: a label shines through"


def test_it_learns_from_the_past_and_from_nothing_else(said: dict[str, Any]) -> None:
    """With the pasts handed round among the steps, the same model does no better than the commonest action."""
    assert abs(said["accuracy"]["history_of_another"] - said["accuracy"]["majority"]) < 0.03


def test_a_data_set_without_people_held_out_is_no_test(
    export_to: Callable[..., Report], learn: Callable[..., Any], tmp_path: Path
) -> None:
    export_to(tmp_path / "dataset", (Format.PARQUET,), 0, Plan(seed=1, episodes=3), gaps=False)

    with pytest.raises(AssertionError, match="nobody is held out"):
        learn("next_action", tmp_path / "dataset")
