"""Words on paper that restore an age identity when enough of them come together: SLIP-39 by ``shamir-mnemonic``.

The library is not hardened against whoever measures it at work: use it offline, on a machine of your own.
"""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Final

from overt.errors import BackendUnavailableError, KeyAccessError, UsageError
from overt.format import xwing

LEAST: Final = 2
MOST: Final = 16
"""Fewer than two would be one page that opens everything; SLIP-39 knows no more than sixteen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """The *words* of one page, and what they say: its *number* from 1, how many are *needed*, of which *set*."""

    words: str = field(repr=False)
    number: int
    needed: int
    set: tuple[int, ...]


def split_identity(identity: str, needed: int, pages: int) -> list[str]:
    """Return *pages* lists of words, any *needed* of which restore *identity* (``AGE-SECRET-KEY-PQ-1…``).

    Raises:
        BackendUnavailableError: ``shamir-mnemonic`` is not installed.
        UsageError: The numbers make no sense.
        FormatError: *identity* is malformed.
    """
    if not LEAST <= needed <= pages <= MOST:
        raise UsageError(
            f"a key is split for {LEAST} to {MOST} pages, of which at least {LEAST} are needed", hint="such as 2-of-3"
        )
    groups: list[list[str]] = _library().generate_mnemonics(1, [(needed, pages)], xwing.seed_of(identity))
    return groups[0]


def read_words(words: str) -> WordList:
    """Return what the *words* of one page say of themselves.

    Raises:
        BackendUnavailableError: ``shamir-mnemonic`` is not installed.
        KeyAccessError: A word is wrong, missing or in another place.
    """
    library = _library()
    try:
        share = library.Share.from_mnemonic(words.lower())
    except library.MnemonicError:
        # Its message would quote the words.
        raise KeyAccessError(
            "these are not the words of a recovery page", hint="compare each word, and their order, with the page"
        ) from None
    return WordList(
        words=words.lower(),
        number=share.index + 1,
        needed=share.member_threshold,
        set=tuple(int(each) for each in share.group_parameters()),
    )


def restored_identity(pages: Sequence[WordList]) -> str:
    """Return the identity whose *pages* these are, in any order.

    Raises:
        BackendUnavailableError: ``shamir-mnemonic`` is not installed.
        KeyAccessError: There are too few, they are of different keys, or hold no key of ours.
    """
    if len({page.set for page in pages}) > 1:
        raise KeyAccessError(
            "these recovery pages do not belong together", hint="take pages that were made at one time, for one key"
        )
    different = {page.number: page for page in pages}
    needed = max((page.needed for page in pages), default=LEAST)
    if len(different) < needed:
        raise KeyAccessError(
            f"{needed} different recovery pages are needed, and here are {len(different)}", hint="find another page"
        )
    return xwing.identity_text(_seed([page.words for page in different.values()][:needed]))


def _seed(lists: list[str]) -> bytes:
    library = _library()
    try:
        seed: bytes = library.combine_mnemonics(lists)
    except library.MnemonicError:
        raise KeyAccessError("these recovery pages restore nothing", hint="they are of different keys") from None
    if len(seed) != xwing.SEED_BYTES:
        raise KeyAccessError("these recovery pages hold something else than a key of ours")
    return seed


def _library() -> ModuleType:
    try:
        return importlib.import_module("shamir_mnemonic")
    except ImportError:
        raise BackendUnavailableError(
            "recovery pages need the package shamir-mnemonic", hint="install overt[recovery]"
        ) from None
