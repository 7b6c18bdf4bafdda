"""Recovery pages: a role's age identity on paper, and back from there into a home of that role.

A signing key is never put on paper: a second copy of it would make every signature doubtful. Whoever loses one begins
with a new home, and the organisation names the new key.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from overt.errors import KeyAccessError
from overt.format.age_write import recipient_of
from overt.keys.identities import IDENTITY_NAMES, load_identity
from overt.keys.passphrase import PassphraseSource, asked_once
from overt.keys.recovery_words import WordList, read_words, restored_identity, split_identity
from overt.keys.rekey import rekey_vault
from overt.keys.rotate import KEYS_OF_HOME, adopt_identity, rotate_identity
from overt.keys.vault_contract import Progress, unseen
from overt.store.home import Home, Role

_COLUMNS: Final = 3
_WIDTH: Final = 20
_FIELD: Final = re.compile(r"# (?P<name>role|key): (?P<value>[a-z0-9]+)")
_VAULT_WARNING: Final = """\
#
# These words open what the vault's key locked until it was next replaced: also shares that are
# destroyed by then. Destroy this page, and make new ones, after each: overt keys rotate
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it was typed or read: its words, and the *role* and *key* that its head names, if it has one."""

    words: WordList = field(repr=False)
    role: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What pages restore: the *identity*, its *recipient*, and whether their heads *vouch* for what it is."""

    identity: str = field(repr=False)
    recipient: str
    vouched: bool


def fingerprint(recipient: str) -> str:
    """Return what tells age keys apart on paper: the first 32 digits of the SHA-256 of *recipient*'s text."""
    return hashlib.sha256(recipient.encode()).hexdigest()[:32]


def recovery_pages(home: Home, passphrases: PassphraseSource, needed: int, pages: int) -> list[str]:
    """Return the text of *pages* pages to print, any *needed* of which restore the present identity of *home*.

    Raises:
        BackendUnavailableError: ``shamir-mnemonic`` is not installed.
        UsageError: The numbers make no sense.
        KeyAccessError: The identity stays locked.
    """
    identity = load_identity(home, passphrases)
    lists = split_identity(identity, needed, pages)
    key = fingerprint(recipient_of(identity))
    return [_render(home.role, key, words, needed, pages) for words in lists]


def read_page(text: str) -> Page:
    """Return the page with *text*: lines that begin with ``#`` are its head, numbers before words do not count.

    Raises:
        BackendUnavailableError: ``shamir-mnemonic`` is not installed.
        KeyAccessError: A word is wrong, missing or in another place.
    """
    lines = [line.strip() for line in text.splitlines()]
    head = {match["name"]: match["value"] for line in lines if (match := _FIELD.fullmatch(line))}
    words = " ".join(re.findall(r"[A-Za-z]+", " ".join(line for line in lines if not line.startswith("#"))))
    return Page(words=read_words(words), role=head.get("role", ""), key=head.get("key", ""))


def recovered(pages: Sequence[Page], role: Role) -> Recovered:
    """Return what *pages* restore for a home of *role*.

    Raises:
        KeyAccessError: They are too few, do not belong together, or are of another role's or another key.
    """
    name = IDENTITY_NAMES[role]
    others = sorted({page.role for page in pages if page.role not in ("", name)})
    if others:
        raise KeyAccessError(f"these pages are of the {others[0]}'s key, not of the {name}'s", hint="see: --home")
    identity = restored_identity([page.words for page in pages])
    recipient = recipient_of(identity)
    if any(page.key not in ("", fingerprint(recipient)) for page in pages):
        raise KeyAccessError("these words restore another key than the head of their page names")
    return Recovered(identity=identity, recipient=recipient, vouched=any(page.role and page.key for page in pages))


def restore(
    home: Home, found: Recovered, passphrases: PassphraseSource, at: datetime, progress: Progress = unseen
) -> int | None:
    """Make what was *found* the identity of *home*, as of *at*, and return the new epoch; nothing if it has it already.

    The identity that the home had is kept for reading, but for the vault's: every share is wrapped anew.

    Raises:
        KeyAccessError: A key of the home stays locked, or a rotation was broken off.
        StorageError: The disk refused; then call it again.
    """
    once = asked_once(passphrases, KEYS_OF_HOME)
    if not adopt_identity(home, found.identity, once):
        return None
    if home.role is Role.VAULT:
        return rekey_vault(home, once, at, progress)
    return rotate_identity(home, once, at).epoch


def _render(role: Role, key: str, words: str, needed: int, pages: int) -> str:
    number = read_words(words).number
    head = f"""\
# Overt recovery page {number} of {pages}; {needed} of them restore the key.
#
# role: {IDENTITY_NAMES[role]}
# key: {key}
#
# Print this page, give each page to somebody else, and destroy the file. Whoever holds {needed} pages
# can read what this key reads. To restore it, in a fresh home of this role:
#     overt keys recover --from PAGE --from PAGE
"""
    return head + (_VAULT_WARNING if role is Role.VAULT else "") + "\n" + _table(words.split())


def _table(words: list[str]) -> str:
    cells = [f"{number:>2} {word}" for number, word in enumerate(words, start=1)]
    rows = [cells[start : start + _COLUMNS] for start in range(0, len(cells), _COLUMNS)]
    return "".join("".join(cell.ljust(_WIDTH) for cell in row).rstrip() + "\n" for row in rows)
