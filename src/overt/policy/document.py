"""The organisation's policy: a strict TOML document, read with every problem reported at once."""

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from overt.errors import PolicyError
from overt.policy.purposes import ALWAYS_PROHIBITED, Prohibition, Purpose
from overt.policy.signals import Signal
from overt.policy.sites import SITES

POLICY_FORMAT = "overt-policy/1"
MAX_POLICY_CHARACTERS = 100_000
REAL_COOLING_OFF_HOURS = 24
"""Time to think again between consent and the first recording, at least, but for a trial."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
SiteName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Jurisdiction = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class Controller(_Table):
    """Who answers for the data: name, and an address or e-mail that reaches a person."""

    name: Name
    contact: Name


class Limits(_Table):
    """Bounds in time: days of retention and of a grant, minutes a day, hours to think again."""

    retention_days: Annotated[int, Field(ge=1, le=730)]
    grant_max_days: Annotated[int, Field(ge=1, le=183)]
    daily_cap_minutes: Annotated[int, Field(ge=1, le=480)]
    cooling_off_hours: Annotated[int, Field(ge=0, le=24 * 30)]


class Policy(_Table):
    """What an organisation offers and promises; every tuple is without repetition, and none is empty."""

    format: Literal["overt-policy/1"]
    trial: bool
    sites: Annotated[tuple[SiteName, ...], Field(min_length=1)]
    signals: Annotated[tuple[Signal, ...], Field(min_length=1)]
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    prohibited: tuple[Prohibition, ...]
    jurisdictions: Annotated[tuple[Jurisdiction, ...], Field(min_length=1)]
    controller: Controller
    limits: Limits

    @property
    def grant_max(self) -> timedelta:
        """How long a grant may last."""
        return timedelta(days=self.limits.grant_max_days)

    @property
    def cooling_off(self) -> timedelta:
        """How long after consent recording may first begin."""
        return timedelta(hours=self.limits.cooling_off_hours)

    @field_validator("sites", "signals", "purposes", "prohibited", "jurisdictions")
    @classmethod
    def _without_twins(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        twins = sorted({name for name in names if names.count(name) > 1})
        if twins:
            raise ValueError(f"names {', '.join(twins)} twice")
        return names

    @field_validator("sites")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in names if name not in SITES]
        if unknown:
            raise ValueError(f"there are no rules for {', '.join(unknown)}, only for {', '.join(sorted(SITES))}")
        return names

    @field_validator("prohibited")
    @classmethod
    def _complete(cls, names: tuple[Prohibition, ...]) -> tuple[Prohibition, ...]:
        missing = [use for use in ALWAYS_PROHIBITED if use not in names]
        if missing:
            raise ValueError(f"must also name {', '.join(missing)}")
        return names

    @model_validator(mode="after")
    def _unhurried(self) -> Self:
        if not self.trial and self.limits.cooling_off_hours < REAL_COOLING_OFF_HOURS:
            raise ValueError(f"limits.cooling_off_hours is under {REAL_COOLING_OFF_HOURS}, which only a trial may be")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a policy: its line from 1 (0 when it has none), the name of the entry, and what is wrong."""

    line: int
    entry: str
    what: str

    def __str__(self) -> str:
        """Return the problem in one line."""
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.entry}: {self.what}" if self.entry else f"{place}{self.what}"


def parse_policy(text: str) -> Policy:
    """Return the policy that the TOML document *text* states.

    Raises:
        PolicyError: Something is wrong; the message lists every problem, with its line where it has one.
    """
    outcome = read_policy(text)
    if isinstance(outcome, Policy):
        return outcome
    listed = "; ".join(str(problem) for problem in outcome)
    raise PolicyError(f"the policy is malformed: {listed}", hint="overt policy check FILE lists one problem a line")


def read_policy(text: str) -> Policy | tuple[Problem, ...]:
    """Return the policy that *text* states, or everything that is wrong with it."""
    if len(text) > MAX_POLICY_CHARACTERS:
        return (Problem(line=0, entry="", what=f"longer than {MAX_POLICY_CHARACTERS} characters"),)
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        return (_syntax_problem(str(problem)),)
    try:
        return Policy.model_validate_json(json.dumps(document, default=str))
    except ValidationError as invalid:
        return tuple(_problem(text, error["loc"], error["msg"]) for error in invalid.errors(include_input=False))


def text_sha256(text: str) -> str:
    """Return the lower-case hexadecimal SHA-256 of *text* in UTF-8: how grants name a policy or a notice."""
    return hashlib.sha256(text.encode()).hexdigest()


def _syntax_problem(message: str) -> Problem:
    found = re.search(r"\(at line (\d+)", message)
    what = re.sub(r" \(at (line|end).*", "", message)
    return Problem(line=int(found[1]) if found else 0, entry="", what=f"not TOML: {what[:1].lower()}{what[1:]}")


def _problem(text: str, location: tuple[int | str, ...], message: str) -> Problem:
    path = tuple(str(part) for part in location if isinstance(part, str))
    what = message.removeprefix("Value error, ")
    return Problem(line=_line_of(text, path), entry=".".join(path), what=f"{what[:1].lower()}{what[1:]}")


def _line_of(text: str, path: tuple[str, ...]) -> int:
    """Return the line on which the entry *path* begins, that of its table when it is missing, else 0."""
    table: tuple[str, ...] = ()
    nearest = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([A-Za-z0-9_.-]+)\s*\]", line):
            table = tuple(header[1].split("."))
            nearest = number if path and path[: len(table)] == table else nearest
            if path == table:
                return number
        elif (entry := re.match(r"\s*([A-Za-z0-9_.-]+)\s*=", line)) and (*table, *entry[1].split(".")) == path:
            return number
    return nearest
