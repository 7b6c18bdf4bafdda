"""``MANIFEST.note``: who vouches for a data set; and the proof that every file is what its exporter has signed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.dataset.known import Manifest, known
from overt.dataset.manifest import create
from overt.dataset.output import NOTE, hashed, manifest_sha256
from overt.errors import FormatError, VerificationError
from overt.format.note import NoteSigner, verify_note
from overt.store.files import read_anywhere, refusal

_TITLE: Final = "overt-manifest/1"
_LIMIT: Final = 64_000
_SHOWN: Final = 3
_KEEP: Final = "do not use it: ask its issuer for the data set again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is proven of a data set: *signed_by* is the key that signed the manifest, or ``None`` when none has."""

    manifest: Manifest
    manifest_sha256: str
    signed_by: str | None


def sign_manifest(directory: Path, signer: NoteSigner) -> None:
    """Write the signature of the manifest in *directory*, where there is none yet; raises ``OSError``."""
    create(directory / NOTE, signer.sign(_text(manifest_sha256(directory))))


def check_dataset(directory: Path, vkey: str | None = None) -> Proof:
    """Prove that the data set *directory* holds just the files of its manifest, which is signed by *vkey*.

    Without *vkey* the key that the manifest names has to have signed it, which proves that the data set is whole, and
    not whose it is. Then it may also bear no signature at all.

    Raises:
        VerificationError: A file was changed, is missing or was added, or the signature is not that key's.
        FormatError: It is no data set.
        StorageError: The disk refused.
    """
    manifest = known(directory)
    try:
        _check_files(directory, manifest)
        sha256 = manifest_sha256(directory)
        signed = (directory / NOTE).exists()
    except OSError as problem:
        raise refusal("read", str(directory), problem) from None
    if not signed and vkey is not None:
        raise VerificationError(f"{directory} bears no signature", hint=_KEEP)
    if signed:
        check_note(directory, vkey or manifest.revoked_by, sha256)
    return Proof(manifest=manifest, manifest_sha256=sha256, signed_by=(vkey or manifest.revoked_by) if signed else None)


def _check_files(directory: Path, manifest: Manifest) -> None:
    present = hashed(directory)
    changed = [name for name, sha256 in manifest.files.items() if present.get(name, sha256) != sha256]
    for what, names in (
        ("was changed", changed),
        ("is missing", sorted(manifest.files.keys() - present.keys())),
        ("does not belong to it", sorted(present.keys() - manifest.files.keys())),
    ):
        if names:
            raise VerificationError(f"{directory}: {_listed(names)} {what}", hint=_KEEP)


def _listed(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def check_note(directory: Path, vkey: str, sha256: str) -> None:
    """Raise ``VerificationError`` unless *vkey* has signed the manifest with that *sha256*, in *directory*."""
    try:
        text = verify_note(read_anywhere(directory / NOTE, limit=_LIMIT).decode(), vkey)
    except (FormatError, VerificationError, UnicodeDecodeError):
        raise VerificationError(f"the {NOTE} in {directory} is not signed by the expected key", hint=_KEEP) from None
    if text != _text(sha256):
        raise VerificationError(f"the {NOTE} in {directory} is the signature of another manifest", hint=_KEEP)


def _text(sha256: str) -> str:
    return f"{_TITLE}\n{sha256}\n"
