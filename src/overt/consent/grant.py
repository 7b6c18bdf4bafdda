"""A grant: what one person agreed to, until when, over which exact notice."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from overt.errors import ConsentError
from overt.policy.bundle import Language, Recipients, VerifierKey
from overt.policy.document import Controller, Jurisdiction, SiteName
from overt.policy.purposes import Prohibition, Purpose
from overt.policy.signals import Signal

RandomId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""16 random bytes in lower-case hexadecimal: names nobody."""
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
QuestionsVersion = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}$")]


class _Facts(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Terms(_Facts):
    """What a grant was given over: the SHA-256 of the notice's text, of the policy's text, and of the recipients.

    When any of them is no longer the organisation's, the grant no longer holds.
    """

    notice_sha256: Sha256
    policy_sha256: Sha256
    recipients_sha256: Sha256


class Scope(_Facts):
    """What was switched on: sites, signals and purposes, each sorted and none empty."""

    sites: Annotated[tuple[SiteName, ...], Field(min_length=1)]
    signals: Annotated[tuple[Signal, ...], Field(min_length=1)]
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _sorted(self) -> Self:
        for name in ("sites", "signals", "purposes"):
            values = getattr(self, name)
            if list(values) != sorted(set(values)):
                raise ValueError(f"{name} are not sorted, or name something twice")
        return self


class Parties(_Facts):
    """Who agreed, with whom, and who may read.

    *subject* is a random pseudonym; *deletion_handle* deletes without revealing it. *device* signs the grant;
    *withdrawal* is a key that can do nothing but withdraw it, kept where no passphrase is needed. *controller_key* is
    the key with which the controller signed the offer, and countersigns.
    """

    controller: Controller
    controller_key: VerifierKey
    recipients: Recipients
    jurisdictions: Annotated[tuple[Jurisdiction, ...], Field(min_length=1)]
    subject: RandomId
    deletion_handle: RandomId
    device: VerifierKey
    withdrawal: VerifierKey


class Promises(_Facts):
    """What the organisation promised: what is never done, where, days of retention, minutes a day, whether in a trial.

    *hosts_sha256* is the hash of the exact list of hosts that the sites stand for (``fit.hosts_sha256``). *retention*
    is for how many days what was recorded is kept for each purpose of the scope, in its order; *review_days* for how
    many at most, where the person has not approved it.
    """

    prohibited: Annotated[tuple[Prohibition, ...], Field(min_length=1)]
    hosts_sha256: Sha256
    retention: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)]
    review_days: Annotated[int, Field(ge=1)]
    daily_cap_minutes: Annotated[int, Field(ge=1)]
    trial: bool

    @property
    def retention_days(self) -> int:
        """For how many days anything is kept at most."""
        return max(self.retention)


class Heeded(_Facts):
    """A profile of the law that was heeded when consent was given: as reviewed when, and believed until when."""

    code: Jurisdiction
    reviewed_on: date
    expires_on: date


class Grant(_Facts):
    """One person's consent. It covers instants from *starts_at* on and before *expires_at*: at that instant it is over.

    *given_at* is when it was expressed; between that and *starts_at* lies the time to think again. *questions* is the
    version of the questions on the notice that were answered, each until it was right; ``None`` where none were asked,
    which only a trial permits. *previous* is the hash of the record before this one in the same home, and *renews* the
    id of the grant that this one renews: one that was neither withdrawn nor revoked. *law* names the profiles that
    were heeded, of the places and of what they belong to, sorted by code.
    """

    id: RandomId
    language: Language
    given_at: AwareDatetime
    starts_at: AwareDatetime
    expires_at: AwareDatetime
    expressed: Literal["switches", "command_line"]
    """How: one switch after the other, or the switches of one command."""
    questions: QuestionsVersion | None
    previous: Sha256 | None
    renews: RandomId | None
    scope: Scope
    terms: Terms
    parties: Parties
    promises: Promises
    law: Annotated[tuple[Heeded, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.given_at <= self.starts_at < self.expires_at:
            raise ValueError("the times are not in order")
        if any(_finer_than_seconds(at) for at in (self.given_at, self.starts_at, self.expires_at)):
            raise ValueError("a time is not in whole seconds of UTC")
        return self

    @model_validator(mode="after")
    def _in_keeping(self) -> Self:
        if self.questions is None and not self.promises.trial:
            raise ValueError("only in a trial is a grant given without the questions")
        if self.renews is not None and self.previous is None:
            raise ValueError("what is renewed is not among what came before")
        if self.terms.recipients_sha256 != self.parties.recipients.sha256():
            raise ValueError("the recipients are not those that the terms name")
        codes = [profile.code for profile in self.law]
        if codes != sorted(set(codes)) or not set(self.parties.jurisdictions) <= set(codes):
            raise ValueError("the profiles of the law are not sorted, or lack a place")
        if len(self.promises.retention) != len(self.scope.purposes):
            raise ValueError("there is not one retention for each purpose")
        return self


def make_grant(**facts: object) -> Grant:
    """Return the grant with *facts*, the fields of ``Grant``.

    Raises:
        ConsentError: The facts do not make a grant; the message names the fields.
    """
    try:
        return Grant.model_validate(facts)
    except ValidationError as invalid:
        wrong = ", ".join(sorted({".".join(map(str, error["loc"])) or "the whole" for error in invalid.errors()}))
        raise ConsentError(f"the grant is malformed in: {wrong}") from None


def _finer_than_seconds(at: datetime) -> bool:
    return at.microsecond != 0 or at.utcoffset() != timedelta(0)
