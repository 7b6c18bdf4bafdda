"""The blast radius of a loss: whom it touches, what kinds of data, whether it can be read; nothing is opened for it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from overt.audit.checking import LogClaim, check_log
from overt.audit.exporting import allowed, by_receipt
from overt.audit.logs import Entry, LogBook, log_places
from overt.audit.manifests import EXPORTS, read_manifest
from overt.audit.papers import Papers, stems
from overt.audit.proving import claimed_header
from overt.consent.grant import Grant
from overt.consent.instants import instant_text, whole_seconds
from overt.errors import UsageError
from overt.keys.consent_files import load_organisation
from overt.store.files import checked_name
from overt.store.home import Home

FORMAT: Final = "overt-incident/1"
CLOCK: Final = timedelta(hours=72)
"""How long there is to tell the authority, from when one knows: Article 33 of the GDPR."""


class What(StrEnum):
    """What was lost, or came into wrong hands."""

    LAPTOP = "laptop"
    DEVICE_KEY = "device-key"
    EMPLOYEE_KEY = "employee-key"
    AUDITOR_KEY = "auditor-key"
    EXPORTER_KEY = "exporter-key"
    VAULT = "vault"
    STORE = "store"
    EXPORT = "export"


class Readable(StrEnum):
    """Whether whoever has it can read something."""

    NO = "no"
    TOGETHER = "together"
    """Only together with what else is named."""
    YES = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loss:
    readable: Readable
    because: str
    needs: tuple[str, ...] = ()
    role: str = ""
    steps: tuple[str, ...] = ()


_VAULT: Final = "the vault's answer, or its master"
_LOSSES: Final[Mapping[What, _Loss]] = MappingProxyType(
    {
        What.LAPTOP: _Loss(
            readable=Readable.TOGETHER,
            because="episodes lie there sealed; the person's own key opens them only together with the vault",
            needs=("the person's passphrase", _VAULT),
            role="employee",
            steps=(
                "have the person withdraw from another machine, or destroy their shares: overt vault",
                "replace the vault's master, so that copies of their shares stay closed: overt vault",
                "witness the device's log once more, and accept nothing that it signs after that",
            ),
        ),
        What.DEVICE_KEY: _Loss(
            readable=Readable.NO,
            because="the key signs, and opens nothing",
            steps=(
                "witness the device's log once more, and accept nothing that it signs after that",
                "have a new home made for the person; they consent anew",
                "run: overt audit run --full",
            ),
        ),
        What.EMPLOYEE_KEY: _Loss(
            readable=Readable.TOGETHER,
            because="the key opens one of two layers; the vault has the other",
            needs=(_VAULT,),
            role="employee",
            steps=("have the person replace it: overt keys rotate", "have the store wrapped anew: overt keys rewrap"),
        ),
        What.AUDITOR_KEY: _Loss(
            readable=Readable.TOGETHER,
            because="the key opens one of two layers of metadata, and none of content",
            needs=(_VAULT,),
            role="auditor",
            steps=("replace it: overt keys rotate", "have the store wrapped anew: overt keys rewrap"),
        ),
        What.EXPORTER_KEY: _Loss(
            readable=Readable.TOGETHER,
            because="the key opens one of two layers; the vault has the other",
            needs=(_VAULT,),
            role="exporter",
            steps=(
                "have the admin replace it: overt keys rotate",
                "have the store wrapped anew: overt keys rewrap",
                "find the files of releases that it could open, and delete them",
            ),
        ),
        What.VAULT: _Loss(
            readable=Readable.TOGETHER,
            because="the vault has one of two layers, under its keeper's passphrase",
            needs=("the vault's passphrase", "the key of a role that reads"),
            steps=("replace the vault's master: overt vault", "have every role replace its key: overt keys rotate"),
        ),
        What.STORE: _Loss(
            readable=Readable.TOGETHER,
            because="episodes lie there sealed in two layers",
            needs=("the key of a role that reads", _VAULT),
            steps=("find out who has a copy", "destroy the shares of whoever asks for it: overt vault"),
        ),
        What.EXPORT: _Loss(
            readable=Readable.YES,
            because="a data set lies in the clear",
            steps=(
                "have every copy deleted, and the deletion confirmed in writing",
                "tell the people of it, where the risk to them is high",
            ),
        ),
    }
)


@dataclass(slots=True, kw_only=True)
class Radius:
    """Whom a loss touches: *people* by device, the pseudonyms of their grants, and how many episodes each."""

    what: What
    about: str
    known: datetime
    readable: Readable
    loss: _Loss
    people: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    grants: dict[str, Grant] = field(default_factory=dict)
    released: set[str] = field(default_factory=set)
    destroyed: set[str] = field(default_factory=set)
    recipients: list[dict[str, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def add(self, device: str, subject: str, episode_id: str) -> None:
        """Count one episode of *device* under the pseudonym *subject*."""
        self.people[device][subject].add(episode_id)

    @property
    def deadline(self) -> datetime:
        """Until when the authority has to be told."""
        return self.known + CLOCK

    def row(self) -> dict[str, object]:
        """Return it for machines, as ``docs/spec/audit-v1.md``, section 8, defines it."""
        people = [
            {"device": device, "subjects": sorted(subjects), "episodes": sum(map(len, subjects.values()))}
            for device, subjects in sorted(self.people.items())
        ]
        grants = self.grants.values()
        return {
            "format": FORMAT,
            "what": self.what.value,
            "about": self.about,
            "known": instant_text(whole_seconds(self.known)),
            "deadline": instant_text(whole_seconds(self.deadline)),
            "readable": self.readable.value,
            "needs": list(self.loss.needs) if self.readable is Readable.TOGETHER else [],
            "because": self.loss.because,
            "people": people,
            "episodes": sum(len(ids) for subjects in self.people.values() for ids in subjects.values()),
            "released": len(self.released),
            "destroyed": len(self.destroyed),
            "signals": sorted({each.value for grant in grants for each in grant.scope.signals}),
            "sites": sorted({each for grant in grants for each in grant.scope.sites}),
            "purposes": sorted({each.value for grant in grants for each in grant.scope.purposes}),
            "recipients": self.recipients,
            "steps": list(self.loss.steps),
            "unknown": self.unknown,
        }


def incident(home: Home, store: Path, what: What, about: str, known: datetime) -> Radius:
    """Return whom the loss of *what* touches, by the public files in *store*; *known* since when (aware).

    Args:
        home: The officer's.
        store: The directory, as for an audit.
        what: What was lost.
        about: The device (its name or verifier key), or the export's name in ``exports``; empty for all others.
        known: When the officer came to know.

    Raises:
        UsageError: *about* is missing or unknown, or there is no such directory.
        PolicyError: the home has joined no organisation.
        FormatError: the export has no manifest.
    """
    if not store.is_dir():
        raise UsageError(f"there is no directory {store}", hint="name the store of submitted episodes: --from")
    scoped = what in {What.LAPTOP, What.DEVICE_KEY, What.EMPLOYEE_KEY}
    if scoped and not about:
        raise UsageError(f"whose {what} it is must be named", hint="name the device: --about device-…")
    papers = Papers(store, load_organisation(home))
    loss = _LOSSES[what]
    trial = papers.installed.policy.trial and loss.readable is Readable.TOGETHER
    radius = Radius(
        what=what,
        about=about.partition("+")[0],
        known=known.astimezone(UTC),
        readable=Readable.YES if trial else loss.readable,
        loss=loss,
    )
    if what is What.EXPORT:
        _of_export(radius, papers)
        return radius
    _of_store(radius, papers, radius.about if scoped else "")
    if scoped and not radius.people:
        radius.unknown.append("no episode of this device is known here; it may have some that were never handed over")
    return radius


def _of_store(radius: Radius, papers: Papers, device: str) -> None:
    """Take every episode of *device*, or of all, that is in the store or in a log at hand, and is not destroyed."""
    vault = _vault_entries(papers, radius)
    gone = {str(entry.get("grant", entry.get("id"))) for entry in vault if entry["type"] == "shred"}
    role = radius.loss.role
    given = {str(each["id"]) for each in vault if each["type"] == "release" and each["role"] == role}
    for episode_id, grant_id in _episodes(papers, device, radius):
        grant = papers.sound_grant(grant_id)
        if grant is None or (device and grant.parties.device.partition("+")[0] != device):
            continue
        if {episode_id, grant_id} & gone:
            radius.destroyed.add(episode_id)
            continue
        radius.grants[grant_id] = grant
        radius.add(grant.parties.device.partition("+")[0], grant.parties.subject, episode_id)
        if episode_id in given:
            radius.released.add(episode_id)


def _episodes(papers: Papers, device: str, radius: Radius) -> Iterator[tuple[str, str]]:
    """Yield id and grant of each episode: of all in the store, and of those that *device*'s log alone tells of."""
    seen: set[str] = set()
    for stem in stems(papers.directory, ".ep"):
        header = claimed_header(papers.directory / f"{stem}.ep")
        if header is not None and header.id not in seen:
            seen.add(header.id)
            yield header.id, header.grant
    if not device or radius.what is not What.LAPTOP:
        return
    book = _book(papers, device)
    if book is None:
        radius.unknown.append("the device's log is not at hand: what was never handed over is not counted")
        return
    for episode_id, begun in book.begun.items():
        if episode_id not in seen | book.taken:
            yield episode_id, begun.grant


def _of_export(radius: Radius, papers: Papers) -> None:
    if not radius.about:
        raise UsageError("which export it is must be named", hint="name its directory in exports/: --about NAME")
    _, manifest = read_manifest(papers.directory / EXPORTS / checked_name(radius.about))
    grants = by_receipt(papers.grants_by_hash(), manifest)
    lost = 0
    for episode_id, source in manifest.sources.items():
        grant = grants.get(source.consent_receipt_sha256)
        if grant is None:
            lost += 1
            continue
        radius.grants[grant.id] = grant
        radius.add(grant.parties.device.partition("+")[0], grant.parties.subject, episode_id)
    if lost:
        radius.unknown.append(f"the grants of {lost:,} of its episodes are not here: whose they are is not known")
    given = manifest.about.receiver if manifest.about is not None else None
    may = allowed(papers.installed.policy, manifest.purpose) if manifest.about is None else ()
    radius.recipients += [{"name": each.name, "country": each.country} for each in (given, *may) if each is not None]
    if manifest.about is None:
        radius.unknown.append("its manifest does not say for whom it was made: these are all for whom it may be")


def _vault_entries(papers: Papers, radius: Radius) -> Iterable[Entry]:
    vkey = papers.installed.bundle.recipients.vault
    entries = _entries(papers, vkey.partition("+")[0], vkey)
    if entries is None:
        radius.unknown.append("the vault's log is not at hand: what was released or destroyed is not counted")
    return entries or ()


def _book(papers: Papers, device: str) -> LogBook | None:
    """Return what the log of *device* says, by the key that some grant of this device names."""
    for grant in papers.grants_by_hash().values():
        if grant.parties.device.partition("+")[0] == device:
            entries = _entries(papers, device, grant.parties.device)
            return None if entries is None else LogBook.of(entries, grant.expires_at.date())
    return None


def _entries(papers: Papers, origin: str, vkey: str) -> tuple[Entry, ...] | None:
    place = log_places(papers.directory).get(origin)
    if place is None:
        return None
    report = check_log(LogClaim(directory=place, vkey=vkey), today=date.min, quiet_days=0)
    return report.entries if report.root else None
