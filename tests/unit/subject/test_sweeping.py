"""Nothing is kept longer than the notice says."""

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from overt.consent.grant import Grant
from overt.keys.device import device_vkey
from overt.keys.vault import entries
from overt.ledger.log import read_entries
from overt.store import files
from overt.store.home import Home
from overt.subject.erasing import erase
from overt.subject.reviewing import own_episodes
from overt.subject.sweeping import sweep

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def dated(home: Home, episode_id: str, at: datetime) -> str:
    os.utime(home.episodes_directory / f"{episode_id}.ep", (at.timestamp(), at.timestamp()))
    return episode_id


@pytest.mark.parametrize(("seconds", "kept"), [(-1, True), (0, False), (1, False)])
def test_an_episode_is_erased_at_the_very_end_of_its_retention(
    employee: Home, grant: Grant, record: Callable[..., str], seconds: int, *, kept: bool
) -> None:
    dated(employee, record(), NOON)

    sweep(employee, NOON + timedelta(days=grant.promises.retention_days, seconds=seconds))

    assert bool(own_episodes(employee)) == kept
    assert bool(entries(employee.shares_directory)) == kept


def test_a_younger_episode_stays(employee: Home, grant: Grant, record: Callable[..., str]) -> None:
    old, young = dated(employee, record(), NOON), dated(employee, record(), NOON + timedelta(days=1))

    erased = sweep(employee, NOON + timedelta(days=grant.promises.retention_days))

    assert [each.episode_id for each in erased] == [old]
    assert [facts.episode_id for facts in own_episodes(employee)] == [young]


def test_a_damaged_episode_is_swept_too(employee: Home, grant: Grant, record: Callable[..., str]) -> None:
    episode_id = record()
    (employee.episodes_directory / f"{episode_id}.ep").write_bytes(b"damaged")
    dated(employee, episode_id, NOON)

    assert len(sweep(employee, NOON + timedelta(days=grant.promises.retention_days))) == 1


def test_without_consent_there_is_nothing_to_sweep(employee: Home) -> None:
    assert sweep(employee, NOON) == []


@pytest.mark.parametrize("content", ["link", "pipe"])
def test_what_cannot_be_read_hides_no_other_episode_and_can_be_erased(
    employee: Home, grant: Grant, record: Callable[..., str], content: str
) -> None:
    """A link or a named pipe among the episodes stopped the list, the sweep and the erasure of everything."""
    assert grant
    good, bad = record(), record()
    place = employee.episodes_directory / f"{bad}.ep"
    place.unlink()
    if content == "link":
        place.symlink_to("nowhere")
    else:
        os.mkfifo(place)

    listed = {facts.episode_id: facts.state for facts in own_episodes(employee)}
    (erased,) = erase(employee, [bad], NOON)

    assert listed == {good: "closed", bad: "invalid"}
    assert erased.shares == 2
    assert [facts.episode_id for facts in own_episodes(employee)] == [good]


def test_an_episode_can_be_erased_on_a_full_disk(
    employee: Home, grant: Grant, record: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are what fills the disk: the log had no room for the erasure, so nothing was erased."""
    assert grant
    episode_id = record()
    write = files.write_all

    def when_there_is_room(descriptor: int, data: bytes) -> None:
        if own_episodes(employee):
            raise OSError(errno.ENOSPC, "")
        write(descriptor, data)

    monkeypatch.setattr(files, "write_all", when_there_is_room)

    erase(employee, [episode_id], NOON)

    acts = [entry["type"] for entry in read_entries(employee.log_directory, device_vkey(employee))]
    assert own_episodes(employee) == []
    assert acts[-1] == "erase"
