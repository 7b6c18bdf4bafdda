"""The officer as witness of other people's logs: in the officer's home, with the officer's signing key."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from overt.keys.identities import load_signer
from overt.keys.passphrase import PassphraseSource
from overt.ledger.witness import Answer, Witness
from overt.store.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """What the officer said: the *answer*, and the *witness*'s verifier key."""

    answer: Answer
    witness: str


def cosign(
    home: Home, offer: str, passphrases: PassphraseSource, at: datetime, *, log_vkey: str | None = None
) -> Vouched:
    """Vouch, as of *at*, for the log in *offer*, if it only grew since this *home* last did.

    Args:
        home: The officer's.
        offer: What the log's owner made.
        passphrases: For the officer's signing key.
        at: Now.
        log_vkey: The log's verifier key, which must be named the first time.

    Raises:
        VerificationError: The log was rewritten, cut back or replaced.
        UsageError: The log is unknown, or the offer starts elsewhere than this home's memory ends.
        FormatError: The offer is malformed.
        KeyAccessError: The key stays locked.
        StorageError: The disk refused; then nothing is signed.
    """
    signer = load_signer(home, passphrases)
    answer = Witness(memory(home), signer).cosign(offer, at, vkey=log_vkey)
    return Vouched(answer=answer, witness=signer.vkey)


def memory(home: Home) -> Path:
    """Return where the officer's *home* remembers how far each log had come."""
    return home.path / "witnessed"
