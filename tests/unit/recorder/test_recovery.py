"""Killed at any moment, the recorder has lost no acknowledged flush, and the next start says what it found."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from overt.errors import StorageError
from overt.recorder.readiness import _episodes
from overt.verify import State

A_NIGHT = pytest.param(2_000, marks=[pytest.mark.soak, pytest.mark.timeout(7200)])


class Judge:
    """Looks at a home after each kill, starts the recorder again, and counts what was lost."""

    def __init__(self, workplace: Any) -> None:
        self.workplace = workplace
        self.known: set[str] = set()
        self.states: list[str] = []

    def __call__(self, acknowledged: int) -> None:
        store = self.workplace.store
        (born,) = set(store.list()) - self.known or {""}
        if born:
            self._look(born, acknowledged)
        else:
            # Before the episode there is nothing to acknowledge.
            assert acknowledged == 0
            self.workplace.start_again()
            self.states.append("none")
        self.known = set(store.list())
        assert set(store.list_keys()) == self.known
        entries = self.workplace.entries()
        self.workplace.start_again()
        assert self.workplace.entries() == entries

    def _look(self, born: str, acknowledged: int) -> None:
        before = self.workplace.store.read(born)
        closes = [each for each in self.workplace.logged("episode-close") if each["id"] == born]
        verdict = self.workplace.verdict(born) if before else None
        self.workplace.start_again()
        found = [each for each in self.workplace.logged("recovered") if each["id"] == born]
        assert self.workplace.store.read(born) == before
        assert len(found) == (0 if closes else 1)
        if verdict is None:
            assert acknowledged == 0
            self.states.append(found[0]["reason"])
            return
        assert verdict.flushes >= acknowledged
        if found:
            assert (found[0]["root"], found[0]["size"]) == (verdict.root, verdict.size)
            assert found[0]["reason"] == verdict.state.value
        self.states.append("closed and logged" if closes else verdict.state.value)


def test_killed_at_every_single_change_of_the_disk_it_recovers_once(
    workplace: Any, dying_at: Callable[[int], Any]
) -> None:
    """Before the opening is logged, after, in the middle of a flush, of the close, between the close and the log."""
    judge = Judge(workplace)
    at = 1
    while (acknowledged := workplace.killed(dying_at(at))) is not None:
        judge(acknowledged)
        at += 1

    assert at > 50
    assert {"none", "invalid", "open", "closed", "closed and logged"} <= set(judge.states)


@pytest.mark.parametrize("kills", [8, A_NIGHT])
def test_killed_at_a_random_moment_it_loses_no_acknowledged_flush(kills: int, workplace: Any) -> None:
    judge = Judge(workplace)
    chance = random.Random(21)

    for _ in range(kills):
        acknowledged = workplace.killed(after_s=chance.random() * 0.25, flushes=10_000)
        judge(acknowledged)

    assert len(judge.states) == kills


def test_after_a_crash_a_new_episode_begins_and_the_torn_one_stays_as_it_is(workplace: Any) -> None:
    workplace.killed(after_s=0.3, flushes=10_000)
    (torn,) = workplace.store.list()
    before = workplace.store.read(torn)

    workplace.record(lambda _: None)

    (new,) = set(workplace.store.list()) - {torn}
    assert workplace.store.read(torn) == before
    assert workplace.verdict(new).state is State.CLOSED
    assert [each["id"] for each in workplace.logged("recovered")] == [torn]
    assert [each["id"] for each in workplace.logged("episode-close")] == [new]


def test_the_lock_of_a_killed_recorder_holds_nobody_up(workplace: Any) -> None:
    workplace.killed(after_s=0.2, flushes=10_000)

    workplace.start_again()


def test_a_torn_tail_is_called_so(workplace: Any) -> None:
    workplace.killed(after_s=0.3, flushes=10_000)
    (torn,) = workplace.store.list()
    path = workplace.home.episodes_directory / f"{torn}.ep"
    whole = workplace.verdict(torn)
    path.write_bytes(path.read_bytes()[: whole.size] + b"half a flush")

    workplace.start_again()

    (found,) = workplace.logged("recovered")
    assert (found["reason"], found["size"], found["root"]) == ("damaged-tail", whole.size, whole.root)


def test_another_episode_under_this_ones_name_proves_nothing(workplace: Any) -> None:
    workplace.record(lambda _: None)
    (episode_id,) = workplace.store.list()
    workplace.store.put("0" * 32, workplace.store.read(episode_id))

    workplace.start_again()

    assert [each["reason"] for each in workplace.logged("recovered")] == ["invalid"]


def test_keys_of_no_episode_go_and_keys_of_a_lost_one_stay(workplace: Any) -> None:
    workplace.record(lambda _: None)
    (lost,) = workplace.store.list()
    (workplace.home.episodes_directory / f"{lost}.ep").unlink()
    workplace.store.put_keys("0" * 32, b"of an episode that never began")

    workplace.start_again()

    assert workplace.store.list_keys() == [lost]


def test_the_doctor_tells_what_a_crash_left(workplace: Any) -> None:
    fresh = _episodes(workplace.home)
    workplace.killed(after_s=0.3, flushes=10_000)
    (torn,) = workplace.store.list()
    (workplace.home.episodes_directory / f"{torn}.keys").unlink()

    after = _episodes(workplace.home)

    assert (fresh.ok, fresh.detail) == (True, "nothing was left by a crash")
    assert after.ok
    assert after.detail == "1 left by a crash, noted at the next start; 1 without keys: overt episodes erase"


@pytest.mark.parametrize("sticky", [True, False])
def test_a_disk_that_is_full_at_every_single_write_loses_no_acknowledged_flush(
    workplace: Any, failing_at: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, sticky: bool
) -> None:
    """One refusal each time, nothing half-written is counted, and the next start finds a home in order."""
    judge = Judge(workplace)
    at, refused, told = 0, True, set()
    while refused:
        at += 1
        acknowledged = [0]
        refused = False
        with monkeypatch.context() as patch:
            failing_at(at, sticky=sticky).install(patch.setattr)
            try:
                workplace.record(acknowledged.append)
            except StorageError as problem:
                refused = True
                told.add(str(problem).partition(": ")[2])
        judge(acknowledged[-1])

    assert at > 40
    assert told == {"no space left on device"}
    assert {"none", "open", "closed and logged"} <= set(judge.states)
