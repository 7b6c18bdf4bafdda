"""The person's word list: add to it, take from it, and say of what sort its words are without showing any."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from overt.errors import UsageError
from overt.keys.keychain import system_keychain
from overt.keys.word_list import LONGEST, MOST, Open, read_words, write_words
from overt.redact.lexicon import FEWEST, plain_form
from overt.store.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """How many words an act changed, and how many there are now."""

    changed: int
    now: int


def add_words(home: Home, entries: Iterable[str], keychain: Open = system_keychain) -> Changed:
    """Add *entries* to the list of *home*; those that are in it already, however written, add nothing.

    Raises:
        UsageError: one is too short or too long, or the list would be.
        KeyAccessError: there is no keychain, or it is locked.
        BackendUnavailableError: the ``keyring`` package is not installed.
        StorageError: the disk refused.
    """
    known = {plain_form(word): word for word in read_words(home, keychain)}
    before = len(known)
    for entry in entries:
        word = " ".join(entry.split())
        plain = plain_form(word)
        if len(plain) < FEWEST or len(word) > LONGEST:
            raise UsageError(f"a word has at least {FEWEST} letters or digits, and at most {LONGEST} characters")
        known.setdefault(plain, word)
    if len(known) > MOST:
        raise UsageError(f"a list has at most {MOST} words", hint="nothing was added")
    if len(known) > before:
        write_words(home, known.values(), keychain)
    return Changed(changed=len(known) - before, now=len(known))


def remove_words(home: Home, entries: Iterable[str], keychain: Open = system_keychain) -> Changed:
    """Take *entries*, however written, from the list of *home*; raises as ``add_words``."""
    known = {plain_form(word): word for word in read_words(home, keychain)}
    before = len(known)
    for entry in entries:
        known.pop(plain_form(entry), None)
    if len(known) < before:
        write_words(home, known.values(), keychain)
    return Changed(changed=before - len(known), now=len(known))


def sorts(words: Iterable[str]) -> dict[str, int]:
    """Return how many of *words* are of which sort: the only thing of them that is shown unasked."""
    return dict(sorted(Counter(map(_sort, words)).items()))


def _sort(word: str) -> str:
    digits, letters = sum(char.isdigit() for char in word), sum(char.isalpha() for char in word)
    if "@" in word:
        return "e-mail"
    if digits and not letters:
        return "number"
    return "address or account" if digits else "name"
