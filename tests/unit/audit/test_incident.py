"""The blast radius of a loss: whom it touches, whether anybody can read it, and the 72 hours."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from overt.audit.incident import What, incident
from overt.errors import OvertError, StorageError, UsageError

Audited = Callable[[], Any]
KNOWN = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
KEYS = {
    "format", "what", "about", "known", "deadline", "readable", "needs", "because", "people", "episodes", "released",
    "destroyed", "signals", "sites", "purposes", "recipients", "steps", "unknown",
}  # fmt: skip


def lost(desk: Any, what: What, about: str = "") -> dict[str, Any]:
    return dict(incident(desk.home, desk.write(), what, about, KNOWN).row())


@pytest.mark.parametrize(
    ("what", "about", "people", "episodes", "readable"),
    [
        (What.LAPTOP, "device-0a", 1, 2, "together"),
        (What.DEVICE_KEY, "device-0b", 1, 1, "no"),
        (What.EMPLOYEE_KEY, "device-0a", 1, 2, "together"),
        (What.AUDITOR_KEY, "", 2, 3, "together"),
        (What.EXPORTER_KEY, "", 2, 3, "together"),
        (What.VAULT, "", 2, 3, "together"),
        (What.STORE, "", 2, 3, "together"),
        (What.EXPORT, "a", 50, 50, "yes"),
    ],
)
def test_each_loss_touches_its_people_and_says_whether_anybody_can_read(
    audited: Audited, what: What, about: str, people: int, episodes: int, readable: str
) -> None:
    row = lost(audited(), what, about)

    assert set(row) == KEYS
    assert (len(row["people"]), row["episodes"], row["readable"]) == (people, episodes, readable)
    assert bool(row["needs"]) == (readable == "together")
    assert (row["known"], row["deadline"]) == ("2026-11-23T15:30:00Z", "2026-11-26T15:30:00Z")
    assert (row["signals"], row["sites"], row["purposes"]) == (["text"], ["google"], ["model_training"])
    assert row["steps"]


def test_people_are_told_by_device_and_pseudonym_and_by_nothing_that_they_did(audited: Audited) -> None:
    desk = audited()

    row = lost(desk, What.LAPTOP, desk.scene.people["ada"].device.vkey)

    grant = desk.scene.people["ada"].grant
    assert row["people"] == [{"device": "device-0a", "subjects": [grant.parties.subject], "episodes": 2}]
    assert [word for word in ("canary", "2026-11-14", "2026-11-15", "36000000") if word in json.dumps(row)] == []


def test_an_episode_that_was_never_handed_over_counts_for_the_laptop(audited: Audited) -> None:
    desk = audited()
    log = desk.scene.people["ada"].log
    log.append(
        {"type": "episode-open", "id": "ab" * 16, "grant": desk.scene.people["ada"].grant.id, "sha256": "0" * 64}
    )

    assert lost(desk, What.LAPTOP, "device-0a")["episodes"] == 3
    assert lost(desk, What.EMPLOYEE_KEY, "device-0a")["episodes"] == 2


def test_what_the_vault_released_is_counted_for_the_role_that_got_it(audited: Audited) -> None:
    desk = audited()

    assert lost(desk, What.EXPORTER_KEY)["released"] == 1
    assert lost(desk, What.AUDITOR_KEY)["released"] == 0


def test_a_destroyed_episode_touches_nobody(audited: Audited) -> None:
    desk = audited()
    entry = {"type": "shred", "at": "2026-11-22T08:00:00Z", "epoch": 2, "grant": desk.scene.people["ada"].grant.id}
    desk.scene.vault_log.append(entry)

    row = lost(desk, What.STORE)

    assert ([each["device"] for each in row["people"]], row["destroyed"]) == (["device-0b"], 2)


def test_what_could_not_be_told_is_said(audited: Audited) -> None:
    desk = audited()
    store = desk.write()
    shutil.rmtree(store / "logs")
    next((store / "grants").glob("00000070*.note")).unlink()

    laptop, export = lost(desk, What.LAPTOP, "device-0a"), lost(desk, What.EXPORT, "a")

    assert len(laptop["unknown"]) == 2
    assert (export["episodes"], len(export["people"])) == (49, 49)
    assert any("whose they are" in each for each in export["unknown"])


def test_the_recipient_of_an_export_is_told(audited: Audited) -> None:
    desk = audited()
    desk.scene.export("b", about={"receiver": {"name": "Example Research", "contact": "x", "country": "DE"}})

    assert lost(desk, What.EXPORT, "b")["recipients"] == [{"name": "Example Research", "country": "DE"}]


@pytest.mark.parametrize("about", ["../../etc", "nowhere", ""])
def test_an_export_that_is_not_there_is_refused(audited: Audited, about: str) -> None:
    with pytest.raises(OvertError):
        lost(audited(), What.EXPORT, about)


def test_a_loss_of_nobodys_machine_and_a_store_that_is_not_there_are_refused(audited: Audited) -> None:
    desk = audited()
    with pytest.raises(UsageError):
        lost(desk, What.LAPTOP)
    with pytest.raises((UsageError, StorageError)):
        incident(desk.home, desk.store / "nowhere", What.STORE, "", KNOWN)
