"""Make the vectors of ``docs/spec/log-v1.md``: a log, its offer, answer and receipt, and the log with each defect.

    python tests/vectors/log/make.py [DIR]

The keys are fixed, so that the bytes never change; nothing real is signed with them.
"""

import base64
import json
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from overt.format.checkpoint import Checkpoint
from overt.format.cosignature import cosigner_key
from overt.format.note import NoteSigner
from overt.ledger.edge import Edge
from overt.ledger.log import Ledger, verify_ledger
from overt.ledger.receipt import make_receipt
from overt.ledger.witness import Witness, accept, make_offer

DEVICE = NoteSigner.from_seed("device-example", bytes(range(32)))
OFFICER = NoteSigner.from_seed("witness-example", bytes(range(32, 64)))
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
GRANT, EPISODE = "00112233445566778899aabbccddeeff", "0123456789abcdef" * 2
ENTRIES: list[dict[str, Any]] = [
    {"type": "grant", "day": "2026-11-23", "grant": GRANT, "notice": "ab" * 32, "policy": "cd" * 32},
    {"type": "heartbeat", "day": "2026-11-23"},
    {"type": "episode-open", "grant": GRANT, "id": EPISODE, "sha256": "12" * 32},
    {"type": "episode-close", "id": EPISODE, "root": "34" * 32, "size": 29184},
    {"type": "heartbeat", "day": "2026-11-24"},
]


def main(place: Path) -> None:
    """Write everything below *place*."""
    for name in ("valid", "invalid"):
        shutil.rmtree(place / name, ignore_errors=True)
        (place / name).mkdir(mode=0o700, parents=True)
    log = place / "valid/log"
    make_valid(place / "valid", log)
    for name, spoil in SPOILT.items():
        target = place / "memory/spoilt" / name
        shutil.copytree(log, target)
        spoil(target)
        expect = "log-rewritten" if name in SIGNED else "log-invalid"
        document = {"expect": expect, "files": packed(target)}
        (place / "invalid" / f"{name}.json").write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")
    state = verify_ledger(log, DEVICE.vkey)
    keys = {"log": DEVICE.vkey, "witness": OFFICER.vkey, "cosigner": str(cosigner_key(OFFICER.vkey))}
    known = keys | {"size": state.size, "root": state.root, "entries": list(state.entries)}
    (place / "valid/expected.json").write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
    shutil.rmtree(place / "memory", ignore_errors=True)


def packed(log: Path) -> dict[str, str]:
    """Return the files of a log as base64, by their paths: a spoilt log is one file, named by its defect."""
    found = sorted(path for path in log.rglob("*") if path.is_file())
    return {str(path.relative_to(log)): base64.b64encode(path.read_bytes()).decode() for path in found}


def unpacked(files: dict[str, str], log: Path) -> Path:
    """Write what :func:`packed` returned into the directory *log*."""
    for name, data in files.items():
        (log / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        (log / name).write_bytes(base64.b64decode(data))
    return log


def make_valid(valid: Path, log: Path) -> None:
    """Log the entries, witnessed after the fourth; write offer, answer and receipt beside the log."""
    shutil.rmtree(valid.parent / "memory", ignore_errors=True)
    witness = Witness(valid.parent / "memory", OFFICER)
    ledger = Ledger(log, DEVICE)
    for entry in ENTRIES[:4]:
        ledger.append(entry)
    offer = make_offer(log, DEVICE.vkey)
    answer = witness.cosign(offer, AT, vkey=DEVICE.vkey)
    accept(log, DEVICE.vkey, answer.note, OFFICER.vkey)
    (valid / "example.offer").write_text(offer)
    (valid / "example.cosigned").write_text(answer.note)
    (valid / "example.tlog-proof").write_text(make_receipt(log, DEVICE.vkey, 3))
    ledger = Ledger(log, DEVICE)
    ledger.append(ENTRIES[4])
    (valid / "second.offer").write_text(make_offer(log, DEVICE.vkey))


def changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Return what changes the file *name* of a log."""

    def spoil(log: Path) -> None:
        (log / name).write_bytes(change((log / name).read_bytes()))

    return spoil


def removed(name: str) -> Callable[[Path], None]:
    """Return what removes the file *name* of a log."""
    return lambda log: (log / name).unlink()


def written_anew(*entries: dict[str, Any] | bytes) -> Callable[[Path], None]:
    """Return what puts another log by the same key in the place of one, as a thief of the key can."""

    def spoil(log: Path) -> None:
        shutil.rmtree(log / "tile")
        edge = Edge.empty()
        for entry in entries:
            data = (
                entry if isinstance(entry, bytes) else json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
            )
            for tile, content in edge.append(data):
                file = log.joinpath(*tile.directory, tile.name)
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                file.write_bytes(content)
        head = Checkpoint(origin=DEVICE.name, size=edge.size, root=edge.root())
        (log / "checkpoint").write_text(DEVICE.sign(head.text()))

    return spoil


def flipped(at: int) -> Callable[[bytes], bytes]:
    """Return what flips a bit of byte *at*."""
    return lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


LAST = {"entries": "tile/entries/000.p/5", "hashes": "tile/0/000.p/5"}
SIGNED = {
    "signed-rewritten": written_anew(*ENTRIES[1:], ENTRIES[0]),
    "signed-dropped": written_anew(*ENTRIES[:2], *ENTRIES[3:], ENTRIES[1]),
}
"""Consistent in themselves, and refused only by whoever knows what the witness saw."""
SPOILT: dict[str, Callable[[Path], None]] = {
    "checkpoint-flipped": changed("checkpoint", flipped(0)),
    "checkpoint-size-changed": changed("checkpoint", lambda data: data.replace(b"\n5\n", b"\n4\n")),
    "checkpoint-signature-flipped": changed("checkpoint", lambda data: data[:-10] + flipped(2)(data[-10:])),
    "checkpoint-unsigned": changed("checkpoint", lambda data: data.partition(b"\n\n")[0] + b"\n\n"),
    "checkpoint-by-another": lambda log: (log / "checkpoint").write_text(
        OFFICER.sign((log / "checkpoint").read_text().partition("\n\n")[0] + "\n")
    ) and None,
    "entries-flipped": changed(LAST["entries"], flipped(20)),
    "entries-cut": changed(LAST["entries"], lambda data: data[:-1]),
    "entries-trailing": changed(LAST["entries"], lambda data: data + b"\x00"),
    "entries-missing": removed(LAST["entries"]),
    "hashes-flipped": changed(LAST["hashes"], flipped(100)),
    "hashes-cut": changed(LAST["hashes"], lambda data: data[:-32]),
    "hashes-trailing": changed(LAST["hashes"], lambda data: data + bytes(32)),
    "hashes-missing": removed(LAST["hashes"]),
    "entry-of-no-known-type": written_anew({"type": "note", "id": EPISODE}),
    "entry-with-an-hour": written_anew({"type": "erase", "id": EPISODE, "at": "2026-11-23T10:00:00Z"}),
    "entry-with-prose": written_anew({"type": "erase", "id": "Jane Doe"}),
    "entry-with-a-foreign-field": written_anew({"type": "erase", "id": EPISODE, "by": EPISODE}),
    "entry-not-canonical": written_anew(b'{"type": "erase", "id": "' + EPISODE.encode() + b'"}'),
    **SIGNED,
}  # fmt: skip
"""Name of a defect to what makes it, in a copy of the valid log; each must be refused."""

if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
