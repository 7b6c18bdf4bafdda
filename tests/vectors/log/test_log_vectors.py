"""The vectors of the log: made again they are the same bytes, and each defect gets its one verdict."""

import importlib.util
import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pytest

from overt.audit.checking import LogClaim, check_log
from overt.errors import VerificationError
from overt.ledger.log import verify_ledger
from overt.ledger.receipt import check_receipt
from overt.ledger.witness import Witness

HERE = Path(__file__).parent
DEFECTS = sorted(path.stem for path in (HERE / "invalid").glob("*.json"))
KNOWN = json.loads((HERE / "valid/expected.json").read_text())
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_log_vectors", HERE / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return a copy: in a clone others may have the right to write, which a log refuses."""
    shutil.copytree(HERE / "valid/log", tmp_path / "log", copy_function=shutil.copyfile)
    for path in (tmp_path / "log").rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    (tmp_path / "log").chmod(0o700)
    return tmp_path / "log"


def test_made_again_they_are_the_same(make: ModuleType, tmp_path: Path) -> None:
    make.main(tmp_path)

    def held(place: Path) -> dict[str, bytes]:
        paths = [path for name in ("valid", "invalid") for path in (place / name).rglob("*") if path.is_file()]
        return {str(path.relative_to(place)): path.read_bytes() for path in paths}

    assert held(tmp_path) == held(HERE)


def test_the_valid_log_proves_what_is_known_of_it(log: Path) -> None:
    seen = (HERE / "valid/example.cosigned").read_text()

    state = verify_ledger(log, KNOWN["log"])
    report = check_log(LogClaim(directory=log, vkey=KNOWN["log"], witness=KNOWN["witness"], seen=seen), today=TODAY)

    assert (state.size, state.root, list(state.entries)) == (KNOWN["size"], KNOWN["root"], KNOWN["entries"])
    assert report.findings == ()
    assert state.root in (HERE / "README.md").read_text()


@pytest.mark.parametrize("defect", DEFECTS)
def test_each_defect_gets_its_one_finding(make: ModuleType, tmp_path: Path, defect: str) -> None:
    vector = json.loads((HERE / f"invalid/{defect}.json").read_text())
    (tmp_path / "log").mkdir(mode=0o700)
    make.unpacked(vector["files"], tmp_path / "log")
    seen = (HERE / "valid/example.cosigned").read_text()
    claim = LogClaim(directory=tmp_path / "log", vkey=KNOWN["log"], seen=seen)

    found = [finding.code.value for finding in check_log(claim, today=TODAY, quiet_days=99).findings]

    assert set(found) == {vector["expect"]}


def test_none_is_missing() -> None:
    assert len(DEFECTS) == 20


@pytest.mark.parametrize("witness", ["witness", "cosigner"])
def test_the_receipt_proves_its_entry(witness: str) -> None:
    proven = check_receipt((HERE / "valid/example.tlog-proof").read_text(), KNOWN["log"], KNOWN[witness])

    assert (proven.entry, proven.index, proven.size) == (KNOWN["entries"][3], 3, 4)


def test_the_witness_takes_the_first_offer_and_then_the_second(make: ModuleType, tmp_path: Path) -> None:
    witness = Witness(tmp_path / "memory", make.OFFICER)
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)

    first = witness.cosign((HERE / "valid/example.offer").read_text(), at, vkey=KNOWN["log"])
    second = witness.cosign((HERE / "valid/second.offer").read_text(), at)

    assert first.note == (HERE / "valid/example.cosigned").read_text()
    assert (second.old, second.checkpoint.size) == (4, 5)
    with pytest.raises(VerificationError, match="cut back"):
        witness.cosign((HERE / "valid/example.offer").read_text(), at)
