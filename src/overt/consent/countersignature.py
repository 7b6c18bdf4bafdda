"""A countersignature: the controller has received a grant, and stands by what it promises."""

from typing import Annotated, Literal

from pydantic import Field

from overt.consent.grant import RandomId, Sha256
from overt.consent.signed import SignedText, read_signed, signed_text


class Countersignature(SignedText):
    """The controller's word on the grant *grant*, whose record has the hash *record*. It binds the controller alone."""

    kind: Annotated[Literal["overt-countersignature/1"], Field(alias="format")] = "overt-countersignature/1"
    grant: RandomId
    record: Sha256


def countersignature_text(countersignature: Countersignature) -> str:
    """Return *countersignature* as the text that is signed: canonical JSON on one line, with a newline."""
    return signed_text(countersignature)


def parse_countersignature(text: str) -> Countersignature:
    """Return the countersignature that *text* states; raises ``ConsentError`` when it is not exactly one."""
    return read_signed(Countersignature, text, "countersignature")
