"""When a person may be asked for consent, and how they say no: one act, no reason, and nothing that tells a no."""

import re
from datetime import UTC, datetime
from typing import Final

from overt.consent.renewal import may_ask, quiet_until
from overt.errors import ConsentError
from overt.keys.consent_files import read_text
from overt.store import files
from overt.store.home import Home

_NAME: Final = "quiet-until.txt"
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\n", re.ASCII)


def may_be_asked(home: Home, at: datetime) -> bool:
    """Say whether anything may ask the person of *home* for consent at the instant *at*.

    They may not for 90 days after they were last asked, nor when it cannot be told when that was.
    """
    try:
        return may_ask(_quiet_until(home), at)
    except (ConsentError, ValueError):
        return False


def note_asked(home: Home, at: datetime) -> None:
    """Note that the person of *home* is being asked at *at* (aware): whoever asks calls this first.

    What is kept is the day before which nobody asks again. It is kept before any answer, and no answer changes it.

    Raises:
        StorageError: The disk refused; then nobody may ask.
    """
    if may_be_asked(home, at):
        day = quiet_until(at.astimezone(UTC)).date().isoformat()
        files.replace(home.grants_directory.parent, _NAME, f"{day}\n".encode())


def decline(home: Home, at: datetime) -> None:
    """Say no at *at* (aware). What is kept is what being asked keeps; a no and silence look alike.

    A consent that was given before stays as it is: taking it back is ``withdraw``.

    Raises:
        StorageError: The disk refused; nothing was recorded before, and nothing is now.
    """
    note_asked(home, at)


def _quiet_until(home: Home) -> datetime | None:
    try:
        text = read_text(home.grants_directory.parent / _NAME)
    except FileNotFoundError:
        return None
    if not _DAY.fullmatch(text):
        raise ValueError("no day")
    return datetime.fromisoformat(text.strip()).replace(tzinfo=UTC)
