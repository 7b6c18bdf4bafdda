"""What an employee hands over: an approved episode with its grant, approval and log proof, as files in a directory."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.consent.approval import Approval
from overt.consent.grant import Grant
from overt.errors import ConsentError, StorageError
from overt.keys.sign import claimed_device, open_approval, open_grant
from overt.store import files
from overt.store.episodes import EpisodeStore

GRANTS: Final = "grants"
COUNTERSIGNATURES: Final = "countersignatures"
"""The controller's own word on grants; it decides nothing, and may come later than the grant."""
PEOPLE: Final = "people"
"""Where each device's statement about its person's recipient is: whoever rewraps keys needs it."""
_LIMIT: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Parcel:
    """The files of one episode to be handed over. *grant* and *approval* are notes, *proof* is empty or a log proof.

    *countersignature* is the controller's note on the grant, or empty while there is none. *statement* is what the
    device *device* (a name) says of its person's present recipient.
    """

    episode_id: str
    grant_id: str
    episode: bytes
    keys: bytes
    grant: str
    countersignature: str
    approval: str
    proof: str
    device: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Handover:
    """What a directory holds for one episode, its signatures checked: *device* signed grant and approval alike.

    *grant_sha256* is the hash of the grant's note. The episode itself is not verified yet.
    """

    episode_id: str
    episode: bytes
    keys: bytes
    device: str
    grant: Grant
    grant_sha256: str
    approval: Approval


def write_parcel(directory: Path, parcel: Parcel) -> bool:
    """Put *parcel* into *directory*, the episode last; return whether it was new there.

    Raises:
        StorageError: The disk refused, or another episode of that id is there.
    """
    store = EpisodeStore(files.ensure_directory(directory))
    files.replace(files.ensure_directory(directory / PEOPLE), f"{parcel.device}.note", parcel.statement.encode())
    if parcel.countersignature:
        place = files.ensure_directory(directory / COUNTERSIGNATURES)
        files.replace(place, f"{parcel.grant_id}.note", parcel.countersignature.encode())
    if store.holds(parcel.episode_id):
        if store.read(parcel.episode_id) != parcel.episode:
            raise StorageError(f"another episode {parcel.episode_id} is there already", hint="choose another directory")
        return False
    files.replace(files.ensure_directory(directory / GRANTS), f"{parcel.grant_id}.note", parcel.grant.encode())
    files.replace(directory, _approval_name(parcel.episode_id), parcel.approval.encode())
    if parcel.proof:
        files.replace(directory, _proof_name(parcel.episode_id), parcel.proof.encode())
    store.replace_keys(parcel.episode_id, parcel.keys)
    store.put(parcel.episode_id, parcel.episode)
    return True


def read_handover(directory: Path, episode_id: str, grant_id: str) -> Handover:
    """Return what *directory* holds for *episode_id*, which says that it was recorded under *grant_id*.

    Raises:
        ConsentError: Grant or approval are missing, malformed, changed, of another device or of another episode.
        StorageError: The episode or its keys are missing, or the disk refused.
    """
    store = EpisodeStore(directory)
    grant_note = _note(directory / GRANTS, f"{grant_id}.note", "grant")
    device = claimed_device(grant_note)
    grant = open_grant(grant_note, device)
    approval = open_approval(_note(directory, _approval_name(episode_id), "approval"), device)
    if (approval.episode, approval.grant, grant.id) != (episode_id, grant_id, grant_id):
        raise ConsentError(f"the approval beside the episode {episode_id} is of another")
    return Handover(
        episode_id=episode_id,
        episode=store.read(episode_id),
        keys=store.read_keys(episode_id),
        device=device,
        grant=grant,
        grant_sha256=hashlib.sha256(grant_note.encode()).hexdigest(),
        approval=approval,
    )


def _note(directory: Path, name: str, what: str) -> str:
    if not (directory / name).exists():
        raise ConsentError(f"there is no {what} at {name}")
    try:
        return files.read(directory, name, limit=_LIMIT).decode()
    except UnicodeDecodeError:
        raise ConsentError(f"the {what} at {name} is not text") from None


def parcel_names(episode_id: str) -> tuple[str, ...]:
    """Return the names of the files that lie beside a handed-over episode, but for its keys."""
    return _approval_name(episode_id), _proof_name(episode_id)


def _proof_name(episode_id: str) -> str:
    return f"{episode_id}.tlog-proof"


def _approval_name(episode_id: str) -> str:
    return f"{episode_id}.approval.note"
