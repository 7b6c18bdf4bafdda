"""Replace the vault's master, so that old copies of destroyed shares open nothing. The recorder never imports this."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from overt.errors import FormatError, KeyAccessError, StorageError
from overt.format.age_read import decrypt
from overt.format.age_write import Identity, encrypt, new_identity, recipient_of
from overt.format.note import NoteSigner
from overt.keys.at_rest import keep_secret
from overt.keys.exchange.slip import second
from overt.keys.identities import IDENTITY_NAMES, load_signer
from overt.keys.passphrase import PassphraseSource
from overt.keys.put import STATE, publish_state, vault_state
from overt.keys.shred import finish_shreds, settle, tombstones
from overt.keys.statement import Statement
from overt.keys.vault import NEXT_MASTER, entries, masters, tidy
from overt.keys.vault_contract import Progress, unseen
from overt.ledger.log import Ledger
from overt.store import files
from overt.store.home import Home, Role
from overt.store.lock import locked


def rekey_vault(vault: Home, passphrases: PassphraseSource, at: datetime, progress: Progress = unseen) -> int:
    """Give *vault* a new master, wrap every remaining entry for it, forget the old one; return the new epoch.

    What was destroyed before is logged, and settled at the end. Broken off at any moment it loses nothing, and is
    finished by calling it again: both masters stay until all entries are under the new one. The passphrase, if any,
    stays the same.

    Raises:
        KeyAccessError: The master or the log's key stays locked, or an entry opens under neither master.
        VerificationError: The log was changed.
        StorageError: The disk refused.
    """
    with locked(vault.shares_directory):
        tidy(vault)
        signer = load_signer(vault, passphrases)
        return _Rekey(vault=vault, signer=signer, log=Ledger(vault.log_directory, signer), at=second(at)).run(
            passphrases, progress
        )


def rekey_due(vault: Home) -> bool:
    """Say whether something was destroyed since the master was last replaced, or a re-key was broken off."""
    directory = vault.shares_directory
    if any(vault.keys_directory.glob(f"{NEXT_MASTER}.*")) or not (directory / STATE).exists():
        return True
    return not all(each.settled for each in tombstones(directory))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Rekey:
    """One re-key of *vault* on its way."""

    vault: Home
    signer: NoteSigner
    log: Ledger
    at: str

    def run(self, passphrases: PassphraseSource, progress: Progress) -> int:
        directory = self.vault.shares_directory
        state = vault_state(directory, self.signer.vkey)
        epoch = 1 + (state.epoch if state is not None else 0)
        unsettled = [each for each in tombstones(directory) if not each.settled]
        for each in unsettled:
            self.log.append({"type": "shred", "at": self.at, "epoch": epoch - 1, **each.entry})
        known = masters(self.vault, passphrases)
        if state is not None and state.recipient not in map(recipient_of, known):
            # Wrapping on would forget the only key to everything.
            raise KeyAccessError(
                "the vault's master is not the one that the vault states",
                hint="were its keys restored from a backup? put the right keys/vault.* back",
            )
        new = _next_master(self.vault, known, passphrases)
        publish_state(directory, Statement(epoch=epoch, recipient=new.recipient, role="vault"), self.signer)
        self._rewrap_all(list(dict.fromkeys((new.text, *known))), new.recipient, progress)
        finish_shreds(directory)
        _take_over(self.vault, new)
        self.log.append({"type": "vault-rekey", "at": self.at, "epoch": epoch})
        settle(directory, unsettled, epoch)
        return epoch

    def _rewrap_all(self, identities: list[str], recipient: str, progress: Progress) -> None:
        found = entries(self.vault.shares_directory)
        for done, entry in enumerate(found, 1):
            _rewrap(entry, identities, recipient)
            progress(done, len(found))


def _next_master(vault: Home, known: list[str], passphrases: PassphraseSource) -> Identity:
    if len(known) > 1:
        return Identity(known[1], recipient_of(known[1]))
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


def _rewrap(entry: Path, identities: list[str], recipient: str) -> None:
    try:
        plain = decrypt(files.read(entry.parent, entry.name), identities)
        files.replace(entry.parent, entry.name, encrypt(plain, [recipient]))
    except (KeyAccessError, FormatError):
        # What opens under no master is worthless already, and must not keep others from being destroyed.
        return
    except StorageError:
        if entry.exists():
            raise
        # It was destroyed meanwhile.
