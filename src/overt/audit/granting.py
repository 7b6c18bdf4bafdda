"""Each grant that episodes stand on, looked at once: its organisation, its terms, its law, and its device's log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date
from typing import Final

from overt.audit.findings import Finding, Kind
from overt.audit.logs import LogBook
from overt.audit.papers import GrantPaper, Papers
from overt.consent.fit import misfits
from overt.consent.grant import Grant
from overt.errors import PolicyError
from overt.keys.sign import Organisation
from overt.policy.document import Policy, text_sha256
from overt.policy.effective import effective, refusals
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.law import profiles_for, strictest
from overt.policy.purposes import Purpose

_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One grant as it stands: what lies in its place, and how many *episodes* name it."""

    grant_id: str
    paper: GrantPaper | None
    episodes: int


def check_grant(standing: Standing, papers: Papers, book: LogBook | None) -> Iterator[Finding]:
    """Yield what is wrong with a grant, by *papers* and by the *book* of its device's log, if that stands."""
    paper = standing.paper
    if paper is None:
        yield _finding(standing, "grant-missing", "there is no grant of this name")
        return
    if paper.grant is None:
        yield _finding(standing, "grant-invalid", paper.fault)
        return
    if paper.grant.parties.controller_key != papers.installed.bundle.admin:
        yield _finding(standing, "other-controller", "it names another controller's key than the bundle's")
        return
    if book is not None and (told := _unlogged(paper.grant, book)):
        yield _finding(standing, "grant-not-logged", told)
        return
    yield from _by_organisation(standing, paper.grant, papers.organisation(paper.grant.terms.policy_sha256))


def check_law(installed: Organisation, today: date) -> Iterator[Finding]:
    """Yield why nothing may be recorded on the day *today* under the *installed* policy."""
    problems = refusals(installed.policy, PROFILES, today)
    if problems:
        said = "; ".join(f"{each.entry} {each.what}" for each in problems[:_SHOWN])
        about = f"bundle {installed.bundle.serial}"
        yield Finding(code="jurisdiction-expired", kind=Kind.BUNDLE, about=about, evidence=said, episodes=0)


def kept_for(grant: Grant, policy: Policy | None) -> dict[Purpose, int]:
    """Return for how many days what was recorded under *grant* may be kept, by its promise and by *policy*'s law."""
    promised = dict(zip(grant.scope.purposes, grant.promises.retention, strict=True))
    if policy is None:
        return promised
    try:
        ceiling = strictest(each.rules for each in profiles_for(policy.jurisdictions, PROFILES)).retention_days
    except PolicyError:
        return promised
    return {purpose: min(days, ceiling or days) for purpose, days in promised.items()}


def _by_organisation(standing: Standing, grant: Grant, organisation: Organisation | None) -> Iterator[Finding]:
    if organisation is None:
        yield _finding(standing, "policy-unknown", "no signed bundle at hand has the policy that it names")
        return
    if grant.terms.recipients_sha256 != organisation.recipients.sha256():
        yield _finding(standing, "other-recipients", "its recipients are not those of the bundle of its policy")
    notice = organisation.bundle.notices.get(grant.language)
    if notice is None or text_sha256(notice) != grant.terms.notice_sha256:
        yield _finding(standing, "notice-mismatch", "the notice that it names is not the one of the bundle")
    beyond = misfits(grant, organisation.policy)
    if beyond:
        yield _finding(standing, "beyond-policy", "; ".join(beyond[:_SHOWN]))
    told = _unlawful(grant, organisation.policy)
    if told:
        yield _finding(standing, "law", told)


def _unlawful(grant: Grant, policy: Policy) -> str:
    """Say why the law of *policy*'s places did not permit *grant* on the day on which it was given."""
    try:
        lawful = effective(policy, PROFILES, grant.given_at.astimezone(UTC).date())
    except PolicyError as problem:
        return str(problem)
    off = set(policy.signals) - lawful.signals
    beyond = [signal.value for signal in grant.scope.signals if signal in off]
    return f"the law takes away: {', '.join(beyond)}" if beyond else ""


def _unlogged(grant: Grant, book: LogBook) -> str:
    found = book.grants.get(grant.id)
    if found is None:
        return "the log of its device does not hold it"
    told = found[1]
    if (told["policy"], told["notice"]) != (grant.terms.policy_sha256, grant.terms.notice_sha256):
        return "the log of its device has other hashes of policy or notice"
    return ""


def _finding(standing: Standing, code: str, evidence: str) -> Finding:
    return Finding(code=code, kind=Kind.GRANT, about=standing.grant_id, evidence=evidence, episodes=standing.episodes)
