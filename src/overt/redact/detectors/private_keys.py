"""Private keys and certificates as text (RFC 7468), PuTTY's and age's own; whole, or as far as they go."""

from typing import Final

from overt.redact.detector import Detector
from overt.redact.kinds import Kind

DETECTOR: Final = Detector(
    kind=Kind.PRIVATE_KEY,
    hints=("-----begin ", "age-secret-key-", "putty-user-key-file"),
    patterns=(
        (
            r"-----BEGIN [A-Z0-9 ]{0,40}(?:KEY|CERTIFICATE|MESSAGE|PARAMETERS)[A-Z ]{0,10}-----"
            r"[^\x00]*?(?:-----END [A-Z0-9 ]{0,60}-----|\z)"
        ),
        r"(?i)AGE-SECRET-KEY-[A-Z0-9-]{4,}",
        r"PuTTY-User-Key-File-\d:[^\x00]*",
    ),
    found=(
        "«-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----» follows",
        "«-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r»",
        "«-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ\n-----END PGP PRIVATE KEY BLOCK-----»",
        "run with «age-secret-key-1qqqq»",
    ),
    kept=("what does -----begin mean", "age secret key length", "how to begin a private key"),
)
