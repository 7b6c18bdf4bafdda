"""The law of Illinois as far as Overt heeds it; not legal advice."""

from datetime import date
from typing import Final

from overt.policy.law import ConsentForm, Duty, Profile, Rules, Seen, Source

PROFILE: Final = Profile(
    code="US-IL",
    name="Illinois",
    within="US",
    reviewed_on=date(2026, 11, 23),
    expires_on=date(2027, 11, 23),
    sources=(
        Source(
            citation="Illinois BIPA",
            says="Keystrokes are not among the identifiers listed; anything biometric needs a written release.",
            seen=Seen.SECONDARY,
        ),
        Source(
            citation="Illinois BIPA",
            says="Looking for faces to mask them is arguably a scan of face geometry: mask by region instead.",
            seen=Seen.SECONDARY,
        ),
    ),
    rules=Rules(
        consent=frozenset({ConsentForm.PRIOR_NOTICE}),
        duties=frozenset({Duty.NO_KEY_TIMING, Duty.NO_FACE_DETECTION}),
    ),
)
