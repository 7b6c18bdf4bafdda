"""What a whole ``overt export`` costs by the number of episodes, of workers, on Ray, and beside other exporters.

Run: ``python bench/peers/export_scale.py [--episodes N ...] [--framed N] [--runs N]``; figures as JSON. Ray and the
others are measured when their environments can be built (``.ci/env ray``, ``.ci/env export-peers``).
"""

import argparse
import contextlib
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq

ROOT = Path(__file__).parents[2]
METHOD = (
    "`overt export` from the command line on synthetic episodes, Parquet alone, vault at hand, all releases logged and "
    "synced; wall is time.perf_counter, CPU and the largest resident set are what the kernel accounts for the command "
    "and all its children (wait4); on Ray that is the client alone, and the cluster stands already; fastest of the "
    "runs; the peers get the same steps: openadapt-ml writes them without pictures, target or flags, openadapt-capture "
    "reduces the raw events behind them and writes nothing"
)


def cost(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> dict[str, float]:
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command}: {said.decode()}")
    return {
        "wall_s": round(time.perf_counter() - start, 2),
        "cpu_s": round(used.ru_utime + used.ru_stime, 2),
        "largest_mb": used.ru_maxrss // 1024,
    }


def synthetic(place: Path, episodes: int, *, frames: bool) -> Path:
    home = place / f"{episodes}{'-framed' * frames}"
    words = ["--episodes", str(episodes), "--seed", "1", "--contributors", "5", "--out", str(home)]
    command = [sys.executable, "-m", "overt", "synth", *words, *(["--frames"] * frames)]
    subprocess.run(command, check=True, capture_output=True)
    return home


def words(home: Path, out: Path, *more: str) -> list[str | Path]:
    return ["-m", "overt", "export", "--home", home, "--purpose", "model_training", "--out", out, *more]


def exported(home: Path, out: Path, workers: int, runs: int) -> dict[str, float]:
    found = []
    for _ in range(runs):
        shutil.rmtree(out, ignore_errors=True)
        found.append(cost([sys.executable, *words(home, out, "--workers", str(workers))]))
    return min(found, key=lambda each: each["wall_s"])


def steps(out: Path) -> list[dict[str, object]]:
    (file,) = out.glob("data/steps-*.parquet")
    rows: list[dict[str, object]] = pq.read_table(file, columns=["action", "site"]).to_pylist()
    return rows


def programs(name: str) -> Path | None:
    built = subprocess.run([ROOT / ".ci/env", name], capture_output=True, text=True, check=False)
    return Path(built.stdout.strip()) / "bin" if built.returncode == 0 else None


@contextlib.contextmanager
def cluster(ray: Path, environment: dict[str, str]) -> Iterator[str]:
    """Yield the address of a cluster of this machine."""
    place = Path(tempfile.mkdtemp(prefix="ray-"))
    told = ["--head", "--port=0", "--num-cpus=2", "--include-dashboard=false", "--disable-usage-stats", "--block"]
    command = [ray / "ray", "start", *told, f"--temp-dir={place}", "--object-store-memory=80000000"]
    quiet = subprocess.DEVNULL
    head = subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment, start_new_session=True)
    try:
        named = place / "ray_current_cluster"
        while not (named.is_file() and named.read_text().strip()):
            time.sleep(0.1)
        yield named.read_text().strip()
    finally:
        head.terminate()
        head.wait()
        for pid in members(head.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(place, ignore_errors=True)


def fields(pid: int) -> list[str]:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []


def members(leader: int) -> list[int]:
    every = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    return [pid for pid in every if (told := fields(pid)) and int(told[3]) == leader]


def on_ray(home: Path, out: Path, runs: int) -> dict[str, float] | str:
    ray = programs("ray")
    if ray is None:
        return "not measured: its environment cannot be built here"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "RAY_USAGE_STATS_ENABLED": "0"}
    found = []
    with cluster(ray, environment) as address:
        for _ in range(runs):
            shutil.rmtree(out, ignore_errors=True)
            far = words(home, out, "--engine", "ray", "--ray-address", address, "--workers", "2")
            found.append(cost([ray / "python", *far], environment))
    return min(found, key=lambda each: each["wall_s"])


def peers(rows: list[dict[str, object]], runs: int) -> object:
    environment = programs("export-peers")
    if environment is None:
        return "not measured: their environment cannot be built here"
    many = (rows * (10_000 // len(rows) + 1))[:10_000]
    told = "".join(json.dumps(row) + "\n" for row in many)
    command = [environment / "python", ROOT / "bench/peers/exporting.py", str(runs)]
    run = subprocess.run(command, input=told, capture_output=True, text=True, check=True)
    return {"steps": len(many), **json.loads(run.stdout)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, nargs="*", default=[10, 100, 1000])
    parser.add_argument("--framed", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="where synthetic episodes are, or are left for the next time")
    asked = parser.parse_args()
    result: dict[str, object] = {"method": METHOD, "load": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory() as directory:
        place, out = asked.keep or Path(directory), Path(directory) / "out"
        for count in asked.episodes:
            home = synthetic(place, count, frames=False)
            result[f"{count} episodes"] = {
                f"{workers} workers": exported(home, out, workers, 1) for workers in (1, 2)
            } | {"steps": len(steps(out))}
        home = synthetic(place, asked.framed, frames=True)
        framed = {f"{count} workers": exported(home, out, count, asked.runs) for count in (1, 2)}
        result[f"{asked.framed} episodes with frames"] = framed | {
            "ray": on_ray(home, out.with_name("far"), asked.runs)
        }
        result["peers"] = peers(steps(out), asked.runs)
    result["machine"] = {"cpus": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
    json.dump(result, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
