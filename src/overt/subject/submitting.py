"""Approve an episode after review, and hand approved ones over."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from overt.consent.approval import Approval
from overt.consent.instants import whole_seconds
from overt.errors import ConsentError, OvertError, StorageError, UsageError
from overt.keys.consent_files import countersignature_path, read_text, withdrawn
from overt.keys.device import device_vkey, load_device
from overt.keys.handover import Parcel, write_parcel
from overt.keys.identities import statement_note
from overt.keys.passphrase import PassphraseSource
from overt.keys.sign import open_approval, sign_approval
from overt.ledger.receipt import find_ends, make_receipt
from overt.store import files
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.subject.keeping import overdue
from overt.subject.reviewing import is_approved, require_closed, verified
from overt.subject.trace import trace, trace_if_open
from overt.verify import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What became of one episode: handed over, or held back for *reason*."""

    episode_id: str
    submitted: bool
    reason: str = ""


def approve(home: Home, episode_ids: list[str], passphrases: PassphraseSource, at: datetime) -> list[str]:
    """Approve the episodes as they are at *at*; return the ids that were not approved before.

    Raises:
        VerificationError: One of them is not whole, or not this device's; then none is approved.
        ConsentError: The consent that one was recorded under is withdrawn, or one should be gone by now.
        KeyAccessError: The device key stays locked.
        StorageError: The disk refused.
    """
    _check_in_time(home, episode_ids, at)
    verdicts = [_approvable(home, each) for each in episode_ids if not is_approved(home, each)]
    if not verdicts:
        return []
    device = load_device(home, passphrases)
    for verdict in verdicts:
        note = sign_approval(_approval(verdict, at), device)
        trace(home, device, "approve", at, {"id": verdict.episode_id, "root": verdict.root})
        files.create_exclusive(home.approvals_directory, f"{verdict.episode_id}.note", note.encode())
    return [verdict.episode_id for verdict in verdicts]


def submit(home: Home, directory: Path, episode_ids: list[str]) -> list[Submission]:
    """Copy those of *episode_ids* that are approved, whole and not withdrawn into *directory*, with what proves it.

    Nothing here decrypts anything. An episode that was handed over before is left as it is.

    Raises:
        StorageError: The disk refused.
    """
    if directory.resolve().is_relative_to(home.path.resolve()):
        raise UsageError("an episode is not handed over into the home that it is in", hint="name another directory")
    receipts = _Receipts(home)
    return [_submit(home, directory, episode_id, receipts) for episode_id in episode_ids]


class _Receipts:
    """The receipts of how each episode ended (``c2sp.org/tlog-proof``), from a log that is proven once for them all."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._ends: dict[str, int] | None = None

    def of(self, episode_id: str) -> str:
        """Return it, or nothing if the log has no end of it; raises ``VerificationError`` or ``StorageError``."""
        if not self._home.log_directory.exists():
            return ""
        vkey = device_vkey(self._home)
        if self._ends is None:
            self._ends = find_ends(self._home.log_directory, vkey)
        index = self._ends.get(episode_id)
        return "" if index is None else make_receipt(self._home.log_directory, vkey, index)


def _countersignature(home: Home, grant_id: str) -> str:
    """Return the controller's note on the grant, or nothing: it is handed over if there is one, and decides nothing."""
    try:
        return read_text(countersignature_path(home, grant_id))
    except (FileNotFoundError, ConsentError):
        return ""


def _check_in_time(home: Home, episode_ids: list[str], at: datetime) -> None:
    """An approval must not keep alive what the next sweep has to erase."""
    found = overdue(home, at)
    gone = {each.episode_id for each in (*found.due, *found.doubted)}
    for episode_id in episode_ids:
        if episode_id in gone and not is_approved(home, episode_id):
            raise ConsentError(
                f"the episode {episode_id} has been kept for as long as your notice says",
                hint="erase what is due: overt episodes sweep",
            )


def _approvable(home: Home, episode_id: str) -> Verdict:
    _, verdict = verified(home, episode_id)
    require_closed(verdict)
    if withdrawn(home, verdict.grant):
        raise ConsentError(f"the consent for the episode {episode_id} is withdrawn")
    return verdict


def _approval(verdict: Verdict, at: datetime) -> Approval:
    return Approval(
        episode=verdict.episode_id,
        grant=verdict.grant,
        root=verdict.root,
        size=verdict.size,
        at=whole_seconds(at),
    )


def _submit(home: Home, directory: Path, episode_id: str, receipts: _Receipts) -> Submission:
    if not is_approved(home, episode_id):
        return Submission(episode_id=episode_id, submitted=False, reason="not approved")
    try:
        parcel = _parcel(home, episode_id, receipts)
    except StorageError:
        raise
    except OvertError as problem:
        return Submission(episode_id=episode_id, submitted=False, reason=str(problem))
    if not (directory / f"{episode_id}.ep").exists():
        # Logged first: what is missing over there later is then seen to be missing.
        trace_if_open(home, "submit", None, {"id": episode_id})
    new = write_parcel(directory, parcel)
    return Submission(episode_id=episode_id, submitted=True, reason="" if new else "already there")


def _parcel(home: Home, episode_id: str, receipts: _Receipts) -> Parcel:
    data, verdict = verified(home, episode_id)
    require_closed(verdict)
    if withdrawn(home, verdict.grant):
        raise ConsentError("its consent is withdrawn")
    note = read_text(home.approvals_directory / f"{episode_id}.note")
    approval = open_approval(note, device_vkey(home))
    if (approval.episode, approval.root, approval.size) != (episode_id, verdict.root, len(data)):
        raise ConsentError("its approval is of other bytes")
    return Parcel(
        episode_id=episode_id,
        grant_id=verdict.grant,
        episode=data,
        keys=EpisodeStore(home.episodes_directory).read_keys(episode_id),
        grant=read_text(home.grants_directory / f"{verdict.grant}.note"),
        countersignature=_countersignature(home, verdict.grant),
        approval=note,
        proof=receipts.of(episode_id),
        device=device_vkey(home).partition("+")[0],
        statement=statement_note(home),
    )
