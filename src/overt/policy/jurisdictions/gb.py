"""The law of the United Kingdom as far as Overt heeds it; not legal advice."""

from datetime import date
from typing import Final

from overt.policy.law import ConsentForm, Profile, Rules, Seen, Source
from overt.policy.tables import DocumentKind

PROFILE: Final = Profile(
    code="GB",
    name="the United Kingdom",
    reviewed_on=date(2026, 11, 23),
    expires_on=date(2027, 11, 23),
    sources=(
        Source(
            citation="UK GDPR Art. 9",
            says="Data on health, politics, religion, sexuality and unions are prohibited unless asked for by name.",
            seen=Seen.GENERAL,
        ),
        Source(
            citation="ICO, Monitoring workers (October 2023)",
            says="Workers are told clearly what is monitored and why, in the least intrusive way.",
            seen=Seen.SECONDARY,
        ),
        Source(
            citation="ICO, Monitoring workers (October 2023)",
            says="Keystroke monitoring is high-risk: a data protection impact assessment is needed.",
            seen=Seen.SECONDARY,
        ),
        Source(
            citation="ICO, Monitoring workers (October 2023)",
            says="Consent is usually not appropriate at work; legitimate interests are likelier to be a basis.",
            seen=Seen.SECONDARY,
        ),
        Source(
            citation="ICO, Monitoring workers (October 2023)",
            says="Workers or their representatives are consulted, or it is recorded why not.",
            seen=Seen.SECONDARY,
        ),
    ),
    rules=Rules(
        special_dropped=True,
        documents=frozenset({DocumentKind.DPIA, DocumentKind.WORKER_CONSULTATION}),
        consent=frozenset({ConsentForm.PRIOR_NOTICE}),
    ),
)
