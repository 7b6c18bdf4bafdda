"""Put shares into the vault: needs its public key only, and cannot take anything out."""

from pathlib import Path
from typing import Final

from overt.errors import FormatError, KeyAccessError, StorageError, VerificationError
from overt.format.episode import SectionName
from overt.format.note import NoteSigner
from overt.keys.exchange.shipment import open_intake
from overt.keys.statement import Statement, open_statement, sign_statement
from overt.keys.vault_contract import SealedShares
from overt.store import files

STATE: Final = "vault.note"
GRANT: Final = "grant.note"
INTAKE_STATEMENT: Final = "intake.note"
"""Beside the shares in a person's home: to whom the vault wants later ones sealed."""
_LIMIT: Final = 64_000


class DirectoryIntake:
    """The side of a vault's directory that a recorder sees (``Intake``)."""

    def __init__(self, directory: Path) -> None:
        """Put into *directory*: the vault's, or one in the person's own home until the vault takes what is there."""
        self._directory = directory

    def put(self, sealed: SealedShares) -> None:
        """Keep *sealed* under the grant that it stands on.

        Raises:
            StorageError: There are some already, the episode was destroyed, or the disk refused.
        """
        place = files.ensure_directory(self._directory / files.checked_name(sealed.grant_id))
        if (place / files.checked_name(sealed.episode_id)).exists():
            raise StorageError("the keys of an erased episode cannot be put again")
        if not (place / GRANT).exists():
            files.replace(place, GRANT, sealed.grant.encode())
        for section, share in sealed.shares.items():
            files.create_exclusive(place, share_name(sealed.episode_id, section), share)


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


def share_recipient(directory: Path, grant_id: str, vault_vkey: str, known: str) -> str:
    """Return the recipient that shares under *grant_id* are for: the vault's intake for that grant, or its master.

    *known* is the vault's statement in the bundle.

    Raises:
        KeyAccessError: What lies there is not the vault's.
    """
    place = directory / files.checked_name(grant_id)
    if not (place / INTAKE_STATEMENT).exists():
        return vault_recipient(directory, vault_vkey, known)
    try:
        return open_intake(files.read(place, INTAKE_STATEMENT, limit=_LIMIT).decode(), vault_vkey, grant_id)
    except (StorageError, FormatError, VerificationError, UnicodeDecodeError):
        raise KeyAccessError(
            "the vault's intake for this grant is not signed by the vault that the bundle names",
            hint="confirm the vault's receipt again: overt shares confirm",
        ) from None
