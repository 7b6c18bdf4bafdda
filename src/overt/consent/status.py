"""What a grant is worth at an instant, in the states of the W3C's Data Privacy Vocabulary."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from overt.consent.grant import Grant, Terms
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


def status(
    grant: Grant | None, withdrawals: Iterable[Withdrawal], at: datetime, *, terms: Terms | None = None
) -> ConsentStatus:
    """Return the status of *grant* at the instant *at* (aware).

    A withdrawal counts whatever its date, because clocks can be set back and a withdrawal cannot: whoever asks about
    the past passes the withdrawals of that time. With *terms* (what the organisation offers now), a grant over
    other terms is invalid. At *expires_at* itself the grant has expired; at *starts_at* itself it has begun.
    """
    if grant is None:
        return ConsentStatus.UNKNOWN
    if any(withdrawal.grant == grant.id for withdrawal in withdrawals):
        return ConsentStatus.WITHDRAWN
    if at >= grant.expires_at:
        return ConsentStatus.EXPIRED
    if terms is not None and terms != grant.terms:
        return ConsentStatus.INVALIDATED
    return ConsentStatus.GIVEN if at >= grant.starts_at else ConsentStatus.REQUEST_DEFERRED
