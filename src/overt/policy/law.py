"""What the law of a place asks for, as dated data; and how the rules of several places combine: the strictest wins.

Nothing here is legal advice. No number is from a statute: every ceiling is our own choice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import reduce
from typing import Final

from overt.errors import PolicyError
from overt.policy.signals import Signal
from overt.policy.tables import DocumentKind

LONGEST_LIFE: Final = timedelta(days=366)
"""A profile is read against its sources again at least this often."""


class Seen(StrEnum):
    """How a source was seen when the profile was written."""

    PRIMARY = "in the primary text"
    EXCERPT = "in an excerpt or a headnote"
    SECONDARY = "second-hand"
    GENERAL = "as general knowledge"


class Fact(StrEnum):
    """An entry of the policy that the law of a place may ask for."""

    LEGAL_BASIS = "notice.legal_basis"
    TRANSFERS = "notice.transfers"
    AUTHORITY = "notice.authority"
    LOCATIONS = "notice.locations"
    POSTED_AT = "notice.posted_at"
    VALUE_ESTIMATE = "incentive.value_estimate"
    VALUE_METHOD = "incentive.value_method"


class ConsentForm(StrEnum):
    """How consent has to be given."""

    EXPLICIT = "explicit"
    """By a clear act; silence is none."""
    GRANULAR = "granular"
    """For each purpose and each signal by itself."""
    PRIOR_NOTICE = "prior_notice"
    """After a written notice."""
    ACKNOWLEDGED = "acknowledged"
    """With a written or electronic word that the notice was received."""


class Duty(StrEnum):
    """What Overt does, or leaves, everywhere; a place that asks for it makes it a duty to go on so."""

    SESSIONS_ONLY = "sessions_only"
    """Recording happens in sessions that the person starts, never always."""
    NO_KEY_TIMING = "no_key_timing"
    NO_IDLE_METRIC = "no_idle_metric"
    NO_INDIVIDUAL_INSIGHT = "no_individual_insight"
    NO_EMOTION_INFERENCE = "no_emotion_inference"
    NO_FACE_DETECTION = "no_face_detection"
    """Pictures are masked by region, never by a model of faces."""
    NO_MESSAGES = "no_messages"
    """What others wrote to the person, or they to others, is not recorded: nobody asked the others."""
    DAILY_SIGN = "daily_sign"
    """Each day, recording shows a sign before it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """The entry *fact* must be in the policy on the day *since* and after it."""

    fact: Fact
    since: date = date.min


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source of a rule: where it is found, what we take from it, and how we saw it."""

    citation: str
    says: str
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one place, or of several together. The empty ones ask for nothing.

    *expires_on* is the first day on which some profile among them is no longer believed.
    """

    signals_off: frozenset[Signal] = frozenset()
    documents: frozenset[DocumentKind] = frozenset()
    demands: frozenset[Demand] = frozenset()
    texts: frozenset[str] = frozenset()
    consent: frozenset[ConsentForm] = frozenset()
    duties: frozenset[Duty] = frozenset()
    retention_days: int | None = None
    daily_cap_minutes: int | None = None
    special_dropped: bool = False
    """Texts that speak of special categories of personal data are not kept."""
    expires_on: date = date.max

    def facts(self, on: date) -> frozenset[Fact]:
        """Return the entries that must be in a policy on the day *on*."""
        return frozenset(demand.fact for demand in self.demands if demand.since <= on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The law of one place as we read it on the day *reviewed_on*; from the day *expires_on* it is not believed.

    *within* names the place that it belongs to, whose rules apply as well.
    """

    code: str
    name: str
    reviewed_on: date
    expires_on: date
    sources: tuple[Source, ...]
    rules: Rules
    within: str | None = None

    def dated(self) -> Rules:
        """Return its rules with the day on which it expires."""
        return combine(self.rules, Rules(expires_on=self.expires_on))


def combine(one: Rules, other: Rules) -> Rules:
    """Return the rules that ask for all that *one* and *other* ask for, and for nothing else."""
    return Rules(
        signals_off=one.signals_off | other.signals_off,
        documents=one.documents | other.documents,
        demands=one.demands | other.demands,
        texts=one.texts | other.texts,
        consent=one.consent | other.consent,
        duties=one.duties | other.duties,
        retention_days=lesser(one.retention_days, other.retention_days),
        daily_cap_minutes=lesser(one.daily_cap_minutes, other.daily_cap_minutes),
        special_dropped=one.special_dropped or other.special_dropped,
        expires_on=min(one.expires_on, other.expires_on),
    )


def strictest(rules: Iterable[Rules]) -> Rules:
    """Return all of *rules* combined."""
    return reduce(combine, rules, Rules())


def lesser(one: int | None, other: int | None) -> int | None:
    """Return the lesser of two ceilings; ``None`` is no ceiling."""
    known = [ceiling for ceiling in (one, other) if ceiling is not None]
    return min(known, default=None)


def profiles_for(codes: Iterable[str], known: Mapping[str, Profile]) -> tuple[Profile, ...]:
    """Return the profiles of *codes* and of what these places belong to, sorted by code, each once.

    Raises:
        PolicyError: A code has no profile among *known*.
    """
    found: dict[str, Profile] = {}
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code in found:
            continue
        if code not in known:
            raise PolicyError(
                f"there is no profile of the law for {code}", hint=f"there are: {', '.join(sorted(known))}"
            )
        found[code] = known[code]
        waiting += [parent] if (parent := known[code].within) else []
    return tuple(found[code] for code in sorted(found))
