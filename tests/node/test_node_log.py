"""Node's own crypto judges the vectors of the log, and a log of some size."""

import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import pytest

from overt.format.note import NoteSigner
from overt.ledger.log import Ledger
from overt.ledger.receipt import make_receipt

pytestmark = pytest.mark.node

VECTORS = Path(__file__).parents[1] / "vectors/log"
KNOWN = json.loads((VECTORS / "valid/expected.json").read_text())
SPOILT = sorted((VECTORS / "invalid").glob("*.json"))


def unpacked(vector: Path, place: Path) -> Path:
    spec = importlib.util.spec_from_file_location("make_log_vectors", VECTORS / "make.py")
    assert spec is not None
    assert spec.loader is not None
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    log: Path = make.unpacked(json.loads(vector.read_text())["files"], place)
    return log


def test_node_agrees_on_the_valid_log_and_on_its_witness(node: Any) -> None:
    """The newest head has no cosignature yet; the receipt's has."""
    run = node("verify_log.mjs", "log", VECTORS / "valid/log", KNOWN["log"])
    receipt = node("verify_log.mjs", "receipt", VECTORS / "valid/example.tlog-proof", KNOWN["log"], KNOWN["cosigner"])

    said = json.loads(run.stdout)
    assert (said["size"], said["root"]) == (KNOWN["size"], KNOWN["root"])
    assert json.loads(receipt.stdout) == {"index": 3, "size": 4, "entry": KNOWN["entries"][3]}
    assert node("verify_log.mjs", "log", VECTORS / "valid/log", KNOWN["log"], KNOWN["cosigner"]).returncode == 1


@pytest.mark.parametrize("vector", SPOILT, ids=lambda path: path.stem)
def test_node_refuses_each_spoilt_log_that_does_not_prove_itself(node: Any, tmp_path: Path, vector: Path) -> None:
    run = node("verify_log.mjs", "log", unpacked(vector, tmp_path / "log"), KNOWN["log"])

    proves_itself = vector.stem.startswith(("signed-", "entry-"))
    assert run.returncode == (0 if proves_itself else 1), run.stderr
    assert b"at " not in run.stderr


def test_node_judges_a_log_of_many_tiles_and_its_receipts(
    node: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    device = NoteSigner.generate("device-node")
    ledger = Ledger(tmp_path / "log", device)
    for number in range(1000):
        ledger.append({"type": "withdraw", "grant": f"{number:032x}"})
    run = node("verify_log.mjs", "log", tmp_path / "log", device.vkey)
    assert json.loads(run.stdout)["size"] == 1000, run.stderr

    for index in (0, 255, 256, 767, 768, 999):
        (tmp_path / "receipt").write_text(make_receipt(tmp_path / "log", device.vkey, index))
        said = node("verify_log.mjs", "receipt", tmp_path / "receipt", device.vkey)
        assert json.loads(said.stdout)["entry"]["grant"] == f"{index:032x}"
