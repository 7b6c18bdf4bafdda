"""One active hour without pictures: its size, what sealing costs, and what proving and opening it cost.

    python bench/episode.py [--json] [--hours 1]

Active means that the person does something in one of every three seconds; each such second is a flush of its own, and
the metadata section hears of it every ten seconds, as from the recorder.
"""

import argparse
import json
import os
import platform
import time

from overt.events.redacted import Clicked, FlushFacts, RedactedEvent, Typed
from overt.format.age_read import decrypt
from overt.format.age_write import new_identity
from overt.format.note import NoteSigner
from overt.keys.recipients import RoleRecipients
from overt.seal import EpisodeSealer
from overt.unseal.content import read_content
from overt.verify import TrustDevice, verify_episode


def act(second: int) -> RedactedEvent:
    """Return what a person did in one second: a click, or a few words typed."""
    at_ms = second * 1000
    if second % 2:
        return Clicked(at_ms=at_ms, visit=1, button="left", x=second % 1200, y=second % 700)
    return Typed(at_ms=at_ms, visit=1, text=f"how do lighthouses work in {second}")


def measure(hours: float) -> dict[str, float]:
    """Seal, prove and open one episode, and return what each cost in processor seconds of this process."""
    device = NoteSigner.generate("dev-0a1b2c3d")
    auditor, exporter, employee, vault = (new_identity() for _ in range(4))
    roles = RoleRecipients(auditor=auditor.recipient, exporter=exporter.recipient, employee=employee.recipient)
    sealer, opening = EpisodeSealer.begin(
        grant="0" * 32, policy_sha256="0" * 64, trial=False, device=device, roles=roles,
        vault_recipient=vault.recipient,
    )  # fmt: skip
    parts, flushes, started = [opening.first], 0, time.process_time()
    for second in range(0, int(hours * 3600), 3):
        facts = FlushFacts(at_ms=second * 1000, events={"type": 3}, sites={}, dropped={}, withheld={}, lost=0)
        parts.append(sealer.flush(meta=[facts] if second % 9 == 0 else [], content=[act(second)]))
        flushes += 1
    parts.append(sealer.close(reason="stopped"))
    sealed = time.process_time()
    data = b"".join(parts)
    verdict = verify_episode(data, trust=TrustDevice(device.vkey))
    proven = time.process_time()
    share = decrypt(opening.shares["c"], [vault.text]).decode()
    events = sum(1 for _ in read_content(data, opening.keys, role_identity=exporter.text, share=share))
    opened = time.process_time()
    assert (verdict.state.value, events) == ("closed", flushes)
    return {
        "hours": hours,
        "flushes": flushes,
        "megabytes": round(len(data) / 1e6, 2),
        "seal_ms_per_flush": round(1000 * (sealed - started) / flushes, 3),
        "verify_cpu_s": round(proven - sealed, 3),
        "open_cpu_s": round(opened - proven, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--hours", type=float, default=1.0)
    options = parser.parse_args()
    figures = measure(options.hours)
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()}
    print(json.dumps({"machine": machine, "figures": figures}, indent=2 if options.json else None))


if __name__ == "__main__":
    main()
