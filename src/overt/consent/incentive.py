"""What is given for taking part: one flat amount for a window of days, the same for everyone, for the alternative too.

A voucher goes to everybody who is asked, before anybody answers. It names its offer and nothing else: no person, no
grant, no volume, and not whether its bearer was recorded or did the alternative. So nobody who pays can tell, and there
is nothing that a withdrawal could take back.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from overt.consent.grant import RandomId, Sha256
from overt.consent.signed import SignedText, read_signed, signed_text
from overt.errors import ConsentError, FormatError, PolicyError, UsageError
from overt.policy.canonical import canonical_json, read_canonical
from overt.policy.document import Policy, text_sha256
from overt.policy.tables import Currency, Name

_Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Offer(SignedText):
    """The terms for a window of *window_days* from the day *begins_on*, as the policy with the hash *policy* has them.

    *amount_minor* is in the smallest unit of *currency*, for each voucher. *alternative* is what earns the same amount
    without being recorded. *value_estimate* and *value_method* are what the law of some places asks for.
    """

    kind: Annotated[Literal["overt-offer/1"], Field(alias="format")] = "overt-offer/1"
    alternative: Name
    amount_minor: Annotated[int, Field(ge=1, le=1_000_000)]
    begins_on: _Day
    currency: Currency
    policy: Sha256
    value_estimate: Name | None = None
    value_method: Name | None = None
    window_days: Annotated[int, Field(ge=1, le=366)]


class Voucher(BaseModel):
    """One share in the offer with the hash *offer*; *voucher* is random, and all that tells it from the others."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    format: Literal["overt-voucher/1"] = "overt-voucher/1"
    offer: Sha256
    voucher: RandomId


@dataclass(frozen=True, slots=True, kw_only=True)
class IncentiveLedger:
    """Which vouchers of *offer* were *redeemed*. It only grows, and each is worth the same sum."""

    offer: Offer
    redeemed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """How many vouchers were redeemed, and what they come to in the smallest unit of the currency."""

    vouchers: int
    total_minor: int


def make_offer(policy: Policy, policy_sha256: str, begins_on: date, at: datetime) -> Offer:
    """Return the offer that *policy* makes for the window from *begins_on*, as of *at* (aware, whole seconds).

    Raises:
        PolicyError: The policy offers nothing.
    """
    incentive = policy.incentive
    if incentive is None:
        raise PolicyError("the policy offers nothing for taking part", hint="add [incentive] to it, and sign it again")
    return Offer(at=at, policy=policy_sha256, begins_on=begins_on.isoformat(), **incentive.model_dump(mode="json"))


def offer_text(offer: Offer) -> str:
    """Return *offer* as the text that is signed: canonical JSON on one line, with a newline."""
    return signed_text(offer)


def parse_offer(text: str) -> Offer:
    """Return the offer that *text* states; raises ``ConsentError`` when it is not exactly one."""
    return read_signed(Offer, text, "offer")


def make_voucher(offer: Offer, voucher: str) -> Voucher:
    """Return the voucher of *offer* with the random id *voucher*."""
    return Voucher(offer=text_sha256(offer_text(offer)), voucher=voucher)


def voucher_text(voucher: Voucher) -> str:
    """Return *voucher* as the text that is signed: canonical JSON on one line, with a newline."""
    return canonical_json(voucher.model_dump(mode="json")) + "\n"


def parse_voucher(text: str) -> Voucher:
    """Return the voucher that *text* states; raises ``ConsentError`` when it is not exactly one."""
    try:
        read_canonical(text.removesuffix("\n"), "the voucher")
        voucher = Voucher.model_validate_json(text)
    except (FormatError, ValidationError):
        raise ConsentError("the voucher is malformed") from None
    if voucher_text(voucher) != text:
        raise ConsentError("the voucher says something that no voucher of ours says")
    return voucher


def redeem(ledger: IncentiveLedger, voucher: Voucher) -> IncentiveLedger:
    """Return *ledger* with *voucher* redeemed; doing it again changes nothing.

    Raises:
        UsageError: The voucher is of another offer.
    """
    if voucher.offer != text_sha256(offer_text(ledger.offer)):
        raise UsageError("the voucher is of another offer")
    return replace(ledger, redeemed=ledger.redeemed | {voucher.voucher})


def paid(ledger: IncentiveLedger, floor: int) -> Paid | None:
    """Return what *ledger* comes to, or ``None`` while fewer than *floor* vouchers were redeemed: a few are persons."""
    count = len(ledger.redeemed)
    return None if count < floor else Paid(vouchers=count, total_minor=count * ledger.offer.amount_minor)
