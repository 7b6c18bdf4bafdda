"""Withdrawals and approvals have exactly one text each."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from overt.consent.approval import Approval, approval_text, parse_approval
from overt.consent.countersignature import Countersignature, countersignature_text, parse_countersignature
from overt.consent.instants import instant_text, read_instant, whole_seconds
from overt.consent.revocation import Revocation, parse_revocation, revocation_text
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


def test_an_instant_is_told_in_utc_wherever_the_clock_hangs() -> None:
    at = whole_seconds(datetime(2026, 1, 31, 14, 30, tzinfo=timezone(timedelta(hours=2, minutes=30))))

    assert (instant_text(at), at.tzinfo) == ("2026-01-31T12:00:00Z", UTC)


COUNTERSIGNATURE = Countersignature(grant="a" * 32, record="d" * 64, at=NOON)
REVOCATION = Revocation(grant="a" * 32, at=NOON)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (withdrawal_text(WITHDRAWAL), {"format": "overt-withdrawal/1", "grant": "a" * 32}),
        (revocation_text(REVOCATION), {"format": "overt-revocation/1", "grant": "a" * 32}),
        (
            countersignature_text(COUNTERSIGNATURE),
            {"format": "overt-countersignature/1", "grant": "a" * 32, "record": "d" * 64},
        ),
        (
            approval_text(APPROVAL),
            {"episode": "b" * 32, "format": "overt-approval/1", "grant": "a" * 32, "root": "c" * 64, "size": 9},
        ),
    ],
    ids=["withdrawal", "revocation", "countersignature", "approval"],
)
def test_each_text_is_exactly_one_line(said: str, expected: dict[str, object]) -> None:
    line = json.dumps({"at": "2026-01-31T12:00:00Z", **expected}, separators=(",", ":"))

    assert said == line + "\n"


def test_what_the_controller_says_is_read_as_it_was_written() -> None:
    assert parse_countersignature(countersignature_text(COUNTERSIGNATURE)) == COUNTERSIGNATURE
    assert parse_revocation(revocation_text(REVOCATION)) == REVOCATION


@pytest.mark.parametrize(
    ("parse", "text", "what"),
    [
        (parse_withdrawal, revocation_text(REVOCATION), "withdrawal"),
        (parse_revocation, withdrawal_text(WITHDRAWAL), "revocation"),
        (parse_approval, withdrawal_text(WITHDRAWAL), "approval"),
        (parse_countersignature, revocation_text(REVOCATION), "countersignature"),
    ],
    ids=["withdrawal", "revocation", "approval", "countersignature"],
)
def test_one_kind_of_text_is_never_read_as_another(parse: Callable[[str], object], text: str, what: str) -> None:
    with pytest.raises(ConsentError) as caught:
        parse(text)

    assert str(caught.value) == f"the {what} is malformed"


def test_two_texts_are_not_one() -> None:
    text = withdrawal_text(WITHDRAWAL)

    with pytest.raises(ConsentError) as caught:
        parse_withdrawal(text + text)

    assert str(caught.value) == "the withdrawal is malformed"


def test_a_text_without_its_newline_is_not_the_text() -> None:
    with pytest.raises(ConsentError) as caught:
        parse_withdrawal(withdrawal_text(WITHDRAWAL).removesuffix("\n"))

    assert str(caught.value) == "the withdrawal says something that no withdrawal of ours says"
