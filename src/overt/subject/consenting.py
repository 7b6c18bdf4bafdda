"""Give consent: what was switched on becomes a signed grant over the exact notice."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import ValidationError

from overt.consent.fit import hosts_sha256, misfits, retention_of
from overt.consent.grant import Grant, Heeded, Parties, Promises, Scope, make_grant
from overt.consent.instants import whole_seconds
from overt.consent.record import record_text
from overt.consent.renewal import latest_end
from overt.errors import ConsentError, PolicyError, UsageError
from overt.format.note import NoteSigner
from overt.keys.consent_files import load_grants, load_organisation, withdrawn
from overt.keys.countersigning import countersigned_at_once
from overt.keys.device import load_device
from overt.keys.passphrase import PassphraseSource
from overt.keys.sign import Organisation, sign_grant
from overt.keys.withdrawal_key import new_withdrawal_key
from overt.policy.document import Policy, text_sha256
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.law import profiles_for
from overt.policy.purposes import Purpose
from overt.policy.signals import Signal
from overt.store import files
from overt.store.home import Home
from overt.subject.receipt import accept, receipt_file
from overt.subject.trace import trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person switched on, for how many days, over the notice in which language, and how they said so.

    *questions* is the version of the questions that were answered, or ``None`` where none were asked.
    """

    sites: tuple[str, ...]
    signals: tuple[str, ...]
    purposes: tuple[str, ...]
    days: int
    language: str = "en"
    expressed: Literal["switches", "command_line"] = "command_line"
    questions: str | None = None


def give(home: Home, choice: Choice, passphrases: PassphraseSource, at: datetime) -> Grant:
    """Write the grant of *choice* as given at *at* (aware), and return it. An older grant gives way to it.

    The grant ends after the days that were chosen, or six months after it was given if that is sooner.

    Raises:
        UsageError: Something was left off: a grant needs a site, a signal and a purpose.
        PolicyError: No organisation is joined, or it does not offer what was chosen.
        ConsentError: The clock is behind the last grant.
        KeyAccessError: The device key stays locked.
        StorageError: The disk refused.
    """
    organisation = load_organisation(home)
    scope = _scope(choice, organisation.policy)
    given_at = whole_seconds(at)
    older = load_grants(home)
    _check_clock(older, given_at)
    device = load_device(home, passphrases)
    grant_id = uuid.UUID(bytes=secrets.token_bytes(16), version=4).hex
    withdrawal = new_withdrawal_key(home, grant_id)
    grant = make_grant(
        id=grant_id,
        language=choice.language,
        given_at=given_at,
        starts_at=given_at + organisation.policy.cooling_off,
        expires_at=min(given_at + timedelta(days=choice.days), latest_end(given_at, organisation.policy)),
        expressed=choice.expressed,
        questions=choice.questions,
        previous=text_sha256(record_text(older[-1])) if older else None,
        renews=_renewed(home, older),
        scope=scope,
        terms=organisation.terms(choice.language),
        parties=_parties(organisation, device, withdrawal),
        promises=_promises(organisation.policy, scope),
        law=_law(organisation.policy),
    )
    _check_fit(grant, organisation.policy)
    _keep(home, grant, organisation, device)
    return grant


def check_choice(choice: Choice, policy: Policy) -> None:
    """Raise ``UsageError`` or ``PolicyError`` unless *policy* offers *choice*."""
    _scope(choice, policy)


def _scope(choice: Choice, policy: Policy) -> Scope:
    _check_offered("site", choice.sites, policy.sites)
    _check_offered("signal", choice.signals, policy.signals)
    _check_offered("purpose", choice.purposes, policy.purposes)
    if Signal.CLASSES in choice.signals:
        raise PolicyError(
            f"the signal {Signal.CLASSES} is offered, but this version cannot record it",
            hint="switch on others; the kinds of keys are never recorded as text instead",
        )
    _check_days(choice.days, policy)
    try:
        return Scope(
            sites=tuple(sorted(set(choice.sites))),
            signals=tuple(sorted({Signal(name) for name in choice.signals})),
            purposes=tuple(sorted({Purpose(name) for name in choice.purposes})),
        )
    except ValidationError:
        raise UsageError("what was switched on is malformed") from None


def _check_offered(kind: str, chosen: tuple[str, ...], offered: tuple[str, ...]) -> None:
    if not chosen:
        raise UsageError(
            f"no {kind} is switched on, so there is nothing to consent to",
            hint=f"offered: {', '.join(offered)}; switch on with --{kind} NAME",
        )
    for name in chosen:
        if name not in offered:
            raise PolicyError(f"the {kind} {name} is not offered", hint=f"offered: {', '.join(offered)}")


def _check_days(days: int, policy: Policy) -> None:
    longest = policy.limits.grant_max_days
    if not 1 <= days <= longest:
        raise PolicyError(f"a grant for {days} days is not offered", hint=f"offered: 1 to {longest} days")
    if timedelta(days=days) <= policy.cooling_off:
        raise UsageError(f"a grant for {days} days would end before the time to think again is over")


def _check_clock(older: tuple[Grant, ...], given_at: datetime) -> None:
    if older and older[-1].given_at >= given_at:
        raise ConsentError(
            "the clock is not past your last consent", hint="if the clock is right, wait a second and try again"
        )


def _renewed(home: Home, older: tuple[Grant, ...]) -> str | None:
    """Return which grant is renewed: the newest, unless somebody ended it."""
    return older[-1].id if older and not withdrawn(home, older[-1].id) else None


def _parties(organisation: Organisation, device: NoteSigner, withdrawal: NoteSigner) -> Parties:
    return Parties(
        controller=organisation.policy.controller,
        controller_key=organisation.bundle.admin,
        recipients=organisation.recipients,
        jurisdictions=organisation.policy.jurisdictions,
        subject=secrets.token_hex(16),
        deletion_handle=secrets.token_hex(16),
        device=device.vkey,
        withdrawal=withdrawal.vkey,
    )


def _promises(policy: Policy, scope: Scope) -> Promises:
    return Promises(
        prohibited=policy.prohibited,
        hosts_sha256=hosts_sha256(scope.sites),
        retention=retention_of(scope.purposes, policy),
        review_days=policy.review_days,
        daily_cap_minutes=policy.limits.daily_cap_minutes,
        trial=policy.trial,
    )


def _law(policy: Policy) -> tuple[Heeded, ...]:
    """Return which profiles are heeded, and of when: what a court or an auditor asks years later."""
    return tuple(
        Heeded(code=profile.code, reviewed_on=profile.reviewed_on, expires_on=profile.expires_on)
        for profile in profiles_for(policy.jurisdictions, PROFILES)
    )


def _check_fit(grant: Grant, policy: Policy) -> None:
    problems = misfits(grant, policy)
    if problems:
        raise PolicyError(f"the policy does not permit this grant: {'; '.join(problems)}")


def _keep(home: Home, grant: Grant, organisation: Organisation, device: NoteSigner) -> None:
    """Keep the notice first and the grant last: a grant always has the notice that it was given over."""
    notice = organisation.notice(grant.language).encode()
    files.replace(home.notices_directory, f"{grant.terms.notice_sha256}.txt", notice)
    facts = {"grant": grant.id, "notice": grant.terms.notice_sha256, "policy": grant.terms.policy_sha256}
    trace(home, device, "grant", grant.given_at, facts)
    files.create_exclusive(home.grants_directory, f"{grant.id}.note", sign_grant(grant, device).encode())
    countersigned = countersigned_at_once(home, receipt_file(home, grant.given_at), grant.given_at)
    if countersigned is not None:
        accept(home, countersigned)
