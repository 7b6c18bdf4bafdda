"""A grant stays inside what the policy offers."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from overt.consent.fit import misfits
from overt.consent.grant import Grant
from overt.policy.document import Controller, Policy
from overt.policy.purposes import ALWAYS_PROHIBITED


def test_a_grant_that_takes_what_is_offered_fits(grant: Grant, policy: Policy) -> None:
    assert misfits(grant, policy) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sites": ("linkedin",)}, "site google"),
        ({"signals": ("moves",)}, "signal clicks"),
        ({"purposes": ("research",)}, "purpose model_training"),
        ({"jurisdictions": ("FR",)}, "jurisdictions"),
        ({"trial": False}, "trial"),
    ],
)
def test_a_grant_beyond_the_policy_does_not_fit(
    grant: Grant, policy: Policy, change: dict[str, object], said: str
) -> None:
    narrowed = policy.model_copy(update=change)

    assert any(said in problem for problem in misfits(grant, narrowed))


def test_a_grant_may_last_as_long_as_the_policy_says_and_not_a_second_more(
    granted: Callable[..., Grant], grant: Grant, policy: Policy
) -> None:
    longer = granted(expires_at=grant.given_at + policy.grant_max + timedelta(seconds=1))

    assert misfits(granted(expires_at=grant.given_at + policy.grant_max), policy) == ()
    assert "longer than 30 days" in misfits(longer, policy)[0]


def test_a_grant_that_starts_before_the_time_to_think_again_is_over_does_not_fit(grant: Grant, policy: Policy) -> None:
    slower = policy.model_copy(update={"limits": policy.limits.model_copy(update={"cooling_off_hours": 24})})

    assert "before the 24 hours" in misfits(grant, slower)[0]


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("promises", {"prohibited": ALWAYS_PROHIBITED[:1]}, "the prohibited uses"),
        ("promises", {"hosts_sha256": "0" * 64}, "the hosts of the sites"),
        ("promises", {"retention": (30, 29)}, "the retention"),
        ("promises", {"daily_cap_minutes": 121}, "the daily cap"),
        ("promises", {"trial": False}, "the mark of a trial"),
        ("parties", {"controller": Controller(name="x", contact="y")}, "the controller"),
        ("parties", {"jurisdictions": ("FR",)}, "the jurisdictions"),
    ],
)
def test_another_promise_than_the_policys_is_named(
    granted: Callable[..., Grant], grant: Grant, policy: Policy, part: str, change: dict[str, object], said: str
) -> None:
    other = granted(**{part: getattr(grant, part).model_copy(update=change)})

    assert misfits(other, policy) == (f"{said} differ from the policy's",)


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ({"review_days": 7}, "the days for review differ from the policy's"),
        ({"daily_cap_minutes": 7}, "the daily cap differ from the policy's"),
    ],
)
def test_another_promise_is_named(grant: Grant, policy: Policy, limit: dict[str, int], said: str) -> None:
    other = policy.model_copy(update={"limits": policy.limits.model_copy(update=limit)})

    assert misfits(grant, other) == (said,)
