"""Where a reader's shares come from: the vault itself where its home is at hand, or releases that it has sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from overt.errors import KeyAccessError
from overt.format.episode import SectionName
from overt.keys.consent_files import load_organisation
from overt.keys.directory_vault import DirectoryVault
from overt.keys.exchange.answer import Expected, Shares, joined, open_answer
from overt.keys.exchange.request import Asker, Wish, write_request
from overt.keys.identities import load_signer, statement_note
from overt.keys.passphrase import PassphraseSource
from overt.keys.rotated import Keyring
from overt.keys.vault import has_shares, vault_at_hand
from overt.keys.vault_contract import Vault, unseen
from overt.store import files
from overt.store.home import Home


class ShareSource(Protocol):
    """Hands out shares to one role for one purpose."""

    def refusal(self, grant_id: str, episode_id: str) -> str | None:
        """Say in a word why there is no share of that episode's content, or ``None`` if there seems to be one."""
        ...

    def share(self, grant_id: str, episode_id: str, section: SectionName) -> str:
        """Return the share for *section*.

        Raises:
            KeyAccessError: There is none for this role and purpose.
            StorageError: The release could not be logged.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Released:
    """Shares from releases (``ShareSource``)."""

    shares: Shares

    def refusal(self, grant_id: str, episode_id: str) -> str | None:
        """Say why no release holds a share of that episode's content."""
        del grant_id
        if "c" in self.shares.shares.get(episode_id, {}):
            return None
        return self.shares.refused.get(episode_id, "not_released")

    def share(self, grant_id: str, episode_id: str, section: SectionName) -> str:
        """Return a share that was released; raises ``KeyAccessError``."""
        del grant_id
        return self.shares.of(episode_id, section)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AtHand:
    """Shares from a vault whose home is at hand (``ShareSource``): each is asked for, signed, when it is needed."""

    vault: Vault
    directory: Path
    asker: Asker
    keyring: Keyring
    wish: Wish
    at: datetime

    def refusal(self, grant_id: str, episode_id: str) -> str | None:
        """Say whether the vault has a share of that episode's content."""
        return None if has_shares(self.directory, grant_id, episode_id, ("c",)) else "destroyed"

    def share(self, grant_id: str, episode_id: str, section: SectionName) -> str:
        """Ask for one share, and return what the vault answers; raises as ``Vault.release``."""
        note = write_request(self.wish, self.asker, [(grant_id, episode_id)], self.at, (section,))
        answer = self.vault.release(note, self.at, unseen)
        return open_answer(answer, self.keyring.unsealed, expected(self.asker.vault, self.wish), self.at).of(
            episode_id, section
        )


def expected(vault: str, wish: Wish) -> Expected:
    """Return what the answer to *wish* must be: by *vault*, for that role and purpose."""
    return Expected(vault=vault, role=wish.role, purpose=wish.purpose)


def asker(home: Home, passphrases: PassphraseSource) -> Asker:
    """Return who asks, as the role of *home*.

    Raises:
        PolicyError: It has joined no organisation.
        KeyAccessError: Its signing key is missing or stays locked.
    """
    return Asker(
        signer=load_signer(home, passphrases),
        statement=statement_note(home),
        vault=load_organisation(home).recipients.vault,
    )


def open_source(
    home: Home, wish: Wish, keyring: Keyring, passphrases: PassphraseSource, at: datetime, releases: Sequence[Path]
) -> ShareSource:
    """Return where the role of *home* finds shares for *wish*: in the files *releases*, or the vault at hand.

    *keyring* opens what it is sent.

    Raises:
        PolicyError: It has joined no organisation.
        KeyAccessError: A key stays locked, the vault is not at hand, or a release is for another role or purpose.
        VerificationError: A release was changed, or is another vault's.
        FormatError: A file is no release.
        StorageError: The disk refused.
    """
    if releases:
        want = expected(load_organisation(home).recipients.vault, wish)
        read = [open_answer(files.read_anywhere(path), keyring.unsealed, want, at) for path in releases]
        return Released(shares=joined(read))
    vault = _at_hand(home)
    return AtHand(
        vault=DirectoryVault(vault, passphrases),
        directory=vault.shares_directory,
        asker=asker(home, passphrases),
        keyring=keyring,
        wish=wish,
        at=at,
    )


def _at_hand(home: Home) -> Home:
    try:
        return vault_at_hand(home)
    except KeyAccessError as problem:
        raise KeyAccessError(
            str(problem), hint="ask it by a file: overt shares request; then name its answer with --releases"
        ) from None
