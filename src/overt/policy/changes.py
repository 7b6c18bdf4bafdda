"""What a change of the policy means, in words, for the people who already consented to the old one."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from overt.policy.document import Policy
from overt.policy.purposes import Purpose
from overt.policy.schedule import minutes_open
from overt.policy.tables import DocumentKind, Recipient


class Meaning(StrEnum):
    """What a change asks of people who already consented."""

    ANEW = "consent_anew"
    NOTHING = "nothing_to_do"
    TELL = "tell_people"

    @property
    def sentence(self) -> str:
        """Say it in words."""
        return {
            Meaning.ANEW: "consent must be given anew",
            Meaning.NOTHING: "nothing to do",
            Meaning.TELL: "tell people; no consent ends by it",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: of which *entry*, *what* in words, and what it means."""

    entry: str
    what: str
    meaning: Meaning

    def __str__(self) -> str:
        """Return the change in one line."""
        return f"{self.entry}: {self.what}: {self.meaning.sentence}"


def changes(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Return every change from *old* to *new*, entry by entry; empty when both state the same.

    Order within a list, comments and layout are no change of what is stated.
    """
    return (
        *_offers(old, new),
        *_parties(old, new),
        *_numbers(old, new),
        *_retention(old, new),
        *_special(old, new),
        *_hours(old, new),
        *_recipients(old, new),
        *_incentive(old, new),
        *_documents(old, new),
        *_notice(old, new),
    )


def asks_anew(old: Policy, new: Policy) -> bool:
    """Say whether some change from *old* to *new* asks for consent anew."""
    return any(change.meaning is Meaning.ANEW for change in changes(old, new))


def _offers(old: Policy, new: Policy) -> Iterator[Change]:
    for entry, kind in (("sites", "site"), ("signals", "signal"), ("purposes", "purpose")):
        before, after = getattr(old, entry), getattr(new, entry)
        yield from _named(entry, f"a new {kind}", _without(after, before), Meaning.ANEW)
        yield from _named(entry, f"no longer the {kind}", _without(before, after), Meaning.NOTHING)
    yield from _named("excluded", "no longer left out:", _without(old.excluded, new.excluded), Meaning.ANEW)
    yield from _named("excluded", "now left out:", _without(new.excluded, old.excluded), Meaning.NOTHING)


def _without(names: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    return sorted(set(names) - set(others))


def _named(entry: str, words: str, names: list[str], meaning: Meaning) -> Iterator[Change]:
    for name in names:
        yield Change(entry=entry, what=f"{words} {name}", meaning=meaning)


def _parties(old: Policy, new: Policy) -> Iterator[Change]:
    if old.trial != new.trial:
        what = "now a trial" if new.trial else "no longer a trial"
        yield Change(entry="trial", what=what, meaning=Meaning.ANEW)
    for entry, words, names in (
        ("jurisdictions", "now also the law of", _without(new.jurisdictions, old.jurisdictions)),
        ("jurisdictions", "no longer the law of", _without(old.jurisdictions, new.jurisdictions)),
    ):
        yield from _named(entry, words, names, Meaning.ANEW)
    if old.controller.name != new.controller.name:
        what = f"{new.controller.name} answers for the data instead of {old.controller.name}"
        yield Change(entry="controller.name", what=what, meaning=Meaning.ANEW)
    if old.controller.contact != new.controller.contact:
        yield Change(entry="controller.contact", what=f"now {new.controller.contact}", meaning=Meaning.TELL)


def _numbers(old: Policy, new: Policy) -> Iterator[Change]:
    was, now = old.limits, new.limits
    # Where neither states another number, it follows from the retention, which is told below.
    review = (old.review_days, new.review_days) if was.review_days != now.review_days else (0, 0)
    for entry, before, after, more, less in (
        ("review_days", *review, Meaning.ANEW, Meaning.NOTHING),
        ("daily_cap_minutes", was.daily_cap_minutes, now.daily_cap_minutes, Meaning.ANEW, Meaning.NOTHING),
        ("cohort_floor", was.cohort_floor, now.cohort_floor, Meaning.NOTHING, Meaning.ANEW),
        ("grant_max_days", was.grant_max_days, now.grant_max_days, Meaning.TELL, Meaning.TELL),
        ("cooling_off_hours", was.cooling_off_hours, now.cooling_off_hours, Meaning.TELL, Meaning.TELL),
    ):
        if before != after:
            word = "raised" if after > before else "lowered"
            meaning = more if after > before else less
            yield Change(entry=f"limits.{entry}", what=f"{word} from {before} to {after}", meaning=meaning)


def _retention(old: Policy, new: Policy) -> Iterator[Change]:
    for purpose in Purpose:
        before, after = old.retention_days(purpose), new.retention_days(purpose)
        if before != after and purpose in old.purposes and purpose in new.purposes:
            word, meaning = ("longer", Meaning.ANEW) if after > before else ("shorter", Meaning.NOTHING)
            what = f"kept {word} for {purpose}, {after} days instead of {before}"
            yield Change(entry="retention", what=what, meaning=meaning)


def _special(old: Policy, new: Policy) -> Iterator[Change]:
    before, after = old.redaction.special_categories, new.redaction.special_categories
    if before != after:
        words = {"drop": "not kept", "keep": "kept", None: "as the law of the places says"}
        meaning = Meaning.NOTHING if after == "drop" or before == "keep" else Meaning.ANEW
        what = f"texts about special categories are now {words[after]}"
        yield Change(entry="redaction.special_categories", what=what, meaning=meaning)


def _hours(old: Policy, new: Policy) -> Iterator[Change]:
    before, after = minutes_open(old.schedule), minutes_open(new.schedule)
    if after - before:
        what = f"{len(after - before)} minutes more of the week in which recording is possible"
        yield Change(entry="schedule", what=what, meaning=Meaning.ANEW)
    if before - after:
        what = f"{len(before - after)} minutes less of the week in which recording is possible"
        yield Change(entry="schedule", what=what, meaning=Meaning.NOTHING)


def _recipients(old: Policy, new: Policy) -> Iterator[Change]:
    before, after = _receivers(old.recipients), _receivers(new.recipients)
    for name, country, purpose in sorted(after - before):
        what = f"{name} ({country}) is given exports for {purpose}"
        yield Change(entry="recipients", what=what, meaning=Meaning.ANEW)
    for name, country, purpose in sorted(before - after):
        what = f"{name} ({country}) is no longer given exports for {purpose}"
        yield Change(entry="recipients", what=what, meaning=Meaning.NOTHING)
    was, now = _contacts(old.recipients), _contacts(new.recipients)
    for name in sorted(was.keys() & now.keys()):
        if was[name] != now[name]:
            yield Change(entry="recipients", what=f"another contact of {name}", meaning=Meaning.TELL)


def _receivers(recipients: tuple[Recipient, ...]) -> frozenset[tuple[str, str, str]]:
    return frozenset((each.name, each.country, purpose) for each in recipients for purpose in each.purposes)


def _contacts(recipients: tuple[Recipient, ...]) -> dict[str, frozenset[str]]:
    names = {each.name for each in recipients}
    return {name: frozenset(each.contact for each in recipients if each.name == name) for name in names}


def _incentive(old: Policy, new: Policy) -> Iterator[Change]:
    if old.incentive == new.incentive:
        return
    what = "another offer; what was earned under the old one stays earned"
    if old.incentive is None:
        what = "an amount is offered"
    elif new.incentive is None:
        what = "no amount is offered any more; what was earned stays earned"
    yield Change(entry="incentive", what=what, meaning=Meaning.TELL)


def _documents(old: Policy, new: Policy) -> Iterator[Change]:
    for kind in DocumentKind:
        before, after = old.documents.of(kind), new.documents.of(kind)
        if before != after:
            what = f"no {kind.words} any more" if after is None else f"another {kind.words}"
            if before is None:
                what = f"a {kind.words}"
            yield Change(entry=f"documents.{kind}", what=what, meaning=Meaning.TELL)


def _notice(old: Policy, new: Policy) -> Iterator[Change]:
    for name in type(new.notice).model_fields:
        if getattr(old.notice, name) != getattr(new.notice, name):
            yield Change(entry=f"notice.{name}", what="the notice says something else", meaning=Meaning.ANEW)
