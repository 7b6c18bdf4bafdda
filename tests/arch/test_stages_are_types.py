"""Skipping a stage is a type error: mypy refuses each of these programs, and accepts the one that skips nothing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.arch

ROOT = Path(__file__).parents[2]

HEAD = """
from typing import assert_never

from overt.events.raw import Admitted, RawEvent
from overt.events.verdict import Dropped, DropReason
from overt.gate import Gate, Sandwich
from overt.redact.redactor import Redactor
from overt.seal import EpisodeSealer
"""

PROGRAMS = {
    "nothing_skipped": """
def run(gate: Gate, case: Sandwich, redactor: Redactor, sealer: EpisodeSealer) -> DropReason | None:
    match gate.decide(case):
        case Admitted() as admitted:
            redactor.feed(admitted)
            return None
        case Dropped(reason=reason):
            return reason
        case never:
            assert_never(never)
""",
    "ungated": """
def run(event: RawEvent, redactor: Redactor) -> None:
    redactor.feed(event)
""",
    "unredacted": """
def run(admitted: Admitted, sealer: EpisodeSealer) -> bytes:
    return sealer.flush(meta=[], content=[admitted])
""",
    "raw_sealed": """
def run(event: RawEvent, sealer: EpisodeSealer) -> bytes:
    return sealer.flush(meta=[], content=[event])
""",
    "drop_forgotten": """
def run(gate: Gate, case: Sandwich, redactor: Redactor) -> None:
    match gate.decide(case):
        case Admitted() as admitted:
            redactor.feed(admitted)
        case never:
            assert_never(never)
""",
}

REFUSED = {
    "ungated": {"arg-type"},
    "unredacted": {"list-item"},
    "raw_sealed": {"list-item"},
    "drop_forgotten": {"arg-type"},
}
"""Program to the kinds of error that mypy finds in it."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Run mypy once over all programs; return the kinds of error in each."""
    place = tmp_path_factory.mktemp("stages")
    for name, program in PROGRAMS.items():
        (place / f"{name}.py").write_text(HEAD + program)
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", *sorted(place.glob("*.py"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    kinds: dict[str, set[str]] = {name: set() for name in PROGRAMS}
    for name, kind in re.findall(r"(\w+)\.py:\d+: error: .*\[([\w-]+)\]$", run.stdout, re.MULTILINE):
        kinds.setdefault(name, set()).add(kind)

    assert run.returncode in {0, 1}, run.stdout + run.stderr
    return kinds


@pytest.mark.parametrize("name", PROGRAMS)
def test_mypy_refuses_what_skips_a_stage_and_nothing_else(name: str, found: dict[str, set[str]]) -> None:
    assert found[name] == REFUSED.get(name, set())
