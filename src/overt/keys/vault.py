"""The vault's own side: its log, its master, and where its entries are."""

from pathlib import Path
from typing import Final

from overt.errors import HomeError, KeyAccessError
from overt.format.episode import SectionName
from overt.keys.at_rest import load_secret
from overt.keys.identities import load_identity, load_signer
from overt.keys.passphrase import PassphraseSource
from overt.keys.put import share_name
from overt.ledger.log import Ledger
from overt.store.home import Home, Role, open_home

NEXT_MASTER: Final = "vault-next"
"""The name of the master that takes over, while a re-key is under way."""


def vault_at_hand(home: Home) -> Home:
    """Return the home of the vault that *home* knows; raises ``KeyAccessError`` when it is not at hand."""
    try:
        if home.vault is not None:
            return open_home(home.vault, Role.VAULT)
    except HomeError as problem:
        raise KeyAccessError(f"the vault is not at hand: {problem}", hint=problem.hint) from None
    raise KeyAccessError("the vault is not at hand", hint="name its home: overt join BUNDLE --vault DIR")


def vault_log(vault: Home, passphrases: PassphraseSource) -> Ledger:
    """Open *vault*'s log for appending; raises ``KeyAccessError``, ``VerificationError`` or ``StorageError``."""
    return Ledger(vault.log_directory, load_signer(vault, passphrases))


def masters(vault: Home, passphrases: PassphraseSource) -> list[str]:
    """Return the master identities that entries may be under: two while a re-key is under way."""
    known = [load_identity(vault, passphrases)]
    if any(vault.keys_directory.glob(f"{NEXT_MASTER}.[ta]*")):
        known.append(load_secret(vault, NEXT_MASTER, passphrases))
    return known


def entries(directory: Path, name: str = "*.age") -> list[Path]:
    """Return the entries in *directory* that match *name*, sorted; what is being destroyed has a hidden place."""
    return sorted(path for path in directory.glob(f"*/{name}") if not path.parent.name.startswith("."))


def find_share(directory: Path, episode_id: str, section: SectionName) -> Path:
    """Return the entry for *section* of *episode_id*; raises ``KeyAccessError`` when it was destroyed or never came."""
    found = entries(directory, share_name(episode_id, section))
    if len(found) != 1:
        raise KeyAccessError(
            f"the vault has no key for the episode {episode_id}",
            hint="it was destroyed when consent was withdrawn or the episode erased, or it never came here",
        )
    return found[0]
