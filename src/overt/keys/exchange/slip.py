"""A slip: one line of canonical JSON, signed, that somebody hands to somebody else."""

import hashlib
from datetime import datetime
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from overt.consent.instants import instant_text, read_instant, whole_seconds
from overt.errors import FormatError, VerificationError
from overt.format.note import NoteSigner, parse_note, verify_note
from overt.policy.canonical import canonical_json, read_canonical

RandomId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
MAX_EPISODES: Final = 2_000
"""How many episodes one file is about: more are another file."""

_Slip = TypeVar("_Slip", bound="Slip")


class Facts(BaseModel):
    """What a slip is made of: strict, and nothing that it does not know."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Slip(Facts):
    """What every slip says: which *format* it is, and *at* what second, by the clock of whoever signed it."""

    format: str
    at: str

    @model_validator(mode="after")
    def _at_a_second(self) -> "Slip":
        try:
            read_instant(self.at)
        except FormatError as problem:
            raise ValueError(str(problem)) from None
        return self

    @property
    def instant(self) -> datetime:
        """When it was signed."""
        return read_instant(self.at)


class OneEpisode(Facts):
    """One episode, and the grant that it stands on."""

    grant: RandomId
    id: RandomId


class Refused(OneEpisode):
    """One episode that was left out, and why, in a word."""

    reason: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


def second(at: datetime) -> str:
    """Return the instant *at* (aware) as a slip writes it."""
    return instant_text(whole_seconds(at))


def sign_slip(slip: Slip, signer: NoteSigner) -> str:
    """Return *slip* as a note signed by *signer*."""
    return signer.sign(slip_text(slip))


def slip_text(slip: Slip) -> str:
    """Return the text of *slip* that is signed: canonical JSON on one line, with a newline."""
    return canonical_json(slip.model_dump(mode="json")) + "\n"


def open_slip(note: str, vkey: str, kind: type[_Slip], what: str) -> _Slip:
    """Return the slip of *kind* in *note*, signed by *vkey* alone; *what* names it in a message.

    Raises:
        VerificationError: It is signed by another key, or was changed.
        FormatError: It is not such a slip.
    """
    try:
        text = verify_note(note, vkey)
    except VerificationError:
        raise VerificationError(f"{what} was changed, or is signed by another key") from None
    except FormatError:
        raise FormatError(f"{what} is not a signed note") from None
    return parse_slip(text, kind, what)


def claimed_slip(note: str, kind: type[_Slip], what: str) -> _Slip:
    """Return the slip in *note*, *not yet believed*; raises ``FormatError``."""
    try:
        return parse_slip(parse_note(note).text, kind, what)
    except FormatError:
        raise FormatError(f"{what} is malformed, or another kind of file") from None


def note_sha256(note: str) -> str:
    """Return the hash by which *note* is named."""
    return hashlib.sha256(note.encode()).hexdigest()


def check_episodes(episodes: tuple[OneEpisode, ...]) -> None:
    """Raise ``ValueError`` unless *episodes* are sorted, and none is named twice."""
    ids = [each.id for each in episodes]
    if ids != sorted(set(ids)):
        raise ValueError("episodes are not sorted, or one is named twice")


def parse_slip(text: str, kind: type[_Slip], what: str) -> _Slip:
    """Return the slip that the *text* of a note states; raises ``FormatError``."""
    read_canonical(text.removesuffix("\n"), what)
    try:
        return kind.model_validate_json(text)
    except ValidationError:
        raise FormatError(f"{what} is malformed, or another kind of file") from None
