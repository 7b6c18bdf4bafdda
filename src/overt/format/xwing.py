"""The hybrid recipients of age (``mlkem768x25519``, X-Wing): their texts, their keys and the HPKE suite.

Seeds and the keys expanded from them are ``bytes`` and objects of ``cryptography``, none of which Python can wipe. The
recorder makes such keys, wraps them and lets go of them before it seals its first record; a test looks for them in its
memory afterwards.
"""

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
CURVE_BYTES: Final = 32
_RECIPIENT_PREFIX: Final = "age1pq"
_IDENTITY_PREFIX: Final = "age-secret-key-pq-"
_MLKEM_KEY_BYTES: Final = 1184
_KEY_BYTES: Final = _MLKEM_KEY_BYTES + CURVE_BYTES
_LATTICE_SEED_BYTES: Final = 64
_ANY_SCALAR: Final = b"\x01" * CURVE_BYTES


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
    lattice, curve = _component_keys(seed)
    try:
        return hpke.MLKEM768X25519PrivateKey(lattice, curve)
    except (UnsupportedAlgorithm, AttributeError):
        raise unavailable() from None


def lattice_key(seed: bytes) -> mlkem.MLKEM768PrivateKey:
    """Return the ML-KEM-768 key of the 64-byte *seed*.

    Raises:
        FormatError: the seed has another length.
        BackendUnavailableError: this build of ``cryptography`` lacks it.
    """
    try:
        return mlkem.MLKEM768PrivateKey.from_seed_bytes(seed)
    except ValueError:
        raise FormatError(f"the seed of an ML-KEM key holds {_LATTICE_SEED_BYTES} bytes") from None
    except (UnsupportedAlgorithm, AttributeError):
        raise unavailable() from None


def has_low_order(point: bytes) -> bool:
    """Say whether the X25519 *point* is one of those with which everybody shares the same secret: zero."""
    try:
        # Whatever the scalar: X25519 multiplies it by the cofactor, so it is the point alone that decides.
        x25519.X25519PrivateKey.from_private_bytes(_ANY_SCALAR).exchange(
            x25519.X25519PublicKey.from_public_bytes(point)
        )
    except ValueError:
        return True
    return False


def public_bytes(seed: bytes) -> bytes:
    """Return the 1,216 bytes of the public key that belongs to *seed*."""
    lattice, curve = _component_keys(seed)
    return lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()


def identity_text(seed: bytes) -> str:
    """Spell *seed* as ``AGE-SECRET-KEY-PQ-1…``."""
    return bech32.encode(_IDENTITY_PREFIX, seed).upper()


def seed_of(identity: str) -> bytes:
    """Return the seed that *identity* spells.

    Raises:
        FormatError: it is not an ``AGE-SECRET-KEY-PQ-1…`` text.
    """
    seed = bech32.decode(_IDENTITY_PREFIX, bech32.lowered(identity.strip()))
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
    if has_low_order(data[_MLKEM_KEY_BYTES:]):
        raise FormatError("a recipient is no valid public key")
    try:
        lattice = mlkem.MLKEM768PublicKey.from_public_bytes(data[:_MLKEM_KEY_BYTES])
        curve = x25519.X25519PublicKey.from_public_bytes(data[_MLKEM_KEY_BYTES:])
        return hpke.MLKEM768X25519PublicKey(lattice, curve)
    except ValueError:
        raise FormatError("a recipient is no valid public key") from None
    except (UnsupportedAlgorithm, AttributeError):
        raise unavailable() from None


def _component_keys(seed: bytes) -> tuple[mlkem.MLKEM768PrivateKey, x25519.X25519PrivateKey]:
    expanded = hashlib.shake_256(seed).digest(_LATTICE_SEED_BYTES + CURVE_BYTES)
    curve = x25519.X25519PrivateKey.from_private_bytes(expanded[_LATTICE_SEED_BYTES:])
    return lattice_key(expanded[:_LATTICE_SEED_BYTES]), curve
