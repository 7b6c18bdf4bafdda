"""Saying no: one act, no reason, nothing that tells it from silence, and nobody asks again for 90 days."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from overt.consent.grant import Grant
from overt.consent.status import ConsentStatus
from overt.keys.consent_files import load_consent
from overt.keys.founding import found_all_in_one
from overt.keys.passphrase import no_passphrase
from overt.store.home import Home
from overt.subject.asking import decline, may_be_asked, note_asked
from overt.subject.consenting import Choice, give

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
FREE = datetime(2026, 5, 2, tzinfo=UTC)
MARK = "consent/quiet-until.txt"


def tree(path: Path) -> dict[str, bytes | None]:
    return {
        str(each.relative_to(path)): each.read_bytes() if each.is_file() else None for each in sorted(path.rglob("*"))
    }


def test_a_no_and_silence_leave_the_very_same_bytes(employee: Home) -> None:
    note_asked(employee, NOON)
    silent = tree(employee.path)

    decline(employee, NOON + timedelta(minutes=5))

    assert tree(employee.path) == silent


def test_a_no_before_anybody_asked_looks_like_having_been_asked(tmp_path: Path) -> None:
    asked, declined = (found_all_in_one(tmp_path / name) for name in ("asked", "declined"))

    note_asked(asked, NOON)
    decline(declined, NOON)

    assert (asked.path / MARK).read_bytes() == (declined.path / MARK).read_bytes() == b"2026-05-02\n"


def test_a_no_changes_nothing_that_anybody_else_can_read(employee: Home) -> None:
    root = employee.path.parent
    before = tree(root)

    decline(employee, NOON)

    after = tree(root)
    assert {name for name in after if after[name] != before.get(name)} == {f"employee/{MARK}"}
    assert before.keys() <= after.keys()


@pytest.mark.parametrize(
    ("offset", "allowed"), [(timedelta(microseconds=-1), False), (timedelta(0), True), (timedelta(days=1), True)]
)
def test_nobody_asks_again_before_the_day(employee: Home, offset: timedelta, allowed: bool) -> None:
    assert may_be_asked(employee, NOON)

    decline(employee, NOON)

    assert may_be_asked(employee, FREE + offset) is allowed


def test_a_no_to_a_later_question_begins_another_90_days(employee: Home) -> None:
    decline(employee, NOON)

    decline(employee, FREE)

    assert not may_be_asked(employee, FREE + timedelta(days=89))
    assert may_be_asked(employee, FREE + timedelta(days=90))


def test_the_day_is_that_of_utc(employee: Home) -> None:
    decline(employee, NOON.astimezone(timezone(timedelta(hours=14))))

    assert (employee.path / MARK).read_bytes() == b"2026-05-02\n"


@pytest.mark.parametrize("content", ["", "soon\n", "2026-13-01\n", "2026-05-02", "2026-05-02T00:00\n", "٢٠٢٦-05-02\n"])
def test_whoever_cannot_tell_when_they_asked_does_not_ask(employee: Home, content: str) -> None:
    (employee.path / MARK).write_text(content)

    assert not may_be_asked(employee, FREE + timedelta(days=4000))


def test_a_no_takes_no_consent_back(employee: Home, grant: Grant) -> None:
    decline(employee, NOON)

    assert load_consent(employee).status(NOON) is ConsentStatus.GIVEN
    assert load_consent(employee).grant == grant


def test_who_said_no_may_say_yes_of_their_own_accord(employee: Home, choice: Choice) -> None:
    decline(employee, NOON)

    given = give(employee, choice, no_passphrase, NOON + timedelta(seconds=1))

    assert load_consent(employee).grant == given
