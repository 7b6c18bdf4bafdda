"""Which of the submitted episodes may be exported: proof, grant, approval and purpose first, and only then a key."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Self

from overt.consent.deletion import deletion_tag
from overt.consent.grant import Grant
from overt.dataset.eligible import Eligible, Foreseen, Sealed, Skip, SkipReason
from overt.dataset.shelf import Folder, Shelf
from overt.errors import ConsentError, FormatError, KeyAccessError, PolicyError, StorageError, VerificationError
from overt.events.redacted import EndFacts, RedactedEvent, RedactedFrame, SessionFacts
from overt.format.episode import SectionName
from overt.format.section_keys import parse_keys
from overt.format.walk import walk
from overt.keys.consent_files import load_organisation
from overt.keys.deletions import asked_for
from overt.keys.handover import Handover, read_handover
from overt.keys.rotated import Keyring
from overt.keys.share_source import ShareSource
from overt.keys.tombstones import stands
from overt.policy.effective import effective
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.purposes import Prohibition, Purpose
from overt.policy.retention import usable
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.unseal.content import read_opened_content
from overt.unseal.metadata import read_metadata
from overt.unseal.section import section_identity
from overt.verify import State, TrustDevice, Verdict, verify_episode

_WHY: Final = {"destroyed": SkipReason.WITHDRAWN, "not_granted": SkipReason.PURPOSE_NOT_GRANTED}
"""What a vault says of an episode that it does not release, as a reason to skip it."""


def permitted_purpose(home: Home, wanted: str) -> Purpose:
    """Return the purpose *wanted* if the policy of *home*'s organisation offers it.

    Raises:
        PolicyError: it is prohibited, not offered, or no purpose at all.
    """
    policy = load_organisation(home).policy
    offered = ", ".join(sorted(policy.purposes))
    if wanted in {*Prohibition, *policy.prohibited}:
        raise PolicyError(f"{wanted} is prohibited: nothing can ever be exported for it", hint=f"offered: {offered}")
    if wanted not in policy.purposes:
        raise PolicyError(f"the policy does not offer the purpose {wanted}", hint=f"offered: {offered}")
    return Purpose(wanted)


def controller_key(home: Home) -> str:
    """Return the key with which the controller signs, by *home*'s bundle; raises ``PolicyError`` without one."""
    return load_organisation(home).bundle.admin


def cohort_floor(home: Home) -> int:
    """Return how many people an export of *home* has at least: none in a trial; raises ``PolicyError``."""
    return 0 if is_trial(home) else load_organisation(home).policy.limits.cohort_floor


def is_trial(home: Home) -> bool:
    """Say whether everything that *home* exports is a trial; raises ``PolicyError`` when it has no policy."""
    return home.trial or load_organisation(home).policy.trial


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Proven:
    """An episode that verifies, and that its person approved just as it is."""

    handover: Handover
    verdict: Verdict


class Source:
    """The submitted episodes in one directory, as one exporter may see them for one purpose."""

    def __init__(
        self,
        home: Home,
        submissions: Path | Shelf,
        *,
        shares: ShareSource,
        keyring: Keyring | None,
        purpose: Purpose,
        at: datetime,
    ) -> None:
        """Look into *submissions* with the *keyring* of the admin's *home* and *shares*, at the instant *at* (aware).

        Without a keyring episodes can be foreseen, and not judged.

        Raises:
            KeyAccessError: the exporter identity stays locked.
            PolicyError: the home has no policy, or the law of its places permits nothing on that day.
        """
        self._lawful = effective(load_organisation(home).policy, PROFILES, at.astimezone(UTC).date())
        self._shelf = Folder(submissions) if isinstance(submissions, Path) else submissions
        self._directory = self._shelf.directory
        self._store = EpisodeStore(self._directory)
        self._purpose = purpose
        self._at = at
        self._trial = is_trial(home)
        self._controller = controller_key(home)
        self._policy = load_organisation(home).policy_sha256
        self._given_away = False
        self._keyring = keyring
        if keyring is not None:
            keyring.unlock()
        self._shares = shares

    def to_give_away(self, *, away: bool) -> Self:
        """Return this source; what goes *away* must have been agreed to over the very policy that names to whom."""
        self._given_away = away
        return self

    def ids(self) -> list[str]:
        """Return the ids of the submitted episodes, sorted; raises ``StorageError``."""
        return self._shelf.ids()

    def judge(self, episode_id: str) -> Eligible | Skip:
        """Return the episode *episode_id*, ready to be read, or why it is skipped.

        A vault at hand logs the release of the metadata share here, and that of the content share when it is read.

        Raises:
            StorageError: a release could not be logged.
        """
        with self._shelf.holding(episode_id):
            return self._judged(episode_id)

    def foresee(self, episode_id: str) -> Foreseen | Skip:
        """Return why the episode *episode_id* would be skipped, by all that can be seen without a key, if so.

        No share is released for it, and nothing is logged.
        """
        with self._shelf.holding(episode_id):
            proven = self._proven(episode_id)
        reason = proven if isinstance(proven, SkipReason) else self._refusal(proven)
        if reason is not None or isinstance(proven, SkipReason):
            return Skip(episode_id=episode_id, reason=reason or SkipReason.INVALID)
        return Foreseen(episode_id=episode_id, contributor_key=proven.handover.device)

    def _judged(self, episode_id: str) -> Eligible | Skip:
        proven = self._proven(episode_id)
        reason = proven if isinstance(proven, SkipReason) else self._refusal(proven)
        if reason is None and isinstance(proven, _Proven):
            opened = self._opened(proven)
            if isinstance(opened, Eligible):
                return opened
            reason = opened
        assert isinstance(reason, SkipReason)
        return Skip(episode_id=episode_id, reason=reason)

    def _proven(self, episode_id: str) -> _Proven | SkipReason:
        try:
            handover = read_handover(self._directory, episode_id, walk(self._store.read(episode_id)).header.grant)
            verdict = verify_episode(handover.episode, trust=TrustDevice(handover.device))
        except (VerificationError, FormatError):
            return SkipReason.INVALID
        except StorageError:
            return SkipReason.DAMAGED
        except ConsentError:
            return SkipReason.NOT_APPROVED
        if verdict.episode_id != episode_id or verdict.grant != handover.grant.id:
            return SkipReason.INVALID
        return _Proven(handover=handover, verdict=verdict)

    def _refusal(self, proven: _Proven) -> SkipReason | None:
        """Why the episode may not be opened, by all that can be seen without a key."""
        verdict, approval, grant = proven.verdict, proven.handover.approval, proven.handover.grant
        if verdict.state is State.DAMAGED_TAIL:
            return SkipReason.DAMAGED
        if (approval.root, approval.size) != (verdict.root, verdict.total):
            return SkipReason.NOT_APPROVED
        if verdict.trial != self._trial or grant.promises.trial != self._trial:
            return SkipReason.NOT_TRIAL if self._trial else SkipReason.TRIAL
        if (refused := self._refused_by(grant, verdict.episode_id)) is not None:
            return refused
        reason = self._shares.refusal(grant.id, verdict.episode_id)
        return None if reason is None else _WHY.get(reason, SkipReason.NOT_RELEASED)

    def _refused_by(self, grant: Grant, episode_id: str) -> SkipReason | None:
        """Why *grant* does not let its *episode_id* be exported: what it says, or what the person has said since."""
        if grant.parties.controller_key != self._controller:
            return SkipReason.OTHER_CONTROLLER
        if self._purpose not in grant.scope.purposes or self._purpose not in self._lawful.retention:
            return SkipReason.PURPOSE_NOT_GRANTED
        if self._given_away and grant.terms.policy_sha256 != self._policy:
            return SkipReason.RECIPIENT_NOT_GRANTED
        asked = asked_for(self._directory, grant.parties.deletion_handle)
        return SkipReason.WITHDRAWN if asked or stands(self._directory, grant.id, episode_id) else None

    def _opened(self, proven: _Proven) -> Eligible | SkipReason:
        handover = proven.handover
        try:
            share = self._shares.share(handover.grant.id, handover.episode_id, "m")
            identity = self._opening(handover.keys, "m")
            records = read_metadata(handover.episode, handover.keys, role_identity=identity, share=share)
        except KeyAccessError:
            return SkipReason.WRONG_KEY
        except (FormatError, VerificationError):
            return SkipReason.DAMAGED
        sessions = [record for record in records if isinstance(record, SessionFacts)]
        ends = [record for record in records if isinstance(record, EndFacts)]
        if len(sessions) != 1 or len(ends) > 1:
            return SkipReason.DAMAGED
        if {record.synthetic for record in records} != {sessions[0].synthetic}:
            return SkipReason.INVALID
        reason = _mismatch(sessions[0], proven, self._purpose, self._at.date()) or self._too_late(sessions[0])
        return reason or self._eligible(handover, sessions[0], ends[0] if ends else None)

    def _opening(self, keys: bytes, section: SectionName) -> str:
        """Return the identity that opens *section*, of which *keys* tell; raises ``KeyAccessError``."""
        if self._keyring is None:
            raise KeyAccessError("without a key episodes are foreseen, and not opened")
        return self._keyring.opening(parse_keys(keys)[section])

    def _too_late(self, session: SessionFacts) -> SkipReason | None:
        """Why the policy or the law of its places ends it sooner than its grant has promised."""
        recorded = date.fromisoformat(session.started_on)
        over = not self._lawful.usable(self._purpose, recorded, self._at.date())
        return SkipReason.RETENTION_OVER if over else None

    def _eligible(self, handover: Handover, session: SessionFacts, end: EndFacts | None) -> Eligible:
        episode_id, grant_id = handover.episode_id, handover.grant.id
        return Eligible(
            episode_id=episode_id,
            contributor_key=handover.device,
            consent_sha256=handover.grant_sha256,
            deletion_tag=deletion_tag(handover.grant.parties.deletion_handle, episode_id),
            source_sha256=hashlib.sha256(handover.episode).hexdigest(),
            session=session,
            end=end,
            content=lambda: self._content(episode_id, grant_id),
            sealed=Sealed(
                address=self._shelf.address(episode_id), identity=lambda: self._identity(episode_id, grant_id)
            ),
        )

    def _content(self, episode_id: str, grant_id: str) -> Iterator[RedactedEvent | RedactedFrame]:
        """Read the episode again, so that no more than one is in memory."""
        identity = self._identity(episode_id, grant_id)
        with self._shelf.holding(episode_id):
            data = self._store.read(episode_id)
        return read_opened_content(data, identity)

    def _identity(self, episode_id: str, grant_id: str) -> str:
        """Return what opens the content of that episode and nothing else; a vault at hand logs that it was asked."""
        keys = self._store.read_keys(episode_id)
        share = self._shares.share(grant_id, episode_id, "c")
        return section_identity(keys, "c", role_identity=self._opening(keys, "c"), share=share)


def _mismatch(session: SessionFacts, proven: _Proven, purpose: Purpose, today: date) -> SkipReason | None:
    """Why what the session says of itself does not stand under its grant, or stands no longer."""
    grant, verdict = proven.handover.grant, proven.verdict
    told = (session.grant, session.policy_sha256, session.trial, session.notice_sha256)
    if told != (grant.id, verdict.policy_sha256, verdict.trial, grant.terms.notice_sha256):
        return SkipReason.INVALID
    if (session.synthetic and not verdict.trial) or not set(session.signals) <= set(grant.scope.signals):
        return SkipReason.INVALID
    if purpose not in session.purposes:
        return SkipReason.PURPOSE_NOT_GRANTED
    try:
        day = date.fromisoformat(session.started_on)
    except ValueError:
        return SkipReason.INVALID
    if not grant.starts_at.date() <= day <= grant.expires_at.date():
        return SkipReason.NO_GRANT
    retention = dict(zip(grant.scope.purposes, grant.promises.retention, strict=True))
    return None if usable(retention, purpose, day, today) else SkipReason.RETENTION_OVER
