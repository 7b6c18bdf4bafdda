"""Importing Overt needs no display, and who reads episodes never loads a hook, nor who records a reader."""

import os
import pkgutil
import subprocess
import sys

import pytest

import overt

pytestmark = pytest.mark.arch

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(overt.__path__, "overt.") if not module.name.endswith("__main__")
)
READING = (
    "audit",
    "dataset",
    "verify",
    "unseal",
    "trajectory",
    "cli.verify",
    "cli.inspect",
    "cli.export",
    "cli.policy",
)
RECORDING = (
    *("focus", "capture", "indicator", "gate", "redact", "seal", "store", "recorder", "tray"),
    *("keys.put", "cli.record"),
)
HOOKS = ("pynput", "mss", "Xlib", "overt.capture")
READERS = ("overt.format.age_read", "overt.unseal", "overt.keys.release", "overt.audit", "overt.dataset")


def loaded(modules: list[str]) -> set[str]:
    """Import *modules* in a process of its own that has no display; return everything that it then holds."""
    code = f"import sys, importlib\nfor name in {modules}: importlib.import_module(name)\nprint(*sys.modules)"
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def within(rooms: tuple[str, ...]) -> list[str]:
    return [name for name in MODULES if any(f"{name}.".startswith(f"overt.{room}.") for room in rooms)]


def of(names: set[str], packages: tuple[str, ...]) -> list[str]:
    return sorted(name for name in names if any(f"{name}.".startswith(f"{package}.") for package in packages))


def test_every_module_imports_without_a_display() -> None:
    assert set(MODULES) <= loaded(MODULES)


def test_who_reads_episodes_loads_no_hook() -> None:
    assert of(loaded(["overt.cli.app", *within(READING)]), HOOKS) == []


def test_who_records_loads_nothing_that_can_read() -> None:
    assert of(loaded(["overt.cli.app", *within(RECORDING)]), READERS) == []


def test_the_command_line_alone_loads_neither() -> None:
    assert of(loaded(["overt.cli.app"]), (*HOOKS, *READERS)) == []
