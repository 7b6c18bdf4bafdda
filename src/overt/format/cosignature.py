"""Ed25519 cosignatures of C2SP: a witness says when it saw that a log had only grown."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from overt.errors import FormatError, VerificationError
from overt.format import note, text64
from overt.format.note import ALGORITHM_COSIGNATURE, COSIGNATURE_HEADER, NoteSigner, VerifierKey

_TIME_BYTES: Final = 8
_VALUE_BYTES: Final = _TIME_BYTES + 64
_LATEST: Final = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """A checkpoint's *text* that the witness named *witness* vouched for *at* that instant (UTC)."""

    text: str
    witness: str
    at: datetime


def cosigner_key(vkey: str) -> VerifierKey:
    """Return the key that checks the cosignatures of the witness *vkey*, given as it signs notes or as it cosigns.

    Raises:
        FormatError: it is the verifier key of neither kind.
    """
    try:
        key = VerifierKey.parse(vkey)
    except FormatError:
        return VerifierKey.parse(vkey, algorithm=ALGORITHM_COSIGNATURE)
    return VerifierKey(name=key.name, public=key.public, algorithm=ALGORITHM_COSIGNATURE)


def cosign(text: str, witness: NoteSigner, at: datetime) -> str:
    """Return the signature line by which *witness* vouches for the checkpoint *text* at *at* (aware).

    The caller has proven that the log only grew since the last one, and has made that durable.
    """
    key = cosigner_key(witness.vkey)
    seconds = int(at.timestamp())
    value = Ed25519PrivateKey.from_private_bytes(witness.seed()).sign(_message(text, seconds))
    return f"— {key.name} {text64.encode(key.key_id + seconds.to_bytes(_TIME_BYTES, 'big') + value)}\n"


def read_cosignature(signed: str, vkey: str) -> Cosigned:
    """Return what the witness *vkey* says of the checkpoint that the note *signed* is; other lines are not judged.

    Raises:
        VerificationError: it says nothing, or its line is wrong.
        FormatError: the note or the key is malformed.
    """
    key, parsed = cosigner_key(vkey), note.parse_note(signed)
    lines = [line for line in parsed.signatures if (line.name, line.key_id) == (key.name, key.key_id)]
    if len(lines) != 1:
        raise VerificationError(f"the checkpoint does not carry one cosignature by the witness {key.name}")
    value = lines[0].value
    seconds = int.from_bytes(value[:_TIME_BYTES], "big")
    if len(value) != _VALUE_BYTES or seconds > _LATEST:
        raise VerificationError(f"the cosignature by the witness {key.name} is malformed")
    key.check(value[_TIME_BYTES:], _message(parsed.text, seconds))
    return Cosigned(text=parsed.text, witness=key.name, at=datetime.fromtimestamp(seconds, UTC))


def _message(text: str, seconds: int) -> bytes:
    return f"{COSIGNATURE_HEADER}\ntime {seconds}\n{text}".encode()
