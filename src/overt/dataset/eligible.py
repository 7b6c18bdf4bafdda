"""An episode that may be exported, or the reason why one may not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from overt.events.redacted import EndFacts, RedactedEvent, RedactedFrame, SessionFacts


class SkipReason(StrEnum):
    """Why an episode is not exported."""

    NOT_APPROVED = "not_approved"
    NO_GRANT = "no_grant"
    """The grant that it was recorded under is not there, or is not the one that the person signed."""
    PURPOSE_NOT_GRANTED = "purpose_not_granted"
    TRIAL = "trial"
    """A trial episode never joins a real export."""
    NOT_TRIAL = "not_trial"
    """A trial home exports trial episodes only."""
    WITHDRAWN = "withdrawn"
    INVALID = "invalid"
    """It does not verify at all."""
    DAMAGED = "damaged"
    """It verifies only up to some flush; what the person approved is not whole."""
    WRONG_KEY = "wrong_key"
    EMPTY = "empty"
    """Nothing happened in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """The episode *episode_id* is not exported, for *reason*."""

    episode_id: str
    reason: SkipReason


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Eligible:
    """An episode whose content may be read for one purpose.

    *subject* is the random name of the person in their grant. *content* opens the episode each time that it is called,
    and raises what ``overt.unseal.content`` raises.
    """

    episode_id: str
    subject: str
    consent_sha256: str
    source_sha256: str
    session: SessionFacts
    end: EndFacts | None
    content: Callable[[], Iterator[RedactedEvent | RedactedFrame]]
