"""Open age files with post-quantum identities. The recorder never imports this."""

from collections.abc import Iterable, Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from overt.errors import FormatError, KeyAccessError
from overt.format import age_header, age_stream, text64, xwing
from overt.format.age_header import Stanza

_BODY_BYTES: Final = age_header.FILE_KEY_BYTES + 16


def decrypt(data: bytes, identities: Sequence[str]) -> bytes:
    """Return the plaintext of the age file *data*, opened by the first of *identities* that fits.

    Raises:
        KeyAccessError: no identity fits.
        FormatError: the file is malformed or was changed, or an identity is malformed.
    """
    header = age_header.parse(data)
    keys = [xwing.private_key(xwing.seed_of(identity)) for identity in identities]
    file_key = _file_key(_openable(header.stanzas), keys)
    header.check(file_key)
    return age_stream.unseal(data[header.size :], file_key)


def _openable(stanzas: Sequence[Stanza]) -> list[bytes]:
    if any(stanza.type == "scrypt" for stanza in stanzas):
        if len(stanzas) > 1:
            raise FormatError("a passphrase stands beside other recipients in an age file")
        raise KeyAccessError("this age file is locked with a passphrase, not with an identity")
    return [_sealed_key(stanza) for stanza in stanzas if stanza.type == xwing.STANZA]


def _sealed_key(stanza: Stanza) -> bytes:
    encapsulated = text64.decode_bare(stanza.arguments[0]) if len(stanza.arguments) == 1 else b""
    if len(encapsulated) != xwing.ENCAPSULATION_BYTES or len(stanza.body) != _BODY_BYTES:
        raise FormatError(f"malformed {xwing.STANZA} stanza in an age file")
    return encapsulated + stanza.body


def _file_key(sealed_keys: Iterable[bytes], keys: Sequence[MLKEM768X25519PrivateKey]) -> bytes:
    suite = xwing.suite()
    for sealed in sealed_keys:
        for key in keys:
            try:
                return suite.decrypt(sealed, key, info=xwing.INFO)
            except (InvalidTag, ValueError):
                continue
    raise KeyAccessError(
        "no identity at hand opens this age file", hint="check that the role and the share belong to this episode"
    )
