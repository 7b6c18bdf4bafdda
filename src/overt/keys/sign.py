"""Sign and check what people and organisations say: bundles, grants, withdrawals, approvals."""

from dataclasses import dataclass
from typing import Final, Literal

from overt.consent.approval import Approval, approval_text, parse_approval
from overt.consent.grant import Grant, Terms
from overt.consent.notice import notice_text
from overt.consent.record import parse_record, record_text
from overt.consent.withdrawal import Withdrawal, parse_withdrawal, withdrawal_text
from overt.errors import ConsentError, FormatError, KeyAccessError, PolicyError, VerificationError
from overt.format.note import NoteSigner, parse_note, verify_note
from overt.keys.statement import Statement, open_statement
from overt.policy.bundle import Bundle, Recipients, bundle_text, parse_bundle_text
from overt.policy.document import Policy, parse_policy, text_sha256

BundledRole = Literal["auditor", "exporter", "vault"]
"""A role whose keys a bundle names."""
BUNDLED_ROLES: Final[tuple[BundledRole, ...]] = ("auditor", "exporter", "vault")


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A bundle whose signature was checked, with what follows from it."""

    bundle: Bundle
    policy: Policy

    @property
    def policy_sha256(self) -> str:
        """The SHA-256 of the policy's exact text, in hexadecimal."""
        return text_sha256(self.bundle.policy)

    @property
    def recipients(self) -> Recipients:
        """The verifier keys of auditor, exporter and vault."""
        return self.bundle.recipients

    def statement_of(self, role: BundledRole) -> Statement:
        """Return what *role* stated of its age recipient before the bundle was signed; raises ``KeyAccessError``."""
        return open_statement(getattr(self.bundle.statements, role), getattr(self.recipients, role), role)

    def recipient_of(self, role: BundledRole) -> str:
        """Return the age recipient that *role* stated before the bundle was signed; raises ``KeyAccessError``."""
        return self.statement_of(role).recipient

    def terms(self, language: str) -> Terms:
        """Return what a grant in *language* is given over; raises ``PolicyError`` if there is no such notice."""
        return Terms(
            notice_sha256=text_sha256(self.notice(language)),
            policy_sha256=self.policy_sha256,
            recipients_sha256=self.recipients.sha256(),
        )

    def notice(self, language: str) -> str:
        """Return the exact notice in *language*; raises ``PolicyError`` if there is none."""
        text = self.bundle.notices.get(language)
        if text is None:
            raise PolicyError(f"the organisation has no notice in the language {language}")
        return text


def sign_bundle(bundle: Bundle, admin: NoteSigner) -> str:
    """Return *bundle* as a note signed by *admin*, whose key it must name; raises ``PolicyError``."""
    if bundle.admin != admin.vkey:
        raise PolicyError("the bundle names another admin key than the one that signs it")
    _check_notices(bundle, parse_policy(bundle.policy))
    _check_roles(bundle)
    return admin.sign(bundle_text(bundle))


def claimed_admin(note: str) -> str:
    """Return the admin's verifier key that the bundle *note* names, *not yet believed*; raises ``PolicyError``."""
    try:
        return parse_bundle_text(parse_note(note).text).admin
    except FormatError:
        raise PolicyError("this is not an organisation's bundle") from None


def open_bundle(note: str, admin_vkey: str) -> Organisation:
    """Return the organisation whose bundle *note* is, signed by *admin_vkey*.

    Raises:
        PolicyError: It is signed by another key, was changed, is malformed, its notice is not the policy's, or a role's
            statement is not that role's.
    """
    try:
        bundle = parse_bundle_text(verify_note(note, admin_vkey))
    except (VerificationError, FormatError):
        raise PolicyError(
            "the organisation's bundle was changed, or is signed by another admin",
            hint="compare the admin's key with what you were told, and ask your admin for the bundle again",
        ) from None
    if bundle.admin != admin_vkey:
        raise PolicyError("the organisation's bundle names another admin key than the one that signed it")
    _check_notices(bundle, parse_policy(bundle.policy))
    return _check_roles(bundle)


def sign_grant(grant: Grant, device: NoteSigner) -> str:
    """Return *grant* as a note signed by *device*."""
    return device.sign(record_text(grant))


def open_grant(note: str, device_vkey: str) -> Grant:
    """Return the grant in *note*, signed by the device that it names, which must be *device_vkey*.

    Raises:
        ConsentError: It was changed, is malformed, or another device's.
    """
    try:
        grant = parse_record(verify_note(note, device_vkey))
    except (VerificationError, FormatError):
        raise ConsentError(
            "the grant was changed, or is another device's", hint="give it again: overt consent give"
        ) from None
    if grant.parties.device != device_vkey:
        raise ConsentError("the grant names another device than the one that signed it")
    return grant


def claimed_device(note: str) -> str:
    """Return the device's verifier key that the grant *note* names, *not yet believed*; raises ``ConsentError``."""
    try:
        return parse_record(parse_note(note).text).parties.device
    except FormatError:
        raise ConsentError("this is not a grant") from None


def sign_withdrawal(withdrawal: Withdrawal, signer: NoteSigner | None) -> str:
    """Return *withdrawal* as a note; without its key it stays unsigned, and counts all the same."""
    text = withdrawal_text(withdrawal)
    return text if signer is None else signer.sign(text)


def open_withdrawal(note: str, grant: Grant) -> Withdrawal:
    """Return the withdrawal of *grant* in *note*; raises ``ConsentError`` when it is not one."""
    try:
        signed = "\n\n" in note
        withdrawal = parse_withdrawal(verify_note(note, grant.parties.withdrawal) if signed else note)
    except (VerificationError, FormatError):
        raise ConsentError("the withdrawal was changed, or is of another grant") from None
    if withdrawal.grant != grant.id:
        raise ConsentError("the withdrawal is of another grant")
    return withdrawal


def sign_approval(approval: Approval, device: NoteSigner) -> str:
    """Return *approval* as a note signed by *device*."""
    return device.sign(approval_text(approval))


def open_approval(note: str, device_vkey: str) -> Approval:
    """Return the approval in *note*, signed by the device *device_vkey*; raises ``ConsentError`` when it is not one."""
    try:
        return parse_approval(verify_note(note, device_vkey))
    except (VerificationError, FormatError):
        raise ConsentError("the approval was changed, or is another device's") from None


def _check_roles(bundle: Bundle) -> Organisation:
    """Refuse a bundle in which a key stands for two roles, or a statement is not its role's own."""
    if bundle.recipients.exporter != bundle.admin:
        raise PolicyError("the bundle names another exporter than the admin who signs it")
    if len({getattr(bundle.recipients, role) for role in BUNDLED_ROLES}) != len(BUNDLED_ROLES):
        raise PolicyError("one key stands for two roles in the bundle", hint="each role signs with a key of its own")
    organisation = Organisation(bundle=bundle, policy=parse_policy(bundle.policy))
    try:
        for role in BUNDLED_ROLES:
            organisation.statement_of(role)
    except KeyAccessError as problem:
        raise PolicyError(f"in the bundle, {problem}", hint=problem.hint) from None
    return organisation


def _check_notices(bundle: Bundle, policy: Policy) -> None:
    """Refuse a notice that says anything else than its policy does."""
    if not bundle.notices:
        raise PolicyError("the bundle has no notice")
    for language, text in bundle.notices.items():
        if text != notice_text(policy, language):
            raise PolicyError(
                f"the notice in the language {language} does not say what the policy says",
                hint="both must be made by the same version of Overt: ask your admin for a new bundle",
            )
