"""A receipt: what was agreed to, for the person to keep; it can be checked without Overt and without a server."""

from datetime import datetime

from overt.consent.grant import Grant
from overt.consent.instants import whole_seconds
from overt.consent.receipt import Receipt, receipt_text
from overt.errors import ConsentError
from overt.keys.consent_files import countersignature_path, load_countersignature, load_grants, read_text, withdrawn
from overt.keys.countersign import open_revocation
from overt.keys.receipts import open_receipt
from overt.store import files
from overt.store.home import Home


def receipt(home: Home) -> dict[str, str]:
    """Return the newest grant's signed note, the exact notice, and the keys that verify the notes.

    ``countersignature`` is the controller's note, and is empty while there is none.

    Raises:
        ConsentError: No consent was ever given here, or its files were changed.
    """
    grant = _newest(home)
    kept = _gathered(home, grant, grant.given_at)
    return {
        "format": "overt-receipt/1",
        "grant": kept.signed_record,
        "notice": kept.notice,
        "verify_with": grant.parties.device,
        "countersignature": kept.countersignature or "",
        "countersigned_by": grant.parties.controller_key,
    }


def receipt_file(home: Home, at: datetime) -> str:
    """Return the receipt of the newest grant as a file to keep or to hand over, made at *at* (aware).

    Raises:
        ConsentError: No consent was ever given here, or its files were changed.
    """
    return receipt_text(_gathered(home, _newest(home), whole_seconds(at)))


def accept(home: Home, text: str) -> Grant:
    """Keep the countersignature in the receipt *text*, which the controller sent back, and return its grant.

    It changes nothing about what may be recorded. Repeating it changes nothing.

    Raises:
        ConsentError: It is no receipt of a grant in *home*, or the controller has not countersigned it.
        StorageError: The disk refused.
    """
    checked = open_receipt(text)
    if checked.grant not in load_grants(home):
        raise ConsentError("the receipt is of a consent that was not given here")
    if checked.countersignature is None or checked.receipt.countersignature is None:
        raise ConsentError("the receipt is not countersigned", hint="the admin does it: overt consent countersign FILE")
    place = countersignature_path(home, checked.grant.id)
    files.replace(files.ensure_directory(place.parent), place.name, checked.receipt.countersignature.encode())
    return checked.grant


def accept_revocation(home: Home, note: str) -> Grant:
    """Keep the controller's revocation *note* where it ends its grant, and return that grant.

    A grant that is withdrawn already stays withdrawn. Nothing is destroyed: what was recorded stays the person's.

    Raises:
        ConsentError: It is no revocation of a grant in *home*.
        StorageError: The disk refused.
    """
    grant = _revoked(home, note)
    if not withdrawn(home, grant.id):
        files.create_exclusive(home.withdrawals_directory, f"{grant.id}.note", note.encode())
    return grant


def _revoked(home: Home, note: str) -> Grant:
    for grant in load_grants(home):
        try:
            open_revocation(note, grant)
        except ConsentError:
            continue
        return grant
    raise ConsentError("this is neither a countersigned receipt nor a revocation of a consent that was given here")


def _newest(home: Home) -> Grant:
    grants = load_grants(home)
    if not grants:
        raise ConsentError("there is no consent to give a receipt for", hint="overt consent status")
    return grants[-1]


def _gathered(home: Home, grant: Grant, created: datetime) -> Receipt:
    try:
        return Receipt(
            created=created,
            signed_record=read_text(home.grants_directory / f"{grant.id}.note"),
            notice=read_text(home.notices_directory / f"{grant.terms.notice_sha256}.txt"),
            countersignature=_countersignature(home, grant),
        )
    except FileNotFoundError:
        raise ConsentError("the notice that the consent was given over is missing") from None


def _countersignature(home: Home, grant: Grant) -> str | None:
    held = load_countersignature(home, grant)
    return None if held is None else read_text(countersignature_path(home, grant.id))
