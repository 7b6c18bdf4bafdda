"""Offers and vouchers in the controller's home: signed, and redeemed once."""

import secrets
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Final

from overt.consent.incentive import (
    IncentiveLedger,
    Offer,
    Voucher,
    make_offer,
    make_voucher,
    offer_text,
    parse_offer,
    parse_voucher,
    redeem,
    voucher_text,
)
from overt.consent.instants import whole_seconds
from overt.errors import ConsentError, FormatError, UsageError, VerificationError
from overt.format.note import verify_note
from overt.keys.consent_files import load_organisation, read_text
from overt.keys.identities import load_signer
from overt.keys.passphrase import PassphraseSource
from overt.policy.document import text_sha256
from overt.store import files
from overt.store.home import Home

MOST: Final = 10_000
_PLACE: Final = "incentive"
_OFFER: Final = "offer.note"
_REDEEMED: Final = "redeemed"


def offer_vouchers(
    admin: Home, begins_on: date, people: int, passphrases: PassphraseSource, at: datetime
) -> tuple[Offer, str, tuple[str, ...]]:
    """Return the offer of *admin*'s policy for a window, its note, and the notes of a voucher for each of *people*.

    The offer is kept in *admin*'s home, the vouchers are not.

    Raises:
        PolicyError: No policy was signed, or it offers nothing.
        UsageError: *people* is not 1 to ``MOST``.
        KeyAccessError: The controller's key stays locked.
        StorageError: The disk refused.
    """
    if not 1 <= people <= MOST:
        raise UsageError(f"an offer is made to 1 to {MOST} people")
    organisation = load_organisation(admin)
    offer = make_offer(organisation.policy, organisation.policy_sha256, begins_on, whole_seconds(at))
    signer = load_signer(admin, passphrases)
    note = signer.sign(offer_text(offer))
    ids = sorted({secrets.token_hex(16) for _ in range(people)})
    vouchers = tuple(signer.sign(voucher_text(make_voucher(offer, each))) for each in ids)
    files.replace(files.ensure_directory(_place(admin, text_sha256(offer_text(offer)))), _OFFER, note.encode())
    return offer, note, vouchers


def open_voucher(admin: Home, note: str) -> Voucher:
    """Return the voucher in *note*, which *admin*'s own key signed.

    Raises:
        ConsentError: It is no voucher.
        VerificationError: It was changed, or is another organisation's.
    """
    try:
        return parse_voucher(verify_note(note, load_organisation(admin).bundle.admin))
    except FormatError:
        raise ConsentError("this is no voucher") from None
    except VerificationError:
        raise VerificationError("the voucher was changed, or is another organisation's") from None


def redeem_voucher(admin: Home, note: str) -> tuple[Offer, bool]:
    """Redeem the voucher in *note*; return its offer, and whether it was redeemed for the first time.

    What is kept is the voucher, and neither who brought it nor when.

    Raises:
        ConsentError: It is no voucher.
        VerificationError: It was changed, or is another organisation's.
        UsageError: It is of an offer that was not made in this home.
        StorageError: The disk refused.
    """
    voucher = open_voucher(admin, note)
    place = _place(admin, voucher.offer)
    if not (place / _OFFER).exists():
        raise UsageError("the voucher is of an offer that was not made here", hint="name the home with --home")
    ledger = _ledger(admin, place)
    after = redeem(ledger, voucher)
    if after == ledger:
        return ledger.offer, False
    files.replace(files.ensure_directory(place / _REDEEMED), f"{voucher.voucher}.note", note.encode())
    return ledger.offer, True


def ledgers(admin: Home) -> Iterator[IncentiveLedger]:
    """Yield the ledger of each offer that was made in *admin*'s home, in the order of their windows.

    Raises:
        ConsentError: One of them was changed.
    """
    places = sorted((admin.path / _PLACE).glob(f"*/{_OFFER}"))
    found = [_ledger(admin, place.parent) for place in places]
    yield from sorted(found, key=lambda ledger: (ledger.offer.begins_on, ledger.offer.at))


def _ledger(admin: Home, place: Path) -> IncentiveLedger:
    vkey = load_organisation(admin).bundle.admin
    try:
        offer = parse_offer(verify_note(read_text(place / _OFFER), vkey))
    except (VerificationError, FormatError):
        raise ConsentError("an offer in the home was changed") from None
    redeemed = place / _REDEEMED
    names = files.names(redeemed) if redeemed.is_dir() else []
    return IncentiveLedger(offer=offer, redeemed=frozenset(name.removesuffix(".note") for name in names))


def _place(admin: Home, offer_sha256: str) -> Path:
    return admin.path / _PLACE / offer_sha256
