"""Nothing is kept longer than the notice says."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from overt.consent.grant import Grant
from overt.errors import ConsentError
from overt.keys.bundles import PublicKeys, join, sign_policy
from overt.keys.device import device_vkey, load_device
from overt.keys.passphrase import no_passphrase
from overt.keys.sign import claimed_admin
from overt.keys.vault import entries
from overt.ledger.heartbeat import beat as heartbeat
from overt.ledger.log import Ledger, read_entries
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.templates import trial_policy_text
from overt.store import files
from overt.store.home import Home, Role, open_home
from overt.store.lock import locked
from overt.subject import keeping
from overt.subject.consenting import Choice, give
from overt.subject.erasing import erase
from overt.subject.keeping import overdue
from overt.subject.reviewing import own_episodes
from overt.subject.submitting import approve
from overt.subject.sweeping import sweep

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def beat(home: Home, day: datetime) -> None:
    """Log that somebody looked after the log on *day*, as the recorder does before it records."""
    heartbeat(Ledger(home.log_directory, load_device(home, no_passphrase)), day.date())


def opened(home: Home, grant: Grant, record: Callable[..., str], on: datetime) -> str:
    """Record an episode on the day *on*, as the log tells it; its file is of today."""
    beat(home, on)
    episode_id = record()
    entry = {"type": "episode-open", "id": episode_id, "grant": grant.id, "sha256": "0" * 64}
    Ledger(home.log_directory, load_device(home, no_passphrase)).append(entry)
    return episode_id


def after(days: int, **more: int) -> datetime:
    return NOON + timedelta(days=days, **more)


def swept(home: Home, at: datetime, *, trusted: bool = True) -> list[str]:
    return [each.episode_id for each in sweep(home, at, trusted=trusted).erased]


@pytest.mark.parametrize(
    ("at", "kept"),
    [(after(30, hours=-12, seconds=-1), True), (after(30, hours=-12), False), (after(31), False)],
)
def test_an_episode_is_erased_from_the_first_second_of_the_day_on_which_its_retention_ends(
    employee: Home, grant: Grant, record: Callable[..., str], at: datetime, *, kept: bool
) -> None:
    opened(employee, grant, record, NOON)

    sweep(employee, at, trusted=True)

    assert bool(own_episodes(employee)) == kept
    assert bool(entries(employee.shares_directory)) == kept


def test_each_erasure_is_in_the_log_with_its_day(employee: Home, grant: Grant, record: Callable[..., str]) -> None:
    episode_id = opened(employee, grant, record, NOON)

    sweep(employee, after(31), trusted=True)

    last = list(read_entries(employee.log_directory, device_vkey(employee)))[-1]
    assert last == {"type": "erase", "id": episode_id, "day": after(31).date().isoformat()}


def test_a_younger_episode_stays(employee: Home, grant: Grant, record: Callable[..., str]) -> None:
    old, young = opened(employee, grant, record, NOON), opened(employee, grant, record, after(1))

    erased = swept(employee, after(30))

    assert erased == [old]
    assert [facts.episode_id for facts in own_episodes(employee)] == [young]


def test_what_a_file_says_of_its_own_time_counts_for_nothing(
    employee: Home, grant: Grant, record: Callable[..., str]
) -> None:
    """A backup that was restored, or a touch, made every episode young again."""
    old, young = opened(employee, grant, record, NOON), opened(employee, grant, record, after(20))
    for episode_id, day in ((old, after(29)), (young, NOON - timedelta(days=900))):
        os.utime(employee.episodes_directory / f"{episode_id}.ep", (day.timestamp(), day.timestamp()))

    assert swept(employee, after(30)) == [old]


@pytest.mark.parametrize("written", [NOON - timedelta(days=900), after(900)])
def test_an_episode_that_neither_log_nor_file_can_date_is_as_old_as_its_grant(
    employee: Home, grant: Grant, record: Callable[..., str], written: datetime
) -> None:
    assert grant
    episode_id = record()
    os.utime(employee.episodes_directory / f"{episode_id}.ep", (written.timestamp(), written.timestamp()))

    early, late = swept(employee, after(29)), swept(employee, after(30))

    assert (early, late) == ([], [episode_id])


def test_an_episode_recorded_while_the_clock_was_ahead_is_kept_no_longer(
    employee: Home, grant: Grant, record: Callable[..., str]
) -> None:
    episode_id = opened(employee, grant, record, after(20_000))
    beat(employee, after(3))

    early, late = swept(employee, after(32)), swept(employee, after(33))

    assert (early, late) == ([], [episode_id]), "it happened before what was logged after it"


def test_a_clock_that_jumps_ahead_for_a_moment_erases_nothing(
    employee: Home, grant: Grant, record: Callable[..., str]
) -> None:
    episode_id = opened(employee, grant, record, NOON)

    in_the_jump = [sweep(employee, after(4000, hours=hour)) for hour in range(3)]
    back = sweep(employee, after(1))
    again = sweep(employee, after(8000))

    assert [each.erased for each in (*in_the_jump, back, again)] == [()] * 5
    assert [[kept.episode_id for kept in each.doubted] for each in (*in_the_jump, back)] == [[episode_id]] * 3 + [[]]
    assert len(own_episodes(employee)) == 1


def test_after_a_long_absence_it_is_erased_on_the_second_day_that_the_clock_shows(
    employee: Home, grant: Grant, record: Callable[..., str]
) -> None:
    episode_id = opened(employee, grant, record, NOON)

    days = [swept(employee, after(day), trusted=False) for day in (60, 61)]

    assert days == [[], [episode_id]]


def test_a_machine_that_rests_for_a_week_is_believed_at_once(
    employee: Home, grant: Grant, record: Callable[..., str]
) -> None:
    episode_id = opened(employee, grant, record, NOON)
    beat(employee, after(23))

    assert swept(employee, after(30), trusted=False) == [episode_id]


TWO_PURPOSES = trial_policy_text() + "\n[retention]\nmodel_evaluation = 10\n"


@pytest.fixture
def for_two(employee: Home, choice: Choice) -> Grant:
    """Consent to training, kept for 30 days, and to evaluation, kept for 10."""
    admin, officer, vault = (open_home(employee.path.parent, role) for role in (Role.ADMIN, Role.OFFICER, Role.VAULT))
    keys = PublicKeys.of_homes(officer=officer, vault=vault)
    note = sign_policy(admin, TWO_PURPOSES, keys, no_passphrase)
    join(employee, note, claimed_admin(note))
    return give(employee, replace(choice, purposes=("model_training", "model_evaluation")), no_passphrase, NOON)


@pytest.mark.parametrize(("approved", "gone"), [(True, 30), (False, 10)])
def test_what_was_approved_goes_with_its_last_purpose_and_the_rest_with_its_first(
    employee: Home, for_two: Grant, record: Callable[..., str], *, approved: bool, gone: int
) -> None:
    episode_id = opened(employee, for_two, record, NOON)
    if approved:
        approve(employee, [episode_id], no_passphrase, NOON)

    early, late = swept(employee, after(gone - 1)), swept(employee, after(gone))

    assert (early, late) == ([], [episode_id])


@pytest.fixture
def in_a_week(employee: Home, choice: Choice) -> Grant:
    """Consent where what is not approved goes after 7 days, and the rest after 30."""
    admin, officer, vault = (open_home(employee.path.parent, role) for role in (Role.ADMIN, Role.OFFICER, Role.VAULT))
    policy = trial_policy_text().replace("review_days = 30", "review_days = 7")
    note = sign_policy(admin, policy, PublicKeys.of_homes(officer=officer, vault=vault), no_passphrase)
    join(employee, note, claimed_admin(note))
    return give(employee, choice, no_passphrase, NOON)


@pytest.mark.parametrize(("approved", "gone"), [(True, 30), (False, 7)])
def test_what_nobody_approved_goes_when_the_days_for_review_are_over(
    employee: Home, in_a_week: Grant, record: Callable[..., str], *, approved: bool, gone: int
) -> None:
    episode_id = opened(employee, in_a_week, record, NOON)
    if approved:
        approve(employee, [episode_id], no_passphrase, after(6))

    early, late = swept(employee, after(gone - 1)), swept(employee, after(gone))

    assert (early, late) == ([], [episode_id])


def test_a_policy_that_allows_more_days_for_review_prolongs_no_promise(
    employee: Home, in_a_week: Grant, record: Callable[..., str]
) -> None:
    episode_id = opened(employee, in_a_week, record, NOON)
    longer = in_a_week.model_copy(update={"promises": in_a_week.promises.model_copy(update={"review_days": 3})})

    assert keeping._end(longer, None, NOON.date(), approved=False) == after(3).date()
    assert overdue(employee, after(7), trusted=True).due[0].episode_id == episode_id


def test_what_should_be_gone_can_no_longer_be_approved(
    employee: Home, in_a_week: Grant, record: Callable[..., str]
) -> None:
    """Found on review: an approval given between its last day and the next sweep kept an episode for weeks more."""
    episode_id = opened(employee, in_a_week, record, NOON)

    with pytest.raises(ConsentError, match="kept for as long as"):
        approve(employee, [episode_id], no_passphrase, after(7))


def test_the_law_of_the_places_shortens_what_was_promised(
    employee: Home, grant: Grant, record: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    episode_id = opened(employee, grant, record, NOON)
    union = PROFILES["EU"]
    strict = replace(union, rules=replace(union.rules, retention_days=5))
    monkeypatch.setattr(keeping, "PROFILES", {**PROFILES, "EU": strict})

    assert (swept(employee, after(4)), swept(employee, after(5))) == ([], [episode_id])


def test_what_is_being_recorded_is_not_erased_under_the_recorder(
    employee: Home, grant: Grant, record: Callable[..., str]
) -> None:
    beat(employee, NOON)
    episode_id = record(closed=False)
    entry = {"type": "episode-open", "id": episode_id, "grant": grant.id, "sha256": "0" * 64}
    Ledger(employee.log_directory, load_device(employee, no_passphrase)).append(entry)

    with locked(employee.episodes_directory):
        meanwhile = swept(employee, after(30))

    assert (meanwhile, swept(employee, after(30))) == ([], [episode_id])


@pytest.mark.parametrize("content", [b"", b"[]", b"[1]", b"{", b'["x"]', b"\0" * 300])
def test_days_that_cannot_be_read_were_not_seen(
    employee: Home, grant: Grant, record: Callable[..., str], content: bytes
) -> None:
    opened(employee, grant, record, NOON)
    files.replace(employee.path, "days-seen.json", content)

    assert swept(employee, after(60), trusted=False) == []


def test_a_log_that_cannot_be_believed_keeps_nothing_alive(
    employee: Home, grant: Grant, record: Callable[..., str]
) -> None:
    opened(employee, grant, record, NOON)
    os.utime(next(employee.episodes_directory.glob("*.ep")), (NOON.timestamp(), NOON.timestamp()))
    checkpoint = employee.log_directory / "checkpoint"
    checkpoint.write_bytes(checkpoint.read_bytes()[:-8])

    assert len(overdue(employee, after(30), trusted=True).due) == 1


def test_looking_erases_nothing(employee: Home, grant: Grant, record: Callable[..., str]) -> None:
    episode_id = opened(employee, grant, record, NOON)

    found = overdue(employee, after(30), trusted=True)

    assert [(each.episode_id, each.recorded, each.gone_on) for each in found.due] == [
        (episode_id, NOON.date(), after(30).date())
    ]
    assert len(own_episodes(employee)) == 1


def test_a_damaged_episode_is_swept_too(employee: Home, grant: Grant, record: Callable[..., str]) -> None:
    assert grant
    episode_id = record()
    (employee.episodes_directory / f"{episode_id}.ep").write_bytes(b"damaged")

    assert swept(employee, after(30)) == [episode_id]


def test_without_consent_there_is_nothing_to_sweep(employee: Home) -> None:
    assert swept(employee, NOON) == []


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


def test_of_which_grant_an_episode_is_only_its_opening_tells() -> None:
    entries = [{"type": "episode-open", "id": "a", "grant": "g"}, {"type": "episode-close", "id": "b", "grant": "h"}]

    diary = keeping._Diary(entries, NOON.date(), NOON.date())

    assert (diary.grant("a"), diary.grant("b"), diary.grant("c")) == ("g", None, None)


OPENING = {"type": "episode-open", "id": "a", "grant": "g"}


def beaten(*days: int) -> list[dict[str, object]]:
    return [{"type": "heartbeat", "day": after(day).date().isoformat()} for day in days]


@pytest.mark.parametrize(
    ("entries", "written", "recorded"),
    [
        ([], 5, 5),
        ([], 10, 10),
        ([OPENING, *beaten(1)], 10, 1),
        ([OPENING, *beaten(10)], 5, 10),
        ([OPENING, *beaten(7, 3)], 10, 3),
        ([*beaten(2), OPENING, *beaten(4)], 10, 2),
        ([OPENING], 5, 0),
    ],
)
def test_an_episode_is_of_the_earliest_day_that_the_log_tells_or_else_of_its_files(
    entries: list[dict[str, object]], written: int, recorded: int
) -> None:
    """The clock shows the tenth day; nothing was consented to before the first."""
    diary = keeping._Diary(entries, after(1).date(), after(10).date())

    assert diary.recorded("a", after(written).date(), NOON.date()) == after(recorded).date()
