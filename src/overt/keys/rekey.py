"""Replace the vault's master, so that old copies of destroyed shares open nothing. The recorder never imports this."""

from datetime import datetime
from pathlib import Path

from overt.consent.instants import instant_text, whole_seconds
from overt.format.age_read import decrypt
from overt.format.age_write import Identity, encrypt, new_identity, recipient_of
from overt.keys.at_rest import keep_secret, load_secret
from overt.keys.identities import IDENTITY_NAMES, load_identity, load_signer
from overt.keys.passphrase import PassphraseSource
from overt.keys.put import STATE, publish_state, vault_state
from overt.keys.statement import Statement
from overt.keys.vault import NEXT_MASTER, entries, vault_log
from overt.store import files
from overt.store.home import Home, Role


def rekey_vault(vault: Home, passphrases: PassphraseSource, at: datetime) -> int:
    """Give *vault* a new master, wrap every remaining share for it, forget the old one; return the new epoch.

    Broken off at any moment it loses nothing, and is finished by calling it again: both masters stay until all shares
    are under the new one. The passphrase, if any, stays the same.

    Raises:
        KeyAccessError: The master or the log's key stays locked, or a share opens under neither master.
        StorageError: The disk refused.
    """
    signer = load_signer(vault, passphrases)
    log = vault_log(vault, passphrases)
    state = vault_state(vault.shares_directory, signer.vkey)
    epoch = 1 + (state.epoch if state is not None else 0)
    old = load_identity(vault, passphrases)
    new = _next_master(vault, passphrases)
    publish_state(vault.shares_directory, Statement(epoch=epoch, recipient=new.recipient, role="vault"), signer)
    for share in entries(vault.shares_directory):
        _rewrap(share, [old, new.text], new.recipient)
    _take_over(vault, new)
    log.append({"type": "vault-rekey", "at": instant_text(whole_seconds(at)), "epoch": epoch})
    return epoch


def rekey_due(vault: Home) -> bool:
    """Say whether a grant's shares were destroyed since the master was last replaced, or a re-key was broken off."""
    directory = vault.shares_directory
    if any(vault.keys_directory.glob(f"{NEXT_MASTER}.*")) or not (directory / STATE).exists():
        return True
    replaced = (directory / STATE).stat().st_mtime_ns
    tombstones = (path for path in directory.iterdir() if path.is_file() and path.name != STATE)
    return any(path.stat().st_mtime_ns >= replaced for path in tombstones)


def _next_master(vault: Home, passphrases: PassphraseSource) -> Identity:
    if any(vault.keys_directory.glob(f"{NEXT_MASTER}.[ta]*")):
        text = load_secret(vault, NEXT_MASTER, passphrases)
        return Identity(text, recipient_of(text))
    identity = new_identity()
    keep_secret(vault, NEXT_MASTER, identity.text, _same(passphrases))
    return identity


def _same(passphrases: PassphraseSource) -> PassphraseSource:
    """Ask for the passphrase that the master has, not for a new one."""

    def ask(what: str, *, new: bool = False) -> str:
        del what, new
        return passphrases("the vault key")

    return ask


def _take_over(vault: Home, new: Identity) -> None:
    """Put *new* in the place of the old master: its public half first, so that a crash between can be resumed."""
    name = IDENTITY_NAMES[Role.VAULT]
    suffix = "txt" if vault.trial else "age"
    files.replace(vault.keys_directory, f"{name}.pub", f"{new.recipient}\n".encode())
    wrapped = files.read(vault.keys_directory, f"{NEXT_MASTER}.{suffix}")
    files.replace(vault.keys_directory, f"{name}.{suffix}", wrapped)
    files.unlink(vault.keys_directory, f"{NEXT_MASTER}.{suffix}")


def _rewrap(share: Path, identities: list[str], recipient: str) -> None:
    plain = decrypt(files.read(share.parent, share.name), identities)
    files.replace(share.parent, share.name, encrypt(plain, [recipient]))
