"""The person's consent as it lies in their home: signatures checked, and cheap to look at again and again."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from overt.consent.chain import breaks
from overt.consent.countersignature import Countersignature
from overt.consent.fit import misfits
from overt.consent.grant import Grant, Terms
from overt.consent.renewal import changed_terms
from overt.consent.revocation import Revocation
from overt.consent.status import Circumstances, ConsentStatus, status
from overt.consent.withdrawal import Withdrawal
from overt.errors import ConsentError, PolicyError, StorageError
from overt.keys.countersign import open_countersignature, open_revocation
from overt.keys.device import device_vkey
from overt.keys.sign import Organisation, open_bundle, open_grant, open_withdrawal
from overt.policy.effective import effective
from overt.policy.jurisdictions.known import PROFILES
from overt.store import files
from overt.store.home import Home

_LIMIT = 1 << 20
_REMEDY = {
    ConsentStatus.UNKNOWN: ("you have given no consent", "see what is asked: overt consent notice"),
    ConsentStatus.WITHDRAWN: ("you have withdrawn your consent", "nothing is recorded unless you give it again"),
    ConsentStatus.REVOKED: (
        "your organisation has ended your consent",
        "nothing is recorded; see: overt episodes list",
    ),
    ConsentStatus.EXPIRED: ("your consent has expired", "renew it, if you like: overt consent give"),
    ConsentStatus.INVALIDATED: (
        "what you consented to is no longer what your organisation offers",
        "read the new notice: overt consent notice",
    ),
    ConsentStatus.REQUEST_DEFERRED: (
        "the time to think again is not over yet",
        "see when it ends: overt consent status",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedConsent:
    """What a home says about consent: the newest grant, what ended it, and what the organisation offers now.

    *terms* is ``None`` while the home has joined no organisation or the organisation has no such notice any more.
    *gaps* are the grants before which another is missing, which is told and ends nothing. *countersigned* says when
    the controller countersigned, which decides nothing.
    """

    grant: Grant | None
    withdrawals: tuple[Withdrawal, ...] = ()
    revocations: tuple[Revocation, ...] = ()
    terms: Terms | None = None
    gaps: tuple[str, ...] = ()
    countersigned: Countersignature | None = None

    def status(self, at: datetime) -> ConsentStatus:
        """Return the status at the instant *at* (aware)."""
        circumstances = Circumstances(terms=self.terms, revocations=self.revocations)
        found = status(self.grant, self.withdrawals, at, circumstances)
        return ConsentStatus.INVALIDATED if found.permits and self.terms is None else found

    @property
    def changes(self) -> tuple[str, ...]:
        """What of that which the person agreed to is no longer what the organisation offers, in words."""
        if self.grant is None:
            return ()
        return ("the organisation",) if self.terms is None else changed_terms(self.grant.terms, self.terms)


def load_organisation(home: Home) -> Organisation:
    """Return the organisation that *home* has joined.

    Raises:
        PolicyError: It has joined none, or what is installed was changed.
    """
    try:
        note = read_text(home.bundle_path)
        admin = read_text(home.admin_key_path).strip()
    except FileNotFoundError:
        raise PolicyError("this home has joined no organisation", hint="overt join BUNDLE") from None
    return open_bundle(note, admin)


def load_grants(home: Home) -> tuple[Grant, ...]:
    """Return every grant ever given in *home*, oldest first.

    Raises:
        ConsentError: One of them was changed or is malformed.
    """
    device = device_vkey(home)
    paths = sorted(home.grants_directory.glob("*.note"))
    grants = [_load_grant(path, device) for path in paths]
    return tuple(sorted(grants, key=lambda grant: (grant.given_at, grant.id)))


def load_consent(home: Home) -> LoadedConsent:
    """Return what *home* says about consent.

    Raises:
        ConsentError: A grant or a withdrawal is malformed or was changed.
        PolicyError: The installed bundle was changed.
    """
    grants = load_grants(home)
    if not grants:
        return LoadedConsent(grant=None)
    newest = grants[-1]
    withdrawals, revocations = _load_endings(home, newest)
    return LoadedConsent(
        grant=newest,
        withdrawals=withdrawals,
        revocations=revocations,
        terms=_terms(home, newest),
        gaps=breaks(grants),
        countersigned=load_countersignature(home, newest),
    )


def load_countersignature(home: Home, grant: Grant) -> Countersignature | None:
    """Return the controller's countersignature of *grant* in *home*, or ``None`` when there is none that holds.

    One that was changed counts as none: it can neither begin nor end anything.
    """
    try:
        return open_countersignature(read_text(countersignature_path(home, grant.id)), grant)
    except (FileNotFoundError, ConsentError):
        return None


def require_consent(home: Home, at: datetime) -> Grant:
    """Return the grant in force in *home* at the instant *at*.

    Raises:
        ConsentError: There is none; the message says why, the hint what to do.
        PolicyError: The home has joined no organisation, or the law of its places permits no recording on that day.
    """
    organisation = load_organisation(home)
    lawful = effective(organisation.policy, PROFILES, at.astimezone(UTC).date())
    consent = load_consent(home)
    found = consent.status(at)
    if consent.grant is None or not found.permits:
        message, hint = remedy(found)
        raise ConsentError(message, hint=hint)
    problems = misfits(consent.grant, organisation.policy)
    if problems:
        raise ConsentError(f"the grant does not fit the policy: {'; '.join(problems)}", hint="overt consent give")
    beyond = [signal for signal in consent.grant.scope.signals if signal not in lawful.signals]
    if beyond:
        raise ConsentError(
            f"the law of the policy's places takes away: {', '.join(beyond)}",
            hint="consent without it: overt consent give",
        )
    return consent.grant


def remedy(found: ConsentStatus) -> tuple[str, str]:
    """Return why the status *found* permits nothing, and what to do about it."""
    return _REMEDY.get(found, ("no consent is in force", "overt consent status"))


def withdrawn(home: Home, grant_id: str) -> bool:
    """Say whether the grant *grant_id* is withdrawn: one ``lstat``, cheap enough for every second.

    Whatever lies in the place of the withdrawal counts, and so does a place that cannot be looked at.
    """
    try:
        os.lstat(withdrawal_path(home, grant_id))
    except FileNotFoundError:
        return not home.withdrawals_directory.is_dir()
    except OSError:
        return True
    return True


def withdrawal_path(home: Home, grant_id: str) -> Path:
    """Return where the withdrawal of the grant *grant_id* is, once there is one."""
    return home.withdrawals_directory / f"{grant_id}.note"


def countersignature_path(home: Home, grant_id: str) -> Path:
    """Return where the countersignature of the grant *grant_id* is, once there is one."""
    return home.grants_directory.parent / "countersignatures" / f"{grant_id}.note"


def read_text(path: Path) -> str:
    """Return the text of the small file *path*.

    Raises:
        FileNotFoundError: There is none.
        ConsentError: It is not text, too long, or cannot be read safely.
    """
    if not os.path.lexists(path):
        raise FileNotFoundError(path)
    try:
        return files.read(path.parent, path.name, limit=_LIMIT).decode()
    except (StorageError, UnicodeDecodeError):
        raise ConsentError(
            f"the file {path.name} cannot be read as a signed text", hint="restore it from your own backup"
        ) from None


def _load_grant(path: Path, device: str) -> Grant:
    grant = open_grant(read_text(path), device)
    if path.stem != grant.id:
        raise ConsentError("a grant lies under the name of another")
    return grant


def _load_endings(home: Home, grant: Grant) -> tuple[tuple[Withdrawal, ...], tuple[Revocation, ...]]:
    """Return what lies in the place of the withdrawal: one of the subject's, or the controller's revocation."""
    try:
        note = read_text(withdrawal_path(home, grant.id))
    except FileNotFoundError:
        return (), ()
    try:
        return (), (open_revocation(note, grant),)
    except ConsentError:
        return (open_withdrawal(note, grant),), ()


def _terms(home: Home, grant: Grant) -> Terms | None:
    try:
        return load_organisation(home).terms(grant.language)
    except PolicyError:
        return None
