"""The payload of an age file: 64 KiB chunks of ChaCha20-Poly1305, the last one flagged."""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from overt.errors import FormatError
from overt.format import age_header

NONCE_BYTES: Final = 16
CHUNK: Final = 65_536
_TAG: Final = 16
_SEALED: Final = CHUNK + _TAG


def seal(plaintext: bytes, file_key: bytes, nonce: bytes) -> bytes:
    """Return the payload of *plaintext*: the 16-byte *nonce*, which must never repeat under a file key, then chunks."""
    cipher = _cipher(file_key, nonce)
    starts = range(0, max(len(plaintext), 1), CHUNK)
    chunks = [
        cipher.encrypt(_counter(number, last=start + CHUNK >= len(plaintext)), plaintext[start : start + CHUNK], None)
        for number, start in enumerate(starts)
    ]
    return nonce + b"".join(chunks)


def unseal(payload: bytes, file_key: bytes) -> bytes:
    """Return what :func:`seal` sealed, and nothing at all unless every chunk is whole.

    Raises:
        FormatError: the payload was changed, cut or continued.
    """
    sealed = payload[NONCE_BYTES:]
    if len(payload) < NONCE_BYTES + _TAG or (len(sealed) > _SEALED and len(sealed) % _SEALED == _TAG):
        raise FormatError("the payload of an age file is cut off or ends in an empty chunk")
    cipher = _cipher(file_key, payload[:NONCE_BYTES])
    starts = range(0, len(sealed), _SEALED)
    try:
        return b"".join(
            cipher.decrypt(_counter(number, last=start + _SEALED >= len(sealed)), sealed[start : start + _SEALED], None)
            for number, start in enumerate(starts)
        )
    except (InvalidTag, ValueError):
        raise FormatError("the payload of an age file was changed or cut off") from None


def _cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(age_header.derive(file_key, b"payload", nonce))


def _counter(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
