"""A receipt: the record of a grant with everything that is needed to check it, as DPV's ``ConsentReceipt``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from overt.consent.fields import text
from overt.consent.instants import instant_text, read_instant
from overt.consent.record import parse_record, record_of
from overt.consent.vocabulary import CONSENT_RECEIPT, CONTEXT
from overt.errors import ConsentError, FormatError
from overt.policy.canonical import JsonValue, canonical_json, read_canonical

MAX_RECEIPT_CHARACTERS: Final = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a receipt holds; nothing of it is believed yet.

    Attributes:
        created: When it was made, UTC in whole seconds.
        signed_record: The grant's note, signed by the person's device.
        notice: The exact notice that the grant was given over.
        countersignature: The controller's note, if there is one.
    """

    created: datetime
    signed_record: str
    notice: str
    countersignature: str | None = None

    @property
    def record(self) -> str:
        """The text that the signed record says it signs, with its newline."""
        return self.signed_record.partition("\n")[0] + "\n"


def receipt_text(receipt: Receipt) -> str:
    """Return *receipt* as canonical JSON-LD on one line, with a newline; raises ``ConsentError``."""
    grant = parse_record(receipt.record)
    countersigned: dict[str, JsonValue] = (
        {} if receipt.countersignature is None else {"rec:countersignature": receipt.countersignature}
    )
    document: dict[str, JsonValue] = {
        "@context": CONTEXT,
        "@id": f"urn:overt:receipt:{grant.id}",
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": CONSENT_RECEIPT,
        "dct:created": instant_text(receipt.created),
        "dct:identifier": f"receipt-{grant.id}",
        "dpv:hasIdentifier": f"receipt-{grant.id}",
        "dpv:hasRecordOfActivity": [record_of(grant)],
        "rec:notice": receipt.notice,
        "rec:signedRecord": receipt.signed_record,
    }
    return canonical_json(document | countersigned) + "\n"


def parse_receipt(document: str) -> Receipt:
    """Return the receipt that *document* is. Its signatures are checked elsewhere.

    Raises:
        ConsentError: *document* is not exactly the text of a receipt.
    """
    if len(document) > MAX_RECEIPT_CHARACTERS:
        raise ConsentError(f"the receipt is longer than {MAX_RECEIPT_CHARACTERS} characters")
    try:
        receipt = _receipt(document)
    except (FormatError, KeyError, TypeError, IndexError):
        raise ConsentError("this is not a receipt of ours") from None
    if receipt_text(receipt) != document:
        raise ConsentError("the receipt says something that no receipt of ours says")
    return receipt


def _receipt(document: str) -> Receipt:
    found = read_canonical(document.removesuffix("\n"), "the receipt")
    return Receipt(
        created=read_instant(text(found, "dct:created")),
        signed_record=text(found, "rec:signedRecord"),
        notice=text(found, "rec:notice"),
        countersignature=text(found, "rec:countersignature") if "rec:countersignature" in found else None,
    )
