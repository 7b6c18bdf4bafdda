"""What a policy comes to under the law of its places on a day: less is offered, or nothing at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from overt.errors import PolicyError
from overt.policy.document import Policy
from overt.policy.law import ConsentForm, Duty, Fact, Profile, Rules, lesser, profiles_for, strictest
from overt.policy.problems import Problem, listed
from overt.policy.purposes import Purpose
from overt.policy.retention import gone_on, usable
from overt.policy.schedule import Permission, permission
from overt.policy.signals import Signal
from overt.policy.tables import Document, Window

Heeded = tuple[Profile, ...]
"""The profiles that apply, sorted by code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectivePolicy:
    """What may be done on a day, and on those after it up to, not including, *holds_until*.

    *retention* has the days for each offered purpose. *texts* must stand in the notice word for word. *places* are the
    codes of the profiles that were heeded.
    """

    sites: frozenset[str]
    excluded: frozenset[str]
    signals: frozenset[Signal]
    retention: Mapping[Purpose, int]
    daily_cap_minutes: int
    cohort_floor: int
    special_dropped: bool
    schedule: tuple[Window, ...]
    texts: frozenset[str]
    consent: frozenset[ConsentForm]
    duties: frozenset[Duty]
    places: tuple[str, ...]
    holds_until: date

    def permission(self, local: datetime, used: timedelta) -> Permission:
        """Say whether recording is possible at *local*, the person's own time, after *used* of it on that day."""
        return permission(self.schedule, self.daily_cap_minutes, local, used)

    def gone_on(self, purposes: frozenset[Purpose], recorded: date) -> date:
        """Return the day (UTC) on which an episode for *purposes*, recorded on the day *recorded*, must be gone."""
        return gone_on(self.retention, purposes, recorded)

    def usable(self, purpose: Purpose, recorded: date, on: date) -> bool:
        """Say whether what was recorded on the day *recorded* may still be used for *purpose* on the day *on*."""
        return usable(self.retention, purpose, recorded, on)


def effective(policy: Policy, profiles: Mapping[str, Profile], on: date) -> EffectivePolicy:
    """Return what *policy* comes to on the day *on* (UTC) under those of *profiles*, by code, that it names.

    Raises:
        PolicyError: Nothing may be recorded under it on that day; the message lists every reason.
    """
    problems = refusals(policy, profiles, on)
    if problems:
        raise PolicyError(
            f"nothing may be recorded under this policy: {listed(problems)}",
            hint="the admin sees this, one problem a line, with: overt policy check FILE",
        )
    heeded = profiles_for(policy.jurisdictions, profiles)
    rules = strictest(profile.dated() for profile in heeded)
    return EffectivePolicy(
        sites=frozenset(policy.sites),
        excluded=frozenset(policy.excluded),
        signals=frozenset(policy.signals) - rules.signals_off,
        retention={use: _capped(policy.retention_days(use), rules.retention_days) for use in policy.purposes},
        daily_cap_minutes=_capped(policy.limits.daily_cap_minutes, rules.daily_cap_minutes),
        cohort_floor=policy.limits.cohort_floor,
        special_dropped=rules.special_dropped or policy.redaction.special_categories == "drop",
        schedule=policy.schedule,
        texts=rules.texts,
        consent=rules.consent,
        duties=rules.duties,
        places=tuple(profile.code for profile in heeded),
        holds_until=_holds_until(policy, rules, on),
    )


def refusals(policy: Policy, profiles: Mapping[str, Profile], on: date) -> tuple[Problem, ...]:
    """Return every reason why nothing may be recorded under *policy* on the day *on*; lines are left out."""
    try:
        heeded = profiles_for(policy.jurisdictions, profiles)
    except PolicyError as unknown:
        return (Problem(entry="jurisdictions", what=str(unknown), remedy=unknown.hint),)
    found = list(_nothing_left(policy, heeded))
    if not policy.trial:
        found += [*_not_believed(heeded, on), *_undocumented(policy, heeded, on), *_untold(policy, heeded, on)]
    return tuple(found)


def excesses(policy: Policy, profiles: Mapping[str, Profile]) -> tuple[Problem, ...]:
    """Return what *policy* offers beyond the law of its places, which takes it away; lines are left out.

    Raises:
        PolicyError: A place has no profile.
    """
    heeded = profiles_for(policy.jurisdictions, profiles)
    rules = strictest(profile.rules for profile in heeded)
    return (*_signals_beyond(policy, heeded), *_limits_beyond(policy, rules), *_special_beyond(policy, rules))


def _special_beyond(policy: Policy, rules: Rules) -> Iterator[Problem]:
    if rules.special_dropped and policy.redaction.special_categories == "keep":
        yield Problem(
            entry="redaction.special_categories",
            what="the law of these places has such texts dropped",
            remedy='write "drop", or leave it out',
        )


def _nothing_left(policy: Policy, heeded: Heeded) -> Iterator[Problem]:
    off = strictest(profile.rules for profile in heeded).signals_off
    if off.issuperset(policy.signals):
        left = ", ".join(signal for signal in Signal if signal not in off)
        places = ", ".join(profile.code for profile in heeded if profile.rules.signals_off)
        yield Problem(
            entry="signals", what=f"the law of {places} takes all of them away", remedy=f"offer one of {left}"
        )


def _not_believed(heeded: Heeded, on: date) -> Iterator[Problem]:
    for profile in heeded:
        if on >= profile.expires_on:
            what = f"the profile {profile.code} has expired on {profile.expires_on}"
            yield Problem(entry="jurisdictions", what=what, remedy="install a version of Overt that reviewed it anew")


def _undocumented(policy: Policy, heeded: Heeded, on: date) -> Iterator[Problem]:
    for kind in sorted(strictest(profile.rules for profile in heeded).documents):
        entry, document = f"documents.{kind}", policy.documents.of(kind)
        if document is None:
            places = ", ".join(profile.code for profile in heeded if kind in profile.rules.documents)
            what = f"the law of {places} asks for a {kind.words}"
            yield Problem(entry=entry, what=what, remedy=f"add [{entry}] with {', '.join(Document.model_fields)}")
        elif on < document.approved_on:
            yield Problem(
                entry=f"{entry}.approved_on", what="lies in the future", remedy="wait for it, or mend the day"
            )
        elif on >= document.review_by:
            remedy = f"review the {kind.words} and state it anew"
            yield Problem(entry=f"{entry}.review_by", what="the review is due", remedy=remedy)


def _untold(policy: Policy, heeded: Heeded, on: date) -> Iterator[Problem]:
    for fact in sorted(strictest(profile.rules for profile in heeded).facts(on)):
        if _lacks(policy, fact):
            table, _, name = fact.partition(".")
            places = ", ".join(profile.code for profile in heeded if fact in profile.rules.facts(on))
            yield Problem(
                entry=fact, what=f"the law of {places} asks for it in the notice", remedy=f"add {name} to [{table}]"
            )


def _lacks(policy: Policy, fact: Fact) -> bool:
    """Say whether *policy* does not state *fact*; without an incentive there is nothing to state about one."""
    table, _, name = fact.partition(".")
    stated = policy.incentive if table == "incentive" else policy.notice
    return stated is not None and not getattr(stated, name)


def _signals_beyond(policy: Policy, heeded: Heeded) -> Iterator[Problem]:
    for place, signal in enumerate(policy.signals, start=1):
        places = ", ".join(profile.code for profile in heeded if signal in profile.rules.signals_off)
        if places:
            what = f"the law of {places} takes {signal} away"
            remedy = "take it out, so that the notice does not offer it"
            yield Problem(entry=f"signals[{place}]", what=what, remedy=remedy)


def _limits_beyond(policy: Policy, rules: Rules) -> Iterator[Problem]:
    stated = (
        ("limits.retention_days", policy.limits.retention_days, rules.retention_days),
        *((f"retention.{use}", days, rules.retention_days) for use, days in policy.retention.items()),
        ("limits.daily_cap_minutes", policy.limits.daily_cap_minutes, rules.daily_cap_minutes),
    )
    for entry, number, ceiling in stated:
        if ceiling is not None and number > ceiling:
            yield Problem(
                entry=entry, what=f"is over the {ceiling} that these places come to", remedy=f"write {ceiling} or less"
            )


def _holds_until(policy: Policy, rules: Rules, on: date) -> date:
    if policy.trial:
        return date.max
    documents = [policy.documents.of(kind) for kind in rules.documents]
    asked = [demand.since for demand in rules.demands if demand.since > on and _lacks(policy, demand.fact)]
    return min([rules.expires_on, *(document.review_by for document in documents if document), *asked])


def _capped(number: int, ceiling: int | None) -> int:
    return lesser(number, ceiling) or number
