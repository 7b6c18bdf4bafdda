"""What a grant is worth at an instant, in the states of the W3C's Data Privacy Vocabulary."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from overt.consent.grant import Grant, Terms
from overt.consent.revocation import Revocation
from overt.consent.withdrawal import Withdrawal


class ConsentStatus(StrEnum):
    """The states of DPV 2.3; only the two that were given permit anything."""

    UNKNOWN = "ConsentUnknown"
    REQUESTED = "ConsentRequested"
    REQUEST_DEFERRED = "ConsentRequestDeferred"
    """Also the time to think again, between consent and the first instant that it covers."""
    REFUSED = "ConsentRefused"
    GIVEN = "ConsentGiven"
    RENEWED = "RenewedConsentGiven"
    WITHDRAWN = "ConsentWithdrawn"
    EXPIRED = "ConsentExpired"
    REVOKED = "ConsentRevoked"
    """Ended by someone else than the subject."""
    INVALIDATED = "ConsentInvalidated"
    """What was agreed to is no longer what the organisation offers."""

    @property
    def permits(self) -> bool:
        """Whether recording is permitted in this state."""
        return self in {ConsentStatus.GIVEN, ConsentStatus.RENEWED}


class Answer(StrEnum):
    """What a person who was asked has said so far; a yes is a grant."""

    NONE = "none"
    LATER = "later"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What else decides, beside the grant and its withdrawals.

    Attributes:
        terms: What the organisation offers now, or ``None`` not to ask.
        revocations: Those of the controller.
        answer: What a person who has no grant said when asked, or ``None`` when nobody asked. Overt never stores it.
    """

    terms: Terms | None = None
    revocations: tuple[Revocation, ...] = ()
    answer: Answer | None = None


_UNDECIDED = {
    None: ConsentStatus.UNKNOWN,
    Answer.NONE: ConsentStatus.REQUESTED,
    Answer.LATER: ConsentStatus.REQUEST_DEFERRED,
    Answer.NO: ConsentStatus.REFUSED,
}
_PLAIN = Circumstances()


def status(
    grant: Grant | None, withdrawals: Iterable[Withdrawal], at: datetime, circumstances: Circumstances = _PLAIN
) -> ConsentStatus:
    """Return the status of *grant* at the instant *at* (aware).

    A withdrawal or revocation counts whatever its date, because clocks can be set back and it cannot: whoever asks
    about the past passes those of that time. A grant over other terms than the *circumstances* name is invalid. At
    *expires_at* itself the grant has expired; at *starts_at* itself it has begun.
    """
    if grant is None:
        return _UNDECIDED[circumstances.answer]
    ended = _ended(grant, withdrawals, at, circumstances)
    if ended is not None:
        return ended
    if at < grant.starts_at:
        return ConsentStatus.REQUEST_DEFERRED
    return ConsentStatus.GIVEN if grant.renews is None else ConsentStatus.RENEWED


def _ended(
    grant: Grant, withdrawals: Iterable[Withdrawal], at: datetime, circumstances: Circumstances
) -> ConsentStatus | None:
    if any(withdrawal.grant == grant.id for withdrawal in withdrawals):
        return ConsentStatus.WITHDRAWN
    if any(revocation.grant == grant.id for revocation in circumstances.revocations):
        return ConsentStatus.REVOKED
    if at >= grant.expires_at:
        return ConsentStatus.EXPIRED
    if circumstances.terms is not None and circumstances.terms != grant.terms:
        return ConsentStatus.INVALIDATED
    return None
