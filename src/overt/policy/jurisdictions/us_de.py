"""The law of Delaware as far as Overt heeds it; not legal advice."""

from datetime import date
from typing import Final

from overt.policy.law import ConsentForm, Duty, Profile, Rules, Seen, Source

PROFILE: Final = Profile(
    code="US-DE",
    name="Delaware",
    within="US",
    reviewed_on=date(2026, 11, 23),
    expires_on=date(2027, 11, 23),
    sources=(
        Source(
            citation="19 Del. C. § 705",
            says="Either an electronic notice on each day, or one notice that is acknowledged; Overt does both.",
            seen=Seen.PRIMARY,
        ),
    ),
    rules=Rules(
        consent=frozenset({ConsentForm.PRIOR_NOTICE, ConsentForm.ACKNOWLEDGED}),
        duties=frozenset({Duty.DAILY_SIGN}),
    ),
)
