"""Whether a grant stays inside what the policy offers."""

from collections.abc import Iterable

from overt.consent.grant import Grant
from overt.consent.renewal import latest_end
from overt.policy.canonical import canonical_json
from overt.policy.document import Policy, text_sha256
from overt.policy.hosts import HOSTS
from overt.policy.purposes import Purpose


def misfits(grant: Grant, policy: Policy) -> tuple[str, ...]:
    """Return in what *grant* goes beyond *policy* or departs from it; empty when it fits."""
    return (*_beyond_offer(grant, policy), *_beyond_time(grant, policy), *_other_promises(grant, policy))


def hosts_of(sites: Iterable[str]) -> tuple[str, ...]:
    """Return the exact hosts that *sites* stand for, sorted."""
    wanted = frozenset(sites)
    return tuple(sorted(host for host, site in HOSTS.items() if site in wanted))


def hosts_sha256(sites: Iterable[str]) -> str:
    """Return the hash by which a grant names the hosts of its *sites*: a new host needs a new consent."""
    return text_sha256(canonical_json([*hosts_of(sites)]))


def retention_of(purposes: Iterable[Purpose], policy: Policy) -> tuple[int, ...]:
    """Return for how many days *policy* keeps what was recorded, for each of *purposes*."""
    return tuple(policy.retention_days(purpose) for purpose in purposes)


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
    if grant.expires_at > latest_end(grant.given_at, policy):
        problems.append(f"it lasts longer than {policy.limits.grant_max_days} days or six months")
    if grant.starts_at - grant.given_at < policy.cooling_off:
        problems.append(f"it starts before the {policy.limits.cooling_off_hours} hours to think again are over")
    return problems


def _other_promises(grant: Grant, policy: Policy) -> list[str]:
    promised = grant.promises
    same = (
        ("the prohibited uses", promised.prohibited, policy.prohibited),
        ("the hosts of the sites", promised.hosts_sha256, hosts_sha256(grant.scope.sites)),
        ("the retention", promised.retention, retention_of(grant.scope.purposes, policy)),
        ("the days for review", promised.review_days, policy.review_days),
        ("the daily cap", promised.daily_cap_minutes, policy.limits.daily_cap_minutes),
        ("the mark of a trial", promised.trial, policy.trial),
        ("the controller", grant.parties.controller, policy.controller),
        ("the jurisdictions", grant.parties.jurisdictions, policy.jurisdictions),
    )
    return [f"{what} differ from the policy's" for what, given, offered in same if given != offered]
