"""The key that can only withdraw: it lies open in the home, because taking consent back must need nothing."""

from overt.errors import FormatError, StorageError
from overt.format.note import NoteSigner
from overt.store import files
from overt.store.home import Home

_NAME = "withdrawal"
_LIMIT = 200


def new_withdrawal_key(home: Home, grant_id: str) -> NoteSigner:
    """Make the key that withdraws *grant_id* and keep it in a 0600 file; raises ``StorageError``.

    Whoever steals it can end a recording, and nothing else.
    """
    signer = NoteSigner.generate(_NAME)
    files.create_exclusive(home.keys_directory, _file_name(grant_id), f"{signer.seed().hex()}\n".encode())
    return signer


def withdrawal_key(home: Home, grant_id: str) -> NoteSigner | None:
    """Return the key that withdraws *grant_id*, or ``None`` when it is lost: withdrawing works without it."""
    try:
        seed = files.read(home.keys_directory, _file_name(grant_id), limit=_LIMIT)
        return NoteSigner.from_seed(_NAME, bytes.fromhex(seed.decode("ascii").strip()))
    except (StorageError, FormatError, ValueError):
        return None


def _file_name(grant_id: str) -> str:
    return f"{_NAME}-{grant_id}.txt"
