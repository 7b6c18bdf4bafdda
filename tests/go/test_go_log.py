"""Go's own transparency log reads ours from the disk, and checks our receipts and offers."""

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from overt.format import text64
from overt.format.checkpoint import Checkpoint
from overt.format.cosignature import cosigner_key
from overt.format.note import NoteSigner, parse_note
from overt.ledger.log import Ledger
from overt.ledger.receipt import make_receipt
from overt.ledger.witness import Witness, accept, make_offer

HERE = Path(__file__).parent
PACKAGES = Path("/usr/share/gocode")
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIZE = 10_300

Judge = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    go = shutil.which("go")
    if go is None or not (PACKAGES / "src/golang.org/x/mod/sumdb").exists():
        pytest.skip("no Go with golang.org/x/mod here: no second implementation reads our log's tiles")
    place = tmp_path_factory.mktemp("go")
    environment = os.environ | {"GO111MODULE": "off", "GOPATH": str(PACKAGES), "GOCACHE": str(place / "cache")}
    program = place / "verify_log"
    subprocess.run([go, "build", "-o", program, HERE / "verify_log.go"], env=environment, check=True, timeout=240)

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False, timeout=60)

    return run


@pytest.fixture(scope="session")
def device() -> NoteSigner:
    return NoteSigner.generate("device-judged")


@pytest.fixture(scope="session")
def officer() -> NoteSigner:
    return NoteSigner.generate("witness-judging")


def entry(number: int) -> dict[str, Any]:
    return {"type": "withdraw", "grant": f"{number:032x}"}


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory, device: NoteSigner, officer: NoteSigner) -> Path:
    """Return a log of more than ten thousand entries, appended one by one, witnessed at 300 and at its end."""
    place = tmp_path_factory.mktemp("log")
    fast = pytest.MonkeyPatch()
    fast.setattr(os, "fsync", lambda _: None)
    ledger = Ledger(place / "log", device)
    witness = Witness(place / "memory", officer)
    for number in range(SIZE):
        if number == 300:
            (place / "first.checkpoint").write_text(ledger.checkpoint())
            witness.cosign(make_offer(place / "log", device.vkey), AT, vkey=device.vkey)
        ledger.append(entry(number))
    (place / "second.offer").write_text(make_offer(place / "log", device.vkey, old=300))
    answer = witness.cosign((place / "second.offer").read_text(), AT)
    accept(place / "log", device.vkey, answer.note, officer.vkey)
    fast.undo()
    return place / "log"


def test_go_reads_every_tile_and_agrees_on_every_root(
    judge: Judge, log: Path, device: NoteSigner, officer: NoteSigner
) -> None:
    run = judge("log", log, device.vkey, cosigner_key(officer.vkey))

    assert (run.returncode, run.stderr) == (0, "")
    records, inclusions, consistencies, tiles = (int(word.split()[0]) for word in run.stdout.split(", "))
    assert records == SIZE
    assert min(inclusions, consistencies) >= 149
    assert tiles >= 41


@pytest.mark.parametrize("name", ["checkpoint", "tile/0/011", "tile/1/000.p/40", "tile/entries/040.p/60"])
def test_go_refuses_a_changed_file(judge: Judge, log: Path, device: NoteSigner, tmp_path: Path, name: str) -> None:
    shutil.copytree(log, tmp_path / "log")
    path = tmp_path / "log" / name
    data = path.read_bytes()
    path.write_bytes(data[:50] + bytes([data[50] ^ 1]) + data[51:])

    assert judge("log", tmp_path / "log", device.vkey).returncode == 1


def test_go_refuses_another_witness(judge: Judge, log: Path, device: NoteSigner) -> None:
    stranger = cosigner_key(NoteSigner.generate("witness-judging").vkey)

    assert judge("log", log, device.vkey, stranger).returncode == 1


def test_go_checks_our_receipts(judge: Judge, log: Path, device: NoteSigner, tmp_path: Path) -> None:
    for index in (0, 255, 256, 5_000, SIZE - 1):
        file = tmp_path / f"{index}.tlog-proof"
        file.write_text(make_receipt(log, device.vkey, index))
        run = judge("receipt", file, device.vkey)
        assert run.stdout.startswith(f"record {index} of {SIZE}: {{"), run.stderr
        file.write_text(file.read_text().replace(f"index {index}", f"index {index + 1}"))
        assert judge("receipt", file, device.vkey).returncode == 1


def test_go_checks_our_offers(judge: Judge, log: Path, device: NoteSigner) -> None:
    first = Checkpoint.parse(parse_note((log.parent / "first.checkpoint").read_text()).text)
    offer = log.parent / "second.offer"

    fine = judge("offer", offer, text64.encode(first.root), device.vkey)
    wrong = judge("offer", offer, text64.encode(bytes(32)), device.vkey)

    assert fine.stdout == f"grew from 300 to {SIZE}\n", fine.stderr
    assert wrong.returncode == 1
