"""A withdrawal: the subject takes a grant back, without a reason."""

from typing import Annotated, Literal

from pydantic import Field

from overt.consent.grant import RandomId
from overt.consent.signed import SignedText, read_signed, signed_text


class Withdrawal(SignedText):
    """The withdrawal of the grant *grant*, written at *at* by the clock of the machine. It is effective at once."""

    kind: Annotated[Literal["overt-withdrawal/1"], Field(alias="format")] = "overt-withdrawal/1"
    grant: RandomId


def withdrawal_text(withdrawal: Withdrawal) -> str:
    """Return *withdrawal* as the text that is signed: canonical JSON on one line, with a newline."""
    return signed_text(withdrawal)


def parse_withdrawal(text: str) -> Withdrawal:
    """Return the withdrawal that *text* states; raises ``ConsentError`` when it is not exactly one."""
    return read_signed(Withdrawal, text, "withdrawal")
