"""The law of New York as far as Overt heeds it; not legal advice."""

from datetime import date
from typing import Final

from overt.policy.law import ConsentForm, Demand, Fact, Profile, Rules, Seen, Source

STATUTORY_NOTICE: Final = (
    "any and all telephone conversations or transmissions, electronic mail or transmissions, or internet access or "
    "usage by an employee by any electronic device or system, including but not limited to the use of a computer, "
    "telephone, wire, radio or electromagnetic, photoelectronic or photo-optical systems may be subject to monitoring "
    "at any and all times and by any lawful means"
)
"""Word for word. It claims far more than Overt does, so what is really recorded stands beside it."""


PROFILE: Final = Profile(
    code="US-NY",
    name="New York",
    within="US",
    reviewed_on=date(2026, 11, 23),
    expires_on=date(2027, 11, 23),
    sources=(
        Source(
            citation="N.Y. Civil Rights Law § 52-c",
            says="The employee is given the statutory notice in writing on hiring, and acknowledges it.",
            seen=Seen.SECONDARY,
        ),
        Source(
            citation="N.Y. Civil Rights Law § 52-c",
            says="The notice is posted in a conspicuous place.",
            seen=Seen.SECONDARY,
        ),
    ),
    rules=Rules(
        demands=frozenset({Demand(fact=Fact.POSTED_AT)}),
        texts=frozenset({STATUTORY_NOTICE}),
        consent=frozenset({ConsentForm.PRIOR_NOTICE, ConsentForm.ACKNOWLEDGED}),
    ),
)
