"""A throw-away certificate for the local pages, made by the ``openssl`` program: no cryptography of ours lives here."""

import base64
import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from overt.errors import DesktopError


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A self-signed certificate on disk, and the hash of its public key by which one browser is told to accept it."""

    chain: Path
    key: Path
    spki_sha256: str


def make(directory: Path) -> Certificate:
    """Make a certificate in *directory* that is good for a day; raises ``DesktopError`` when openssl refuses."""
    chain, key = directory / "site.pem", directory / "site.key"
    request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
    _openssl([*request, "-subj", "/CN=overt demo", "-keyout", str(key), "-out", str(chain)])
    key.chmod(0o600)
    public = _openssl(["x509", "-in", str(chain), "-noout", "-pubkey"])
    der = _openssl(["pkey", "-pubin", "-outform", "DER"], public)
    return Certificate(chain=chain, key=key, spki_sha256=base64.b64encode(hashlib.sha256(der).digest()).decode("ascii"))


def _openssl(arguments: list[str], stdin: bytes = b"") -> bytes:
    try:
        done = subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        raise DesktopError(
            f"openssl {arguments[0]} failed", hint="apt-get install -y --no-install-recommends openssl"
        ) from None
    return done.stdout
