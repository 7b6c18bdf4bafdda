"""Put shares into the vault: needs its public key only, and cannot take anything out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from overt.errors import KeyAccessError, StorageError
from overt.format.episode import SectionName
from overt.format.note import NoteSigner
from overt.keys.statement import Statement, open_statement, sign_statement
from overt.store import files

STATE: Final = "vault.note"
_LIMIT: Final = 64_000


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


def publish_state(directory: Path, state: Statement, vault: NoteSigner) -> None:
    """Say, signed by *vault*, which recipient shares are for from now on; raises ``StorageError``."""
    files.replace(directory, STATE, sign_statement(state, vault).encode())


def vault_state(directory: Path, vault_vkey: str) -> Statement | None:
    """Return what the vault in *directory* says of itself, or ``None`` where no vault has said anything.

    Raises:
        KeyAccessError: What it says is not signed by *vault_vkey*, or malformed.
    """
    if not (directory / STATE).exists():
        return None
    try:
        return open_statement(files.read(directory, STATE, limit=_LIMIT).decode(), vault_vkey, "vault")
    except (StorageError, KeyAccessError, UnicodeDecodeError):
        raise KeyAccessError(
            "the vault's own statement is not signed by the vault that the bundle names",
            hint="ask your admin which vault is the right one",
        ) from None


def vault_recipient(directory: Path, vault_vkey: str, known: str) -> str:
    """Return the recipient that shares in *directory* are for: by the newer of the vault's note there and *known*.

    Raises:
        KeyAccessError: Either is not the vault's statement.
    """
    stated = open_statement(known, vault_vkey, "vault")
    state = vault_state(directory, vault_vkey)
    return stated.recipient if state is None or state.epoch < stated.epoch else state.recipient
