"""On a real Ray cluster: the same export, and nothing that anybody could read in what Ray holds. Run by its own name.

The environment is large, so no ordinary test run builds it.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from overt.cli import export as export_command
from overt.cli import synth
from overt.dataset.objects import Prefix

sys.path.append(str(Path(__file__).parents[1] / "unit/dataset"))
import swift

ROOT = Path(__file__).parents[2]
EPISODES = 30
FORMATS = ("--format", "parquet", "--format", "chat")
WORKER = b"overt.dataset.engines.worker"

pytestmark = pytest.mark.validators


@pytest.fixture(scope="session")
def programs() -> Path:
    built = subprocess.run([ROOT / ".ci/env", "ray"], capture_output=True, text=True, check=False, timeout=280)
    if built.returncode and os.environ.get("CI") == "true":
        pytest.fail(f"the environment ray cannot be built: {built.stderr[-300:]}")
    if built.returncode:
        pytest.skip("the environment ray cannot be built here: nothing is tried on a cluster")
    return Path(built.stdout.strip()) / "bin"


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bool]:
    """Whether there is an object store; the machines of a cluster have its address from their own environment."""
    if not swift.is_here():
        yield False
        return
    with swift.running(tmp_path_factory.mktemp("swift")) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("AWS_ACCESS_KEY_ID", swift.KEY_ID)
        patch.setenv("AWS_SECRET_ACCESS_KEY", swift.SECRET)
        patch.setenv("AWS_REGION", "us-east-1")
        swift.make_bucket("far")
        yield True


@pytest.fixture(scope="session")
def cluster(programs: Path, store: bool) -> Iterator[SimpleNamespace]:
    """A cluster of one machine, which ends with the tests; its sockets want a short path."""
    del store
    place = Path(tempfile.mkdtemp(prefix="ray-"))
    words = ["--head", "--port=0", "--num-cpus=2", "--include-dashboard=false", "--disable-usage-stats", "--block"]
    command = [programs / "ray", "start", *words, f"--temp-dir={place}", "--object-store-memory=80000000"]
    head = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(), start_new_session=True
    )
    try:
        until(lambda: (place / "ray_current_cluster").is_file() and (place / "ray_current_cluster").read_text().strip())
        yield SimpleNamespace(address=(place / "ray_current_cluster").read_text().strip(), place=place, head=head.pid)
    finally:
        head.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            head.wait(30)
        for pid in session_of(head.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(place, ignore_errors=True)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "RAY_USAGE_STATS_ENABLED": "0"}


def session_of(leader: int) -> list[int]:
    """The processes of the session that *leader* leads, and of those that Ray's own daemons began in turn."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == leader:
                found.append(int(entry.name))
    return found


def until(condition: Callable[[], object], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s in vain for it"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "synthetic"
    asked = ["--episodes", str(EPISODES), "--seed", "9", "--contributors", "3", "--frames", "--out", str(root)]
    assert CliRunner().invoke(synth.command, asked).exit_code == 0
    return root


@pytest.fixture(scope="session")
def alone(made: Path) -> Path:
    """The export that one process makes."""
    out = made.parent / "alone"
    asked = [
        "--home",
        str(made),
        "--purpose",
        "model_training",
        "--format",
        "parquet",
        "--format",
        "chat",
        "--out",
        str(out),
    ]
    result = CliRunner().invoke(export_command.command, [*asked, "--workers", "1"])
    assert result.exit_code == 0, result.output
    return out


def start(programs: Path, cluster: SimpleNamespace, made: Path, out: str, *more: str) -> "subprocess.Popen[bytes]":
    words = [programs / "python", "-m", "overt", "export", "--home", made, "--purpose", "model_training"]
    far = [
        "--format",
        "parquet",
        "--format",
        "chat",
        "--out",
        out,
        "--engine",
        "ray",
        "--ray-address",
        cluster.address,
        "--json",
        *more,
    ]
    return subprocess.Popen([*words, *far], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())


def content(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def canaries(out: Path) -> list[bytes]:
    """What was typed and searched for: texts of the content that stand nowhere else."""
    rows = [row for file in out.glob("data/queries-*.parquet") for row in pq.read_table(file).to_pylist()]
    asked = sorted({row["query"].encode() for row in rows if len(row["query"]) > 12})
    return asked[:40]


def workers() -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if WORKER in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


def held_by_ray(cluster: SimpleNamespace) -> Iterator[tuple[str, bytes]]:
    """Yield what is in Ray's files, in its shared memory, and in the memory of each of its processes."""
    for place in (cluster.place, Path("/dev/shm")):
        for path in place.rglob("*"):
            with contextlib.suppress(OSError):
                if path.is_file():
                    yield str(path), path.read_bytes()
    for pid in session_of(cluster.head):
        if pid not in workers():
            with contextlib.suppress(OSError):
                yield f"memory of {pid}", memory(pid)


def memory(pid: int) -> bytes:
    parts = []
    maps = Path(f"/proc/{pid}/maps").read_text()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as file:
        for low, high in re.findall(r"^([0-9a-f]+)-([0-9a-f]+) rw", maps, re.MULTILINE):
            start_at, size = int(low, 16), int(high, 16) - int(low, 16)
            if size <= 1 << 26:
                with contextlib.suppress(OSError):
                    file.seek(start_at)
                    parts.append(file.read(size))
    return b"".join(parts)


def test_a_cluster_gives_the_same_bytes_and_never_holds_a_word(
    programs: Path, cluster: SimpleNamespace, made: Path, alone: Path, tmp_path: Path
) -> None:
    words, found, looked = canaries(alone), set[str](), set[str]()
    running = start(programs, cluster, made, str(tmp_path / "out"))

    def look() -> None:
        while running.poll() is None:
            for where, held in held_by_ray(cluster):
                looked.add(where)
                found.update(f"{where}: {word!r}" for word in words if word in held)

    looking = threading.Thread(target=look)
    looking.start()
    told, said = running.communicate(timeout=200)
    looking.join()

    assert running.returncode == 0, said
    assert content(tmp_path / "out") == content(alone), told
    assert len(words) > 10
    assert [where for where in looked if where.startswith("memory")]
    assert [where for where in looked if where.startswith(str(cluster.place))]
    assert not found


def test_the_search_itself_would_find_a_word(cluster: SimpleNamespace) -> None:
    word = b"a word that nobody else says"
    (cluster.place / "canary").write_bytes(word)

    found = [where for where, held in held_by_ray(cluster) if word in held]
    (cluster.place / "canary").unlink()

    assert str(cluster.place / "canary") in found
    assert word in memory(os.getpid())


def test_workers_that_are_killed_on_the_cluster_cost_nothing(
    programs: Path, cluster: SimpleNamespace, made: Path, alone: Path, tmp_path: Path
) -> None:
    running = start(programs, cluster, made, str(tmp_path / "out"))
    until(lambda: list(tmp_path.glob(".out.work/*.part")) or running.poll() is not None)
    for pid in workers():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    _, said = running.communicate(timeout=200)

    assert running.returncode == 0, said
    assert content(tmp_path / "out") == content(alone)


def test_between_object_stores_a_cluster_needs_no_directory_of_its_own(
    programs: Path, cluster: SimpleNamespace, store: bool, made: Path, alone: Path
) -> None:
    if not store:
        pytest.skip("Swift is not installed: a cluster with an object store is not tried")
    (here,) = {path.parent for path in made.rglob("*.approval.note") if list(path.parent.glob("*.ep"))}
    for path in here.rglob("*"):
        if path.is_file():
            Prefix("s3://far/in").put(path.relative_to(here).as_posix(), path)

    running = start(programs, cluster, made, "s3://far/out", "--from", "s3://far/in")
    _, said = running.communicate(timeout=280)

    assert running.returncode == 0, said
    place = Prefix("s3://far/out")
    assert {name: place.read(name) for name in place.names()} == content(alone)
    assert Prefix("s3://far/out.work").names() == []


def test_a_cluster_that_is_not_there_is_named(
    programs: Path, cluster: SimpleNamespace, made: Path, tmp_path: Path
) -> None:
    absent = SimpleNamespace(**{**vars(cluster), "address": "127.0.0.1:9"})
    running = start(programs, absent, made, str(tmp_path / "out"))

    _, said = running.communicate(timeout=200)

    assert running.returncode == 10
    assert b"no Ray cluster at 127.0.0.1:9" in said
    assert not (tmp_path / "out").exists()
