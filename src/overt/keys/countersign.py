"""What a controller signs about one grant: that it was received and stands, or that it is over."""

from overt.consent.countersignature import Countersignature, countersignature_text, parse_countersignature
from overt.consent.grant import Grant
from overt.consent.record import record_text
from overt.consent.revocation import Revocation, parse_revocation, revocation_text
from overt.errors import ConsentError, FormatError, VerificationError
from overt.format.note import NoteSigner, verify_note
from overt.policy.document import text_sha256


def sign_countersignature(countersignature: Countersignature, controller: NoteSigner) -> str:
    """Return *countersignature* as a note signed by *controller*."""
    return controller.sign(countersignature_text(countersignature))


def open_countersignature(note: str, grant: Grant) -> Countersignature:
    """Return the countersignature of *grant* in *note*, signed by the controller's key that the grant names.

    Raises:
        ConsentError: It was changed, is by another key, or of another grant.
    """
    try:
        countersignature = parse_countersignature(verify_note(note, grant.parties.controller_key))
    except (VerificationError, FormatError):
        raise ConsentError("the countersignature was changed, or is by another controller") from None
    if (countersignature.grant, countersignature.record) != (grant.id, text_sha256(record_text(grant))):
        raise ConsentError("the countersignature is of another grant")
    return countersignature


def sign_revocation(revocation: Revocation, controller: NoteSigner) -> str:
    """Return *revocation* as a note signed by *controller*."""
    return controller.sign(revocation_text(revocation))


def open_revocation(note: str, grant: Grant) -> Revocation:
    """Return the revocation of *grant* in *note*, signed by the controller's key that the grant names.

    Raises:
        ConsentError: It was changed, is by another key, or of another grant.
    """
    try:
        revocation = parse_revocation(verify_note(note, grant.parties.controller_key))
    except (VerificationError, FormatError):
        raise ConsentError("the revocation was changed, or is by another controller") from None
    if revocation.grant != grant.id:
        raise ConsentError("the revocation is of another grant")
    return revocation
