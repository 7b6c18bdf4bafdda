"""The redactor's oracle for long: 50,000 traces of people who type secrets badly, and no run of a secret comes out.

``OVERT_ORACLE_TRACES`` says how many, ``OVERT_ORACLE_SEED`` with which seed to begin; each batch prints its own.
"""

import importlib.util
import os
import sys
import time
from pathlib import Path
from typing import Any, Final

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

TRACES: Final = int(os.environ.get("OVERT_ORACLE_TRACES", "50000"))
FIRST: Final = int(os.environ.get("OVERT_ORACLE_SEED", str(time.time_ns() % 1_000_000)))
BATCH: Final = 1_000
MACHINE: Final = Path(__file__).parents[1] / "property/test_redact_oracle_machine.py"

pytestmark = [pytest.mark.soak, pytest.mark.timeout(300 + TRACES)]


def test_no_run_of_a_secret_comes_out_of_any_trace() -> None:
    machine = _machine()
    for seed in range(FIRST, FIRST + -(-TRACES // BATCH)):
        sys.stderr.write(f"oracle: {BATCH} traces with the seed {seed}\n")
        settings = hypothesis.settings(machine.TestCase.settings, max_examples=BATCH, database=None)
        hypothesis.seed(seed)(machine)

        run_state_machine_as_test(machine, settings=settings)


def _machine() -> Any:
    spec = importlib.util.spec_from_file_location(MACHINE.stem, MACHINE)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[MACHINE.stem] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Editing
