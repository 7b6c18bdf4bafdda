"""The import contracts: all kept, each seen to break, and none forgets a room that has been built."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.arch

ROOT = Path(__file__).parents[2]
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}

RECORDING = ("focus", "capture", "indicator", "gate", "redact", "seal", "recorder", "tray", "keys.put")

PLAN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "raw-stays-in": {"allowed_importers": ("events", "focus", "capture", "gate", "redact", "recorder")},
    "no-read-back": {
        "source_modules": (*RECORDING, "cli.record"),
        "forbidden_modules": (
            "format.age_read",
            "format.age_foreign",
            "format.age_x25519",
            "unseal",
            "keys.release",
            "audit",
            "dataset",
        ),
    },
    "metadata-only": {"source_modules": ("audit",), "forbidden_modules": ("unseal.content",)},
    "no-hooks": {"source_modules": ("audit", "dataset", "verify", "unseal", "trajectory")},
    "no-network": {
        "source_modules": (
            *RECORDING,
            "errors",
            "policy",
            "consent",
            "events",
            "format",
            "store",
            "subject",
            "cli.record",
            "cli.uninstall",
        )
    },
    "pure-ground": {"source_modules": ("errors", "policy", "consent")},
    "crypto-rooms": {"allowed_importers": ("format", "keys")},
}
"""Contract and field to the rooms that it must name once they are built, and to no other."""

BREACHES = (
    ("floors", {"utils.py": ""}),
    ("floors", {"focus/contract.py": "import overt.capture.contract"}),
    ("raw-stays-in", {"cli/app.py": "from overt.events.raw import RawKey"}),
    ("raw-stays-in", {"verify.py": "from overt.events.context import Context"}),
    ("no-read-back", {"seal.py": "import overt.format.age_read"}),
    ("no-read-back", {"store/episodes.py": "import overt.format.age_read"}),
    ("no-read-back", {"cli/record.py": "import overt.unseal.content"}),
    ("metadata-only", {"audit/__init__.py": "import overt.unseal.content"}),
    ("no-hooks", {"verify.py": "import mss"}),
    ("no-hooks", {"dataset/__init__.py": "def f():\n    import pynput"}),
    ("no-network", {"capture/contract.py": "import socket"}),
    ("no-network", {"focus/contract.py": "def f():\n    from http import client"}),
    ("pure-ground", {"consent/__init__.py": "import time"}),
    ("pure-ground", {"policy/signals.py": "from pathlib import Path"}),
    ("crypto-rooms", {"events/verdict.py": "import cryptography.hazmat.primitives.hashes"}),
    ("no-cycles", {"policy/_hen.py": "import overt.policy._egg", "policy/_egg.py": "import overt.policy._hen"}),
)
"""Contract to what breaks it, and it alone: a file under ``src/overt`` and the line planted in it."""


def lint(source: Path) -> dict[str, str]:
    """Return the state of every contract, by its id, for the package under *source*."""
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache", "--config", ROOT / "pyproject.toml"],
        env=os.environ | {"PYTHONPATH": str(source), "COLUMNS": "200"},
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    states = dict(re.findall(r"^([a-z-]+): .*\b(KEPT|BROKEN)\b", run.stdout, re.MULTILINE))

    assert states.keys() == CONTRACTS.keys(), run.stdout + run.stderr
    return states


def exists(room: str) -> bool:
    path = ROOT / "src/overt" / room.replace(".", "/")
    return (path / "__init__.py").is_file() or path.with_suffix(".py").is_file()


def test_every_contract_is_kept() -> None:
    assert set(lint(ROOT / "src").values()) == {"KEPT"}


@pytest.mark.parametrize(("contract", "planted"), BREACHES, ids=[f"{name}: {next(iter(at))}" for name, at in BREACHES])
def test_a_breach_breaks_its_own_contract_and_no_other(contract: str, planted: dict[str, str], tmp_path: Path) -> None:
    absent = [name for name in planted if name != "utils.py" and not exists(name.split("/")[0].removesuffix(".py"))]
    if contract not in CONTRACTS or absent:
        pytest.skip(f"{contract} is not seen to break here: {', '.join(absent)} is not built yet")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name, line in planted.items():
        plant(tmp_path / "src/overt" / name, line)

    states = lint(tmp_path / "src")

    assert [name for name, state in states.items() if state == "BROKEN"] == [contract]


def plant(path: Path, line: str) -> None:
    if not path.exists() and path.with_suffix("").is_dir():
        path = path.with_suffix("") / "__init__.py"  # the room has grown into a package
    with path.open("a") as module:
        module.write(f"\n{line}\n")


def test_every_contract_has_a_breach() -> None:
    assert CONTRACTS.keys() <= {contract for contract, _ in BREACHES}


@pytest.mark.parametrize(("contract", "field"), [(name, field) for name in PLAN for field in PLAN[name]])
def test_a_contract_names_every_built_room_that_it_is_meant_for(contract: str, field: str) -> None:
    built = {f"overt.{room}" for room in PLAN[contract][field] if exists(room)}
    if contract not in CONTRACTS:
        assert not all(any(map(exists, rooms)) for rooms in PLAN[contract].values()), f"{contract} is due"
        pytest.skip(f"{contract}: its rooms are not built yet")

    assert set(CONTRACTS[contract][field]) == built
