"""The person's own log: each of their acts leaves a trace that nobody can rewrite unseen."""

from collections.abc import Mapping
from datetime import datetime

from overt.consent.instants import instant_text, whole_seconds
from overt.errors import KeyAccessError
from overt.format.note import NoteSigner
from overt.keys.device import load_device
from overt.keys.passphrase import no_passphrase
from overt.ledger.log import Ledger
from overt.store.home import Home


def trace(home: Home, device: NoteSigner, act: str, at: datetime, facts: Mapping[str, str]) -> None:
    """Log that *act* was done at *at*, with *facts* of ids and hashes; raises ``StorageError``."""
    Ledger(home.log_directory, device).append({"type": act, "at": instant_text(whole_seconds(at)), **facts})


def trace_if_open(home: Home, act: str, at: datetime, facts: Mapping[str, str]) -> bool:
    """Log *act* when the device key lies open (in a trial), and say whether it was: withdrawing asks for nothing."""
    if not home.trial:
        return False
    try:
        device = load_device(home, no_passphrase)
    except KeyAccessError:
        return False
    trace(home, device, act, at, facts)
    return True
