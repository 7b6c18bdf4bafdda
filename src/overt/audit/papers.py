"""The public files that an officer was given beside the episodes: grants, countersignatures, bundles, manifests."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from overt.audit.findings import Finding, Kind
from overt.consent.grant import Grant
from overt.errors import ConsentError, FormatError, OvertError, PolicyError, StorageError
from overt.keys.countersign import open_countersignature
from overt.keys.deletions import asked_for
from overt.keys.handover import COUNTERSIGNATURES, GRANTS
from overt.keys.sign import Organisation, claimed_device, open_bundle, open_grant
from overt.keys.tombstones import stands
from overt.store.files import read_anywhere

BUNDLES: Final = "bundles"
_LIMIT: Final = 1 << 20
_NOTE: Final = ".note"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GrantPaper:
    """What lies in the place of a grant: the *grant* that its *device* (a verifier key) signed, or why it is none.

    *sha256* is the hash of its note.
    """

    grant: Grant | None
    device: str
    sha256: str
    fault: str = ""


class Papers:
    """The public files in one directory, read when they are asked for; nothing is written."""

    def __init__(self, directory: Path, installed: Organisation) -> None:
        """Look at *directory* with the organisation that the officer's home has joined."""
        self.directory = directory
        self.installed = installed
        self.findings: list[Finding] = []
        self._organisations = self._read_bundles()
        self._grants: dict[str, GrantPaper | None] = {}

    def organisation(self, policy_sha256: str) -> Organisation | None:
        """Return the newest organisation at hand whose bundle has the policy of that hash."""
        return self._organisations.get(policy_sha256)

    def grant(self, grant_id: str) -> GrantPaper | None:
        """Return what lies in the place of the grant, or ``None`` when nothing does."""
        if grant_id not in self._grants:
            self._grants[grant_id] = _read_grant(self.directory / GRANTS, grant_id)
        return self._grants[grant_id]

    def sound_grant(self, grant_id: str) -> Grant | None:
        """Return the grant when it is there and sound."""
        paper = self.grant(grant_id)
        return paper.grant if paper is not None else None

    def grants_by_hash(self) -> Mapping[str, Grant]:
        """Return every sound grant by the SHA-256 of its note."""
        papers = (self.grant(name) for name in stems(self.directory / GRANTS, _NOTE))
        return {paper.sha256: paper.grant for paper in papers if paper is not None and paper.grant is not None}

    def countersigned(self, grant: Grant) -> bool:
        """Say whether the controller of the installed bundle countersigned *grant*."""
        if grant.parties.controller_key != self.installed.bundle.admin:
            return False
        try:
            open_countersignature(read_text(self.directory / COUNTERSIGNATURES / f"{grant.id}{_NOTE}"), grant)
        except OvertError:
            return False
        return True

    def taken_back(self, grant: Grant, episode_id: str) -> bool:
        """Say whether a tombstone of the episode or of its grant, or a request to delete it, lies in the directory."""
        return stands(self.directory, grant.id, episode_id) or asked_for(self.directory, grant.parties.deletion_handle)

    def _read_bundles(self) -> dict[str, Organisation]:
        found = [self.installed]
        for name in stems(self.directory / BUNDLES, _NOTE):
            try:
                note = read_text(self.directory / BUNDLES / f"{name}{_NOTE}")
                found.append(open_bundle(note, self.installed.bundle.admin))
            except (PolicyError, FormatError, StorageError) as problem:
                told = Finding(
                    code="bundle-invalid", kind=Kind.BUNDLE, about=f"{name}{_NOTE}", evidence=str(problem), episodes=0
                )
                self.findings.append(told)
        return {each.policy_sha256: each for each in sorted(found, key=lambda each: each.bundle.serial)}


@dataclass(slots=True, kw_only=True)
class Certified:
    """Whose word on devices counts: *witnessed* are keys by log name, *named* and *countersigned* are keys."""

    witnessed: Mapping[str, str]
    named: frozenset[str]
    countersigned: set[str] = field(default_factory=set)

    def refusal(self, vkey: str) -> str | None:
        """Return why the device's key *vkey* does not count, or ``None`` when it does."""
        known = self.witnessed.get(vkey.partition("+")[0])
        if known is not None and known != vkey:
            return "the officer witnesses the log of this name under another key"
        if known is not None or vkey in self.named or vkey in self.countersigned:
            return None
        return "nobody vouches for its key: no witnessed log, no countersigned grant"


def read_text(path: Path) -> str:
    """Return the text of the small file *path*; raises ``StorageError`` or ``FormatError``."""
    try:
        return read_anywhere(path, limit=_LIMIT).decode()
    except UnicodeDecodeError:
        raise FormatError(f"{path.name} is not a text file") from None


def stems(place: Path, suffix: str) -> Iterable[str]:
    """Return the names in the directory *place*, if there is one, that end in *suffix*, without it, sorted."""
    return sorted(_stems(place, suffix))


def _stems(place: Path, suffix: str) -> Iterator[str]:
    try:
        for each in place.iterdir():
            if each.name.endswith(suffix) and not each.name.startswith("."):
                yield each.name.removesuffix(suffix)
    except OSError:
        return


def _read_grant(place: Path, grant_id: str) -> GrantPaper | None:
    path = place / f"{grant_id}{_NOTE}"
    if not path.exists():
        return None
    note = ""
    try:
        note = read_text(path)
        device = claimed_device(note)
        grant = open_grant(note, device)
    except (ConsentError, FormatError, StorageError) as problem:
        return GrantPaper(grant=None, device="", sha256=_sha256(note), fault=str(problem))
    if grant.id != grant_id:
        return GrantPaper(grant=None, device="", sha256=_sha256(note), fault="it lies under the name of another")
    return GrantPaper(grant=grant, device=device, sha256=_sha256(note))


def _sha256(note: str) -> str:
    return hashlib.sha256(note.encode()).hexdigest()
