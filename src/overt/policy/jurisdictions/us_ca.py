"""The law of California as far as Overt heeds it; not legal advice."""

from datetime import date
from typing import Final

from overt.policy.law import ConsentForm, Demand, Duty, Fact, Profile, Rules, Seen, Source
from overt.policy.tables import DocumentKind

PROFILE: Final = Profile(
    code="US-CA",
    name="California",
    within="US",
    reviewed_on=date(2026, 11, 23),
    expires_on=date(2027, 11, 23),
    sources=(
        Source(
            citation="Cal. Civ. Code § 1798.125(b)(1)",
            says="Payment for the collection of personal information is allowed.",
            seen=Seen.PRIMARY,
        ),
        Source(
            citation="Cal. Civ. Code § 1798.125(a)(1)(E)",
            says="Nobody retaliates against an employee who exercises their rights.",
            seen=Seen.PRIMARY,
        ),
        Source(
            citation="11 CCR 7016",
            says="A notice of financial incentive estimates the value of the data in good faith, and says how.",
            seen=Seen.SECONDARY,
        ),
        Source(
            citation="CPPA regulations on risk assessments",
            says="From 1 January 2026 a risk assessment comes before covered processing.",
            seen=Seen.SECONDARY,
        ),
        Source(
            citation="Cal. Civ. Code § 1798.140",
            says="Keystroke patterns or rhythms that contain identifying information are biometric information.",
            seen=Seen.PRIMARY,
        ),
    ),
    rules=Rules(
        documents=frozenset({DocumentKind.RISK_ASSESSMENT}),
        demands=frozenset({Demand(fact=Fact.VALUE_ESTIMATE), Demand(fact=Fact.VALUE_METHOD)}),
        consent=frozenset({ConsentForm.PRIOR_NOTICE}),
        duties=frozenset({Duty.NO_KEY_TIMING}),
    ),
)
