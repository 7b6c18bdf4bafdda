"""Once an episode is open, the process that opened it holds no copy of what could read it."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from overt.format import section_keys, xwing
from overt.format.age_read import decrypt

MEMORY = Path("/proc/self/mem")

RECORDER = """
import gc, sys
from overt.format.age_write import new_identity
from overt.format.note import NoteSigner
from overt.seal import EpisodeSealer, RoleRecipients

auditor, exporter, employee, vault = sys.argv[1:]
control = new_identity()
begun = EpisodeSealer.begin(
    grant="0" * 32, policy_sha256="0" * 64, trial=False, device=NoteSigner.generate("device"),
    roles=RoleRecipients(auditor=auditor, exporter=exporter, employee=employee), vault_recipient=vault,
)
gc.collect()
for part in (begun[1].keys, begun[1].shares["c"], control.text.encode()):
    sys.stdout.buffer.write(len(part).to_bytes(4, "big") + part)
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        place, access = line.split()[:2]
        start, end = (int(number, 16) for number in place.split("-"))
        if "r" in access and "[v" not in line:
            memory.seek(start)
            sys.stdout.buffer.write(memory.read(end - start))
"""


def copies(secret: str, memory: bytes) -> int:
    """Count the text of an identity, its seed, and both halves of its key in *memory*."""
    text = secret.strip()
    seed = xwing.seed_of(text)
    halves = hashlib.shake_256(seed).digest(96)
    forms = (text.encode(), text.lower().encode(), seed, halves[:64], halves[64:])
    return sum(memory.count(form) for form in forms)


@pytest.mark.skipif(not MEMORY.exists(), reason="a process can look at its own memory on Linux only")
def test_memory_holds_no_copy_of_a_section_identity_or_a_share(desk: Any) -> None:
    """An observation of this build, with an identity that is kept alive as its control."""
    people = [desk.auditor, desk.exporter, desk.employee, desk.vault]
    run = subprocess.run(
        [sys.executable, "-c", RECORDER, *(person.recipient for person in people)], capture_output=True, check=True
    )
    memory, parts = run.stdout, []
    for _ in range(3):
        size = 4 + int.from_bytes(memory[:4], "big")
        parts.append(memory[4:size])
        memory = memory[size:]
    keys, share_file, control = parts

    share = decrypt(share_file, [desk.vault.text]).decode().split()[-1]
    section = decrypt(decrypt(section_keys.parse_keys(keys)["c"], [desk.exporter.text]), [share]).decode()

    assert (copies(share, memory), copies(section, memory)) == (0, 0)
    assert copies(control.decode(), memory) > 0
