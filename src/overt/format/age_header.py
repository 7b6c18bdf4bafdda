"""The header of an age file: its grammar, its MAC and the keys drawn from the file key."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from overt.errors import FormatError
from overt.format import text64
from overt.format.age_faults import AgeHeaderError, AgeMacError

FILE_KEY_BYTES: Final = 16
MAX_HEADER_BYTES: Final = 65_536
MAX_STANZAS: Final = 64
_VERSION: Final = b"age-encryption.org/v1\n"
_WIDTH: Final = 64
_ARGUMENT: Final = re.compile(r"[\x21-\x7e]+")
_END: Final = re.compile(rb"^--- [^\n]*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stanza:
    """One way to the file key: *type*, *arguments* and *body* as age's header spells them."""

    type: str
    arguments: tuple[str, ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A parsed header: *signed* are the bytes under the *mac*, *size* is the header's length in bytes."""

    stanzas: tuple[Stanza, ...]
    signed: bytes
    mac: bytes
    size: int

    def check(self, file_key: bytes) -> None:
        """Confirm that *file_key* vouches for this header.

        Raises:
            AgeMacError: the header was changed after it was written.
        """
        if not hmac.compare_digest(_mac(file_key, self.signed), self.mac):
            raise AgeMacError("the header of an age file was changed")


def render(stanzas: Sequence[Stanza], file_key: bytes) -> bytes:
    """Return the header bytes for *stanzas*, sealed under *file_key*."""
    lines = [_VERSION.decode("ascii")]
    for stanza in stanzas:
        lines.append(" ".join(("->", stanza.type, *stanza.arguments)) + "\n")
        body = text64.encode_bare(stanza.body)
        lines += [body[start : start + _WIDTH] + "\n" for start in range(0, len(body) + 1, _WIDTH)]
    signed = "".join(lines).encode("ascii") + b"---"
    return signed + b" " + text64.encode_bare(_mac(file_key, signed)).encode("ascii") + b"\n"


def parse(data: bytes) -> Header:
    """Read the header at the start of *data*.

    Raises:
        AgeHeaderError: *data* does not start with a well-formed age header within the limits of the specification.
    """
    end = _END.search(data[:MAX_HEADER_BYTES])
    if not data.startswith(_VERSION) or end is None:
        raise AgeHeaderError("not an age file, or cut off in its header")
    try:
        text = data[len(_VERSION) : end.end()].decode("ascii")
    except UnicodeDecodeError:
        raise AgeHeaderError("the header of an age file is not ASCII") from None
    lines = text.split("\n")[:-1]
    mac = field(lines[-1].removeprefix("--- "))
    if len(mac) != hashlib.sha256().digest_size:
        raise AgeHeaderError("the header of an age file has a short MAC")
    return Header(stanzas=_stanzas(lines[:-1]), signed=data[: end.start() + 3], mac=mac, size=end.end())


def field(text: str) -> bytes:
    """Return the bytes that the base64 *text* in a header spells.

    Raises:
        AgeHeaderError: *text* is padded or not canonical.
    """
    try:
        return text64.decode_bare(text)
    except FormatError:
        raise AgeHeaderError("malformed base64 in the header of an age file") from None


def derive(file_key: bytes, info: bytes, salt: bytes = b"") -> bytes:
    """Return 32 bytes drawn from the secret *file_key* for the use *info*: HKDF-SHA256.

    The result is a ``bytes``, which Python cannot wipe; it is gone when the process ends.
    """
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(file_key)


def _mac(file_key: bytes, signed: bytes) -> bytes:
    return hmac.digest(derive(file_key, b"header"), signed, "sha256")


def _stanzas(lines: list[str]) -> tuple[Stanza, ...]:
    stanzas: list[Stanza] = []
    position = 0
    while position < len(lines):
        stanza, position = _stanza(lines, position)
        stanzas.append(stanza)
    if not 0 < len(stanzas) <= MAX_STANZAS:
        raise AgeHeaderError(f"an age file has 1 to {MAX_STANZAS} stanzas")
    return tuple(stanzas)


def _stanza(lines: list[str], position: int) -> tuple[Stanza, int]:
    opening, *words = lines[position].split(" ")
    if opening != "->" or not words or not all(_ARGUMENT.fullmatch(word) for word in words):
        raise AgeHeaderError("malformed stanza in an age file")
    start = position + 1
    end = start
    while end < len(lines) and len(lines[end]) == _WIDTH:
        end += 1
    if end == len(lines) or len(lines[end]) > _WIDTH:
        raise AgeHeaderError("unfinished stanza in an age file")
    body = field("".join(lines[start : end + 1]))
    return Stanza(type=words[0], arguments=tuple(words[1:]), body=body), end + 1
