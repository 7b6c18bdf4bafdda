"""An approval: the subject has reviewed one episode, exactly as it is, and lets it be handed over."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from overt.consent.grant import RandomId, Sha256
from overt.consent.instants import instant_text, read_instant
from overt.errors import ConsentError, FormatError
from overt.policy.canonical import canonical_json, read_canonical


class Approval(BaseModel):
    """Approval of the episode *episode* with the Merkle root *root* over *size* bytes, recorded under *grant*."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    kind: Annotated[Literal["overt-approval/1"], Field(alias="format")] = "overt-approval/1"
    episode: RandomId
    grant: RandomId
    root: Sha256
    size: Annotated[int, Field(ge=1)]
    at: AwareDatetime


def approval_text(approval: Approval) -> str:
    """Return *approval* as the text that is signed: canonical JSON on one line, with a newline."""
    facts = approval.model_dump(mode="json", by_alias=True)
    return canonical_json({**facts, "at": instant_text(approval.at)}) + "\n"


def parse_approval(text: str) -> Approval:
    """Return the approval that *text* states.

    Raises:
        ConsentError: *text* is not exactly the text of an approval.
    """
    try:
        document = read_canonical(text.removesuffix("\n"), "the approval")
        approval = Approval.model_validate({**document, "at": read_instant(str(document.get("at")))})
    except (FormatError, ValidationError):
        raise ConsentError("the approval is malformed") from None
    if approval_text(approval) != text:
        raise ConsentError("the approval says something that no approval of ours says")
    return approval
