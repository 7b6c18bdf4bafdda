"""An order to destroy: the person's withdrawal of a grant, or the erasure of one episode, as others take it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from overt.consent.withdrawal import parse_withdrawal
from overt.errors import ConsentError, FormatError, VerificationError
from overt.format.note import NoteSigner, parse_note, verify_note
from overt.keys.exchange.slip import RandomId, Slip, parse_slip, second, slip_text

WHAT: Final = "the order to destroy"


class Erasure(Slip):
    """The person erases the episode *episode*, recorded under *grant*; signed by the grant's withdrawal key."""

    format: Literal["overt-erasure/1"] = "overt-erasure/1"
    episode: RandomId
    grant: RandomId


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be destroyed: everything under *grant*, or one *episode* of it. The signature is not checked yet."""

    grant: str
    episode: str | None
    note: str

    @property
    def signed(self) -> bool:
        """Whether it bears a signature at all: without its key a withdrawal has none, and counts in its own home."""
        return "\n\n" in self.note


def write_erasure(grant: str, episode: str, at: datetime, signer: NoteSigner | None) -> str:
    """Return the erasure of *episode* as a note signed by *signer*; without that key it stays unsigned."""
    text = slip_text(Erasure(at=second(at), episode=episode, grant=grant))
    return text if signer is None else signer.sign(text)


def read_order(note: str) -> Order:
    """Return the order in *note*, a withdrawal or an erasure, *not yet believed*; raises ``FormatError``."""
    try:
        text = parse_note(note).text if "\n\n" in note else note
    except FormatError:
        raise FormatError(f"{WHAT} is neither a withdrawal nor an erasure") from None
    try:
        return Order(grant=parse_withdrawal(text).grant, episode=None, note=note)
    except ConsentError:
        pass
    try:
        erasure = parse_slip(text, Erasure, WHAT)
    except FormatError:
        raise FormatError(f"{WHAT} is neither a withdrawal nor an erasure") from None
    return Order(grant=erasure.grant, episode=erasure.episode, note=note)


def check_order(order: Order, key: str | None, *, unsigned: bool) -> None:
    """Confirm that *order* is signed by *key*, its grant's withdrawal key, if that is known.

    With *unsigned* somebody has asked the person, and what cannot be checked counts.

    Raises:
        VerificationError: It is signed by another key or by none, or nobody knows the grant that it is about.
    """
    if unsigned and (key is None or not order.signed):
        return
    if not order.signed:
        raise VerificationError(
            f"{WHAT} is not signed", hint="ask the person whether it is theirs, and then add --unsigned"
        )
    if key is None:
        raise VerificationError(
            f"{WHAT} is about a grant that is not known here",
            hint="ask the person whether it is theirs, and then add --unsigned",
        )
    try:
        verify_note(order.note, key)
    except (VerificationError, FormatError):
        raise VerificationError(f"{WHAT} was changed, or is signed by another key than the grant's") from None
