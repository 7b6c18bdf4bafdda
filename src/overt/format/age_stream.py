"""The payload of an age file: 64 KiB chunks of ChaCha20-Poly1305, the last one flagged.

Plaintext is cut into chunks and put together in place, so that what is handed in and what is handed out are its only
copies here, and a caller with a ``bytearray`` can wipe its own. The cipher objects of ``cryptography`` hold copies of
their keys that nobody can wipe; they are gone when the process ends.
"""

from collections.abc import Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from overt.format import age_header
from overt.format.age_faults import AgeHeaderError, AgePayloadError

NONCE_BYTES: Final = 16
CHUNK: Final = 65_536
_TAG: Final = 16
_SEALED: Final = CHUNK + _TAG


def seal(plaintext: bytes | bytearray | memoryview, file_key: bytes, nonce: bytes) -> bytes:
    """Return the payload of *plaintext*: the 16-byte *nonce*, which must never repeat under a file key, then chunks."""
    cipher = _cipher(file_key, nonce)
    view = memoryview(plaintext)
    starts = range(0, max(len(view), 1), CHUNK)
    chunks = [
        cipher.encrypt(_counter(number, last=start + CHUNK >= len(view)), view[start : start + CHUNK], None)
        for number, start in enumerate(starts)
    ]
    return nonce + b"".join(chunks)


def unseal(payload: bytes | memoryview, file_key: bytes) -> bytes:
    """Return what :func:`seal` sealed, and nothing at all unless every chunk is whole.

    Raises:
        AgePayloadError: the payload was changed, cut or continued.
        AgeHeaderError: it is too short for its nonce.
    """
    plaintext = bytearray(len(payload))
    size = 0
    try:
        for piece in _opened(payload, file_key, memoryview(plaintext)):
            size += len(piece)
        return bytes(memoryview(plaintext)[:size])
    finally:
        plaintext[:] = bytes(len(plaintext))


def chunks(payload: bytes | memoryview, file_key: bytes) -> Iterator[bytes]:
    """Yield the plaintext of *payload* chunk by chunk, *before* the end of the payload has vouched for it.

    Whoever acts on a chunk must be able to undo it: the error may come after. Readers of episodes use :func:`unseal`.

    Raises:
        AgePayloadError: the payload was changed, cut or continued; what was yielded before is in its place.
        AgeHeaderError: it is too short for its nonce.
    """
    buffer = bytearray(CHUNK)
    try:
        for piece in _opened(payload, file_key, memoryview(buffer), reuse=True):
            yield bytes(piece)
    finally:
        buffer[:] = bytes(CHUNK)


def _opened(
    payload: bytes | memoryview, file_key: bytes, into: memoryview, *, reuse: bool = False
) -> Iterator[memoryview]:
    """Decrypt each chunk into *into*, one after the other or, with *reuse*, over each other; yield where it stands."""
    if len(payload) < NONCE_BYTES:
        raise AgeHeaderError("an age file is cut off before its payload")
    cipher = _cipher(file_key, bytes(payload[:NONCE_BYTES]))
    sealed = memoryview(payload)[NONCE_BYTES:]
    at = 0
    for number, start in enumerate(range(0, max(len(sealed), 1), _SEALED)):
        piece = sealed[start : start + _SEALED]
        if len(piece) < _TAG or (number and len(piece) == _TAG):
            raise AgePayloadError("the payload of an age file is cut off or ends in an empty chunk")
        out = into[at : at + len(piece) - _TAG]
        ends = start + len(piece) == len(sealed)
        last = _open(cipher, number, piece, out, ends=ends)
        yield out
        if last != ends:
            raise AgePayloadError("the payload of an age file is cut off, or goes on after its last chunk")
        at = 0 if reuse else at + len(out)


def _open(cipher: ChaCha20Poly1305, number: int, piece: memoryview, out: memoryview, *, ends: bool) -> bool:
    """Decrypt *piece* into *out* and say whether its writer flagged it as the last; only a full chunk may not be."""
    for last in (ends, not ends) if len(piece) == _SEALED else (True,):
        try:
            cipher.decrypt_into(_counter(number, last=last), piece, None, out)
        except InvalidTag:
            continue
        return last
    raise AgePayloadError("the payload of an age file was changed or cut off")


def _cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(age_header.derive(file_key, b"payload", nonce))


def _counter(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
