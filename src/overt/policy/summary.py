"""A policy as a person reads it: what it offers, what the law of its places leaves of it, and until when."""

from collections.abc import Iterator, Mapping
from datetime import date

from overt.policy.document import Policy
from overt.policy.effective import effective, excesses, refusals
from overt.policy.law import Profile, Rules
from overt.policy.tables import DocumentKind


def summary_lines(policy: Policy, profiles: Mapping[str, Profile], on: date) -> list[str]:
    """Return *policy* in lines for a person, with what it comes to on the day *on* (UTC) under those of *profiles*."""
    title = f"{policy.controller.name} ({policy.controller.contact})" + (", a trial" if policy.trial else "")
    return [
        title,
        *_section("offers", _offer(policy)),
        *_section("bounds", _bounds(policy)),
        *_section("hands over and pays", _exchange(policy)),
        *_section("documents", _papers(policy)),
        *_section("says in the notice", _notice(policy)),
        *_section(f"comes to, on {on}", _outcome(policy, profiles, on)),
        "",
        "None of this is legal advice.",
    ]


def _section(title: str, lines: Iterator[str]) -> list[str]:
    found = [f"  {line}" for line in lines]
    return ["", title, *found] if found else []


def _offer(policy: Policy) -> Iterator[str]:
    yield f"sites: {', '.join(policy.sites)}"
    if policy.excluded:
        yield f"left out: {', '.join(policy.excluded)}"
    yield f"signals: {', '.join(policy.signals)}"
    yield f"purposes: {', '.join(policy.purposes)}"
    yield f"never: {', '.join(policy.prohibited)}"


def _bounds(policy: Policy) -> Iterator[str]:
    limits = policy.limits
    for purpose in policy.purposes:
        yield f"kept for {purpose}: {policy.retention_days(purpose)} days"
    yield f"kept without approval: {policy.review_days} days"
    yield f"recorded: at most {limits.daily_cap_minutes} minutes a day"
    for window in policy.schedule:
        yield f"hours: {', '.join(window.days)} from {window.begin} to {window.end}, local time"
    yield f"a consent: at most {limits.grant_max_days} days, first recording after {limits.cooling_off_hours} hours"
    if policy.redaction.special_categories is not None:
        yield f"texts about special categories: {policy.redaction.special_categories}"
    yield f"figures about a group: of {limits.cohort_floor} people or more"


def _exchange(policy: Policy) -> Iterator[str]:
    for recipient in policy.recipients:
        yield f"to {recipient.name} ({recipient.country}, {recipient.contact}) for {', '.join(recipient.purposes)}"
    if policy.incentive is not None:
        paid = policy.incentive
        yield f"pays {paid.amount_minor} of the smallest unit of {paid.currency} for each {paid.window_days} days"
        yield f"for the same amount, unrecorded: {paid.alternative}"


def _papers(policy: Policy) -> Iterator[str]:
    for kind in DocumentKind:
        document = policy.documents.of(kind)
        if document is not None:
            yield f"{kind.words}: {document.reference}, by {document.approved_by}, to be reviewed {document.review_by}"


def _notice(policy: Policy) -> Iterator[str]:
    for name, value in policy.notice:
        if value:
            yield f"{name.replace('_', ' ')}: {value if isinstance(value, str) else ', '.join(value)}"


def _outcome(policy: Policy, profiles: Mapping[str, Profile], on: date) -> Iterator[str]:
    yield f"law of: {', '.join(policy.jurisdictions)}"
    refused = refusals(policy, profiles, on)
    if refused:
        yield "nothing may be recorded:"
        yield from (f"- {problem}" for problem in refused)
        return
    left = effective(policy, profiles, on)
    yield from (f"- {problem}" for problem in excesses(policy, profiles))
    yield f"signals: {', '.join(signal for signal in policy.signals if signal in left.signals)}"
    yield f"kept: at most {max(left.retention.values())} days; recorded: at most {left.daily_cap_minutes} minutes a day"
    if not policy.trial:
        yield f"until: {left.holds_until}"


def law_lines(profile: Profile) -> list[str]:
    """Return *profile* in lines for a person: its days, what it asks for, and every source with how it was seen."""
    within = f", within {profile.within}" if profile.within else ""
    return [
        f"{profile.code}: {profile.name}{within}; reviewed {profile.reviewed_on}, expires {profile.expires_on}",
        *(f"  {line}" for line in _asks(profile.rules)),
        *(f"  source: {source.citation} ({source.seen}): {source.says}" for source in profile.sources),
        "",
    ]


def _asks(rules: Rules) -> Iterator[str]:
    for words, names in (
        ("never recorded", rules.signals_off),
        ("documents", rules.documents),
        ("consent", rules.consent),
        ("kept to", rules.duties),
    ):
        if names:
            yield f"{words}: {', '.join(sorted(name.replace('_', ' ') for name in names))}"
    for demand in sorted(rules.demands, key=lambda demand: demand.fact):
        since = f" since {demand.since}" if demand.since != date.min else ""
        yield f"in the notice: {demand.fact}{since}"
    for text in sorted(rules.texts):
        yield f"in the notice, word for word: {text}"
    for words, ceiling in (("days kept", rules.retention_days), ("minutes a day", rules.daily_cap_minutes)):
        if ceiling is not None:
            yield f"at most {ceiling} {words} (our choice, in no statute)"
