"""A withdrawal: the subject takes a grant back, without a reason."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from overt.consent.grant import RandomId
from overt.consent.instants import instant_text, read_instant
from overt.errors import ConsentError, FormatError
from overt.policy.canonical import canonical_json, read_canonical


class Withdrawal(BaseModel):
    """The withdrawal of the grant *grant*, written at *at* by the clock of the machine. It is effective at once."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    kind: Annotated[Literal["overt-withdrawal/1"], Field(alias="format")] = "overt-withdrawal/1"
    grant: RandomId
    at: AwareDatetime


def withdrawal_text(withdrawal: Withdrawal) -> str:
    """Return *withdrawal* as the text that is signed: canonical JSON on one line, with a newline."""
    document = {"at": instant_text(withdrawal.at), "format": withdrawal.kind, "grant": withdrawal.grant}
    return canonical_json({**document}) + "\n"


def parse_withdrawal(text: str) -> Withdrawal:
    """Return the withdrawal that *text* states.

    Raises:
        ConsentError: *text* is not exactly the text of a withdrawal.
    """
    try:
        document = read_canonical(text.removesuffix("\n"), "the withdrawal")
        withdrawal = Withdrawal.model_validate({**document, "at": read_instant(str(document.get("at")))})
    except (FormatError, ValidationError):
        raise ConsentError("the withdrawal is malformed") from None
    if withdrawal_text(withdrawal) != text:
        raise ConsentError("the withdrawal says something that no withdrawal of ours says")
    return withdrawal
