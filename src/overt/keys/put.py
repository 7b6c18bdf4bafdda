"""Put shares into the vault: needs its public key only, and cannot take anything out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from overt.errors import FormatError, KeyAccessError, StorageError, VerificationError
from overt.format.episode import SectionName
from overt.format.note import NoteSigner, verify_note
from overt.policy.bundle import AgeRecipient
from overt.policy.canonical import canonical_json, read_canonical
from overt.store import files

STATE: Final = "vault.note"
_LIMIT: Final = 64_000


class VaultState(BaseModel):
    """What a vault says of itself: its master's present recipient; *epoch* grows when that is replaced."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    format: Literal["overt-vault/1"] = "overt-vault/1"
    epoch: Annotated[int, Field(ge=1)]
    recipient: AgeRecipient


def put_shares(directory: Path, grant_id: str, episode_id: str, shares: Mapping[SectionName, bytes]) -> None:
    """Keep the *shares* of an episode's sections in the vault's *directory*, under the grant that they stand on.

    Raises:
        StorageError: There are some already, or the disk refused.
    """
    place = files.ensure_directory(directory / files.checked_name(grant_id))
    for section, share in shares.items():
        files.create_exclusive(place, share_name(episode_id, section), share)


def share_name(episode_id: str, section: SectionName) -> str:
    """Return the file name of a share."""
    return files.checked_name(f"{episode_id}.{section}.age")


def publish_state(directory: Path, state: VaultState, vault: NoteSigner) -> None:
    """Say, signed by *vault*, which recipient shares are for from now on; raises ``StorageError``."""
    text = canonical_json(state.model_dump(mode="json")) + "\n"
    files.replace(directory, STATE, vault.sign(text).encode())


def vault_state(directory: Path, vault_vkey: str) -> VaultState | None:
    """Return what the vault in *directory* says of itself, or ``None`` where no vault has said anything.

    Raises:
        KeyAccessError: What it says is not signed by *vault_vkey*, or malformed.
    """
    if not (directory / STATE).exists():
        return None
    try:
        text = verify_note(files.read(directory, STATE, limit=_LIMIT).decode(), vault_vkey)
        read_canonical(text.removesuffix("\n"), "the state of the vault")
        return VaultState.model_validate_json(text)
    except (StorageError, FormatError, VerificationError, UnicodeDecodeError, ValidationError):
        raise KeyAccessError(
            "the vault's own statement is not signed by the vault that the bundle names",
            hint="ask your admin which vault is the right one",
        ) from None


def vault_recipient(directory: Path, vault_vkey: str, fallback: str) -> str:
    """Return the recipient that shares in *directory* are for: the vault's present one, else *fallback*."""
    state = vault_state(directory, vault_vkey)
    return fallback if state is None else state.recipient
