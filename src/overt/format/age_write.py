"""Write age files for post-quantum recipients; nothing here can read one.

A file key lives in ``bytes`` and in key objects of ``cryptography`` for the length of one call. Python gives no way to
wipe either: they are dropped, and gone when the process ends.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from overt.errors import UsageError
from overt.format import age_header, age_stream, text64, xwing
from overt.format.age_header import Stanza

Plaintext = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class Identity:
    """A key pair: the secret *text* (``AGE-SECRET-KEY-PQ-1…``) and the public *recipient* (``age1pq1…``).

    The text is a ``str``: it cannot be wiped, only forgotten. It is left out of the repr.
    """

    text: str = field(repr=False)
    recipient: str


def new_identity() -> Identity:
    """Make a fresh identity from the operating system's randomness."""
    seed = secrets.token_bytes(xwing.SEED_BYTES)
    return Identity(xwing.identity_text(seed), xwing.recipient_text(xwing.public_bytes(seed)))


def recipient_of(identity_text: str) -> str:
    """Return the recipient that belongs to *identity_text*.

    Raises:
        FormatError: it is not an ``AGE-SECRET-KEY-PQ-1…`` text.
    """
    return xwing.recipient_text(xwing.public_bytes(xwing.seed_of(identity_text)))


def check_recipient(recipient: str) -> str:
    """Return *recipient* if it is a valid ``age1pq1…`` text.

    Raises:
        FormatError: it is not.
    """
    xwing.public_key(recipient)
    return recipient


def encrypt(plaintext: Plaintext, recipients: Sequence[str]) -> bytes:
    """Return an age file of *plaintext* that each of *recipients* (``age1pq1…``) can open alone.

    Raises:
        FormatError: a recipient is malformed or of another kind.
        UsageError: there is no recipient.
    """
    return assemble(plaintext, lambda file_key: [_stanza(file_key, recipient) for recipient in recipients])


def assemble(plaintext: Plaintext, wrap: Callable[[bytes], Sequence[Stanza]]) -> bytes:
    """Return an age file of *plaintext* under a fresh file key, which *wrap* turns into the stanzas of its recipients.

    Raises:
        UsageError: there is no stanza.
    """
    file_key = secrets.token_bytes(age_header.FILE_KEY_BYTES)
    stanzas = wrap(file_key)
    if not stanzas:
        raise UsageError("an age file needs at least one recipient")
    payload = age_stream.seal(plaintext, file_key, secrets.token_bytes(age_stream.NONCE_BYTES))
    return age_header.render(stanzas, file_key) + payload


def _stanza(file_key: bytes, recipient: str) -> Stanza:
    sealed = xwing.suite().encrypt(file_key, xwing.public_key(recipient), info=xwing.INFO)
    encapsulated = text64.encode_bare(sealed[: xwing.ENCAPSULATION_BYTES])
    return Stanza(type=xwing.STANZA, arguments=(encapsulated,), body=sealed[xwing.ENCAPSULATION_BYTES :])
