"""One grant under the trial policy, given at noon."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from overt.consent.fit import hosts_sha256
from overt.consent.grant import Grant, Heeded, Parties, Promises, Scope, Terms, make_grant
from overt.policy.bundle import Recipients
from overt.policy.document import Policy, parse_policy
from overt.policy.purposes import ALWAYS_PROHIBITED, Purpose
from overt.policy.signals import Signal
from overt.policy.templates import trial_policy_text

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
VKEY = "device-0a+0011aabb+AQIDBAUGBwgJCgsM"
RECIPIENTS = Recipients(auditor=f"auditor-{VKEY}", exporter=f"admin-{VKEY}", vault=f"vault-{VKEY}")


@pytest.fixture
def policy() -> Policy:
    return parse_policy(trial_policy_text())


@pytest.fixture
def facts(policy: Policy) -> dict[str, object]:
    return {
        "id": "0123456789abcdef" * 2,
        "language": "en",
        "given_at": NOON,
        "starts_at": NOON,
        "expires_at": NOON + timedelta(days=30),
        "expressed": "switches",
        "questions": "1",
        "previous": None,
        "renews": None,
        "scope": Scope(
            sites=("google", "wikipedia"),
            signals=(Signal.CLICKS, Signal.TEXT),
            purposes=(Purpose.MODEL_EVALUATION, Purpose.MODEL_TRAINING),
        ),
        "terms": Terms(notice_sha256="a" * 64, policy_sha256="b" * 64, recipients_sha256=RECIPIENTS.sha256()),
        "parties": Parties(
            controller=policy.controller,
            controller_key=f"admin-{VKEY}",
            recipients=RECIPIENTS,
            jurisdictions=policy.jurisdictions,
            subject="1" * 32,
            deletion_handle="2" * 32,
            device=VKEY,
            withdrawal=VKEY,
        ),
        "promises": Promises(
            prohibited=ALWAYS_PROHIBITED,
            hosts_sha256=hosts_sha256(("google", "wikipedia")),
            retention=(30, 30),
            review_days=30,
            daily_cap_minutes=120,
            trial=True,
        ),
        "law": tuple(
            Heeded(code=code, reviewed_on=date(2026, 1, 1), expires_on=date(2026, 12, 1))
            for code in ("DE", "EU", "FR", "GB", "US", "US-NY")
        ),
    }


@pytest.fixture
def granted(facts: dict[str, object]) -> Callable[..., Grant]:
    """Return a maker of that grant with some facts changed."""

    def make(**changes: object) -> Grant:
        return make_grant(**(facts | changes))

    return make


@pytest.fixture
def grant(granted: Callable[..., Grant]) -> Grant:
    return granted()
