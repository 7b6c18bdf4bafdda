"""The person's own log: each of their acts leaves a trace that nobody can rewrite unseen, with the day and no hour."""

from collections.abc import Mapping
from datetime import UTC, datetime

from overt.errors import KeyAccessError
from overt.format.note import NoteSigner
from overt.keys.device import load_device
from overt.keys.passphrase import no_passphrase
from overt.ledger.log import Ledger
from overt.ledger.waiting import wait_for_key
from overt.policy.canonical import JsonValue
from overt.store.home import Home


def trace(home: Home, device: NoteSigner, act: str, at: datetime | None, facts: Mapping[str, str]) -> None:
    """Log that *act* was done, on the day of *at* if that is told, with *facts* of ids and hashes.

    Raises:
        VerificationError: The log was changed.
        StorageError: The disk refused.
    """
    Ledger(home.log_directory, device).append(_entry(act, at, facts))


def trace_if_open(home: Home, act: str, at: datetime | None, facts: Mapping[str, str]) -> bool:
    """Log *act* if the device key lies open (in a trial), and say whether it was: withdrawing asks for nothing.

    Otherwise it waits beside the log, and is logged when the key is next used; raises ``StorageError``.
    """
    try:
        device = load_device(home, no_passphrase) if home.trial else None
    except KeyAccessError:
        device = None
    if device is None:
        wait_for_key(home.log_directory, _entry(act, at, facts))
        return False
    trace(home, device, act, at, facts)
    return True


def _entry(act: str, at: datetime | None, facts: Mapping[str, str]) -> dict[str, JsonValue]:
    day: dict[str, JsonValue] = {} if at is None else {"day": at.astimezone(UTC).date().isoformat()}
    return {"type": act, **day, **facts}
