"""The hybrid recipients of age (``mlkem768x25519``, X-Wing): their texts, their keys and the HPKE suite."""

import hashlib
from functools import lru_cache
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519

from overt.errors import BackendUnavailableError, FormatError
from overt.format import bech32

STANZA: Final = "mlkem768x25519"
INFO: Final = b"age-encryption.org/mlkem768x25519"
ENCAPSULATION_BYTES: Final = 1120
SEED_BYTES: Final = 32
_RECIPIENT_PREFIX: Final = "age1pq"
_IDENTITY_PREFIX: Final = "age-secret-key-pq-"
_MLKEM_KEY_BYTES: Final = 1184
_KEY_BYTES: Final = _MLKEM_KEY_BYTES + 32


def suite() -> hpke.Suite:
    """Return HPKE with X-Wing, HKDF-SHA256 and ChaCha20-Poly1305.

    Raises:
        BackendUnavailableError: this build of ``cryptography`` lacks it.
    """
    try:
        return hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
    except (UnsupportedAlgorithm, AttributeError):
        raise unavailable() from None


def unavailable() -> BackendUnavailableError:
    """Return the error that says that post-quantum encryption is missing."""
    return BackendUnavailableError(
        "the installed cryptography package has no ML-KEM-768 with X25519",
        hint="install cryptography 50 or newer from its own wheel, which brings its own OpenSSL",
    )


def private_key(seed: bytes) -> hpke.MLKEM768X25519PrivateKey:
    """Expand the 32-byte *seed* of an identity into its two component keys."""
    expanded = hashlib.shake_256(seed).digest(96)
    try:
        lattice = mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        curve = x25519.X25519PrivateKey.from_private_bytes(expanded[64:])
        return hpke.MLKEM768X25519PrivateKey(lattice, curve)
    except (UnsupportedAlgorithm, AttributeError):
        raise unavailable() from None


def public_bytes(seed: bytes) -> bytes:
    """Return the 1,216 bytes of the public key that belongs to *seed*."""
    expanded = hashlib.shake_256(seed).digest(96)
    try:
        lattice = mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).public_key().public_bytes_raw()
        curve = x25519.X25519PrivateKey.from_private_bytes(expanded[64:]).public_key().public_bytes_raw()
    except (UnsupportedAlgorithm, AttributeError):
        raise unavailable() from None
    return lattice + curve


def identity_text(seed: bytes) -> str:
    """Spell *seed* as ``AGE-SECRET-KEY-PQ-1…``."""
    return bech32.encode(_IDENTITY_PREFIX, seed).upper()


def seed_of(identity: str) -> bytes:
    """Return the seed that *identity* spells.

    Raises:
        FormatError: it is not an ``AGE-SECRET-KEY-PQ-1…`` text.
    """
    text = identity.strip()
    if text != text.upper() or not text.isascii():
        raise FormatError("an identity is written in capitals")
    seed = bech32.decode(_IDENTITY_PREFIX, text.lower())
    if len(seed) != SEED_BYTES:
        raise FormatError(f"an identity holds {SEED_BYTES} bytes")
    return seed


def recipient_text(public: bytes) -> str:
    """Spell the public key *public* as ``age1pq1…``."""
    return bech32.encode(_RECIPIENT_PREFIX, public)


@lru_cache(maxsize=64)
def public_key(recipient: str) -> hpke.MLKEM768X25519PublicKey:
    """Return the key that the text *recipient* (``age1pq1…``) spells; kept, because spelling costs milliseconds.

    Raises:
        FormatError: it is not such a text, or no valid key.
    """
    data = bech32.decode(_RECIPIENT_PREFIX, recipient)
    if len(data) != _KEY_BYTES:
        raise FormatError(f"a recipient holds {_KEY_BYTES:,} bytes")
    try:
        lattice = mlkem.MLKEM768PublicKey.from_public_bytes(data[:_MLKEM_KEY_BYTES])
        curve = x25519.X25519PublicKey.from_public_bytes(data[_MLKEM_KEY_BYTES:])
        return hpke.MLKEM768X25519PublicKey(lattice, curve)
    except ValueError:
        raise FormatError("a recipient is no valid public key") from None
    except (UnsupportedAlgorithm, AttributeError):
        raise unavailable() from None
