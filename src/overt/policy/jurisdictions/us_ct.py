"""The law of Connecticut as far as Overt heeds it; not legal advice."""

from datetime import date
from typing import Final

from overt.policy.law import ConsentForm, Demand, Fact, Profile, Rules, Seen, Source

PROFILE: Final = Profile(
    code="US-CT",
    name="Connecticut",
    within="US",
    reviewed_on=date(2026, 11, 23),
    expires_on=date(2027, 11, 23),
    sources=(
        Source(
            citation="Connecticut § 31-48d as amended by Public Act 26-73",
            says="Employees are told in writing beforehand which types of monitoring may occur; the notice is posted.",
            seen=Seen.PRIMARY,
        ),
        Source(
            citation="Connecticut § 31-48d as amended by Public Act 26-73, effective 1 October 2026",
            says="The notice names the specific locations on the premises, and is posted there as well.",
            seen=Seen.PRIMARY,
        ),
    ),
    rules=Rules(
        demands=frozenset({Demand(fact=Fact.POSTED_AT), Demand(fact=Fact.LOCATIONS, since=date(2026, 10, 1))}),
        consent=frozenset({ConsentForm.PRIOR_NOTICE}),
    ),
)
