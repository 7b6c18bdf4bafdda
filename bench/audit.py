"""What an audit costs: keyless, of N synthetic episodes with their logs, the first time, again, and a loss's radius.

Run: ``python bench/audit.py [--sizes 100 1000 10000] [--root DIR]``; the figures go to standard output as JSON. With
``--root`` the synthetic organisations stay there, and are made only once.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from overt.audit.incident import What, incident
from overt.audit.running import Request, audit, workers_for
from overt.cli import synth
from overt.store.home import Role, open_home
from overt.subject.submitting import submit
from overt.synth.making import Acts, make
from overt.synth.session import Plan

METHOD = (
    "each size in a process of its own, which is started anew; CPU is that of the process and of those beside it "
    "(resource.getrusage), wall is time.perf_counter, memory is the largest resident set of the process itself, and of "
    "the largest beside it; one person for 50 episodes, with the log of each; first: nothing is remembered; again: all "
    "bytes are hashed, and proofs of the same bytes are not made again; incident: the whole store is lost"
)
EACH = 50


def made(root: Path, episodes: int) -> Path:
    """Make the synthetic organisation of *episodes* in *root*, with copies of all logs for its officer."""
    place = root / str(episodes)
    acts = Acts(give=synth._give, approve=synth._approve, submit=submit)  # noqa: SLF001 - what the command itself does
    plan = Plan(seed=1, episodes=episodes, contributors=max(1, episodes // EACH))
    make(place, plan, acts, at=datetime.now(UTC), progress=lambda *_: None)
    logs = place / Role.ADMIN.value / "submitted" / "logs"
    if not logs.exists():
        logs.mkdir(mode=0o700)
        for home in (place / Role.EMPLOYEE.value, *sorted((place / "people").glob("*"))):
            shutil.copytree(home / "log", logs / home.name)
    return place


def used() -> tuple[float, float]:
    """CPU seconds of this process and of its ended children, and seconds on the wall."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    cpu = sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)
    return cpu, time.perf_counter()


def cost(work: Callable[[], object]) -> dict[str, float]:
    cpu, wall = used()
    work()
    after = used()
    return {"cpu_s": round(after[0] - cpu, 2), "wall_s": round(after[1] - wall, 2)}


def one(place: Path) -> dict[str, object]:
    """Measure one organisation, in this process."""
    officer, store = open_home(place, Role.OFFICER), place / Role.ADMIN.value / "submitted"
    files = [entry for entry in os.scandir(store) if entry.is_file()]

    def run(*, full: bool) -> None:
        request = Request(store=store, full=full, workers=workers_for())
        audit(officer, request, datetime.now(UTC), progress=lambda *_: None)

    first, again = cost(lambda: run(full=True)), cost(lambda: run(full=False))
    radius = cost(lambda: incident(officer, store, What.STORE, "", datetime.now(UTC)).row())
    return {
        "episodes": sum(entry.name.endswith(".ep") for entry in files),
        "megabytes": round(sum(entry.stat().st_size for entry in files) / 1e6),
        "first": first,
        "again": again,
        "incident": radius,
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "memory_beside_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
    }


def measured(root: Path, sizes: list[int]) -> list[dict[str, object]]:
    found = []
    for size in sizes:
        command = [sys.executable, __file__, "--one", str(made(root, size))]
        found.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--root", type=Path)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(one(options.one)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        sizes = measured(options.root or Path(scratch), options.sizes)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(json.dumps({"machine": machine, "method": METHOD, "sizes": sizes}, indent=2))


if __name__ == "__main__":
    main()
