"""Nothing is kept longer than the notice says."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from overt.consent.grant import Grant
from overt.keys.vault import entries
from overt.store.home import Home
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
