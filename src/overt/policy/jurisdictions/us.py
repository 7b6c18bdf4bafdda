"""The law of the United States as far as Overt heeds it; not legal advice."""

from datetime import date
from typing import Final

from overt.policy.law import ConsentForm, Duty, Profile, Rules, Seen, Source

PROFILE: Final = Profile(
    code="US",
    name="the United States",
    reviewed_on=date(2026, 11, 23),
    expires_on=date(2027, 11, 23),
    sources=(
        Source(
            citation="ECPA and state wiretap acts, CIPA",
            says="The user's recorded prior consent is needed; whether keys fall under these acts is unsettled.",
            seen=Seen.SECONDARY,
        ),
        Source(
            citation="ECPA and state wiretap acts, CIPA",
            says="Other people's messages are the real exposure: composers and inboxes are never recorded.",
            seen=Seen.SECONDARY,
        ),
    ),
    rules=Rules(
        consent=frozenset({ConsentForm.EXPLICIT}),
        duties=frozenset({Duty.NO_MESSAGES}),
    ),
)
