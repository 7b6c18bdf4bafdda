"""What a policy may state besides its offer: hours, recipients, incentive, documents, facts for the notice."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from overt.policy.purposes import Purpose

LONGEST_REVIEW: Final = timedelta(days=3 * 365 + 1)
"""A document is looked at again at least this often."""
LEAST_COHORT: Final = 50
"""People; under that many, no figure about a group is useful and safe at once."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Table(BaseModel):
    """A table of the policy: strictly typed, frozen, and without entries that nobody knows."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class Day(StrEnum):
    """A day of the week, in the order of ``date.weekday``."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


class Window(Table):
    """Hours of the week: on each of *days* from *begin* up to, not including, *end*, as ``HH:MM`` of local time."""

    days: Annotated[tuple[Day, ...], Field(min_length=1)]
    begin: ClockTime
    end: ClockTime

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.begin >= self.end:
            raise ValueError(f"begins at {self.begin} and ends at {self.end}; hours past midnight are two windows")
        return self


class Recipient(Table):
    """An organisation outside the controller that is given exports for *purposes*."""

    name: Name
    contact: Name
    country: Country
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]


class Incentive(Table):
    """A flat amount for one window of participation, whatever was recorded in it; never by volume, never taken back.

    *amount_minor* is in the smallest unit of *currency*. *alternative* is what people who are not recorded can do for
    the same amount.
    """

    amount_minor: Annotated[int, Field(ge=1, le=1_000_000)]
    currency: Currency
    window_days: Annotated[int, Field(ge=1, le=366)]
    alternative: Name
    value_estimate: Name | None = None
    value_method: Name | None = None


class DocumentKind(StrEnum):
    """A document that the law of a place may ask for before anybody is recorded."""

    DPIA = "dpia"
    """A data protection impact assessment."""
    WORKS_AGREEMENT = "works_agreement"
    WORKER_CONSULTATION = "worker_consultation"
    RISK_ASSESSMENT = "risk_assessment"

    @property
    def words(self) -> str:
        """What a person calls it."""
        return "data protection impact assessment" if self is DocumentKind.DPIA else self.value.replace("_", " ")


class Document(Table):
    """A document that exists: where it is, the SHA-256 of its file, who approved it when, until when it holds.

    On the day *review_by* it holds no longer.
    """

    reference: Name
    sha256: Sha256
    approved_by: Name
    approved_on: date
    review_by: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not timedelta(0) < self.review_by - self.approved_on <= LONGEST_REVIEW:
            raise ValueError(
                f"review_by is not 1 to {LONGEST_REVIEW.days} days after approved_on; change one of the two"
            )
        return self

    def holds(self, on: date) -> bool:
        """Say whether it is approved and not yet due for review on the day *on*."""
        return self.approved_on <= on < self.review_by


class Documents(Table):
    """The documents that exist, by their kind."""

    dpia: Document | None = None
    works_agreement: Document | None = None
    worker_consultation: Document | None = None
    risk_assessment: Document | None = None

    def of(self, kind: DocumentKind) -> Document | None:
        """Return the document of *kind*, if there is one."""
        found: Document | None = getattr(self, kind.value)
        return found


class NoticeFacts(Table):
    """What a notice has to say that follows from nothing else in the policy."""

    legal_basis: Name | None = None
    transfers: Name | None = None
    authority: Name | None = None
    data_protection_officer: Name | None = None
    locations: tuple[Name, ...] = ()
    posted_at: tuple[Name, ...] = ()
