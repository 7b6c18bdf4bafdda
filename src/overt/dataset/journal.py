"""The admin's log of exports: an export that cannot be logged does not appear."""

from collections.abc import Callable
from datetime import datetime

from overt.consent.instants import instant_text, whole_seconds
from overt.keys.consent_files import load_organisation
from overt.keys.identities import load_signer, statement_note
from overt.keys.passphrase import PassphraseSource
from overt.keys.statement import open_statement
from overt.ledger.log import Ledger
from overt.store.home import Home


def export_log(admin: Home, passphrases: PassphraseSource, purpose: str, at: datetime) -> Callable[[str], None]:
    """Return what logs the dataset with a given manifest (its SHA-256) as exported for *purpose* at *at*, once.

    Raises:
        KeyAccessError: The admin's signing key stays locked.
        VerificationError: The log was changed.
        StorageError: The disk refused; what is returned raises the same.
    """
    log = Ledger(admin.log_directory, load_signer(admin, passphrases))

    def record(dataset: str) -> None:
        facts = {"type": "export", "dataset": dataset, "purpose": purpose}
        if not any(facts.items() <= entry.items() for entry in log.entries()):
            log.append({**facts, "at": instant_text(whole_seconds(at))})

    return record


def own_recipient(admin: Home) -> str:
    """Return the recipient that stands for *admin* itself; raises ``PolicyError`` or ``KeyAccessError``."""
    vkey = load_organisation(admin).recipients.exporter
    return open_statement(statement_note(admin), vkey, "exporter").recipient
