"""What a recording needs: a grant in force, the device key, and public keys. Nothing here can read an episode."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from overt.consent.grant import Grant
from overt.format.note import NoteSigner
from overt.keys.consent_files import load_organisation, read_text, require_consent
from overt.keys.device import load_device
from overt.keys.identities import load_recipient
from overt.keys.passphrase import PassphraseSource
from overt.keys.put import share_recipient
from overt.keys.recipients import RoleRecipients
from overt.policy.document import Policy
from overt.store.home import Home


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RecordingKeys:
    """Everything that the recorder takes from a home, but for the episodes' directory.

    *shares_directory* is where the vault's entries go.
    """

    device: NoteSigner
    roles: RoleRecipients
    vault_recipient: str
    grant: Grant
    grant_note: str
    policy: Policy
    policy_sha256: str
    notice_sha256: str
    trial: bool
    shares_directory: Path


def load_recording_keys(home: Home, passphrases: PassphraseSource, at: datetime) -> RecordingKeys:
    """Return what a recording in *home* needs, under the grant in force at the instant *at* (aware).

    Raises:
        ConsentError: No grant is in force.
        PolicyError: The home has joined no organisation, or its bundle was changed.
        KeyAccessError: The device key is missing or stays locked.
    """
    grant = require_consent(home, at)
    organisation = load_organisation(home)
    return RecordingKeys(
        device=load_device(home, passphrases),
        roles=RoleRecipients(
            auditor=organisation.recipient_of("auditor"),
            exporter=organisation.recipient_of("exporter"),
            employee=load_recipient(home),
        ),
        vault_recipient=share_recipient(
            home.shares_directory, grant.id, organisation.recipients.vault, organisation.bundle.statements.vault
        ),
        grant=grant,
        grant_note=read_text(home.grants_directory / f"{grant.id}.note"),
        policy=organisation.policy,
        policy_sha256=organisation.policy_sha256,
        notice_sha256=grant.terms.notice_sha256,
        trial=organisation.policy.trial or home.trial,
        shares_directory=home.shares_directory,
    )
