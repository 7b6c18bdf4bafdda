"""What the log costs: one append, opening it, proving all of it, one receipt, and one offer, at several sizes.

    python bench/log.py [--json] [--sizes 10000,100000]

The log is filled without waiting for the disk; what is measured afterwards waits for it as always.
"""

import argparse
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from overt.format.note import NoteSigner
from overt.ledger.log import Ledger, verify_ledger
from overt.ledger.receipt import check_receipt, make_receipt
from overt.ledger.witness import make_offer

REPEATS = 200


def entry(number: int) -> dict[str, Any]:
    return {"type": "episode-close", "id": f"{number:032x}", "root": "ab" * 32, "size": number}


def timed(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Return the median wall time and the mean processor time of *work*, in milliseconds."""
    walls, started = [], time.process_time()
    for _ in range(repeats):
        before = time.perf_counter()
        work()
        walls.append(1000 * (time.perf_counter() - before))
    return round(statistics.median(walls), 3), round(1000 * (time.process_time() - started) / repeats, 3)


def measure(size: int, place: Path) -> dict[str, float]:
    """Fill a log with *size* entries in *place*, then measure."""
    device = NoteSigner.generate("device-bench")
    ledger, started = Ledger(place, device), time.process_time()
    with mock.patch("os.fsync"):
        for number in range(size):
            ledger.append(entry(number))
    filled = time.process_time() - started
    append_wall, append_cpu = timed(lambda: ledger.append(entry(size)), REPEATS)
    open_wall, _ = timed(lambda: Ledger(place, device), REPEATS)
    prove_wall, prove_cpu = timed(lambda: verify_ledger(place, device.vkey), 3)
    receipt_wall, _ = timed(lambda: make_receipt(place, device.vkey, size // 3), REPEATS)
    receipt = make_receipt(place, device.vkey, size // 3)
    check_wall, _ = timed(lambda: check_receipt(receipt, device.vkey), REPEATS)
    offer_wall, _ = timed(lambda: make_offer(place, device.vkey, old=size // 3), REPEATS)
    return {
        "entries": size,
        "fill_ms_cpu_per_entry": round(1000 * filled / size, 3),
        "append_ms": append_wall,
        "append_ms_cpu": append_cpu,
        "open_ms": open_wall,
        "prove_all_ms": prove_wall,
        "prove_all_ms_cpu": prove_cpu,
        "receipt_ms": receipt_wall,
        "check_receipt_ms": check_wall,
        "offer_ms": offer_wall,
        "kilobytes": round(sum(file.stat().st_size for file in place.rglob("*") if file.is_file()) / 1000),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--sizes", default="100,10000,100000")
    options = arguments.parse_args()
    os.umask(0o077)
    for size in map(int, options.sizes.split(",")):
        with tempfile.TemporaryDirectory() as place:
            figures = measure(size, Path(place) / "log")
        if options.json:
            print(json.dumps(figures | {"machine": platform.platform()}))
        else:
            print("".join(f"{name:<24}{value:>14,}\n" for name, value in figures.items()))


if __name__ == "__main__":
    main()
