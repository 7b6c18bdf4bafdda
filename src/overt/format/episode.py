"""The grammar of an episode: its members' names, its two JSON members, its origin and the note that opens it."""

import hashlib
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from overt.errors import FormatError
from overt.events.verdict import EndReason
from overt.format import note
from overt.policy.canonical import canonical_json, read_canonical

EPISODE: Final = "episode.json"
OPENING: Final = "open.note"
CLOSING: Final = "close.json"
MAX_GROUPS: Final = 10**8

SectionName = Literal["m", "c"]
"""``m`` is metadata, ``c`` is content."""
SECTIONS: Final[tuple[SectionName, SectionName]] = ("m", "c")

RandomId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
# Checked by its looks alone: whoever opens a segment compares the whole text with that of the identity at hand.
Recipient = Annotated[str, StringConstraints(pattern=r"^age1pq1[02-9ac-hj-np-z]{1952}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Member(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    def render(self) -> bytes:
        """Return the canonical bytes of this member."""
        return canonical_json(self.model_dump(mode="json")).encode()

    @classmethod
    def checked(cls, **values: object) -> Self:
        """Make the member from *values*.

        Raises:
            FormatError: a value is malformed.
        """
        try:
            return cls.model_validate(values)
        except ValidationError:
            raise FormatError(f"a value for the member {cls.__name__} is malformed") from None

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the member from its bytes.

        Raises:
            FormatError: they are not the canonical form of such a member.
        """
        what = f"the member {cls.__name__}"
        try:
            text = data.decode()
            read_canonical(text, what)
            return cls.model_validate_json(text)
        except (UnicodeDecodeError, ValidationError):
            raise FormatError(f"{what} is malformed") from None


class Sections(_Member):
    """The recipients of the two section identities."""

    c: Recipient
    m: Recipient

    def recipient(self, section: SectionName) -> str:
        """Return the recipient of *section*."""
        return self.m if section == "m" else self.c


class EpisodeHeader(_Member):
    """``episode.json``: what an episode says of itself without any key. It holds no name, address or title."""

    format: Literal["episode/1"] = "episode/1"
    grant: RandomId
    id: RandomId
    policy: Sha256
    sections: Sections
    trial: bool
    vkey: str

    @property
    def device(self) -> str:
        """The name of the device key that vouches for this episode."""
        return self.origin.removesuffix(f"/ep/{self.id}")

    @property
    def origin(self) -> str:
        """The name of the episode key, which is the origin of its checkpoints."""
        return note.VerifierKey.parse(self.vkey).name

    def opening_text(self) -> str:
        """Return the text that the device signs in ``open.note``."""
        return f"{self.device}/episode-open\n{self.id}\n{hashlib.sha256(self.render()).hexdigest()}\n"

    @model_validator(mode="after")
    def _named_after_device_and_id(self) -> Self:
        try:
            device, separator, rest = self.origin.rpartition(f"/ep/{self.id}")
        except FormatError as problem:
            raise ValueError(str(problem)) from None
        if not device or not separator or rest:
            raise ValueError("the episode key is not named after its device and episode")
        return self


class CloseRecord(_Member):
    """``close.json``: how many flushes came before, and why the session ended."""

    flushes: Annotated[int, Field(ge=0, lt=MAX_GROUPS)]
    id: RandomId
    reason: Annotated[EndReason, Field(strict=False)]


def origin(device: str, episode_id: str) -> str:
    """Return the name of the episode key of *episode_id* on *device*."""
    return f"{device}/ep/{episode_id}"


def checkpoint_name(number: int) -> str:
    """Return the name of the checkpoint that ends group *number*."""
    return f"cp/{number:08d}.note"


def section_of(name: str) -> SectionName | None:
    """Return the section of the segment that is called *name*, or ``None`` for another member."""
    return next((section for section in SECTIONS if name.endswith(f".{section}.age")), None)


def segment_name(number: int, section: SectionName) -> str:
    """Return the name of the segment of *section* in group *number*."""
    return f"seg/{number:08d}.{section}.age"
