"""What synthetic episodes cost: made up, sealed in memory, and as ``overt synth`` makes them, with frames and without.

Run: ``python bench/synth.py [--episodes N] [--framed N]``; the figures go to standard output as JSON.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from overt.cli import synth
from overt.events.redacted import RedactedFrame
from overt.keys.passphrase import no_passphrase
from overt.keys.recording import load_recording_keys
from overt.store.home import Role, open_home
from overt.subject.submitting import submit
from overt.synth.making import Acts, make
from overt.synth.sealing import sealed
from overt.synth.session import Plan

METHOD = (
    "CPU is time.process_time, wall is time.perf_counter; made up: records in memory; sealed: keys made and wrapped, a "
    "flush for each page, in memory; whole: founding the organisation of one person, then each episode sealed, written "
    "with its keys and shares, logged, approved (verified), and handed over (verified, with its log proof), all synced"
)


def acts() -> Acts:
    return Acts(give=synth._give, approve=synth._approve, submit=submit)  # noqa: SLF001 - what the command itself does


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds of *work*."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def made_up(plan: Plan) -> dict[str, float]:
    sizes: list[int] = []
    cpu, _ = cost(lambda: sizes.extend(len(plan.session(index).records) for index in range(plan.episodes)))
    return {"episodes_per_cpu_second": round(plan.episodes / cpu, 1), "median_records": statistics.median(sizes)}


def in_memory(plan: Plan, root: Path) -> dict[str, float]:
    make(root, Plan(seed=plan.seed, episodes=1), acts(), at=datetime.now(UTC), progress=lambda *_: None)
    keys = load_recording_keys(open_home(root, Role.EMPLOYEE), no_passphrase, datetime.now(UTC))
    sizes: list[int] = []
    today = datetime.now(UTC).date()
    cpu, _ = cost(
        lambda: sizes.extend(len(sealed(plan.session(index), keys, today).data) for index in range(plan.episodes))
    )
    return {
        "episodes_per_cpu_second": round(plan.episodes / cpu, 1),
        "kilobytes_per_episode": round(sum(sizes) / plan.episodes / 1000, 1),
    }


def whole(plan: Plan, root: Path) -> dict[str, float]:
    cpu, wall = cost(lambda: make(root, plan, acts(), at=datetime.now(UTC), progress=lambda *_: None))
    again, _ = cost(lambda: make(root, plan, acts(), at=datetime.now(UTC), progress=lambda *_: None))
    return {
        "episodes": plan.episodes,
        "episodes_per_cpu_second": round(plan.episodes / cpu, 1),
        "episodes_per_second": round(plan.episodes / wall, 1),
        "cpu_seconds_when_all_is_there": round(again, 3),
    }


def pictured(plan: Plan) -> dict[str, float]:
    frames = []
    cpu, _ = cost(
        lambda: frames.extend(
            len(record.png)
            for index in range(plan.episodes)
            for record in plan.session(index).records
            if isinstance(record, RedactedFrame)
        )
    )
    return {
        "frames_per_episode": round(len(frames) / plan.episodes, 1),
        "cpu_ms_per_frame": round(1000 * cpu / len(frames), 2),
        "kilobytes_per_frame": round(sum(frames) / len(frames) / 1000, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, default=300)
    parser.add_argument("--framed", type=int, default=10)
    asked = parser.parse_args()
    plan = Plan(seed=1, episodes=asked.episodes)
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        result = {
            "made_up": made_up(plan),
            "sealed_in_memory": in_memory(plan, place / "memory"),
            "whole": whole(plan, place / "whole"),
            "frames": pictured(Plan(seed=1, episodes=asked.framed, frames=True)),
            "whole_with_frames": whole(Plan(seed=1, episodes=asked.framed, frames=True), place / "framed"),
        }
    result["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    result["machine"] = {
        "cpus": os.cpu_count(),
        "load": os.getloadavg(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }
    result["method"] = METHOD
    json.dump(result, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
