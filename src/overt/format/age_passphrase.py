"""age files under a passphrase: the recorder may open its own device key with one, and nothing else.

A passphrase is a ``str``, and what scrypt makes of it is ``bytes``: Python can wipe neither. It is asked for once per
command, in a process that ends with it.
"""

import re
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from overt.errors import KeyAccessError, UsageError
from overt.format import age_header, age_stream, age_write, text64
from overt.format.age_faults import AgeHeaderError, NoMatchError
from overt.format.age_header import Stanza
from overt.format.age_write import Plaintext

DEFAULT_LOG_N: Final = 18
MAX_LOG_N: Final = 20
"""A file with a higher work factor is refused: opening it would take more than a gigabyte."""
_STANZA: Final = "scrypt"
_LABEL: Final = b"age-encryption.org/v1/scrypt"
_SALT_BYTES: Final = 16
_BODY_BYTES: Final = age_header.FILE_KEY_BYTES + 16
_ZERO_NONCE: Final = bytes(12)
_WORK_FACTOR: Final = re.compile(r"[1-9][0-9]?")


class WrongPassphraseError(NoMatchError):
    """The passphrase opens nothing: whoever is asked for it may try again."""


def encrypt_with_passphrase(plaintext: Plaintext, passphrase: str, *, log_n: int = DEFAULT_LOG_N) -> bytes:
    """Return an age file of *plaintext* under *passphrase*, with a scrypt work factor of 2 to the *log_n* (18: 1 s).

    Raises:
        UsageError: the passphrase is empty, or *log_n* is out of range.
    """
    if not passphrase:
        raise UsageError("a passphrase must not be empty")
    if not 1 <= log_n <= MAX_LOG_N:
        raise UsageError(f"the work factor of a passphrase is 1 to {MAX_LOG_N}")
    return age_write.assemble(plaintext, lambda file_key: [_stanza(file_key, passphrase, log_n)])


def decrypt_with_passphrase(data: bytes, passphrase: str) -> bytes:
    """Return the plaintext of the age file *data*.

    Raises:
        NoMatchError: the passphrase is wrong (:class:`WrongPassphraseError`), or the file is not under a passphrase.
        FormatError: the file is malformed, was changed, or asks for more work than 2**20 (classes in ``age_faults``).
    """
    header = age_header.parse(data)
    salt, log_n, body = _parameters(header.stanzas)
    try:
        file_key = ChaCha20Poly1305(_wrapping_key(passphrase, salt, log_n)).decrypt(_ZERO_NONCE, body, None)
    except InvalidTag:
        raise WrongPassphraseError("wrong passphrase") from None
    header.check(file_key)
    return age_stream.unseal(data[header.size :], file_key)


def _stanza(file_key: bytes, passphrase: str, log_n: int) -> Stanza:
    salt = secrets.token_bytes(_SALT_BYTES)
    body = ChaCha20Poly1305(_wrapping_key(passphrase, salt, log_n)).encrypt(_ZERO_NONCE, file_key, None)
    return Stanza(type=_STANZA, arguments=(text64.encode_bare(salt), str(log_n)), body=body)


def _parameters(stanzas: tuple[Stanza, ...]) -> tuple[bytes, int, bytes]:
    if all(stanza.type != _STANZA for stanza in stanzas):
        raise NoMatchError("this age file is locked with an identity, not with a passphrase")
    stanza = stanzas[0]
    if len(stanzas) != 1 or len(stanza.arguments) != 2 or len(stanza.body) != _BODY_BYTES:  # noqa: PLR2004 - salt, work
        raise AgeHeaderError("malformed scrypt stanza in an age file")
    salt = age_header.field(stanza.arguments[0])
    if len(salt) != _SALT_BYTES or not _WORK_FACTOR.fullmatch(stanza.arguments[1]):
        raise AgeHeaderError("malformed scrypt stanza in an age file")
    log_n = int(stanza.arguments[1])
    if log_n > MAX_LOG_N:
        raise AgeHeaderError(f"an age file asks for a work factor of 2^{log_n}, over the limit of 2^{MAX_LOG_N}")
    return salt, log_n, stanza.body


def _wrapping_key(passphrase: str, salt: bytes, log_n: int) -> bytes:
    try:
        return Scrypt(salt=_LABEL + salt, length=32, n=1 << log_n, r=8, p=1).derive(passphrase.encode())
    except (MemoryError, UnicodeEncodeError):
        raise KeyAccessError("this passphrase cannot be tried: not enough memory, or not valid text") from None
