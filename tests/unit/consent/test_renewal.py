"""Six months, renewal and asking again: every boundary, on both sides and on it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from overt.consent.fit import hosts_of, hosts_sha256, misfits
from overt.consent.grant import Grant
from overt.consent.renewal import (
    changed_terms,
    latest_end,
    may_ask,
    quiet_until,
    renewal_due,
    renewal_from,
    six_months_after,
)
from overt.policy.document import Policy
from overt.policy.hosts import HOSTS
from overt.policy.sites import SITES

TICK = timedelta(microseconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "end"),
    [
        ("2026-01-31T12:00:00", "2026-07-31T12:00:00"),
        ("2026-06-30T23:59:59", "2026-12-30T23:59:59"),
        ("2026-07-01T00:00:00", "2027-01-01T00:00:00"),
        ("2026-08-31T12:00:00", "2027-02-28T12:00:00"),
        ("2027-08-31T12:00:00", "2028-02-29T12:00:00"),
        ("2027-08-29T12:00:00", "2028-02-29T12:00:00"),
        ("2028-02-29T12:00:00", "2028-08-29T12:00:00"),
        ("2026-10-31T12:00:00", "2027-04-30T12:00:00"),
        ("2026-12-31T00:00:00", "2027-06-30T00:00:00"),
        ("2099-08-31T00:00:00", "2100-02-28T00:00:00"),
    ],
)
def test_six_months_later_is_the_same_day_or_the_last_of_its_month(given: str, end: str) -> None:
    assert six_months_after(at(given)) == at(end)


@pytest.mark.parametrize(
    ("days", "given", "end"),
    [
        (183, "2026-09-01T12:00:00", "2027-03-01T12:00:00"),
        (183, "2026-03-01T12:00:00", "2026-08-31T12:00:00"),
        (180, "2026-09-01T12:00:00", "2027-02-28T12:00:00"),
        (1, "2028-02-28T12:00:00", "2028-02-29T12:00:00"),
    ],
)
def test_a_grant_ends_by_the_policy_or_after_six_months_whichever_is_sooner(
    policy: Policy, days: int, given: str, end: str
) -> None:
    longer = policy.model_copy(update={"limits": policy.limits.model_copy(update={"grant_max_days": days})})

    assert latest_end(at(given), longer) == at(end)


def test_a_grant_of_over_six_months_does_not_fit(granted: Callable[..., Grant], policy: Policy) -> None:
    longer = policy.model_copy(update={"limits": policy.limits.model_copy(update={"grant_max_days": 183})})
    begin = at("2026-09-01T12:00:00")
    end = at("2027-03-01T12:00:00")

    assert misfits(granted(given_at=begin, starts_at=begin, expires_at=end), longer) == ()
    beyond = granted(given_at=begin, starts_at=begin, expires_at=end + timedelta(seconds=1))
    assert misfits(beyond, longer) == ("it lasts longer than 183 days or six months",)


@pytest.mark.parametrize(("offset", "due"), [(-TICK, False), (timedelta(0), True), (TICK, True)])
def test_renewal_is_due_from_two_weeks_before_the_end(grant: Grant, offset: timedelta, due: bool) -> None:
    assert renewal_from(grant) == grant.expires_at - timedelta(days=14)
    assert renewal_due(grant, renewal_from(grant) + offset) is due


def test_no_renewal_is_due_before_a_grant_has_begun(granted: Callable[..., Grant], grant: Grant) -> None:
    short = granted(starts_at=grant.given_at + timedelta(days=1), expires_at=grant.given_at + timedelta(days=3))

    assert renewal_from(short) == short.starts_at


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        ("2026-01-01T00:00:00", "2026-04-01T00:00:00"),
        ("2026-01-01T00:00:00.000001", "2026-04-02T00:00:00"),
        ("2026-01-01T12:00:00", "2026-04-02T00:00:00"),
        ("2026-01-01T23:59:59", "2026-04-02T00:00:00"),
        ("2027-12-01T12:00:00", "2028-03-01T00:00:00"),
        ("2026-12-01T12:00:00", "2027-03-02T00:00:00"),
    ],
)
def test_nobody_asks_again_for_90_days_and_to_the_end_of_that_day(asked: str, until: str) -> None:
    assert quiet_until(at(asked)) == at(until)


@pytest.mark.parametrize(("offset", "allowed"), [(-TICK, False), (timedelta(0), True), (TICK, True)])
def test_the_quiet_ends_at_the_very_instant(offset: timedelta, allowed: bool) -> None:
    until = at("2026-04-02T00:00:00")

    assert may_ask(until, until + offset) is allowed
    assert may_ask(None, until)


@pytest.mark.parametrize(
    ("field", "said"),
    [("notice_sha256", "the notice"), ("policy_sha256", "the policy"), ("recipients_sha256", "who may read")],
)
def test_what_changed_is_said_in_words(grant: Grant, field: str, said: str) -> None:
    offered = grant.terms.model_copy(update={field: "d" * 64})

    assert changed_terms(grant.terms, offered) == (said,)
    assert changed_terms(grant.terms, grant.terms) == ()


def test_the_hosts_of_the_sites_are_those_of_the_table_and_sorted() -> None:
    assert hosts_of(SITES) == tuple(sorted(HOSTS))
    assert set(hosts_of(["linkedin"])) == {host for host, site in HOSTS.items() if site == "linkedin"}
    assert hosts_of([]) == ()


def test_the_hash_of_the_hosts_does_not_depend_on_the_order_of_the_sites() -> None:
    assert hosts_sha256(["google", "wikipedia"]) == hosts_sha256(["wikipedia", "google"])
    assert hosts_sha256(["google"]) != hosts_sha256(["wikipedia"])


def test_a_new_host_of_a_site_asks_for_a_new_consent(
    grant: Grant, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert misfits(grant, policy) == ()

    monkeypatch.setattr("overt.consent.fit.HOSTS", {**HOSTS, "www.google.new": "google"})

    assert misfits(grant, policy) == ("the hosts of the sites differ from the policy's",)
