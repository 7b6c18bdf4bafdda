"""The law of France as far as Overt heeds it; not legal advice."""

from datetime import date
from typing import Final

from overt.policy.law import Duty, Profile, Rules, Seen, Source
from overt.policy.signals import Signal
from overt.policy.tables import DocumentKind

PROFILE: Final = Profile(
    code="FR",
    name="France",
    within="EU",
    reviewed_on=date(2026, 11, 23),
    expires_on=date(2027, 11, 23),
    sources=(
        Source(
            citation="Code du travail L2312-37, L2312-38",
            says="The CSE is informed and consulted before means of monitoring are introduced.",
            seen=Seen.SECONDARY,
        ),
        Source(
            citation="CNIL on telework",
            says="Keyloggers and permanent screen sharing are excessive save in exceptional, justified cases.",
            seen=Seen.SECONDARY,
        ),
        Source(
            citation="CNIL SAN-2024-021 (19 December 2024)",
            says="Screenshots every few minutes and timing of inactivity were fined; so was a shared admin account.",
            seen=Seen.SECONDARY,
        ),
    ),
    rules=Rules(
        signals_off=frozenset({Signal.TEXT, Signal.SCREENSHOTS}),
        documents=frozenset({DocumentKind.WORKER_CONSULTATION}),
        duties=frozenset({Duty.NO_IDLE_METRIC}),
    ),
)
