"""The law of the European Union as far as Overt heeds it; not legal advice."""

from datetime import date
from typing import Final

from overt.policy.law import ConsentForm, Demand, Duty, Fact, Profile, Rules, Seen, Source
from overt.policy.tables import DocumentKind

PROFILE: Final = Profile(
    code="EU",
    name="the European Union",
    reviewed_on=date(2026, 11, 23),
    expires_on=date(2027, 11, 23),
    sources=(
        Source(
            citation="GDPR Art. 9",
            says="Data on health, politics, religion, sexuality and unions are prohibited unless asked for by name.",
            seen=Seen.GENERAL,
        ),
        Source(
            citation="GDPR Art. 5(1)(a), 12, 13",
            says="The notice names purposes and basis, recipients, transfers, retention, rights and how to complain.",
            seen=Seen.GENERAL,
        ),
        Source(
            citation="GDPR Art. 6(1)(a), 7",
            says="Consent is asked for apart from everything else, by purpose, and is as easy to withdraw as to give.",
            seen=Seen.GENERAL,
        ),
        Source(
            citation="EDPB Guidelines 05/2020, 13-14, 46-49",
            says="Consent is not free where refusing or withdrawing it costs anything.",
            seen=Seen.PRIMARY,
        ),
        Source(
            citation="WP249 (2017)",
            says="Consent at work is highly unlikely to be a basis unless refusing has no adverse consequence.",
            seen=Seen.SECONDARY,
        ),
        Source(
            citation="GDPR Art. 35",
            says="Capture waits for a data protection impact assessment with approver, date and review.",
            seen=Seen.GENERAL,
        ),
        Source(
            citation="GDPR Art. 5(1)(e)",
            says="Retention is limited; the law names no number of days, 90 is our choice.",
            seen=Seen.GENERAL,
        ),
        Source(
            citation="CJEU C-65/23 (19 December 2024)",
            says="A collective agreement must satisfy the whole GDPR and replaces none of it.",
            seen=Seen.SECONDARY,
        ),
        Source(
            citation="AI Act Art. 5(1)(f)",
            says="Inferring emotions at work from biometric data is banned since 2 February 2025.",
            seen=Seen.SECONDARY,
        ),
    ),
    rules=Rules(
        special_dropped=True,
        documents=frozenset({DocumentKind.DPIA}),
        demands=frozenset({Demand(fact=Fact.LEGAL_BASIS), Demand(fact=Fact.TRANSFERS), Demand(fact=Fact.AUTHORITY)}),
        consent=frozenset({ConsentForm.EXPLICIT, ConsentForm.GRANULAR}),
        duties=frozenset({Duty.NO_INDIVIDUAL_INSIGHT, Duty.NO_EMOTION_INFERENCE}),
        retention_days=90,
    ),
)
