"""Whoever reads the episodes, the export is the same; a worker that dies, or the whole export, costs nothing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from overt import __version__
from overt.cli import export as export_command
from overt.cli import synth
from overt.dataset.eligible import Sealed, SkipReason
from overt.dataset.engines import pool as pool_module
from overt.dataset.engines import shift as shift_module
from overt.dataset.engines.here import Here
from overt.dataset.engines.member import Member
from overt.dataset.engines.shift import DEPTH, Hand, Team
from overt.dataset.engines.task import Answer, Done, Hello, Order, Task, Trouble
from overt.dataset.part import KEY_BYTES
from overt.dataset.workshop import Workshop, lasting, passing
from overt.errors import BackendUnavailableError, ConsentError, StorageError
from overt.format import age_read, age_write
from overt.ledger.log import read_entries
from overt.store.home import Role, open_home
from overt.trajectory.build import Rules

EPISODES = 7


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic organisation with pictures."""
    root = tmp_path_factory.mktemp("made") / "synthetic"
    asked = ["--episodes", str(EPISODES), "--seed", "5", "--contributors", "2", "--frames", "--out", str(root)]
    result = CliRunner().invoke(synth.command, asked)
    assert result.exit_code == 0, result.output
    return root


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be written to."""
    return Path(shutil.copytree(made, tmp_path / "home"))


def arguments(home: Path, out: Path, *more: str) -> list[str]:
    usual = ["--home", str(home), "--purpose", "model_training", "--out", str(out)]
    return [*usual, *more]


def run(home: Path, out: Path, *more: str) -> Result:
    return CliRunner().invoke(export_command.command, arguments(home, out, *more))


def content(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def released(home: Path) -> list[Any]:
    vault = open_home(home, Role.VAULT)
    vkey = (vault.keys_directory / "vault-log.pub").read_text().strip()
    entries = read_entries(vault.log_directory, vkey)
    return [entry["section"] for entry in entries if entry.get("type") == "release"]


def test_any_number_of_workers_gives_the_same_bytes(home: Path, tmp_path: Path) -> None:
    results = [run(home, tmp_path / f"out{count}", "--format", "all", "--workers", str(count)) for count in (1, 2, 3)]

    assert [result.exit_code for result in results] == [0, 0, 0], results[-1].output
    alone, two, three = (content(tmp_path / f"out{count}") for count in (1, 2, 3))
    assert alone == two == three
    assert [name for name in alone if name.endswith(".png")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "out1", "out2", "out3"]


def test_the_vaults_log_is_not_read_again_for_each_episode(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[Path] = []
    monkeypatch.setattr("overt.keys.release.read_entries", lambda place, _: reads.append(place) or [])

    result = run(home, tmp_path / "out", "--workers", "1")

    assert result.exit_code == 0, result.output
    assert reads == []


def killing(monkeypatch: pytest.MonkeyPatch, doomed: Callable[[int], bool]) -> list[int]:
    """Kill the worker that is sent the n-th task, if *doomed* says so, before it can answer."""
    sent: list[int] = []
    send = pool_module._Near.send

    def deadly(near: Any, task: Task) -> None:
        sent.append(len(sent))
        if doomed(sent[-1]):
            os.kill(near.member.pid, signal.SIGKILL)
        send(near, task)

    monkeypatch.setattr(pool_module._Near, "send", deadly)
    return sent


def test_what_a_killed_worker_was_at_is_done_by_another(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(home, tmp_path / "whole", "--workers", "1").exit_code == 0
    killing(monkeypatch, lambda number: number == 1)

    result = run(home, tmp_path / "out", "--workers", "2")

    assert result.exit_code == 0, result.output
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_an_episode_that_kills_its_worker_twice_is_skipped_with_that_reason(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: dict[int, list[str]] = {}
    doomed: list[str] = []
    send, answer = pool_module._Near.send, pool_module._Near.answer

    def noted(near: Any, task: Task) -> None:
        doomed[:] = doomed or [task.name]
        held.setdefault(near.member.pid, []).append(task.name)
        send(near, task)

    def deadly(near: Any) -> bytes | None:
        if held[near.member.pid].pop(0) != doomed[0]:
            return answer(near)
        os.kill(near.member.pid, signal.SIGKILL)
        return None

    monkeypatch.setattr(pool_module._Near, "send", noted)
    monkeypatch.setattr(pool_module._Near, "answer", deadly)

    result = run(home, tmp_path / "out", "--workers", "2", "--json")

    assert result.exit_code == 0, result.output
    assert f'"exported": {EPISODES - 1}' in result.output
    assert result.output.count("worker_died") == 1


def start(home: Path, out: Path, *more: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "overt", "export", *arguments(home, out, *more)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def until(condition: Callable[[], object], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s in vain for it"
        time.sleep(0.002)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_killed_export_is_gone_on_with_and_leaves_nothing_in_the_clear(
    home: Path, tmp_path: Path, workers: str
) -> None:
    assert run(home, tmp_path / "whole", "--workers", "1").exit_code == 0
    work = tmp_path / ".out.work"
    killed = start(home, tmp_path / "out", "--workers", workers)
    until(lambda: list(work.glob("*.part")) or killed.poll() is not None)
    killed.kill()
    killed.wait()
    left = {path.name: path.read_bytes() for path in work.iterdir()}
    before = {path.name for path in work.glob("*.part")}
    asked = released(home).count("c")

    result = run(home, tmp_path / "out", "--workers", workers)

    assert result.exit_code == 0, result.output
    assert before
    assert not [name for name, held in left.items() for word in (b"PNG", b"google", b"synthetic") if word in held]
    assert content(tmp_path / "out") == content(tmp_path / "whole")
    assert not work.exists()
    assert released(home).count("c") - asked <= EPISODES - len(before)


def test_two_exports_to_one_place_at_a_time_are_refused(home: Path, tmp_path: Path) -> None:
    own = age_write.new_identity()

    with lasting(tmp_path / ".out.work", SimpleNamespace(unsealed=lambda _: None), own.recipient):
        result = run(home, tmp_path / "out")

    assert isinstance(result.exception, StorageError)
    assert "another export" in str(result.exception)


class Opener:
    def __init__(self) -> None:
        self.identity = age_write.new_identity()

    def unsealed(self, sealed: bytes) -> bytes | None:
        try:
            return age_read.decrypt(sealed, [self.identity.text])
        except Exception:  # noqa: BLE001 - any other identity's
            return None


def fail(place: Path, opener: Opener, problem: Exception) -> None:
    with lasting(place, opener, opener.identity.recipient):
        (place / "a.part").write_bytes(b"x")
        raise problem


def test_parts_outlast_a_failure_and_not_a_refusal(tmp_path: Path) -> None:
    opener = Opener()
    place = tmp_path / "work"

    with pytest.raises(StorageError):
        fail(place, opener, StorageError("full"))
    kept = {path.name: path.read_bytes() for path in place.iterdir()}
    with lasting(place, opener, opener.identity.recipient) as again:
        there = {path.name for path in place.iterdir()}
    with pytest.raises(ConsentError):
        fail(place, opener, ConsentError("nothing is left"))

    assert there == kept.keys() == {"a.part", "key.age"}
    assert again.key not in b"".join(kept.values())
    assert not place.exists()


def test_parts_under_a_key_that_nobody_has_are_removed(tmp_path: Path) -> None:
    place, opener = tmp_path / "work", Opener()
    with pytest.raises(StorageError):
        fail(place, opener, StorageError("full"))

    with lasting(place, Opener(), Opener().identity.recipient):
        left = [path.name for path in place.iterdir()]

    assert left == ["key.age"]


def test_a_part_of_another_episode_rule_or_judge_is_never_taken_for_this_one(story: Any, tmp_path: Path) -> None:
    one, other = story.eligible([], 1), story.eligible([], 2)
    shop = Workshop(directory=tmp_path, key=bytes(KEY_BYTES))

    names = {
        shop.name(one, Rules(), {"rules": "1"}),
        shop.name(other, Rules(), {"rules": "1"}),
        shop.name(one, Rules(gaps=True), {"rules": "1"}),
        shop.name(one, Rules(split_after_ms=1), {"rules": "1"}),
        shop.name(one, Rules(), {"rules": "2"}),
    }

    assert len(names) == 5
    assert shop.name(one, Rules(), {"rules": "1"}) in names


def test_what_may_not_be_exported_any_more_is_removed_from_the_parts(story: Any, tmp_path: Path) -> None:
    with passing(tmp_path / "work") as shop:
        list(Here().read([Order(each=story.eligible(story.search()), name="a" * 64)], Rules(), shop))
        shop.keep_only({"b" * 64})

        assert list(shop.directory.iterdir()) == []


@pytest.fixture
def member() -> Iterator[Member]:
    os.environ["AWS_SECRET_ACCESS_KEY"] = os.environ["OVERT_CANARY"] = "canary"
    worker = Member([])
    yield worker
    worker.close()
    del os.environ["AWS_SECRET_ACCESS_KEY"], os.environ["OVERT_CANARY"]


@pytest.mark.skipif(sys.platform != "linux", reason="what a process may do is read from /proc: only Linux has it")
def test_a_worker_has_no_network_and_inherits_no_secret(member: Member) -> None:
    hello = member.hello()
    status = Path(f"/proc/{member.pid}/status").read_text()
    given = Path(f"/proc/{member.pid}/environ").read_bytes() + Path(f"/proc/{member.pid}/cmdline").read_bytes()

    assert "\nSeccomp:\t2\n" in status
    assert "\nNoNewPrivs:\t1\n" in status
    assert b"canary" not in given
    assert hello.version == __version__


def test_a_worker_ends_when_who_started_it_is_gone(member: Member) -> None:
    member.hello()
    assert member._process.stdin

    member._process.stdin.close()
    ended = member._process.wait(timeout=30)

    assert ended == 0


class Fake:
    """A worker that answers what it is told to: its part is there, or a word of trouble, or it is dead."""

    def __init__(self, answers: dict[str, list[Trouble | type[BaseException] | None]], log: list[str]) -> None:
        self.answers, self.log = answers, log
        self.tasks: deque[Task] = deque()
        self.dead = False

    def hello(self) -> Hello:
        return Hello(recipient=age_write.new_identity().recipient, version=__version__, judges={"rules": "1"})

    def admit(self, sealed_key: str) -> None:
        self.log.append("admitted")
        assert "AGE-SECRET-KEY" not in sealed_key

    def send(self, task: Task) -> None:
        self.tasks.append(task)
        assert len(self.tasks) <= DEPTH

    def answer(self) -> str | None:
        task = self.tasks.popleft()
        self.log.append(task.name[:1])
        told = self.answers.get(task.name, [])
        what = told.pop(0) if told else None
        if isinstance(what, type):
            return None
        return Answer(name=task.name, trouble=what).model_dump_json()

    def close(self) -> None:
        self.dead = True


class Fakes:
    """A crew of them."""

    def __init__(self, **answers: list[Any]) -> None:
        self.answers = {name * 64: told for name, told in answers.items()}
        self.log: list[str] = []
        self.hired: list[Fake] = []
        self.brought: list[str] = []

    def hire(self) -> Fake:
        self.hired.append(Fake(self.answers, self.log))
        return self.hired[-1]

    def first(self, hands: Iterable[Hand]) -> Hand:
        return next(iter(hands))

    def bring(self, address: str, workshop: Workshop, name: str) -> str:
        del workshop
        self.brought.append(name[:1])
        return address

    def part(self, name: str, workshop: Workshop) -> str:
        return str(workshop.path(name))

    def take(self, task: Task, workshop: Workshop) -> None:
        del task, workshop


def orders(story: Any, names: str, taken: list[str] | None = None) -> Iterator[Order]:
    for number, name in enumerate(names):
        each = story.eligible([], number)
        object.__setattr__(each, "sealed", Sealed(address=f"/{name}.ep", identity=lambda: "AGE-SECRET-KEY-PQ-1CANARY"))
        if taken is not None:
            taken.append(name)
        yield Order(each=each, name=name * 64)


def read(crew: Fakes, workers: int, work: Iterable[Order], tmp_path: Path) -> dict[str, SkipReason | None]:
    shop = Workshop(directory=tmp_path, key=bytes(KEY_BYTES))
    with Team(crew, workers) as team:
        return {done.name[:1]: done.reason for done in team.read(work, Rules(), shop)}


def test_orders_are_taken_only_as_there_is_room(story: Any, tmp_path: Path) -> None:
    crew, taken = Fakes(), list[str]()
    shop = Workshop(directory=tmp_path, key=bytes(KEY_BYTES))

    with Team(crew, 2) as team:
        done: list[Done] = []
        for each in team.read(orders(story, "0123456789abcdef", taken), Rules(), shop):
            done.append(each)
            assert len(taken) - len(done) < 2 * DEPTH + 1

    assert len(done) == 16
    assert len(crew.hired) == 2
    assert all(each.dead for each in crew.hired)


def test_the_neighbours_of_a_death_are_not_blamed_for_it(story: Any, tmp_path: Path) -> None:
    crew = Fakes(a=[KeyboardInterrupt, KeyboardInterrupt])

    told = read(crew, 1, orders(story, "abcd"), tmp_path)

    assert told == {"a": SkipReason.WORKER_DIED, "b": None, "c": None, "d": None}
    assert crew.log.count("a") == shift_module.TRIES


def test_no_more_workers_are_hired_than_there_is_work(story: Any, tmp_path: Path) -> None:
    crew = Fakes()

    read(crew, 8, orders(story, "ab"), tmp_path)

    assert len(crew.hired) == 2


@pytest.mark.parametrize(("kind", "reason"), [("key", SkipReason.WRONG_KEY), ("format", SkipReason.DAMAGED)])
def test_what_a_worker_cannot_open_is_skipped(story: Any, tmp_path: Path, kind: Any, reason: SkipReason) -> None:
    crew = Fakes(b=[Trouble(kind=kind, message="x")])

    assert read(crew, 2, orders(story, "abc"), tmp_path) == {"a": None, "b": reason, "c": None}


def test_a_full_disk_at_a_worker_ends_the_export(story: Any, tmp_path: Path) -> None:
    crew = Fakes(b=[Trouble(kind="storage", message="no space left", hint="free some")])

    with pytest.raises(StorageError, match="no space left"):
        read(crew, 2, orders(story, "abc"), tmp_path)

    assert all(each.dead for each in crew.hired)


def test_a_worker_of_another_version_is_refused(story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crew = Fakes()
    monkeypatch.setattr(shift_module, "__version__", "0.0.0")

    with pytest.raises(BackendUnavailableError, match="another version"):
        read(crew, 1, orders(story, "a"), tmp_path)


def test_no_task_tells_an_identity(story: Any, tmp_path: Path) -> None:
    crew = Fakes()
    seen: list[str] = []
    hire = crew.hire

    def spying() -> Fake:
        hand = hire()
        send = hand.send
        hand.send = lambda task: (seen.append(task.model_dump_json()), send(task))[1]  # type: ignore[method-assign]
        return hand

    crew.hire = spying  # type: ignore[method-assign]

    read(crew, 1, orders(story, "ab"), tmp_path)

    assert len(seen) == 2
    assert "CANARY" not in "".join(seen)
