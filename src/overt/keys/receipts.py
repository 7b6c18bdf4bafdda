"""Check a receipt with nothing at hand: its signatures, its notice, and who signed."""

from dataclasses import dataclass

from overt.consent.countersignature import Countersignature
from overt.consent.grant import Grant
from overt.consent.receipt import Receipt, parse_receipt
from overt.errors import ConsentError
from overt.keys.countersign import open_countersignature
from overt.keys.sign import claimed_device, open_grant
from overt.policy.document import text_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedReceipt:
    """A receipt that holds: *grant* is signed by the device it names, over exactly the notice in the *receipt*.

    That the device is a certain person's, and the controller's key a certain organisation's, is not for a receipt to
    prove: compare ``grant.parties.device`` and ``grant.parties.controller_key`` with what you know.
    """

    receipt: Receipt
    grant: Grant
    countersignature: Countersignature | None


def open_receipt(text: str) -> CheckedReceipt:
    """Return the receipt that *text* is, its signatures checked.

    Raises:
        ConsentError: It is malformed, a signature is wrong, or it holds another notice than was agreed to.
    """
    receipt = parse_receipt(text)
    grant = open_grant(receipt.signed_record, claimed_device(receipt.signed_record))
    if text_sha256(receipt.notice) != grant.terms.notice_sha256:
        raise ConsentError("the receipt holds another notice than the consent was given over")
    note = receipt.countersignature
    return CheckedReceipt(
        receipt=receipt,
        grant=grant,
        countersignature=None if note is None else open_countersignature(note, grant),
    )
