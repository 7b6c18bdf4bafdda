"""A revocation: the controller ends a grant, which the subject alone can give and withdraw."""

from typing import Annotated, Literal

from pydantic import Field

from overt.consent.grant import RandomId
from overt.consent.signed import SignedText, read_signed, signed_text


class Revocation(SignedText):
    """The controller's word that the grant *grant* is over. It ends recording, and nothing that the subject did."""

    kind: Annotated[Literal["overt-revocation/1"], Field(alias="format")] = "overt-revocation/1"
    grant: RandomId


def revocation_text(revocation: Revocation) -> str:
    """Return *revocation* as the text that is signed: canonical JSON on one line, with a newline."""
    return signed_text(revocation)


def parse_revocation(text: str) -> Revocation:
    """Return the revocation that *text* states; raises ``ConsentError`` when it is not exactly one."""
    return read_signed(Revocation, text, "revocation")
