"""Make the reference episode again (only for a new format version: old files must stay readable for ever).

Run: python tests/vectors/episode/make.py DIRECTORY
"""

import hashlib
import json
import sys
from pathlib import Path

from overt.events.redacted import EndFacts, FlushFacts, FrameTaken, RedactedFrame, Typed
from overt.format.age_read import decrypt
from overt.format.age_write import new_identity
from overt.format.note import NoteSigner
from overt.seal import EpisodeSealer, RoleRecipients

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441"
    "54789c636000000002000148afa4710000000049454e44ae426082"
)  # one black pixel

CONTENT = [Typed(at_ms=100, visit=1, text="reference ä 文"), Typed(at_ms=200, visit=1, text="[CREDIT_CARD]")]
FRAME = RedactedFrame(
    event=FrameTaken(at_ms=300, visit=1, frame=1, width=1, height=1, sha256=hashlib.sha256(PNG).hexdigest(), masks=0),
    png=PNG,
)
FACTS = FlushFacts(
    at_ms=300, events={"type": 2}, sites={"en.wikipedia.org": 2}, dropped={}, withheld={"card": 1}, lost=0
)
END = EndFacts(at_ms=900, armed_ms=800, reason="stopped")


def make(directory: Path) -> None:
    """Write the episode, its keys, everybody's secrets, and what each change of it must lead to."""
    device = NoteSigner.generate("reference-device")
    people = {name: new_identity() for name in ("auditor", "exporter", "employee", "vault")}
    roles = {name: identity.recipient for name, identity in people.items()}
    vault = roles.pop("vault")
    sealer, opening = EpisodeSealer.begin(
        grant="00112233445566778899aabbccddeeff",
        policy_sha256="5e" * 32,
        trial=True,
        device=device,
        roles=RoleRecipients(**roles),
        vault_recipient=vault,
    )
    parts = [
        opening.first,
        sealer.flush(meta=[FACTS], content=CONTENT),
        sealer.flush(meta=[], content=[FRAME]),
        sealer.close(reason="stopped", meta=[END]),
    ]
    shares = {name: decrypt(blob, [people["vault"].text]).decode().split()[-1] for name, blob in opening.shares.items()}
    secrets = {"shares": shares, "device_vkey": device.vkey} | {name: one.text for name, one in people.items()}
    (directory / "reference.ep").write_bytes(b"".join(parts))
    (directory / "reference.keys").write_bytes(opening.keys)
    (directory / "secrets.json").write_text(json.dumps(secrets, indent=2) + "\n")
    (directory / "expect.json").write_text(json.dumps(expectation(parts, sealer), indent=2) + "\n")


def expectation(parts: list[bytes], sealer: EpisodeSealer) -> dict[str, object]:
    """Return what a reader must find, whole and after each change: at *offset*, *cut*, *flip* a bit, or *append*."""
    ends = [len(b"".join(parts[: count + 1])) for count in range(len(parts))]
    cases = [
        {"change": "none", "offset": 0, "state": "closed", "flushes": 3},
        {"change": "cut", "offset": ends[1], "state": "open", "flushes": 1},
        {"change": "cut", "offset": ends[1] + 1, "state": "damaged-tail", "flushes": 1},
        {"change": "cut", "offset": ends[3] - 1, "state": "damaged-tail", "flushes": 3},
        {"change": "cut", "offset": ends[0] - 1, "state": "invalid", "flushes": 0},
        {"change": "flip", "offset": ends[1] + 700, "state": "damaged-tail", "flushes": 1},
        {"change": "flip", "offset": ends[0] + 600, "state": "damaged-tail", "flushes": 0},
        {"change": "flip", "offset": 600, "state": "invalid", "flushes": 0},
        {"change": "append", "offset": ends[3], "state": "damaged-tail", "flushes": 3},
    ]
    return {"id": sealer.episode_id, "root": sealer.root.hex(), "size": ends[3], "cases": cases}


if __name__ == "__main__":
    make(Path(sys.argv[1]))
