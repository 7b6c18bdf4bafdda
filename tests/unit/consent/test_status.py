"""What a grant is worth at an instant: every boundary, on both sides and on it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from overt.consent.grant import Grant, Terms
from overt.consent.revocation import Revocation
from overt.consent.status import Answer, Circumstances, ConsentStatus, status
from overt.consent.withdrawal import Withdrawal

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def test_without_a_grant_nothing_is_known() -> None:
    assert status(None, (), NOON) is ConsentStatus.UNKNOWN


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (-TICK, ConsentStatus.GIVEN),
        (timedelta(0), ConsentStatus.EXPIRED),
        (TICK, ConsentStatus.EXPIRED),
        (timedelta(days=4000), ConsentStatus.EXPIRED),
    ],
)
def test_a_grant_has_expired_at_the_very_instant_that_it_names(
    grant: Grant, offset: timedelta, expected: ConsentStatus
) -> None:
    assert status(grant, (), grant.expires_at + offset) is expected


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(-TICK, ConsentStatus.REQUEST_DEFERRED), (timedelta(0), ConsentStatus.GIVEN), (TICK, ConsentStatus.GIVEN)],
)
def test_a_grant_begins_at_the_very_instant_when_the_time_to_think_again_is_over(
    granted: Callable[..., Grant], offset: timedelta, expected: ConsentStatus
) -> None:
    grant = granted(starts_at=NOON + timedelta(hours=24))

    assert status(grant, (), grant.starts_at + offset) is expected


def test_a_clock_set_back_before_the_consent_permits_nothing(grant: Grant) -> None:
    assert not status(grant, (), grant.given_at - timedelta(days=1)).permits


def test_the_same_instant_in_another_zone_has_the_same_status(grant: Grant) -> None:
    elsewhere = grant.expires_at.astimezone(timezone(timedelta(hours=-9)))

    assert status(grant, (), elsewhere) is ConsentStatus.EXPIRED


@pytest.mark.parametrize("written", [NOON - timedelta(days=9), NOON, NOON + timedelta(days=9)])
def test_a_withdrawal_counts_whatever_its_date(grant: Grant, written: datetime) -> None:
    withdrawal = Withdrawal(grant=grant.id, at=written)

    assert status(grant, (withdrawal,), NOON) is ConsentStatus.WITHDRAWN


def test_a_withdrawal_of_another_grant_changes_nothing(grant: Grant) -> None:
    other = Withdrawal(grant="f" * 32, at=NOON)

    assert status(grant, (other,), NOON) is ConsentStatus.GIVEN


@pytest.mark.parametrize("changed", ["notice_sha256", "policy_sha256", "recipients_sha256"])
def test_a_change_of_what_was_agreed_to_invalidates_the_grant(grant: Grant, changed: str) -> None:
    now_offered = Terms(**(grant.terms.model_dump() | {changed: "d" * 64}))

    assert status(grant, (), NOON, Circumstances(terms=now_offered)) is ConsentStatus.INVALIDATED
    assert status(grant, (), NOON, Circumstances(terms=grant.terms)) is ConsentStatus.GIVEN


def test_only_two_states_permit_recording() -> None:
    permitting = {state for state in ConsentStatus if state.permits}

    assert permitting == {ConsentStatus.GIVEN, ConsentStatus.RENEWED}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, ConsentStatus.UNKNOWN),
        (Answer.NONE, ConsentStatus.REQUESTED),
        (Answer.LATER, ConsentStatus.REQUEST_DEFERRED),
        (Answer.NO, ConsentStatus.REFUSED),
    ],
)
def test_whatever_is_answered_only_a_grant_permits(answer: Answer | None, expected: ConsentStatus) -> None:
    found = status(None, (), NOON, Circumstances(answer=answer))

    assert found is expected
    assert not found.permits


def test_a_grant_that_renews_another_says_so(granted: Callable[..., Grant]) -> None:
    renewed = granted(previous="e" * 64, renews="f" * 32)

    assert status(renewed, (), NOON) is ConsentStatus.RENEWED
    assert status(renewed, (), renewed.expires_at) is ConsentStatus.EXPIRED


@pytest.mark.parametrize("written", [NOON - timedelta(days=9), NOON, NOON + timedelta(days=9)])
def test_a_revocation_counts_whatever_its_date_and_is_no_withdrawal(grant: Grant, written: datetime) -> None:
    circumstances = Circumstances(revocations=(Revocation(grant=grant.id, at=written),))

    assert status(grant, (), NOON, circumstances) is ConsentStatus.REVOKED


def test_a_revocation_of_another_grant_changes_nothing(grant: Grant) -> None:
    circumstances = Circumstances(revocations=(Revocation(grant="f" * 32, at=NOON),))

    assert status(grant, (), NOON, circumstances) is ConsentStatus.GIVEN


def test_what_the_person_did_is_told_before_what_others_did(grant: Grant) -> None:
    everything = Circumstances(
        terms=grant.terms.model_copy(update={"notice_sha256": "d" * 64}),
        revocations=(Revocation(grant=grant.id, at=NOON),),
    )
    withdrawal = Withdrawal(grant=grant.id, at=NOON)
    over = grant.expires_at

    assert status(grant, (withdrawal,), over, everything) is ConsentStatus.WITHDRAWN
    assert status(grant, (), over, everything) is ConsentStatus.REVOKED
    assert status(grant, (), over, Circumstances(terms=everything.terms)) is ConsentStatus.EXPIRED


def test_terms_that_changed_are_told_before_the_time_to_think_again(granted: Callable[..., Grant]) -> None:
    waiting = granted(starts_at=NOON + timedelta(hours=24))
    changed = Circumstances(terms=waiting.terms.model_copy(update={"policy_sha256": "d" * 64}))

    assert status(waiting, (), NOON, changed) is ConsentStatus.INVALIDATED


def test_every_state_of_the_vocabulary_can_be_reached(granted: Callable[..., Grant], grant: Grant) -> None:
    revoked = Circumstances(revocations=(Revocation(grant=grant.id, at=NOON),))
    changed = Circumstances(terms=grant.terms.model_copy(update={"policy_sha256": "d" * 64}))
    found = {
        *(status(None, (), NOON, Circumstances(answer=answer)) for answer in (None, *Answer)),
        status(grant, (), NOON),
        status(granted(previous="e" * 64, renews="f" * 32), (), NOON),
        status(grant, (Withdrawal(grant=grant.id, at=NOON),), NOON),
        status(grant, (), grant.expires_at),
        status(grant, (), NOON, revoked),
        status(grant, (), NOON, changed),
    }

    assert found == set(ConsentStatus)
