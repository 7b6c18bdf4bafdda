"""Whether a grant stays inside what the policy offers."""

from overt.consent.grant import Grant
from overt.policy.document import Policy


def misfits(grant: Grant, policy: Policy) -> tuple[str, ...]:
    """Return in what *grant* goes beyond *policy* or departs from it; empty when it fits."""
    return (*_beyond_offer(grant, policy), *_beyond_time(grant, policy), *_other_promises(grant, policy))


def _beyond_offer(grant: Grant, policy: Policy) -> list[str]:
    scope = grant.scope
    offers = (
        ("site", scope.sites, policy.sites),
        ("signal", scope.signals, policy.signals),
        ("purpose", scope.purposes, policy.purposes),
    )
    return [
        f"the {kind} {name} is not offered" for kind, asked, offered in offers for name in asked if name not in offered
    ]


def _beyond_time(grant: Grant, policy: Policy) -> list[str]:
    problems = []
    if grant.expires_at - grant.given_at > policy.grant_max:
        problems.append(f"it lasts longer than {policy.limits.grant_max_days} days")
    if grant.starts_at - grant.given_at < policy.cooling_off:
        problems.append(f"it starts before the {policy.limits.cooling_off_hours} hours to think again are over")
    return problems


def _other_promises(grant: Grant, policy: Policy) -> list[str]:
    promised = grant.promises
    same = (
        ("the prohibited uses", promised.prohibited, policy.prohibited),
        ("the retention", promised.retention_days, policy.limits.retention_days),
        ("the daily cap", promised.daily_cap_minutes, policy.limits.daily_cap_minutes),
        ("the mark of a trial", promised.trial, policy.trial),
        ("the controller", grant.parties.controller, policy.controller),
        ("the jurisdictions", grant.parties.jurisdictions, policy.jurisdictions),
    )
    return [f"{what} differ from the policy's" for what, given, offered in same if given != offered]
