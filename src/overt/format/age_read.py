"""Open age files with post-quantum identities, and with no others. The recorder never imports this.

Seeds, file keys and plaintexts are ``bytes`` and ``str`` here, and key objects of ``cryptography``: Python cannot wipe
them. They last as long as the call, except for what it returns; whoever reads episodes is a process that ends soon.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag

from overt.errors import FormatError
from overt.format import age_header, age_stream, xwing
from overt.format.age_faults import AgeHeaderError, NoMatchError
from overt.format.age_header import Header, Stanza

LOCKED_STANZA: Final = "scrypt"
SEALED_FILE_KEY_BYTES: Final = age_header.FILE_KEY_BYTES + 16

Opener = Callable[[bytes], bytes | None]
"""Turns a sealed file key into the file key, or into nothing when it is for somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of recipient, by its *stanza*: what *identities* start with, how one opens, how long its *share* is.

    *refuses* says of a share that it is no key that an honest writer makes.
    """

    stanza: str
    identities: str
    opener: Callable[[str], Opener]
    share: int
    refuses: Callable[[bytes], bool]

    def sealed_key(self, stanza: Stanza) -> bytes:
        """Return the share and the sealed file key of *stanza*, one after the other.

        Raises:
            AgeHeaderError: the stanza is not what its kind demands.
        """
        share = age_header.field(stanza.arguments[0]) if len(stanza.arguments) == 1 else b""
        if len(share) != self.share or len(stanza.body) != SEALED_FILE_KEY_BYTES or self.refuses(share):
            raise AgeHeaderError(f"malformed {self.stanza} stanza in an age file")
        return share + stanza.body


def decrypt(data: bytes, identities: Sequence[str]) -> bytes:
    """Return the plaintext of the binary age file *data*, opened by the first of *identities* that fits.

    Only ``AGE-SECRET-KEY-PQ-1…`` identities and ``mlkem768x25519`` stanzas count.

    Raises:
        NoMatchError: no identity fits.
        FormatError: the file is malformed or was changed (``age_faults`` has the classes), or an identity is malformed.
    """
    file_key, payload = open_header(data, identities, [HYBRID])
    return age_stream.unseal(payload, file_key)


def open_header(data: bytes, identities: Sequence[str], kinds: Collection[Kind]) -> tuple[bytes, memoryview]:
    """Return the file key and the sealed payload of *data*, after its header was checked; only *kinds* count.

    Raises:
        NoMatchError: no identity fits.
        AgeHeaderError: the header is malformed.
        AgeMacError: the header was changed.
        FormatError: an identity is malformed, or of none of *kinds*.
    """
    header = age_header.parse(data)
    openers = [_opener(identity, kinds) for identity in identities]
    file_key = _file_key(header, openers, {kind.stanza: kind for kind in kinds})
    header.check(file_key)
    return file_key, memoryview(data)[header.size :]


def _opener(identity: str, kinds: Collection[Kind]) -> tuple[str, Opener]:
    text = identity.strip()
    for kind in kinds:
        if text.startswith(kind.identities):
            return kind.stanza, kind.opener(text)
    raise FormatError("not an identity of a kind that is accepted here")


def _file_key(header: Header, openers: Sequence[tuple[str, Opener]], kinds: dict[str, Kind]) -> bytes:
    for name, sealed in _sealed_keys(header.stanzas, kinds):
        for stanza, opener in openers:
            file_key = opener(sealed) if stanza == name else None
            if file_key is not None:
                return file_key
    raise NoMatchError(
        "no identity at hand opens this age file", hint="check that the role and the share belong to this episode"
    )


def _sealed_keys(stanzas: Sequence[Stanza], kinds: dict[str, Kind]) -> list[tuple[str, bytes]]:
    if any(stanza.type == LOCKED_STANZA for stanza in stanzas):
        if len(stanzas) > 1:
            raise AgeHeaderError("a passphrase stands beside other recipients in an age file")
        raise NoMatchError("this age file is locked with a passphrase, not with an identity")
    return [(stanza.type, kinds[stanza.type].sealed_key(stanza)) for stanza in stanzas if stanza.type in kinds]


def _hybrid(identity: str) -> Opener:
    key = xwing.private_key(xwing.seed_of(identity))

    def opened(sealed: bytes) -> bytes | None:
        try:
            return xwing.suite().decrypt(sealed, key, info=xwing.INFO)
        except (InvalidTag, ValueError):
            return None

    return opened


HYBRID: Final = Kind(
    stanza=xwing.STANZA,
    identities="AGE-SECRET-KEY-PQ-1",
    opener=_hybrid,
    share=xwing.ENCAPSULATION_BYTES,
    refuses=lambda share: xwing.has_low_order(share[-xwing.CURVE_BYTES :]),
)
