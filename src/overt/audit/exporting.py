"""Exports against the admin's log, and against the consent of everybody in them; by their manifests alone."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from overt.audit.findings import Finding, Kind, Skip, Tally
from overt.audit.logs import Entry
from overt.audit.manifests import EXPORTS, Manifest, Source, read_manifest
from overt.audit.papers import Papers, read_text
from overt.audit.proving import claimed_header
from overt.consent.deletion import deletion_tag
from overt.consent.grant import Grant
from overt.consent.instants import read_instant
from overt.consent.release_receipt import receipt
from overt.errors import FormatError, OvertError, StorageError
from overt.keys.exchange.order import read_order
from overt.keys.tombstones import ERASURES, WITHDRAWALS
from overt.policy.canonical import read_canonical
from overt.policy.document import Policy
from overt.policy.purposes import Prohibition
from overt.policy.tables import Recipient


@dataclass(slots=True, kw_only=True)
class Exports:
    """The manifests that an officer was given, and by what they are judged.

    *entries* are those of the admin's log, or ``None`` while there is none that stands, for the reason *no_log*.
    """

    papers: Papers
    entries: tuple[Entry, ...] | None
    no_log: Skip
    tally: Tally
    count: int = 0
    _logged: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _by_hash: Mapping[str, Grant] = field(default_factory=dict)
    _grants: Mapping[str, Grant] = field(default_factory=dict)
    """By what stands for each of them in the release that is being judged."""

    def check(self) -> None:
        """Judge every manifest."""
        places = sorted(self._places())
        if not places:
            self.tally.skip("exports", Skip.NO_EXPORTS)
            return
        self._by_hash = self.papers.grants_by_hash()
        for entry in self.entries or ():
            if entry["type"] == "export":
                key = str(entry["dataset"]), str(entry["purpose"])
                self._logged.setdefault(key, read_instant(str(entry["at"])))
        for place in places:
            self.count += 1
            self.tally.add(self._one(place))

    def _places(self) -> Iterator[Path]:
        place = self.papers.directory / EXPORTS
        if place.is_dir():
            yield from (each for each in place.iterdir() if each.is_dir() and not each.name.startswith("."))

    def _one(self, place: Path) -> Iterator[Finding]:
        try:
            about, manifest = read_manifest(place)
        except (StorageError, FormatError):
            yield _finding("export-malformed", place.name, "it has no manifest that can be read", 0)
            return
        self._grants = by_receipt(self._by_hash, manifest)
        yield from self._as_a_whole(about, manifest)
        yield from self._by_source(about, manifest)

    def _as_a_whole(self, about: str, manifest: Manifest) -> Iterator[Finding]:
        many, policy = len(manifest.sources), self.papers.installed.policy
        if manifest.purpose in {*Prohibition, *policy.prohibited} or manifest.purpose not in policy.purposes:
            yield _finding("export-prohibited", about, f"it was made for {manifest.purpose}", many)
        elif self.entries is None:
            self.tally.skip("exports in the admin's log", self.no_log)
        elif manifest.episodes.deleted:
            self.tally.skip("exports in the admin's log", Skip.DERIVED)
        elif (about, manifest.purpose) not in self._logged:
            yield _finding("export-not-logged", about, "the admin's log does not hold it for its purpose", many)
        if manifest.revoked_by != self.papers.installed.bundle.admin:
            yield _finding("export-other-controller", about, "another key than the controller's recalls it", many)
        yield from self._recipient(about, manifest, many)
        if self._is_too_small(manifest):
            yield _finding("export-below-floor", about, "it is of fewer people than the policy's cohort_floor", many)

    def _recipient(self, about: str, manifest: Manifest, many: int) -> Iterator[Finding]:
        """Yield a finding when the export was made for somebody whom the policy does not name for its purpose."""
        if manifest.about is None:
            self.tally.skip("recipients of exports", Skip.NOT_STATED)
            return
        given = manifest.about.receiver
        named = {(each.name, each.country) for each in allowed(self.papers.installed.policy, manifest.purpose)}
        if given is not None and (given.name, given.country) not in named:
            yield _finding("export-other-recipient", about, "the policy names no such recipient for its purpose", many)

    def _is_too_small(self, manifest: Manifest) -> bool:
        """Say so of an export of people; one from which something was deleted since may be."""
        if manifest.trial or manifest.episodes.deleted:
            return False
        receipts = {each.consent_receipt_sha256 for each in manifest.sources.values()}
        known = {self._grants[each].parties.device for each in receipts if each in self._grants}
        # Whose a grant is that is not there, nobody knows; that it is not there has a finding of its own.
        return len(known) + len(receipts - self._grants.keys()) < self.papers.installed.policy.limits.cohort_floor

    def _by_source(self, about: str, manifest: Manifest) -> Iterator[Finding]:
        """Yield one finding for each thing that is wrong with sources of the export, and with how many."""
        exported = self._logged.get((about, manifest.purpose))
        found: dict[str, list[str]] = {}
        for episode_id, source in manifest.sources.items():
            for code in self._codes(episode_id, source, manifest, exported):
                found.setdefault(code, []).append(episode_id)
        for code, episodes in found.items():
            yield _finding(code, about, f"first of them: {min(episodes)}", len(episodes))

    def _codes(self, episode_id: str, source: Source, manifest: Manifest, exported: datetime | None) -> Iterator[str]:
        grant = self._grants.get(source.consent_receipt_sha256)
        if grant is None:
            if not self._is_told(episode_id):
                yield "export-unknown-grant"
            return
        if manifest.purpose not in grant.scope.purposes and manifest.purpose in self.papers.installed.policy.purposes:
            yield "export-not-granted"
        if not manifest.trial and self._is_trial(episode_id, grant):
            yield "export-trial"
        if deletion_tag(grant.parties.deletion_handle, episode_id) != source.deletion_tag:
            yield "export-unknown-grant"
        elif self.papers.taken_back(grant, episode_id):
            ended = _taken_back_at(self.papers.directory, grant.id, episode_id)
            late = exported is not None and ended is not None and ended < exported
            yield "export-after-withdrawal" if late else "export-holds-withdrawn"

    def _is_told(self, episode_id: str) -> bool:
        """Say whether the episode is here, and that its grant is not or is none was told with it."""
        header = claimed_header(self.papers.directory / f"{episode_id}.ep")
        return header is not None and self.papers.sound_grant(header.grant) is None

    def _is_trial(self, episode_id: str, grant: Grant) -> bool:
        header = claimed_header(self.papers.directory / f"{episode_id}.ep")
        return grant.promises.trial or (header is not None and header.trial)


def by_receipt(grants: Mapping[str, Grant], manifest: Manifest) -> Mapping[str, Grant]:
    """Return *grants*, by hash, by what stands for each of them in the release of *manifest*."""
    if manifest.receipt_salt is None:
        return grants
    return {receipt(manifest.receipt_salt, sha256): grant for sha256, grant in grants.items()}


def allowed(policy: Policy, purpose: str) -> tuple[Recipient, ...]:
    """Return whom *policy* lets be given exports for *purpose*."""
    return tuple(each for each in policy.recipients if purpose in each.purposes)


def _taken_back_at(store: Path, grant_id: str, episode_id: str) -> datetime | None:
    """Return when the order to destroy was written, by its own word, if one lies there."""
    for path in (store / WITHDRAWALS / f"{grant_id}.note", store / ERASURES / f"{grant_id}.{episode_id}.note"):
        try:
            note = read_text(path)
            read_order(note)
            return read_instant(str(read_canonical(note.partition("\n")[0], "an order").get("at")))
        except (OvertError, json.JSONDecodeError, FormatError):
            continue
    return None


def _finding(code: str, about: str, evidence: str, episodes: int) -> Finding:
    return Finding(code=code, kind=Kind.EXPORT, about=about, evidence=evidence, episodes=episodes)
