"""The organisation's policy: a strict TOML document, read with every problem reported at once."""

import hashlib
import json
import re
import tomllib
from datetime import timedelta
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, ValidationError, ValidationInfo, field_validator

from overt.errors import PolicyError
from overt.policy.positions import positions
from overt.policy.problems import TOO_DEEP, Problem, listed, problems_of
from overt.policy.purposes import ALWAYS_PROHIBITED, Prohibition, Purpose
from overt.policy.signals import Signal
from overt.policy.sites import AREAS, SITES
from overt.policy.tables import (
    LEAST_COHORT,
    Document,
    Documents,
    Incentive,
    Name,
    NoticeFacts,
    Recipient,
    Table,
    Window,
)

POLICY_FORMAT = "overt-policy/1"
MAX_POLICY_CHARACTERS = 100_000
REAL_COOLING_OFF_HOURS = 24
"""Time to think again between consent and the first recording, at least, but for a trial."""

SiteName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
AreaName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}/[a-z][a-z0-9_]{0,31}$")]
Jurisdiction = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
Days = Annotated[int, Field(ge=1, le=730)]


class Controller(Table):
    """Who answers for the data: name, and an address or e-mail that reaches a person."""

    name: Name
    contact: Name


class Limits(Table):
    """Bounds: days of retention and of a grant, minutes a day, hours to think again, people under a figure.

    *review_days* is how long what nobody has approved yet is kept, at most; ``None`` is as long as the purpose that
    ends first.
    """

    retention_days: Days
    review_days: Days | None = None
    grant_max_days: Annotated[int, Field(ge=1, le=183)]
    daily_cap_minutes: Annotated[int, Field(ge=1, le=480)]
    cooling_off_hours: Annotated[int, Field(ge=0, le=24 * 30)]
    cohort_floor: Annotated[int, Field(ge=LEAST_COHORT, le=10_000)] = LEAST_COHORT


class Redaction(Table):
    """What is withheld beside secrets; ``None`` leaves it to the law of the places."""

    special_categories: Literal["drop", "keep"] | None = None


class Policy(Table):
    """What an organisation offers and promises; every tuple is without repetition, and none of the offer is empty."""

    format: Literal["overt-policy/1"]
    trial: bool
    sites: Annotated[tuple[SiteName, ...], Field(min_length=1)]
    signals: Annotated[tuple[Signal, ...], Field(min_length=1)]
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    prohibited: tuple[Prohibition, ...]
    jurisdictions: Annotated[tuple[Jurisdiction, ...], Field(min_length=1)]
    controller: Controller
    limits: Limits
    excluded: tuple[AreaName, ...] = ()
    retention: dict[Purpose, Days] = Field(default_factory=dict)
    schedule: Annotated[tuple[Window, ...], Field(max_length=50)] = ()
    recipients: Annotated[tuple[Recipient, ...], Field(max_length=50)] = ()
    incentive: Incentive | None = None
    redaction: Redaction = Redaction()
    documents: Documents = Documents()
    notice: NoticeFacts = NoticeFacts()

    @property
    def grant_max(self) -> timedelta:
        """How long a grant may last."""
        return timedelta(days=self.limits.grant_max_days)

    @property
    def cooling_off(self) -> timedelta:
        """How long after consent recording may first begin."""
        return timedelta(hours=self.limits.cooling_off_hours)

    def retention_days(self, purpose: Purpose) -> int:
        """Return for how many days data are kept for *purpose*."""
        return self.retention.get(purpose, self.limits.retention_days)

    @property
    def review_days(self) -> int:
        """For how many days at most is kept what the person has not approved."""
        shortest = min(self.retention_days(purpose) for purpose in self.purposes)
        return min(self.limits.review_days or shortest, shortest)

    @field_validator("sites", "signals", "purposes", "prohibited", "jurisdictions", "excluded")
    @classmethod
    def _without_twins(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        twins = sorted({name for name in names if names.count(name) > 1})
        if twins:
            raise ValueError(f"names {', '.join(twins)} twice; take one out")
        return names

    @field_validator("sites")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in names if name not in SITES]
        if unknown:
            raise ValueError(f"there are no rules for {', '.join(unknown)}; name only {', '.join(sorted(SITES))}")
        return names

    @field_validator("excluded")
    @classmethod
    def _areas(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in names if name not in AREAS]
        if unknown:
            raise ValueError(f"there is no area {', '.join(unknown)}; name only {', '.join(AREAS)}")
        return names

    @field_validator("prohibited")
    @classmethod
    def _complete(cls, names: tuple[Prohibition, ...]) -> tuple[Prohibition, ...]:
        missing = [use for use in ALWAYS_PROHIBITED if use not in names]
        if missing:
            raise ValueError(f"these uses are not prohibited: {', '.join(missing)}; add them")
        return names

    @field_validator("limits")
    @classmethod
    def _unhurried(cls, limits: Limits, info: ValidationInfo) -> Limits:
        if info.data.get("trial") is False and limits.cooling_off_hours < REAL_COOLING_OFF_HOURS:
            raise ValueError(
                f"cooling_off_hours is under {REAL_COOLING_OFF_HOURS}, which only a trial may be; "
                f"write {REAL_COOLING_OFF_HOURS} or more"
            )
        return limits

    @field_validator("limits")
    @classmethod
    def _reviewed_in_time(cls, limits: Limits) -> Limits:
        if limits.review_days is not None and limits.review_days > limits.retention_days:
            raise ValueError(
                f"review_days is over retention_days, which ends everything; write {limits.retention_days} or less"
            )
        return limits

    @field_validator("retention")
    @classmethod
    def _within(cls, retention: dict[Purpose, int], info: ValidationInfo) -> dict[Purpose, int]:
        limits: Limits | None = info.data.get("limits")
        _check_offered(tuple(retention), info)
        longer = [purpose for purpose, days in retention.items() if limits and days > limits.retention_days]
        if limits and longer:
            raise ValueError(f"{longer[0]} is kept longer than all; write {limits.retention_days} days at most")
        return retention

    @field_validator("recipients")
    @classmethod
    def _for_what_is_offered(cls, recipients: tuple[Recipient, ...], info: ValidationInfo) -> tuple[Recipient, ...]:
        for recipient in recipients:
            _check_offered(recipient.purposes, info)
        return recipients


def _check_offered(purposes: tuple[Purpose, ...], info: ValidationInfo) -> None:
    offered: tuple[Purpose, ...] = info.data.get("purposes", purposes)
    others = [purpose for purpose in purposes if purpose not in offered]
    if others:
        raise ValueError(f"the purpose {others[0]} is not offered; take it out here, or add it to purposes")


def parse_policy(text: str) -> Policy:
    """Return the policy that the TOML document *text* states.

    Raises:
        PolicyError: Something is wrong; the message lists every problem, with its line where it has one.
    """
    outcome = read_policy(text)
    if isinstance(outcome, Policy):
        return outcome
    raise PolicyError(
        f"the policy is malformed: {listed(outcome)}", hint="overt policy check FILE lists one problem a line"
    )


def read_policy(text: str) -> Policy | tuple[Problem, ...]:
    """Return the policy that *text* states, or everything that is wrong with it, from the first line to the last."""
    if len(text) > MAX_POLICY_CHARACTERS:
        return (Problem(what=f"longer than {MAX_POLICY_CHARACTERS} characters", remedy="shorten it"),)
    try:
        return Policy.model_validate_json(json.dumps(tomllib.loads(text), default=str))
    except tomllib.TOMLDecodeError as problem:
        return (_syntax_problem(str(problem)),)
    except ValidationError as invalid:
        return problems_of(invalid, positions(text), _KNOWN)
    except RecursionError:
        return (Problem(what=TOO_DEEP[0], remedy=TOO_DEEP[1]),)
    except ValueError:  # Python reads no number of thousands of digits
        return (Problem(what="a number has too many digits", remedy="shorten it"),)


def text_sha256(text: str) -> str:
    """Return the lower-case hexadecimal SHA-256 of *text* in UTF-8: how grants name a policy or a notice."""
    return hashlib.sha256(text.encode()).hexdigest()


def _syntax_problem(message: str) -> Problem:
    found = re.search(r"\(at line (\d+)", message)
    what = re.sub(r" \(at (line|end).*", "", message)
    remedy = "a text stands in quotes, a list in brackets, and each entry on a line of its own"
    return Problem(line=int(found[1]) if found else 0, what=f"not TOML: {what[:1].lower()}{what[1:]}", remedy=remedy)


_KNOWN: Final = MappingProxyType(
    {
        "": tuple(Policy.model_fields),
        "controller": tuple(Controller.model_fields),
        "limits": tuple(Limits.model_fields),
        "schedule": tuple(Window.model_fields),
        "recipients": tuple(Recipient.model_fields),
        "redaction": tuple(Redaction.model_fields),
        "incentive": tuple(Incentive.model_fields),
        "documents": tuple(Documents.model_fields),
        "notice": tuple(NoticeFacts.model_fields),
    }
    | dict.fromkeys(Documents.model_fields, tuple(Document.model_fields))
)
"""The entries of each table, to guess what a misspelt one was meant to be."""
