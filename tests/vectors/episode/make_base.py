"""Make the episode that the vectors change (only for a new format version: the vectors are edits of its bytes).

Run: python tests/vectors/episode/make_base.py DIRECTORY
"""

import hashlib
import json
import sys
from pathlib import Path

from overt.events.redacted import Clicked, FlushFacts, FrameTaken, RedactedFrame, Target, Typed
from overt.format import container, section_keys
from overt.format.age_read import decrypt
from overt.format.age_write import encrypt, new_identity, recipient_of
from overt.format.note import NoteSigner
from overt.seal import EpisodeSealer, RoleRecipients

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441"
    "54789c636000000002000148afa4710000000049454e44ae426082"
)  # one black pixel

META = FlushFacts(at_ms=200, events={"type": 1}, sites={"en.wikipedia.org": 2}, dropped={}, withheld={}, lost=0)
ACTS = [
    Typed(at_ms=100, visit=1, text="vector ä 文"),
    Clicked(at_ms=200, visit=1, button="left", x=3, y=4, target=Target(role="link", name="Köln", box=(1, 2, 30, 40))),
]
FRAME = RedactedFrame(
    event=FrameTaken(at_ms=300, visit=1, frame=1, width=1, height=1, sha256=hashlib.sha256(PNG).hexdigest(), masks=0),
    png=PNG,
)


def make(directory: Path) -> None:
    """Write base.ep, base.keys, and every secret behind them: they guard nothing."""
    device = NoteSigner.generate("vector-device")
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
    signer = sealer._signer
    assert signer is not None
    parts = [opening.first, sealer.flush(meta=[META], content=ACTS), sealer.flush(meta=[], content=[FRAME])]
    parts.append(sealer.close(reason="stopped"))
    shares = {name: decrypt(blob, [people["vault"].text]).decode().split()[-1] for name, blob in opening.shares.items()}
    wrapped = section_keys.parse_keys(opening.keys)
    sections = {
        name: decrypt(decrypt(wrapped[name], [people["exporter"].text]), [shares[name]]).decode().strip()
        for name in ("m", "c")
    }
    secrets = {
        "device": device.vkey,
        "device_seed": device.seed().hex(),
        "episode_seed": signer.seed().hex(),
        "sections": sections,
        "shares": shares,
    } | {name: one.text for name, one in people.items()}
    # One reader of each section and a share's recipient: enough for every vector, and a third of the size.
    readers = {"m": ["auditor"], "c": ["exporter"]}
    slim = {
        name: encrypt(
            encrypt(f"{sections[name]}\n".encode(), [recipient_of(shares[name])]),
            [people[reader].recipient for reader in readers[name]],
        )
        for name in ("m", "c")
    }
    (directory / "base.ep").write_bytes(b"".join(parts))
    (directory / "base.keys").write_bytes(
        b"".join(container.render_member(f"{name}.age", slim[name]) for name in ("c", "m"))
    )
    (directory / "base.secrets.json").write_text(json.dumps(secrets, indent=2) + "\n")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
