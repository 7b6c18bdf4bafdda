"""The vault hands out a share: it logs first, then answers. The recorder never imports this."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from overt.consent.instants import instant_text, whole_seconds
from overt.errors import FormatError, KeyAccessError, UsageError
from overt.format.age_read import decrypt
from overt.format.episode import SectionName
from overt.keys.passphrase import PassphraseSource
from overt.keys.vault import find_share, masters, vault_log
from overt.policy.purposes import Purpose
from overt.store import files
from overt.store.home import Home


class Reader(StrEnum):
    """A role that may ask the vault for a share."""

    AUDITOR = "auditor"
    EXPORTER = "exporter"
    EMPLOYEE = "employee"


class OwnUse(StrEnum):
    """What a share may be asked for besides the purposes of a grant."""

    REVIEW = "review"
    """The person looks at their own episode."""
    AUDIT = "audit"
    """The officer looks at metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRequest:
    """Who asks for which section of which episode, and what for."""

    episode_id: str
    section: SectionName
    role: Reader
    purpose: Purpose | OwnUse


class Releaser:
    """An opened vault: its passphrases were asked for once, and each release is logged before it is answered."""

    def __init__(self, vault: Home, passphrases: PassphraseSource) -> None:
        """Open *vault*; raises ``KeyAccessError``, ``VerificationError`` or ``StorageError``."""
        self._vault = vault
        self._log = vault_log(vault, passphrases)
        self._masters = masters(vault, passphrases)

    def release(self, request: ShareRequest, at: datetime) -> str:
        """Log *request* as made at *at*, then return the share's identity (``AGE-SECRET-KEY-PQ-1…``).

        Raises:
            UsageError: That role may not ask for this.
            KeyAccessError: The share was destroyed, never came here, or is under another master.
            StorageError: The release could not be logged; then there is no answer.
        """
        _check(request)
        path = find_share(self._vault.shares_directory, request.episode_id, request.section)
        self._log.append(_entry(request, at))
        try:
            return decrypt(files.read(path.parent, path.name), self._masters).decode("ascii").strip()
        except (FormatError, KeyAccessError, UnicodeDecodeError):
            raise KeyAccessError(
                f"the vault's key for the episode {request.episode_id} cannot be opened",
                hint="it is damaged, or was made for another vault or an older master",
            ) from None


def _check(request: ShareRequest) -> None:
    if request.role is Reader.AUDITOR and request.section == "c":
        raise UsageError("an auditor reads metadata, never content")
    if not _may_ask(request.role, request.purpose):
        raise UsageError(f"no share is released to the {request.role} for {request.purpose}")


def _may_ask(role: Reader, purpose: Purpose | OwnUse) -> bool:
    match role:
        case Reader.EMPLOYEE:
            return purpose is OwnUse.REVIEW
        case Reader.AUDITOR:
            return purpose is OwnUse.AUDIT
        case Reader.EXPORTER:
            return isinstance(purpose, Purpose)


def _entry(request: ShareRequest, at: datetime) -> dict[str, str]:
    return {
        "type": "release",
        "at": instant_text(whole_seconds(at)),
        "id": request.episode_id,
        "purpose": request.purpose.value,
        "role": request.role.value,
        "section": request.section,
    }
