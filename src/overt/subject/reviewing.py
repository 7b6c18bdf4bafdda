"""Look at one's own episodes. Reading happens here, in a short-lived process, and never in the recorder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from overt.errors import StorageError, UsageError, VerificationError
from overt.events.redacted import MetaRecord, RedactedEvent, RedactedFrame
from overt.format.episode import SECTIONS
from overt.format.section_keys import parse_keys
from overt.keys.consent_files import withdrawn
from overt.keys.device import device_vkey
from overt.keys.exchange.request import OwnUse, Reader, Wish
from overt.keys.passphrase import PassphraseSource
from overt.keys.rotated import Keyring
from overt.keys.share_source import open_source
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.unseal.content import read_content
from overt.unseal.metadata import read_metadata
from overt.verify import State, TrustDevice, Verdict, verify_episode

_LEAST_PREFIX: Final = 4
OWN_REVIEW: Final = Wish(role=Reader.EMPLOYEE, purpose=OwnUse.REVIEW, reason="to review my own episode")
"""Nobody has to say why they look at what was recorded of them; the request that travels by a file may say more."""
_SEE: Final = "see: overt episodes list"


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeFacts:
    """One own episode as it can be seen without a key. *state* is a state of ``verify``, or ``invalid``."""

    episode_id: str
    state: str
    grant: str
    size: int
    trial: bool
    approved: bool
    withdrawn: bool
    ended: str | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Review:
    """One own episode, opened: its verdict, its metadata, and its content one record at a time."""

    verdict: Verdict
    metadata: list[MetaRecord]
    content: Iterator[RedactedEvent | RedactedFrame]


def own_episodes(home: Home) -> list[EpisodeFacts]:
    """Return what can be said of each episode in *home* without a key.

    Raises:
        KeyAccessError: The device's public key is missing.
        StorageError: The disk refused.
    """
    store = EpisodeStore(home.episodes_directory)
    vkey = device_vkey(home)
    return [_facts(home, episode_id, _content(store, episode_id), vkey) for episode_id in store.list()]


def find_episode(home: Home, wanted: str) -> str:
    """Return the id of the one own episode that begins with *wanted*.

    Raises:
        UsageError: There is none, or more than one.
    """
    if len(wanted) < _LEAST_PREFIX:
        raise UsageError(f"an episode is named by at least {_LEAST_PREFIX} characters of its id", hint=_SEE)
    found = [episode_id for episode_id in EpisodeStore(home.episodes_directory).list() if episode_id.startswith(wanted)]
    if len(found) != 1:
        raise UsageError(f"{len(found) or 'no'} episodes of yours have an id that begins so", hint=_SEE)
    return found[0]


def verified(home: Home, episode_id: str) -> tuple[bytes, Verdict]:
    """Return the bytes and the verdict of an own episode.

    Raises:
        VerificationError: It is not what this device recorded.
        StorageError: It is missing, or the disk refused.
    """
    data = EpisodeStore(home.episodes_directory).read(episode_id)
    return data, verify_episode(data, trust=TrustDevice(device_vkey(home)))


def review(
    home: Home, episode_id: str, passphrases: PassphraseSource, at: datetime, *, releases: Sequence[Path] = ()
) -> Review:
    """Open an own episode for review, with the vault's *releases* or the vault at hand.

    The vault at hand logs that both its shares were released at *at*.

    Raises:
        VerificationError: It is not what this device recorded, or a release was changed.
        KeyAccessError: The vault is not at hand, a share was destroyed or not released, or a key stays locked.
        FormatError: A file is no release.
        StorageError: The disk refused.
    """
    data, verdict = verified(home, episode_id)
    keys = EpisodeStore(home.episodes_directory).read_keys(episode_id)
    keyring = Keyring(home, passphrases)
    source = open_source(home, OWN_REVIEW, keyring, passphrases, at, releases)
    shares = {section: source.share(verdict.grant, episode_id, section) for section in SECTIONS}
    wrapped = parse_keys(keys)
    return Review(
        verdict=verdict,
        metadata=read_metadata(data, keys, role_identity=keyring.opening(wrapped["m"]), share=shares["m"]),
        content=read_content(data, keys, role_identity=keyring.opening(wrapped["c"]), share=shares["c"]),
    )


def is_approved(home: Home, episode_id: str) -> bool:
    """Say whether the person has approved the episode."""
    return (home.approvals_directory / f"{episode_id}.note").exists()


def _content(store: EpisodeStore, episode_id: str) -> bytes:
    """Return the bytes of an episode, and none of one that cannot be read: it must not hide the others."""
    try:
        return store.read(episode_id)
    except StorageError:
        return b""


def _facts(home: Home, episode_id: str, data: bytes, vkey: str) -> EpisodeFacts:
    try:
        verdict = verify_episode(data, trust=TrustDevice(vkey))
    except VerificationError:
        return _broken(home, episode_id, len(data))
    return EpisodeFacts(
        episode_id=episode_id,
        state=verdict.state.value,
        grant=verdict.grant,
        size=len(data),
        trial=verdict.trial,
        approved=is_approved(home, episode_id),
        withdrawn=withdrawn(home, verdict.grant),
        ended=verdict.end_reason,
    )


def _broken(home: Home, episode_id: str, size: int) -> EpisodeFacts:
    return EpisodeFacts(
        episode_id=episode_id,
        state="invalid",
        grant="",
        size=size,
        trial=home.trial,
        approved=False,
        withdrawn=False,
        ended=None,
    )


def require_closed(verdict: Verdict) -> None:
    """Raise ``VerificationError`` unless the episode is whole and closed."""
    if verdict.state is not State.CLOSED:
        raise VerificationError(
            f"the episode {verdict.episode_id} is {verdict.state.value}, not closed",
            hint="only a whole episode can be approved; one that broke off can be erased",
        )
