"""Make what is missing: sessions sealed, kept, logged, approved and handed over, one made-up person after the other."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from overt.errors import StorageError
from overt.format.container import read_members
from overt.format.episode import SECTIONS, checkpoint_name
from overt.keys.device import device_vkey
from overt.keys.passphrase import no_passphrase
from overt.keys.put import DirectoryIntake, share_name
from overt.keys.recording import RecordingKeys, load_recording_keys
from overt.keys.vault_contract import Progress
from overt.ledger.heartbeat import beat
from overt.ledger.log import Ledger
from overt.ledger.receipt import find_ends
from overt.store import files
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.store.lock import LockedError, locked
from overt.synth.organisation import Give, Organisation, organisation_at
from overt.synth.sealing import SealedEpisode, sealed
from overt.synth.session import Plan
from overt.verify import TrustDevice, verify_episode

_TOGETHER: Final = 200
"""Episodes that are approved and handed over at a time: a log is proven once for all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What a person does with their own home; made-up people do it by the same code as everybody.

    *give* consents at an instant, *approve* approves episodes at an instant, *submit* copies them into a directory.
    """

    give: Give
    approve: Callable[[Home, list[str], datetime], object]
    submit: Callable[[Home, Path, list[str]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What is there now: *episodes* of *contributors* people in *submitted*, of which *new* were missing before."""

    root: Path
    submitted: Path
    day: date
    episodes: int
    contributors: int
    new: int


def make(root: Path, plan: Plan, acts: Acts, *, at: datetime, progress: Progress) -> Made:
    """Make at *root* what *plan* asks for and is not there yet, as of *at* (aware).

    What is interrupted goes on where it stopped; what is complete is left as it is. More episodes than before may be
    asked for.

    Raises:
        UsageError: *root* makes another plan.
        HomeError: *root* is something else, or no safe place.
        ConsentError: the made-up consent has run out; make the episodes anew in another place.
        StorageError: another process makes them, or the disk refused.
    """
    total = plan.episodes + plan.contributors
    organisation = organisation_at(root, plan, acts.give, at, lambda people: progress(people, total))
    done = _Done(total=total, done=plan.contributors, progress=progress)
    try:
        with locked(root, wait=False):
            known = organisation.made()
            workers = [_Worker(organisation, person, plan, acts, at) for person in range(plan.contributors)]
            new = sum(worker.work(known, done.step) for worker in workers)
    except LockedError:
        raise StorageError(f"synthetic episodes are being made in {root}", hint="wait until that has ended") from None
    return Made(
        root=root,
        submitted=organisation.submitted,
        day=organisation.day,
        episodes=plan.episodes,
        contributors=plan.contributors,
        new=new,
    )


@dataclass(slots=True)
class _Done:
    total: int
    done: int
    progress: Progress

    def step(self, count: int) -> None:
        self.done += count
        self.progress(self.done, self.total)


class _Worker:
    """Makes the episodes of one person."""

    def __init__(self, organisation: Organisation, person: int, plan: Plan, acts: Acts, at: datetime) -> None:
        self._organisation = organisation
        self._home = organisation.home_of(person)
        self._store = EpisodeStore(self._home.episodes_directory)
        self._indices = range(person, plan.episodes, plan.contributors)
        self._plan = plan
        self._acts = acts
        self._at = at

    def work(self, known: dict[int, str], step: Callable[[int], None]) -> int:
        """Make and hand over what is missing among *known* ids by number; return how many were handed over."""
        here = set(self._store.list())
        handed = set(EpisodeStore(self._organisation.submitted).list())
        missing = [index for index in self._indices if known.get(index) not in handed]
        step(len(self._indices) - len(missing))
        for start in range(0, len(missing), _TOGETHER):
            some = [self._one(index, known.get(index), here, step) for index in missing[start : start + _TOGETHER]]
            self._acts.approve(self._home, some, self._at)
            self._acts.submit(self._home, self._organisation.submitted, some)
        return len(missing)

    def _one(self, index: int, known: str | None, here: set[str], step: Callable[[int], None]) -> str:
        """Return the id of the episode number *index*, which is whole and logged by then."""
        if known is not None and known in here:
            if known not in self._ends:
                # It was kept, and the program was ended before it was logged.
                self._log(known, self._store.read(known))
        else:
            if known is not None:
                self._tidy(known)
            episode = sealed(self._plan.session(index), self._keys, self._organisation.day)
            self._organisation.note(index, episode.episode_id)
            self._keep(episode)
            known = episode.episode_id
        step(1)
        return known

    def _keep(self, episode: SealedEpisode) -> None:
        DirectoryIntake(self._keys.shares_directory).put(episode.shares)
        self._store.put_keys(episode.episode_id, episode.opening.keys)
        self._store.put(episode.episode_id, episode.data)
        self._log_ends(episode.episode_id, episode.opening.first, len(episode.data), episode.root)

    def _log(self, episode_id: str, data: bytes) -> None:
        verdict = verify_episode(data, trust=TrustDevice(device_vkey(self._home)))
        opening = next(each.end for each in read_members(data) if each.name == checkpoint_name(0))
        self._log_ends(episode_id, data[:opening], len(data), verdict.root)

    def _log_ends(self, episode_id: str, first: bytes, size: int, root: str) -> None:
        sha256 = hashlib.sha256(first).hexdigest()
        self._ledger.append({"type": "episode-open", "id": episode_id, "grant": self._keys.grant.id, "sha256": sha256})
        self._ledger.append({"type": "episode-close", "id": episode_id, "size": size, "root": root})

    def _tidy(self, episode_id: str) -> None:
        """Remove what is left of an episode that never was."""
        self._store.unlink(episode_id)
        place = self._keys.shares_directory / self._keys.grant.id
        if place.is_dir():
            for section in SECTIONS:
                files.unlink(place, share_name(episode_id, section), missing_ok=True)

    @cached_property
    def _keys(self) -> RecordingKeys:
        return load_recording_keys(self._home, no_passphrase, self._at)

    @cached_property
    def _ledger(self) -> Ledger:
        ledger = Ledger(self._home.log_directory, self._keys.device)
        beat(ledger, self._at.astimezone(UTC).date())
        return ledger

    @cached_property
    def _ends(self) -> dict[str, int]:
        """Where the log says how each episode ended that was there before."""
        return find_ends(self._home.log_directory, device_vkey(self._home))
