"""An episode that may be exported, or the reason why one may not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from overt.events.redacted import EndFacts, RedactedEvent, RedactedFrame, SessionFacts


class SkipReason(StrEnum):
    """Why an episode is not exported."""

    NOT_APPROVED = "not_approved"
    """No approval of these very bytes lies beside it, signed like its grant by the device that recorded it."""
    NO_GRANT = "no_grant"
    """It was recorded outside the time of its grant."""
    PURPOSE_NOT_GRANTED = "purpose_not_granted"
    OTHER_CONTROLLER = "other_controller"
    """Its grant was given to another organisation than the one that exports."""
    RECIPIENT_NOT_GRANTED = "recipient_not_granted"
    """It would be given away, and was agreed to over another policy than the one that names the recipient."""
    TRIAL = "trial"
    """A trial episode never joins a real export."""
    NOT_TRIAL = "not_trial"
    """A trial home exports trial episodes only."""
    WITHDRAWN = "withdrawn"
    """Its share was destroyed, or an order to destroy it, or a request to delete it, lies in the store."""
    NOT_RELEASED = "not_released"
    """No release that was given holds its share."""
    RETENTION_OVER = "retention_over"
    """It is older than the person was promised that it would be kept."""
    INVALID = "invalid"
    """It does not verify, or what it says inside is not what it says outside."""
    DAMAGED = "damaged"
    """It verifies only up to some flush, a file of it is missing, or a record in it cannot be read."""
    WRONG_KEY = "wrong_key"
    SECOND_LOOK = "second_look"
    """A judge found at export what must not be in a data set; of what kinds is told with it, and nothing else."""
    EMPTY = "empty"
    """Nothing happened in it."""
    WORKER_DIED = "worker_died"
    """The process that read it was ended, twice: by somebody, or by the system for want of memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """The episode *episode_id* is not exported, for *reason*; *findings* counts what a second look found, by kind."""

    episode_id: str
    reason: SkipReason
    findings: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Foreseen:
    """An episode that nothing bars which can be seen without a key; *contributor_key* is as in ``Eligible``."""

    episode_id: str
    contributor_key: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sealed:
    """An episode as it may travel: *address* is where its ciphertext lies, a path or ``s3://bucket/key``.

    *identity* returns what opens its content and nothing else, and asks the vault for it each time that it is called;
    it raises ``KeyAccessError``, ``FormatError`` or ``StorageError``.
    """

    address: str
    identity: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Eligible:
    """An episode whose content may be read for one purpose.

    *contributor_key* is the public key of the person's device, the same for all their grants; *deletion_tag* is by what
    they can have it deleted from what is exported. *content* opens the episode each time that it is called, and raises
    what ``overt.unseal.content`` raises; *sealed* is for those who open it in another process.
    """

    episode_id: str
    contributor_key: str
    consent_sha256: str
    deletion_tag: str
    source_sha256: str
    session: SessionFacts
    end: EndFacts | None
    content: Callable[[], Iterator[RedactedEvent | RedactedFrame]]
    sealed: Sealed | None = None
