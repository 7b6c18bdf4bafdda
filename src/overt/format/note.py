"""Ed25519 signed notes and verifier keys of C2SP: short texts that say who vouches for them."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from overt.errors import FormatError, UsageError, VerificationError
from overt.format import text64

ALGORITHM_ED25519: Final = 1
ALGORITHM_COSIGNATURE: Final = 4
COSIGNATURE_HEADER: Final = "cosignature/v1"
_KEY_ID_BYTES: Final = 4
_PUBLIC_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
_MAX_BYTES: Final = 1 << 20
_MAX_SIGNATURES: Final = 100
_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f]{1,255}")
_FORBIDDEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """The public half of a signing key and the *name* that its signatures carry; *algorithm* says what it signs."""

    name: str
    public: bytes
    algorithm: int = ALGORITHM_ED25519

    @property
    def key_id(self) -> bytes:
        """The four bytes that tell keys of one name apart."""
        return hashlib.sha256(self.name.encode() + b"\n" + self._typed()).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        """Return the verifier key's text, ``name+id+base64``."""
        return f"{self.name}+{self.key_id.hex()}+{text64.encode(self._typed())}"

    @classmethod
    def parse(cls, text: str, *, algorithm: int = ALGORITHM_ED25519) -> Self:
        """Read a verifier key's text.

        Raises:
            FormatError: it is malformed, of another *algorithm*, or its key id is not its own.
        """
        name, _, rest = text.partition("+")
        _, _, encoded = rest.partition("+")
        data = text64.decode(encoded) if encoded else b""
        if len(data) != 1 + _PUBLIC_BYTES or data[0] != algorithm or not _NAME.fullmatch(name):
            raise FormatError("not the verifier key of an Ed25519 signer")
        key = cls(name=name, public=data[1:], algorithm=algorithm)
        if str(key) != text:
            raise FormatError("the id in a verifier key is not the one of its key")
        return key

    def check(self, value: bytes, message: bytes) -> None:
        """Confirm that *value* is this key's signature of *message*.

        Raises:
            VerificationError: it is not.
        """
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(value, message)
        except (InvalidSignature, ValueError):
            raise VerificationError("the signature of a note is wrong") from None

    def _typed(self) -> bytes:
        return bytes([self.algorithm]) + self.public


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature line: the signer's *name*, four bytes of key id, and the signature's bytes."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note that was parsed and not yet believed: *text* ends with a newline."""

    text: str
    signatures: tuple[Signature, ...]


class NoteSigner:
    """A named Ed25519 key that signs notes. It has no repr, and its seed leaves it only through :meth:`seed`."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        """Sign as *name* with *private*; use :meth:`generate` or :meth:`from_seed`."""
        if not _NAME.fullmatch(name):
            raise UsageError("the name of a signing key has 1 to 255 characters, none of them a space or a plus sign")
        self._private = private
        self._key = VerifierKey(name=name, public=private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str) -> Self:
        """Make a fresh key from the operating system's randomness."""
        return cls.from_seed(name, secrets.token_bytes(32))

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Self:
        """Take the key of the 32-byte *seed*.

        Raises:
            FormatError: the seed has another length.
        """
        if len(seed) != _PUBLIC_BYTES:
            raise FormatError("the seed of a signing key holds 32 bytes")
        return cls(name, Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def name(self) -> str:
        """The name that signatures carry."""
        return self._key.name

    @property
    def vkey(self) -> str:
        """The verifier key's text, ``name+id+base64``."""
        return str(self._key)

    def seed(self) -> bytes:
        """Return the 32 secret bytes, for whoever keeps the key."""
        return self._private.private_bytes_raw()

    def sign(self, text: str) -> str:
        """Return the note of *text*, which ends with a newline.

        Raises:
            FormatError: *text* does not end with a newline, has control characters, or could pass for a cosignature.
        """
        _check_text(text)
        if text.startswith(f"{COSIGNATURE_HEADER}\n"):
            # One key signs notes and cosigns checkpoints: this line is all that keeps the two apart.
            raise FormatError(f"the text of a note does not begin with the line {COSIGNATURE_HEADER}")
        value = self._key.key_id + self._private.sign(text.encode())
        return f"{text}\n— {self.name} {text64.encode(value)}\n"


def parse_note(note: str) -> Note:
    """Split *note* into its text and its signature lines, none of them checked.

    Raises:
        FormatError: it is malformed, or longer than 1 MiB.
    """
    text, separator, block = note.rpartition("\n\n")
    if not separator or not block.endswith("\n") or len(note) > _MAX_BYTES:
        raise FormatError("not a signed note")
    _check_text(text + "\n")
    lines = block[:-1].split("\n")
    if len(lines) > _MAX_SIGNATURES:
        raise FormatError(f"a note has at most {_MAX_SIGNATURES} signatures")
    return Note(text=text + "\n", signatures=tuple(_signature(line) for line in lines))


def verify_note(note: str, vkey: str, *, others: bool = False) -> str:
    """Return the text of *note*, which carries exactly one signature, by *vkey*; *others* allows lines by other keys.

    Raises:
        VerificationError: the signature is missing, wrong or not alone.
        FormatError: the note or the key is malformed.
    """
    key = VerifierKey.parse(vkey)
    parsed = parse_note(note)
    ours = [line for line in parsed.signatures if (line.name, line.key_id) == (key.name, key.key_id)]
    if len(ours) != 1 or (len(parsed.signatures) != 1 and not others):
        raise VerificationError("a note is not signed by the expected key alone")
    key.check(ours[0].value, parsed.text.encode())
    return parsed.text


def own_line(note: str, vkey: str) -> str:
    """Return the one signature line of *note* that names the key *vkey*; raises as :func:`verify_note`."""
    verify_note(note, vkey, others=True)
    key = VerifierKey.parse(vkey)
    (line,) = (each for each in parse_note(note).signatures if (each.name, each.key_id) == (key.name, key.key_id))
    return f"— {line.name} {text64.encode(line.key_id + line.value)}\n"


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _FORBIDDEN.search(text):
        raise FormatError("the text of a note ends with a newline and has no control characters")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise FormatError("the text of a note is valid Unicode") from None


def _signature(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "—" or not _NAME.fullmatch(name):
        raise FormatError("malformed signature line in a note")
    value = text64.decode(encoded)
    if len(value) <= _KEY_ID_BYTES:
        raise FormatError("malformed signature line in a note")
    return Signature(name=name, key_id=value[:_KEY_ID_BYTES], value=value[_KEY_ID_BYTES:])
