"""A small synthetic organisation, made once by the command's own acts."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.cli import synth
from overt.subject.submitting import submit
from overt.synth.making import Acts, Made, make
from overt.synth.session import Plan

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def no_progress(done: int, total: int) -> None:
    del done, total


@pytest.fixture(scope="session")
def acts() -> Acts:
    return Acts(give=synth._give, approve=synth._approve, submit=submit)


@pytest.fixture(scope="session")
def maker(acts: Acts) -> Callable[..., Made]:
    """Return what makes a plan at a place."""

    def run(root: Path, plan: Plan, **changes: object) -> Made:
        return make(root, plan, acts, **{"at": AT, "progress": no_progress, **changes})  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def made(maker: Callable[..., Made], tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return an organisation of two people with three episodes and their pictures."""
    root = tmp_path_factory.mktemp("synth") / "organisation"
    return maker(root, Plan(seed=3, episodes=3, contributors=2, frames=True))
