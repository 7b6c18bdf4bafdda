"""An approval: the subject has reviewed one episode, exactly as it is, and lets it be handed over."""

from typing import Annotated, Literal

from pydantic import Field

from overt.consent.grant import RandomId, Sha256
from overt.consent.signed import SignedText, read_signed, signed_text


class Approval(SignedText):
    """Approval of the episode *episode* with the Merkle root *root* over *size* bytes, recorded under *grant*."""

    kind: Annotated[Literal["overt-approval/1"], Field(alias="format")] = "overt-approval/1"
    episode: RandomId
    grant: RandomId
    root: Sha256
    size: Annotated[int, Field(ge=1)]


def approval_text(approval: Approval) -> str:
    """Return *approval* as the text that is signed: canonical JSON on one line, with a newline."""
    return signed_text(approval)


def parse_approval(text: str) -> Approval:
    """Return the approval that *text* states; raises ``ConsentError`` when it is not exactly one."""
    return read_signed(Approval, text, "approval")
