"""What an earlier recorder left when it was killed: logged once, and never written to again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from overt.errors import VerificationError
from overt.format.note import NoteSigner
from overt.ledger.log import Ledger, read_entries
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.verify import TrustDevice, Verdict, verify_episode

_ENDED: Final = frozenset({"episode-close", "recovered"})
_NOTHING: Final = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""The Merkle root over nothing at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """What a crash can leave in a home: ids of episodes.

    *unended* were neither closed nor noted yet, *unreadable* have no keys (any more), and *unused* keys are those of
    an episode that never began.
    """

    unended: Sequence[str]
    unreadable: Sequence[str]
    unused: Sequence[str]


def leftovers(home: Home, vkey: str) -> Leftovers:
    """Return what earlier recorders left in *home*, whose log is by the device *vkey*; writes nothing.

    Raises:
        VerificationError: The log was changed, or is another's.
        StorageError: The system refused.
    """
    logged = read_entries(home.log_directory, vkey) if home.log_directory.exists() else []
    known = {str(entry.get("id")) for entry in logged}
    ended = {str(entry.get("id")) for entry in logged if entry.get("type") in _ENDED}
    store = EpisodeStore(home.episodes_directory)
    episodes, keys = store.list(), store.list_keys()
    return Leftovers(
        unended=[each for each in episodes if each not in ended],
        unreadable=sorted(set(episodes) - set(keys)),
        unused=[each for each in keys if each not in {*episodes, *known}],
    )


def recover(home: Home, ledger: Ledger, device: NoteSigner) -> None:
    """Log every episode of *home* that was never closed and not noted yet, and drop the keys of none.

    Its file stays as it is. The entry says how many of its bytes are proven, and the root over them; the reason is the
    state it was found in: ``open``, ``damaged-tail``, ``invalid`` (nothing is proven), or ``closed`` when the recorder
    died between the last byte and the log.

    Raises:
        VerificationError: The log was changed.
        StorageError: The system refused; what is not noted yet is noted the next time.
    """
    found = leftovers(home, device.vkey)
    store = EpisodeStore(home.episodes_directory)
    for entry in _recoveries(store, found.unended, device.vkey):
        ledger.append(entry)
    for episode_id in found.unused:
        # Its keys come before an episode, and the log before its first record: nothing was ever sealed to these.
        store.unlink(episode_id)


def _recoveries(store: EpisodeStore, unended: Sequence[str], vkey: str) -> Iterator[dict[str, str | int]]:
    for episode_id in unended:
        size, root, reason = 0, _NOTHING, "invalid"
        verdict = _verdict(store.read(episode_id), vkey)
        if verdict is not None and verdict.episode_id == episode_id:
            size, root, reason = verdict.size, verdict.root, verdict.state.value
        yield {"type": "recovered", "id": episode_id, "size": size, "root": root, "reason": reason}


def _verdict(data: bytes, vkey: str) -> Verdict | None:
    try:
        return verify_episode(data, trust=TrustDevice(vkey))
    except VerificationError:
        return None
