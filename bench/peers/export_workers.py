"""How reading long sealed episodes gains from a second worker: wall seconds, without vault, judging and encoding.

Run: ``python bench/peers/export_workers.py [--episodes N] [--actions N] [--runs N]``; the figures go out as JSON.
"""

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
import export as bench

from overt.dataset.eligible import Eligible, Sealed
from overt.dataset.engines.pool import pool
from overt.dataset.engines.task import Order
from overt.dataset.workshop import passing
from overt.events.redacted import REDACTED
from overt.format import age_read, age_write
from overt.format.note import NoteSigner
from overt.keys.recipients import RoleRecipients
from overt.seal import EpisodeSealer
from overt.trajectory.build import Rules
from overt.unseal.section import section_identity


def sealed(place: Path, number: int, lines: list[bytes]) -> Eligible:
    """An episode of *lines* with a flush each, in a file, and what opens it."""
    reader, vault = age_write.new_identity(), age_write.new_identity()
    sealer, opening = EpisodeSealer.begin(
        grant="0" * 32,
        policy_sha256="0" * 64,
        trial=False,
        device=NoteSigner.generate("device-bench"),
        roles=RoleRecipients(auditor=reader.recipient, exporter=reader.recipient, employee=reader.recipient),
        vault_recipient=vault.recipient,
    )
    flushes = [sealer.flush(meta=[], content=[REDACTED.validate_json(line)]) for line in lines]
    data = b"".join([opening.first, *flushes, sealer.close(reason="stopped")])
    file = place / f"{number}.ep"
    file.write_bytes(data)
    share = age_read.decrypt(opening.shares["c"], [vault.text]).decode().split()[-1]
    identity = section_identity(opening.keys, "c", role_identity=reader.text, share=share)
    return replace(
        bench.episode(lambda: iter(())),
        episode_id=f"{number:032x}",
        source_sha256=hashlib.sha256(data).hexdigest(),
        sealed=Sealed(address=str(file), identity=lambda: identity),
    )


def wall(place: Path, episodes: list[Eligible], workers: int) -> float:
    with passing(place / "work") as workshop, pool(workers) as team:
        names = [workshop.name(each, Rules(), team.judges) for each in episodes]
        start = time.perf_counter()
        orders = (Order(each=each, name=name) for each, name in zip(episodes, names, strict=True))
        assert all(done.reason is None for done in team.read(orders, Rules(), workshop))
        return round(time.perf_counter() - start, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, default=6)
    parser.add_argument("--actions", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    lines = bench.stored(asked.actions)
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        episodes = [sealed(place, number, lines) for number in range(asked.episodes)]
        taken = {count: [wall(place, episodes, count) for _ in range(asked.runs)] for count in (1, 2)}
    gain = round(min(taken[1]) / min(taken[2]), 2)
    json.dump({"wall_s_by_workers": taken, "gain": gain, "load": os.getloadavg()[0]}, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
