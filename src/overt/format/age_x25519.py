"""The classical recipients of age (``X25519``): their texts, and files for them. Nothing of an episode uses them.

They are here for trade with other programs. A shared secret, like every ``bytes``, cannot be wiped.
"""

import secrets
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from overt.errors import FormatError
from overt.format import age_header, age_write, bech32, text64
from overt.format.age_header import Stanza
from overt.format.age_write import Identity, Plaintext

STANZA: Final = "X25519"
KEY_BYTES: Final = 32
_INFO: Final = b"age-encryption.org/v1/X25519"
_RECIPIENT_PREFIX: Final = "age"
_IDENTITY_PREFIX: Final = "age-secret-key-"
_ZERO_NONCE: Final = bytes(12)


def new_identity() -> Identity:
    """Make a fresh classical identity (``AGE-SECRET-KEY-1…``) with its recipient (``age1…``)."""
    secret = secrets.token_bytes(KEY_BYTES)
    text = bech32.encode(_IDENTITY_PREFIX, secret).upper()
    return Identity(text, recipient_of(text))


def recipient_of(identity: str) -> str:
    """Return the recipient that belongs to *identity*.

    Raises:
        FormatError: it is not an ``AGE-SECRET-KEY-1…`` text.
    """
    return bech32.encode(_RECIPIENT_PREFIX, _public(secret_of(identity)))


def secret_of(identity: str) -> bytes:
    """Return the 32 secret bytes that *identity* spells.

    Raises:
        FormatError: it is not an ``AGE-SECRET-KEY-1…`` text.
    """
    return _decoded(_IDENTITY_PREFIX, bech32.lowered(identity.strip()))


def encrypt(plaintext: Plaintext, recipients: Sequence[str]) -> bytes:
    """Return an age file of *plaintext* that each of *recipients* (``age1…``, classical) can open alone.

    Raises:
        FormatError: a recipient is malformed, or of another kind.
        UsageError: there is no recipient.
    """
    publics = [_decoded(_RECIPIENT_PREFIX, recipient) for recipient in recipients]
    return age_write.assemble(plaintext, lambda file_key: [_wrap(file_key, public) for public in publics])


def unwrap(share: bytes, body: bytes, secret: bytes) -> bytes | None:
    """Return the file key that *body* seals under *share* for *secret*, or nothing when it is for somebody else.

    Raises:
        FormatError: *share* is a point of low order.
    """
    key = _wrapping_key(secret, share, share + _public(secret))
    try:
        return ChaCha20Poly1305(key).decrypt(_ZERO_NONCE, body, None)
    except InvalidTag:
        return None


def agree(secret: bytes, public: bytes) -> bytes:
    """Return the 32 bytes that the owners of *secret* and of *public* share.

    Raises:
        FormatError: *public* is a point of low order: everybody would share them.
    """
    try:
        return X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        raise FormatError("a point of low order is no public key") from None


def _wrap(file_key: bytes, public: bytes) -> Stanza:
    ephemeral = secrets.token_bytes(KEY_BYTES)
    share = _public(ephemeral)
    key = _wrapping_key(ephemeral, public, share + public)
    body = ChaCha20Poly1305(key).encrypt(_ZERO_NONCE, file_key, None)
    return Stanza(type=STANZA, arguments=(text64.encode_bare(share),), body=body)


def _wrapping_key(secret: bytes, public: bytes, salt: bytes) -> bytes:
    return age_header.derive(agree(secret, public), _INFO, salt)


def _public(secret: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def _decoded(prefix: str, text: str) -> bytes:
    key = bech32.decode(prefix, text)
    if len(key) != KEY_BYTES:
        raise FormatError(f"a classical key holds {KEY_BYTES} bytes")
    return key
