"""From a home to the first bytes of an episode: claim the home, load the keys, tidy up after a crash, begin."""

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from overt import __version__
from overt.consent.grant import Grant
from overt.errors import StorageError
from overt.events.redacted import SessionFacts
from overt.keys.passphrase import PassphraseSource
from overt.keys.put import DirectoryIntake
from overt.keys.recording import RecordingKeys, load_recording_keys
from overt.keys.vault_contract import SealedShares
from overt.keys.word_list import read_words
from overt.ledger.heartbeat import beat
from overt.ledger.log import Ledger
from overt.recorder.recovery import recover
from overt.recorder.writer import EpisodeWriter, OpenEpisode
from overt.redact.lexicon import Lexicon
from overt.redact.version import REDACTOR_VERSION
from overt.seal import EpisodeSealer, Opening
from overt.store.episodes import EpisodeFile, EpisodeStore
from overt.store.home import Home
from overt.store.lock import LockedError, locked


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Credentials:
    """What one recorder process may use: its home, the keys of a recording, the episodes and the log."""

    home: Home
    keys: RecordingKeys
    store: EpisodeStore
    ledger: Ledger
    lexicon: Lexicon = field(default_factory=Lexicon)

    @property
    def grant(self) -> Grant:
        """The grant in force."""
        return self.keys.grant


@contextmanager
def claimed(home: Home, passphrases: PassphraseSource, wall: Callable[[], datetime]) -> Iterator[Credentials]:
    """Claim *home* for this process, load what a recording needs, and note what an earlier crash left behind.

    Raises:
        StorageError: another recorder runs in this home, or the disk refused.
        ConsentError: no grant is in force.
        KeyAccessError: the device key is missing or stays locked, or the person's word list cannot be read.
    """
    with _alone(home):
        keys = load_recording_keys(home, passphrases, wall())
        store = EpisodeStore(home.episodes_directory)
        ledger = Ledger(home.log_directory, keys.device)
        lexicon = Lexicon(read_words(home))
        credentials = Credentials(home=home, keys=keys, store=store, ledger=ledger, lexicon=lexicon)
        recover(home, ledger, keys.device)
        beat(ledger, wall().astimezone(UTC).date())
        yield credentials


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    try:
        with locked(home.episodes_directory, wait=False):
            yield
    except LockedError:
        raise StorageError(
            f"another recorder is running in {home.path}", hint="stop it first: Ctrl+C in its terminal"
        ) from None


def prepare_writer(credentials: Credentials, *, now: Callable[[], int], wall: Callable[[], datetime]) -> EpisodeWriter:
    """Return the writer of a session that begins now; it opens no episode until there is something to record."""
    keys = credentials.keys
    facts = SessionFacts(
        recorder_version=__version__,
        redactor_version=REDACTOR_VERSION,
        grant=keys.grant.id,
        notice_sha256=keys.notice_sha256,
        policy_sha256=keys.policy_sha256,
        purposes=tuple(purpose.value for purpose in keys.grant.scope.purposes),
        signals=tuple(signal.value for signal in keys.grant.scope.signals),
        trial=keys.trial,
        started_on=wall().date().isoformat(),
        os_family=sys.platform,
    )
    return EpisodeWriter(started_ns=now(), facts=facts, begin=lambda: _begin(credentials), now=now)


def _begin(credentials: Credentials) -> OpenEpisode:
    """Make what can open the episode durable first, then the episode, then say so in the log."""
    keys = credentials.keys
    sealer, opening = EpisodeSealer.begin(
        grant=keys.grant.id,
        policy_sha256=keys.policy_sha256,
        trial=keys.trial,
        device=keys.device,
        roles=keys.roles,
        vault_recipient=keys.vault_recipient,
    )
    DirectoryIntake(keys.shares_directory).put(_sealed(keys, opening))
    credentials.store.put_keys(opening.episode_id, opening.keys)
    file = credentials.store.create(opening.episode_id, opening.first)
    try:
        credentials.ledger.append(_open_entry(opening, keys.grant.id))
    except BaseException:
        file.close()
        raise
    return OpenEpisode(
        episode_id=opening.episode_id,
        sealer=sealer,
        file=file,
        log_close=lambda: _log_close(credentials.ledger, sealer, file),
    )


def _sealed(keys: RecordingKeys, opening: Opening) -> SealedShares:
    return SealedShares(
        grant_id=keys.grant.id, grant=keys.grant_note, episode_id=opening.episode_id, shares=opening.shares
    )


def _open_entry(opening: Opening, grant: str) -> dict[str, str | int]:
    return {
        "type": "episode-open",
        "id": opening.episode_id,
        "grant": grant,
        "sha256": hashlib.sha256(opening.first).hexdigest(),
    }


def _log_close(ledger: Ledger, sealer: EpisodeSealer, file: EpisodeFile) -> None:
    ledger.append({"type": "episode-close", "id": sealer.episode_id, "size": file.size, "root": sealer.root.hex()})
