"""A policy with every table filled in, and a maker of others."""

from collections.abc import Callable

import pytest

from overt.policy.document import Policy, parse_policy

FULL = """\
format = "overt-policy/1"
trial = false
sites = ["google", "wikipedia", "linkedin"]
signals = ["text", "clicks", "scrolls", "screenshots"]
purposes = ["model_training", "research"]
prohibited = ["performance_monitoring", "individual_scoring", "emotion_inference", "biometric_identification"]
jurisdictions = ["EU"]
excluded = ["linkedin/pulse"]

[controller]
name = "Acme Ltd"
contact = "privacy@acme.example"

[limits]
retention_days = 90
grant_max_days = 183
daily_cap_minutes = 100
cooling_off_hours = 24
cohort_floor = 60

[retention]
research = 30

[[schedule]]
days = ["mon", "tue"]
begin = "09:00"
end = "12:00"

[[schedule]]
days = ["sun"]
begin = "22:00"
end = "24:00"

[[recipients]]
name = "Example Research"
contact = "privacy@research.example"
country = "DE"
purposes = ["research"]

[incentive]
amount_minor = 1000
currency = "EUR"
window_days = 30
alternative = "scripted tasks"
value_estimate = "about 10 EUR"
value_method = "the price of scripted tasks"

[documents.dpia]
reference = "DPIA 7"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
approved_by = "the board"
approved_on = 2026-11-01
review_by = 2027-06-01

[notice]
legal_basis = "consent"
transfers = "none"
authority = "the authority"
data_protection_officer = "dpo@acme.example"
locations = ["Hall 2"]
posted_at = ["the board in Hall 2"]
"""


@pytest.fixture
def full() -> str:
    """Return the text of the full policy, which EU law lets be from 2026-11-01 up to 2027-06-01."""
    return FULL


@pytest.fixture
def made() -> Callable[..., Policy]:
    """Return a maker of the full policy with some texts replaced by others."""

    def make(*changes: tuple[str, str]) -> Policy:
        text = FULL
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return parse_policy(text)

    return make
