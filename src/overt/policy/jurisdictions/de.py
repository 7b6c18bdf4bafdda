"""The law of Germany as far as Overt heeds it; not legal advice."""

from datetime import date
from typing import Final

from overt.policy.law import ConsentForm, Duty, Profile, Rules, Seen, Source
from overt.policy.signals import Signal
from overt.policy.tables import DocumentKind

PROFILE: Final = Profile(
    code="DE",
    name="Germany",
    within="EU",
    reviewed_on=date(2026, 11, 23),
    expires_on=date(2027, 11, 23),
    sources=(
        Source(
            citation="BetrVG § 87(1) no. 6",
            says="What can monitor conduct or performance by technical means needs the works council.",
            seen=Seen.EXCERPT,
        ),
        Source(
            citation="BAG 1 ABR 6/94",
            says="Evaluating a group is monitoring too, where the pressure is passed on to its members.",
            seen=Seen.EXCERPT,
        ),
        Source(
            citation="BAG 2 AZR 681/16 (27 July 2017)",
            says="A keylogger without a concrete suspicion is unlawful; silence was no consent.",
            seen=Seen.PRIMARY,
        ),
        Source(
            citation="BAG, Belastungsstatistik",
            says="Even an agreement cannot allow individual work steps to be captured during the whole working time.",
            seen=Seen.EXCERPT,
        ),
        Source(
            citation="BDSG § 26(2)",
            says="Consent in employment is given in writing or electronically.",
            seen=Seen.GENERAL,
        ),
        Source(
            citation="our choice",
            says="Two hours a day at most: sessions, not working time.",
            seen=Seen.GENERAL,
        ),
    ),
    rules=Rules(
        signals_off=frozenset({Signal.TEXT, Signal.SCREENSHOTS}),
        documents=frozenset({DocumentKind.WORKS_AGREEMENT}),
        consent=frozenset({ConsentForm.EXPLICIT}),
        duties=frozenset({Duty.SESSIONS_ONLY}),
        daily_cap_minutes=120,
    ),
)
