"""The controller's acts on one grant: countersign it, or end it. Neither keeps anything in the controller's home."""

from dataclasses import replace
from datetime import datetime

from overt.consent.countersignature import Countersignature
from overt.consent.fit import misfits
from overt.consent.grant import Grant
from overt.consent.instants import whole_seconds
from overt.consent.receipt import receipt_text
from overt.consent.record import record_text
from overt.consent.revocation import Revocation
from overt.consent.status import Circumstances, ConsentStatus, status
from overt.errors import ConsentError, OvertError
from overt.keys.consent_files import load_organisation
from overt.keys.countersign import sign_countersignature, sign_revocation
from overt.keys.identities import load_signer
from overt.keys.passphrase import PassphraseSource, no_passphrase
from overt.keys.receipts import open_receipt
from overt.keys.sign import Organisation
from overt.policy.document import text_sha256
from overt.store.home import Home, Role, open_home


def countersign(admin: Home, text: str, passphrases: PassphraseSource, at: datetime) -> str:
    """Return the receipt *text* with the countersignature of *admin*, the controller, as of *at* (aware).

    Raises:
        ConsentError: It is no receipt, of a grant over another offer than the one in force, or one that is over.
        PolicyError: The controller has signed no policy.
        KeyAccessError: The controller's key is missing or stays locked.
    """
    checked = open_receipt(text)
    _check_offer(checked.grant, load_organisation(admin), at)
    word = Countersignature(
        at=whole_seconds(at), grant=checked.grant.id, record=text_sha256(record_text(checked.grant))
    )
    note = sign_countersignature(word, load_signer(admin, passphrases))
    return receipt_text(replace(checked.receipt, countersignature=note))


def revoke(admin: Home, text: str, passphrases: PassphraseSource, at: datetime) -> tuple[Grant, str]:
    """Return the grant in the receipt *text*, and the note with which *admin*, the controller, ends it at *at*.

    Raises:
        ConsentError: It is no receipt, or of another organisation's grant.
        KeyAccessError: The controller's key is missing or stays locked.
    """
    grant = open_receipt(text).grant
    _check_controller(grant, load_organisation(admin))
    word = Revocation(at=whole_seconds(at), grant=grant.id)
    return grant, sign_revocation(word, load_signer(admin, passphrases))


def countersigned_at_once(employee: Home, text: str, at: datetime) -> str | None:
    """Return the receipt *text* countersigned by the admin whose trial home lies beside *employee*'s, if one does.

    In a trial one person plays all the parts, and their keys lie open. Nothing hangs on it, so nothing is raised.
    """
    if not employee.trial:
        return None
    try:
        return countersign(open_home(employee.path.parent, Role.ADMIN), text, no_passphrase, at)
    except OvertError:
        return None


def _check_controller(grant: Grant, organisation: Organisation) -> None:
    if grant.parties.controller_key != organisation.bundle.admin:
        raise ConsentError("the consent was given to another organisation")


def _check_offer(grant: Grant, organisation: Organisation, at: datetime) -> None:
    _check_controller(grant, organisation)
    circumstances = Circumstances(terms=organisation.terms(grant.language))
    found = status(grant, (), at, circumstances)
    if found is ConsentStatus.EXPIRED:
        raise ConsentError("the consent has expired")
    if found is ConsentStatus.INVALIDATED:
        raise ConsentError("the consent was given over another notice or policy than the one in force")
    problems = misfits(grant, organisation.policy)
    if problems:
        raise ConsentError(f"the consent does not fit the policy: {'; '.join(problems)}")
