"""Asking for the deletion of what was exported, by a handle that says nothing about who asks."""

import hashlib
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from overt.consent.grant import RandomId
from overt.errors import ConsentError, FormatError
from overt.policy.canonical import canonical_json, read_canonical


class DeletionRequest(BaseModel):
    """Whoever knows the secret *handles*, sorted, asks that everything be deleted that was recorded under them.

    No name, no key, no grant and no time is in it. Knowing a handle is the proof: a data set holds tags, from which no
    handle can be told.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    format: Literal["overt-deletion/1"] = "overt-deletion/1"
    handles: Annotated[tuple[RandomId, ...], Field(min_length=1, max_length=10_000)]

    @field_validator("handles")
    @classmethod
    def _sorted(cls, handles: tuple[str, ...]) -> tuple[str, ...]:
        if list(handles) != sorted(set(handles)):
            raise ValueError("not sorted, or twice")
        return handles


def deletion_tag(handle: str, episode_id: str) -> str:
    """Return the tag that an export puts on *episode_id*, recorded under the grant with the secret *handle*.

    Tags of one handle have nothing in common that anybody could see without it.
    """
    return hashlib.sha256(f"overt-deletion-tag/1\n{handle}\n{episode_id}\n".encode()).hexdigest()


def request_text(request: DeletionRequest) -> str:
    """Return *request* as its file: canonical JSON on one line, with a newline."""
    return canonical_json(request.model_dump(mode="json")) + "\n"


def parse_request(text: str) -> DeletionRequest:
    """Return the request that *text* is.

    Raises:
        ConsentError: *text* is not exactly one.
    """
    try:
        read_canonical(text.removesuffix("\n"), "the request to delete")
        request = DeletionRequest.model_validate_json(text)
    except (FormatError, ValidationError):
        raise ConsentError("the request to delete is malformed") from None
    if request_text(request) != text:
        raise ConsentError("the request to delete says something that no request of ours says")
    return request
