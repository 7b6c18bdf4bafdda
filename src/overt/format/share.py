"""What a vault entry holds: a section's share behind a label that says whose it is, so that it cannot pass for another.

The label is sealed together with the share. Whoever holds the sealed bytes can copy them to another place, under a
grant of their own for example, but cannot make a vault believe that they belong there.
"""

from dataclasses import dataclass
from typing import Final

from overt.errors import FormatError
from overt.format.age_write import recipient_of
from overt.format.episode import SectionName

_MARK: Final = "# overt-share/1"
_MAX_BYTES: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLabel:
    """Whose share it is: of *section* of *episode*, under *grant*, recorded by the device with the key *device*."""

    device: str
    grant: str
    episode: str
    section: SectionName


def render_share(label: ShareLabel, identity: str) -> bytes:
    """Return the plaintext of a vault entry: a stock ``age -i`` reads it, for the label is a comment there."""
    return f"{_line(label)}\n{identity}\n".encode()


def read_share(plaintext: bytes, label: ShareLabel) -> str:
    """Return the share's identity (``AGE-SECRET-KEY-PQ-1…``) if *plaintext* is the share of just that *label*.

    Raises:
        FormatError: It is another's, or no share at all. The message quotes nothing of it.
    """
    try:
        text = plaintext.decode("ascii") if len(plaintext) <= _MAX_BYTES else ""
    except UnicodeDecodeError:
        text = ""
    head, _, identity = text.removesuffix("\n").partition("\n")
    if not text.endswith("\n") or head != _line(label) or identity != identity.strip():
        raise FormatError("it is not the share of that episode, grant and device")
    recipient_of(identity)
    return identity


def _line(label: ShareLabel) -> str:
    return f"{_MARK} {label.section} {label.episode} {label.grant} {label.device}"
