"""One active hour without pictures: its size, what sealing, proving and opening it cost, and what its sizes tell.

    python bench/episode.py [--json] [--hours 1]

Active means that the person does something in one of every three seconds; each such second is a flush of its own, and
the metadata section hears of it every ten seconds, as from the recorder.

*Guessing* is the share of flushes of which an onlooker who sees ciphertext alone names the exact number of keystrokes,
when he knows how often each number occurs at each size (nobody real knows that). The base rate is what he gets by
always naming the most frequent number. *Seconds* are a typist's, each flushed by itself, which is far more often than
the recorder does it; *fields* are texts of up to 3,000 characters, beyond the floor below which all sizes are the same.
"""

import argparse
import hashlib
import json
import os
import platform
import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence

from overt.events.redacted import Clicked, FlushFacts, FrameTaken, RedactedEvent, RedactedFrame, Typed
from overt.format import container
from overt.format.age_read import decrypt
from overt.format.age_write import new_identity
from overt.format.note import NoteSigner
from overt.keys.recipients import RoleRecipients
from overt.seal import EpisodeSealer, Opening
from overt.unseal.content import read_content
from overt.verify import TrustDevice, verify_episode

DEVICE = NoteSigner.generate("dev-0a1b2c3d")
AUDITOR, EXPORTER, EMPLOYEE, VAULT = (new_identity() for _ in range(4))


def begin() -> tuple[EpisodeSealer, Opening]:
    roles = RoleRecipients(auditor=AUDITOR.recipient, exporter=EXPORTER.recipient, employee=EMPLOYEE.recipient)
    return EpisodeSealer.begin(
        grant="0" * 32, policy_sha256="0" * 64, trial=False, device=DEVICE, roles=roles, vault_recipient=VAULT.recipient
    )


def facts(at_ms: int, keys: int = 3) -> FlushFacts:
    return FlushFacts(at_ms=at_ms, events={"type": keys}, sites={}, dropped={}, withheld={}, lost=0)


def act(second: int) -> RedactedEvent:
    """Return what a person did in one second: a click, or a few words typed."""
    at_ms = second * 1000
    if second % 2:
        return Clicked(at_ms=at_ms, visit=1, button="left", x=second % 1200, y=second % 700)
    return Typed(at_ms=at_ms, visit=1, text=f"how do lighthouses work in {second}")


def measure(hours: float) -> dict[str, float]:
    """Seal, prove and open one episode, and return what each cost in processor seconds of this process."""
    sealer, opening = begin()
    parts, costs = [opening.first], []
    for second in range(0, int(hours * 3600), 3):
        meta, content = [facts(second * 1000)] if second % 9 == 0 else [], [act(second)]
        started = time.process_time()
        parts.append(sealer.flush(meta=meta, content=content))
        costs.append(time.process_time() - started)
    parts.append(sealer.close(reason="stopped"))
    data = b"".join(parts)
    sealed = time.process_time()
    verdict = verify_episode(data, trust=TrustDevice(DEVICE.vkey))
    proven = time.process_time()
    share = decrypt(opening.shares["c"], [VAULT.text]).decode().split()[-1]
    events = sum(1 for _ in read_content(data, opening.keys, role_identity=EXPORTER.text, share=share))
    opened = time.process_time()
    assert (verdict.state.value, events) == ("closed", len(costs))
    costs.sort()
    return {
        "hours": hours,
        "flushes": len(costs),
        "megabytes_per_hour": round(len(data) / 1e6 / hours, 2),
        "seal_ms_per_flush": round(1000 * sum(costs) / len(costs), 3),
        "seal_ms_p99": round(1000 * costs[len(costs) * 99 // 100], 3),
        "verify_cpu_s": round(proven - sealed, 3),
        "open_cpu_s": round(opened - proven, 3),
    }


def frame_cost(size: int = 300_000, frames: int = 50) -> float:
    """Return the processor milliseconds of a flush that holds a picture of *size* bytes."""
    png = random.Random(4).randbytes(size)
    taken = FrameTaken(
        at_ms=0, visit=1, frame=1, width=1280, height=800, sha256=hashlib.sha256(png).hexdigest(), masks=0
    )
    frame = RedactedFrame(event=taken, png=png)
    sealer, _ = begin()
    started = time.process_time()
    for second in range(frames):
        sealer.flush(meta=[facts(second * 1000)], content=[frame])
    return round(1000 * (time.process_time() - started) / frames, 3)


def typist(chance: random.Random, flushes: int) -> list[int]:
    """Return the keystrokes of each second in which something was typed: about four, seldom more than nine."""
    counts = (sum(chance.random() < 4 / 12 for _ in range(12)) for _ in range(flushes))
    return [count for count in counts if count]


def fields(chance: random.Random, flushes: int) -> list[int]:
    """Return the lengths of the texts of fields: mostly a line, sometimes pages."""
    return [min(3000, max(1, round(chance.lognormvariate(4, 1.5)))) for _ in range(flushes)]


def sizes(counts: Sequence[int], chance: random.Random) -> tuple[list[int], list[int]]:
    """Return what each text measures in ciphertext, and what it would measure without padding."""
    sealer, _ = begin()
    sealed, bare = [], []
    for number, count in enumerate(counts):
        typed = Typed(at_ms=0, visit=1, text="".join(chance.choices("etaoin shrdlu", k=count)))
        group = sealer.flush(meta=[facts(number * 1000, count)], content=[typed])
        sealed.append(sum(each.size for each in container.read_members(group) if each.name.endswith(".age")))
        bare.append(len(typed.model_dump_json()))
    return sealed, bare


def guessed(counts: Sequence[int], seen: Sequence[int]) -> float:
    """Return the share of *counts* that the best guess from *seen* names."""
    by_size: dict[int, Counter[int]] = defaultdict(Counter)
    for count, size in zip(counts, seen, strict=True):
        by_size[size][count] += 1
    return sum(most.most_common(1)[0][1] for most in by_size.values()) / len(counts)


def guessing(counts: Sequence[int], seed: int = 20) -> dict[str, float]:
    """Return how often the number of keystrokes is guessed: blindly, from what is sealed, and without padding."""
    sealed, bare = sizes(counts, random.Random(seed))
    shares = {"base_rate": [0] * len(counts), "sealed": sealed, "unpadded": bare}
    return {name: round(guessed(counts, seen), 4) for name, seen in shares.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--hours", type=float, default=1.0)
    options = parser.parse_args()
    figures = measure(options.hours) | {"seal_ms_with_a_frame_of_300_kb": frame_cost()}
    told = {
        "seconds": guessing(typist(random.Random(1), 2000)),
        "fields": guessing(fields(random.Random(2), 2000)),
    }
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()}
    report = {"machine": machine, "figures": figures, "guessing": told}
    print(json.dumps(report, indent=2 if options.json else None))


if __name__ == "__main__":
    main()
