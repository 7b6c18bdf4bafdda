"""The start-up test: refuse to work with a ``cryptography`` that cannot do what an episode needs."""

import hashlib
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm

from overt.errors import BackendUnavailableError, OvertError
from overt.format import note, xwing

_KNOWN_SEED: Final = bytes(range(32))
_KNOWN_KEY: Final = "c9a3565ffde4f72b51661be391ee13e46378d7f06dd5c8bf5af9d2cfb5b8336b"


def check() -> None:
    """Seal a file key to a fresh post-quantum recipient and get it back; sign and verify a note.

    Raises:
        BackendUnavailableError: the installed ``cryptography`` lacks a primitive, or computes it wrongly.
    """
    try:
        _check_known_key()
        _check_round_trip()
        _check_note()
    except BackendUnavailableError:
        raise
    except (OvertError, InvalidTag, UnsupportedAlgorithm, ValueError, TypeError, AttributeError):
        raise xwing.unavailable() from None


def _check_known_key() -> None:
    if hashlib.sha256(xwing.public_bytes(_KNOWN_SEED)).hexdigest() != _KNOWN_KEY:
        raise xwing.unavailable()


def _check_round_trip() -> None:
    seed, secret = secrets.token_bytes(xwing.SEED_BYTES), secrets.token_bytes(16)
    public = xwing.private_key(seed).public_key()
    sealed = xwing.suite().encrypt(secret, public, info=xwing.INFO)
    if xwing.suite().decrypt(sealed, xwing.private_key(seed), info=xwing.INFO) != secret:
        raise xwing.unavailable()


def _check_note() -> None:
    signer = note.NoteSigner.generate("selftest")
    note.verify_note(signer.sign("selftest\n"), signer.vkey)
