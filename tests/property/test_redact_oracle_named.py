"""Traces in which the oracle once found something of a secret in what came out, each told as it was typed."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any


def _beside(name: str) -> ModuleType:
    """Load a file of this folder, which is no package."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


machine: Any = _beside("test_redact_oracle_machine")


def test_an_option_named_after_a_withheld_run_repeats_it() -> None:
    """A connection string typed in pieces was withheld as a whole, and the option picked after it said a part again."""
    editing = machine.Editing()
    editing.sit_down(seed=0, told="missing", by_spaces=False, rtl=False)
    editing.begin_a_secret(kind="address", seed=1)
    editing.look_elsewhere(how="tab", what="stone tower")
    editing.place_a_piece(road="arrows", way="keys")
    editing.place_a_piece(road="arrows", way="keys")
    editing.end_a_secret(how="keep", seed=0)
    editing.begin_a_secret(kind="connection", seed=1881159)
    editing.place_a_piece(road="arrows", way="keys")
    editing.place_a_piece(road="arrows", way="keys")

    editing.end_a_secret(how="option", seed=0)

    editing.teardown()  # judges P1 and P2 on everything that came out
