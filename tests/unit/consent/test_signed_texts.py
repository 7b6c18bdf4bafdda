"""Withdrawals and approvals have exactly one text each."""

from datetime import UTC, datetime

import pytest

from overt.consent.approval import Approval, approval_text, parse_approval
from overt.consent.instants import instant_text, read_instant, whole_seconds
from overt.consent.withdrawal import Withdrawal, parse_withdrawal, withdrawal_text
from overt.errors import ConsentError, FormatError

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
WITHDRAWAL = Withdrawal(grant="a" * 32, at=NOON)
APPROVAL = Approval(episode="b" * 32, grant="a" * 32, root="c" * 64, size=9, at=NOON)


def test_a_withdrawal_and_an_approval_are_read_as_they_were_written() -> None:
    assert parse_withdrawal(withdrawal_text(WITHDRAWAL)) == WITHDRAWAL
    assert parse_approval(approval_text(APPROVAL)) == APPROVAL


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00+00:00"),
        ("2026-01-31T12:00:00Z", "2026-02-31T12:00:00Z"),
        ("overt-", "covert-"),
        ("aaaa", "AAAA"),
        ("}", ',"why":"x"}'),
        (":", ": "),
        ("\n", "\n\n"),
    ],
)
def test_another_way_of_writing_them_is_refused(old: str, new: str) -> None:
    with pytest.raises(ConsentError):
        parse_withdrawal(withdrawal_text(WITHDRAWAL).replace(old, new, 1))
    with pytest.raises(ConsentError):
        parse_approval(approval_text(APPROVAL).replace(old, new, 1))


@pytest.mark.parametrize(
    "text", ["", "2026-01-31", "2026-01-31T12:00:00", "2026-13-01T00:00:00Z", "٢٠٢٦-01-01T00:00:00Z"]
)
def test_an_instant_is_written_in_one_way_only(text: str) -> None:
    with pytest.raises(FormatError):
        read_instant(text)


def test_an_instant_is_read_as_it_was_written() -> None:
    at = whole_seconds(datetime(2026, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC))

    assert read_instant(instant_text(at)) == at
