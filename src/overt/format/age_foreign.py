"""Open age files that other programs made, of kinds that the caller names. Readers of episodes never import this."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from overt.format import age_read, age_stream, age_x25519, xwing
from overt.format.age_read import HYBRID, Kind, Opener


def decrypt(data: bytes, identities: Sequence[str], *, accept: Collection[Kind]) -> bytes:
    """Return the plaintext of the binary age file *data*; only recipients of the kinds *accept* count.

    Raises:
        NoMatchError: no identity fits.
        FormatError: the file is malformed or was changed (``age_faults`` has the classes), or an identity is malformed
            or of another kind.
    """
    file_key, payload = age_read.open_header(data, identities, accept)
    return age_stream.unseal(payload, file_key)


def chunks(data: bytes, identities: Sequence[str], *, accept: Collection[Kind]) -> Iterator[bytes]:
    """Yield the plaintext of *data* chunk by chunk, before its end has vouched for it; see ``age_stream.chunks``."""
    file_key, payload = age_read.open_header(data, identities, accept)
    return age_stream.chunks(payload, file_key)


def _classical(identity: str) -> Opener:
    secret = age_x25519.secret_of(identity)
    size = age_x25519.KEY_BYTES
    return lambda sealed: age_x25519.unwrap(sealed[:size], sealed[size:], secret)


CLASSICAL: Final = Kind(
    stanza=age_x25519.STANZA,
    identities="AGE-SECRET-KEY-1",
    opener=_classical,
    share=age_x25519.KEY_BYTES,
    refuses=xwing.has_low_order,
)
ALL_KINDS: Final = (HYBRID, CLASSICAL)
