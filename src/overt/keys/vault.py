"""The vault's own side: its log, its master, and where its entries are."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.consent.grant import Grant
from overt.errors import ConsentError, HomeError, KeyAccessError
from overt.format.episode import SECTIONS, SectionName
from overt.format.note import NoteSigner
from overt.keys.at_rest import load_secret
from overt.keys.consent_files import load_organisation
from overt.keys.identities import load_identity, load_signer
from overt.keys.passphrase import PassphraseSource
from overt.keys.put import GRANT, share_name
from overt.keys.shred import finish_shreds
from overt.keys.sign import Organisation, claimed_device, open_grant
from overt.ledger.log import Ledger
from overt.store import files
from overt.store.home import Home, Role, open_home

NEXT_MASTER: Final = "vault-next"
"""The name of the master that takes over, while a re-key is under way."""
INTAKE: Final = "intake.age"
"""Under each grant, the identity that shares on their way are sealed to."""
_LIMIT: Final = 1 << 20


def vault_at_hand(home: Home) -> Home:
    """Return the home of the vault that *home* knows; raises ``KeyAccessError`` when it is not at hand."""
    try:
        if home.vault is not None:
            return open_home(home.vault, Role.VAULT)
    except HomeError as problem:
        raise KeyAccessError(f"the vault is not at hand: {problem}", hint=problem.hint) from None
    raise KeyAccessError("the vault is not at hand", hint="name its home: overt join BUNDLE --vault DIR")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpenVault:
    """A vault whose keys lie open: what its *signer* says, what it logs, and the *masters* that entries are under."""

    home: Home
    signer: NoteSigner
    log: Ledger
    masters: tuple[str, ...]
    organisation: Organisation

    @property
    def directory(self) -> Path:
        """Where its entries are."""
        return self.home.shares_directory


def masters(vault: Home, passphrases: PassphraseSource) -> list[str]:
    """Return the master identities that entries may be under: two while a re-key is under way."""
    known = [load_identity(vault, passphrases)]
    if any(vault.keys_directory.glob(f"{NEXT_MASTER}.[ta]*")):
        known.append(load_secret(vault, NEXT_MASTER, passphrases))
    return known


def open_vault(vault: Home, passphrases: PassphraseSource) -> OpenVault:
    """Open *vault*: finish what was being destroyed, and sweep what killed writers left; asks for its passphrases once.

    Raises:
        PolicyError: It has joined no organisation.
        KeyAccessError: A key stays locked.
        VerificationError: Its log was changed.
        StorageError: The disk refused.
    """
    tidy(vault)
    signer = load_signer(vault, passphrases)
    return OpenVault(
        home=vault,
        signer=signer,
        log=Ledger(vault.log_directory, signer),
        masters=tuple(masters(vault, passphrases)),
        organisation=load_organisation(vault),
    )


def tidy(vault: Home) -> None:
    """Remove what killed writers left in *vault*, and finish what they were destroying; raises ``StorageError``."""
    files.sweep(vault.keys_directory)
    files.sweep(vault.shares_directory)
    for place in vault.shares_directory.iterdir():
        if place.is_dir() and not place.is_symlink():
            files.sweep(place)
    finish_shreds(vault.shares_directory)


def entries(directory: Path, name: str = "*.age") -> list[Path]:
    """Return the entries in *directory* that match *name*, sorted; what is being destroyed has a hidden place."""
    return sorted(path for path in directory.glob(f"*/{name}") if not path.parent.name.startswith("."))


def known_grant(directory: Path, grant_id: str) -> Grant | None:
    """Return the grant *grant_id* as the vault knows it, or ``None`` when it does not, or not any more.

    Raises:
        ConsentError: What lies there is not that grant.
        StorageError: The disk refused.
    """
    note = known_grant_note(directory, grant_id)
    if note is None:
        return None
    grant = open_grant(note, claimed_device(note))
    if grant.id != grant_id:
        raise ConsentError("a grant lies under the name of another")
    return grant


def known_grant_note(directory: Path, grant_id: str) -> str | None:
    """Return the note of the grant *grant_id*, if there is one; raises ``ConsentError`` or ``StorageError``."""
    place = directory / files.checked_name(grant_id)
    if not place.is_dir() or not (place / GRANT).exists():
        return None
    try:
        return files.read(place, GRANT, limit=_LIMIT).decode()
    except UnicodeDecodeError:
        raise ConsentError("a grant in the vault is not text") from None


def destroyed(directory: Path, grant_id: str, episode_id: str) -> bool:
    """Say whether there is a tombstone of the episode or of its grant."""
    place = directory / files.checked_name(grant_id)
    return place.is_file() or (place / files.checked_name(episode_id)).exists()


def has_shares(directory: Path, grant_id: str, episode_id: str, sections: Sequence[SectionName] = SECTIONS) -> bool:
    """Say whether there is a share of each of *sections* of the episode."""
    place = directory / files.checked_name(grant_id)
    return all((place / share_name(episode_id, section)).exists() for section in sections)
