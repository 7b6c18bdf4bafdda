"""The small texts that people sign: one canonical line each, and nothing else says the same."""

from typing import TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from overt.consent.instants import instant_text, read_instant
from overt.errors import ConsentError, FormatError
from overt.policy.canonical import canonical_json, read_canonical


class SignedText(BaseModel):
    """What somebody signs at the instant *at*, by the clock of their machine; each kind has a ``format`` of its own."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    at: AwareDatetime


_Kind = TypeVar("_Kind", bound=SignedText)


def signed_text(said: SignedText) -> str:
    """Return *said* as the text that is signed: canonical JSON on one line, with a newline."""
    facts = said.model_dump(mode="json", by_alias=True)
    return canonical_json({**facts, "at": instant_text(said.at)}) + "\n"


def read_signed(kind: type[_Kind], text: str, what: str) -> _Kind:
    """Return the *kind* of text that *text* is; *what* names it in a message.

    Raises:
        ConsentError: *text* is not exactly such a text.
    """
    try:
        document = read_canonical(text.removesuffix("\n"), f"the {what}")
        said = kind.model_validate({**document, "at": read_instant(str(document.get("at")))})
    except (FormatError, ValidationError):
        raise ConsentError(f"the {what} is malformed") from None
    if signed_text(said) != text:
        raise ConsentError(f"the {what} says something that no {what} of ours says")
    return said
