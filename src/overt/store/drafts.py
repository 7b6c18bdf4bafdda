"""A directory that is made beside its place and becomes visible as a whole; what a killed process left is swept."""

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from overt.errors import StorageError
from overt.store.lock import locked

_UNIQUE = r"[0-9a-f]{16}"


@contextmanager
def draft_beside(path: Path, stem: str) -> Iterator[Path]:
    """Yield a new private directory beside *path*, named *stem* and 16 digits; whatever is left of it vanishes.

    Drafts of that stem whose makers died are removed first: they hold what was never meant to stay. A draft is alive
    while its maker holds its lock.

    Raises:
        OSError: The system refused.
    """
    sweep(path.parent, stem)
    with ExitStack() as held:
        draft = _held_draft(path, stem, held)
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _held_draft(path: Path, stem: str, held: ExitStack) -> Path:
    """Make a draft and enter its lock into *held*."""
    while True:
        draft = path.with_name(f"{stem}{secrets.token_hex(8)}")
        draft.mkdir(mode=0o700)
        # A file system without locks has no sweeping either.
        with suppress(StorageError):
            held.enter_context(locked(draft))
        if draft.is_dir():
            return draft
        # Somebody else's sweep came between the two and took it for a dead maker's.


def sweep(directory: Path, stem: str) -> None:
    """Remove the drafts of *stem* in *directory* that nobody holds any more; raises ``OSError``."""
    ours = re.compile(re.escape(stem) + _UNIQUE)
    for draft in [each for each in directory.iterdir() if ours.fullmatch(each.name)]:
        # No directory, held by a living maker, or not ours: not to be removed.
        with suppress(StorageError), locked(draft, wait=False):
            shutil.rmtree(draft)
