"""An audit as a whole: every episode of a directory, device by device, then exports and reads; nothing is opened."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from overt.audit.checking import QUIET_DAYS
from overt.audit.cosigning import memory as witness_memory
from overt.audit.exporting import Exports
from overt.audit.findings import Finding, Kind, Skip, Tally
from overt.audit.granting import Standing, check_grant, check_law
from overt.audit.joining import Situation, judge
from overt.audit.logs import CheckedLog, Entry, LogBook, Logs, Watch, origin_of
from overt.audit.papers import Certified, Papers, stems
from overt.audit.pooling import ALONE, Pool, pool
from overt.audit.proving import Task, claimed_header
from overt.audit.reads import Reads
from overt.audit.remembering import remembered
from overt.consent.instants import instant_text, whole_seconds
from overt.errors import FormatError, OvertError, UsageError
from overt.format.section_keys import parse_keys
from overt.keys.consent_files import load_organisation
from overt.keys.identities import signer_vkey
from overt.keys.rotated import Keyring
from overt.keys.vault_contract import Progress
from overt.ledger.witness import remembered_logs
from overt.store.files import read_anywhere
from overt.store.home import Home

FORMAT: Final = "overt-audit/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to audit: the directory *store*, on the word of *devices* (verifier keys) too.

    *seen* are checkpoints that somebody kept. *full* proves everything anew. *workers* processes prove beside this one.
    """

    store: Path
    devices: frozenset[str] = frozenset()
    seen: tuple[str, ...] = ()
    full: bool = False
    quiet_days: int = QUIET_DAYS
    workers: int = 1


@dataclass(slots=True, kw_only=True)
class Counts:
    """How much was looked at; *remembered* counts episodes whose same bytes were proven in an earlier audit."""

    episodes: int = 0
    remembered: int = 0
    devices: int = 0
    grants: int = 0
    exports: int = 0
    reads: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of an audit, as ``docs/spec/audit-v1.md`` defines it."""

    at: datetime
    store: Path
    officer: str
    policy_sha256: str
    counts: Counts
    logs: tuple[CheckedLog, ...]
    tally: Tally

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, the gravest first."""
        return tuple(sorted(self.tally.findings, key=Finding.order))

    def row(self) -> dict[str, object]:
        """Return it for machines."""
        findings = self.findings
        heads = ({"origin": each.origin, "size": each.report.size, "root": each.report.root} for each in self.logs)
        return {
            "format": FORMAT,
            "at": instant_text(whole_seconds(self.at)),
            "store": str(self.store),
            "officer": self.officer,
            "policy_sha256": self.policy_sha256,
            "verdict": "findings" if findings else "no-finding",
            "episodes": self.counts.episodes,
            "remembered": self.counts.remembered,
            "devices": self.counts.devices,
            "grants": self.counts.grants,
            "exports": self.counts.exports,
            "reads": self.counts.reads,
            "logs": list(heads),
            "findings": [each.row() for each in findings],
            "skips": self.tally.skip_rows(),
        }


def audit(home: Home, request: Request, at: datetime, *, progress: Progress, keyring: Keyring | None = None) -> Report:
    """Return what is found of the directory that *request* names, by the officer of *home*, at the instant *at*.

    With a *keyring* the officer's own key is tried on the outer layer of each metadata key, and on nothing else.

    Raises:
        UsageError: there is no such directory, or a checkpoint that was seen is none.
        PolicyError: the home has joined no organisation.
        VerificationError: what the officer's home remembers of a log is damaged.
        KeyAccessError: the officer's key stays locked.
        StorageError: the home cannot be read.
    """
    if not request.store.is_dir():
        raise UsageError(f"there is no directory {request.store}", hint="name the store of submitted episodes: --from")
    if keyring is not None:
        keyring.unlock()
    run = _Run.of(home, request, at)
    groups = run.grouped()
    workers = request.workers if run.counts.episodes > ALONE else 1
    with remembered(home.path, full=request.full) as memory, pool(memory, workers) as processes:
        for device in sorted(groups):
            run.device(device, groups.pop(device), processes, _Steps(run, progress, keyring))
    run.rest()
    return run.report(signer_vkey(home))


Groups = dict[str, dict[str, list[str]]]
"""Device (a verifier key, or empty) to grant (an id, or empty) to names of files without their ending."""


@dataclass(slots=True)
class _Steps:
    """How far an audit has come, and the officer's key if it is unlocked."""

    run: "_Run"
    progress: Progress
    keyring: Keyring | None

    def step(self) -> None:
        """Tell that one more episode is done with."""
        self.run.done += 1
        self.progress(self.run.done, self.run.counts.episodes)

    @property
    def unlocks(self) -> Callable[[str], bool] | None:
        """What says of an episode whether the officer's key opens the outer layer of its metadata key."""
        return None if self.keyring is None else self._unlocks

    def _unlocks(self, stem: str) -> bool:
        assert self.keyring is not None
        try:
            wrapped = parse_keys(read_anywhere(self.run.request.store / f"{stem}.keys"))["m"]
            return self.keyring.unsealed(wrapped) is not None
        except OvertError:
            return False


@dataclass(slots=True, kw_only=True)
class _Run:
    """One audit on its way."""

    request: Request
    at: datetime
    papers: Papers
    logs: Logs
    certified: Certified
    tally: Tally = field(default_factory=Tally)
    counts: Counts = field(default_factory=Counts)
    checked: dict[str, CheckedLog] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    done: int = 0

    @classmethod
    def of(cls, home: Home, request: Request, at: datetime) -> "_Run":
        memories = {each.vkey.partition("+")[0]: each for each in remembered_logs(witness_memory(home))}
        watch = Watch(
            witness=signer_vkey(home),
            remembers=memories,
            seen=dict(_named(request.seen)),
            today=at.astimezone(UTC).date(),
            quiet_days=request.quiet_days,
        )
        certified = Certified(witnessed={name: each.vkey for name, each in memories.items()}, named=request.devices)
        papers = Papers(request.store, load_organisation(home))
        run = cls(request=request, at=at, papers=papers, logs=Logs(request.store, watch), certified=certified)
        run.tally.add(papers.findings)
        run.tally.add(check_law(papers.installed, watch.today))
        return run

    def grouped(self) -> Groups:
        """Return every episode file of the store by its device and its grant, as it claims them."""
        groups: Groups = defaultdict(lambda: defaultdict(list))
        for stem in stems(self.request.store, ".ep"):
            header = claimed_header(self.request.store / f"{stem}.ep")
            grant_id = header.grant if header is not None else ""
            paper = self.papers.grant(grant_id) if grant_id else None
            groups[paper.device if paper is not None else ""][grant_id].append(stem)
            self.counts.episodes += 1
        return groups

    def device(self, vkey: str, grants: dict[str, list[str]], processes: Pool, steps: _Steps) -> None:
        """Judge the episodes of one device, by grant; *vkey* is empty for those whose grant is not there or sound."""
        self._grants(vkey, grants)
        vouched = bool(vkey) and self._vouched(vkey, sum(map(len, grants.values())))
        log = self.log(vkey.partition("+")[0], vkey, sum(map(len, grants.values()))) if vouched else None
        book = LogBook.of(log.report.entries, self.at.astimezone(UTC).date()) if log and log.stands else None
        self._check_grants(grants, book)
        situation = Situation(
            papers=self.papers,
            book=book,
            no_book=Skip.NO_LOG if vouched and log is None else Skip.LOG_UNPROVEN,
            today=self.at.astimezone(UTC).date(),
            alone=vouched and not self.logs.given,
            unlocks=steps.unlocks,
        )
        there: set[str] = set()
        for stem_list in grants.values():
            tasks = (Task(directory=self.request.store, stem=stem, device=vkey) for stem in stem_list)
            for proven in processes.proven(tasks):
                there |= {proven.stem, proven.proof.episode_id}
                self.counts.remembered += bool(proven.key) and not proven.fresh
                judge(proven, situation, self.tally)
                steps.step()
        if book is not None:
            self._deleted(book, there)

    def log(self, name: str, vkey: str, episodes: int) -> CheckedLog | None:
        """Check the log *name* of the key *vkey*, once, and return it without its entries being kept here."""
        found = self.logs.check(name, vkey)
        if found is None:
            if self.logs.given and name not in self.checked:
                evidence = "episodes of its device are here, and no copy of its log"
                self.tally.add(
                    [Finding(code="log-missing", kind=Kind.LOG, about=name, evidence=evidence, episodes=episodes)]
                )
            return None
        self.tally.add(found.findings)
        self.checked[name] = found.without_entries()
        return found

    def rest(self) -> None:
        """Judge what is no episode: the organisation's logs, logs of devices without episodes, exports, reads."""
        bundle = self.papers.installed.bundle
        admin, admin_skip = self._entries(bundle.admin)
        vault, vault_skip = self._entries(bundle.recipients.vault)
        for name in self.logs.origins:
            if name not in self.checked.keys() | self.refused:
                self._other_log(name)
        known = self.checked.keys() | {each.about for each in self.tally.findings if each.code == "log-missing"}
        self.tally.add(self.logs.lost(lambda name: name in known))
        exports = Exports(papers=self.papers, entries=admin, no_log=admin_skip, tally=self.tally)
        exports.check()
        self.counts.exports = exports.count
        if vault is None:
            self.tally.skip("reads", vault_skip)
            self.tally.skip("destroyed shares", vault_skip)
            return
        reads = Reads(papers=self.papers, entries=vault, tally=self.tally)
        reads.check()
        self.counts.reads = reads.count

    def report(self, officer: str) -> Report:
        return Report(
            at=self.at,
            store=self.request.store,
            officer=officer,
            policy_sha256=self.papers.installed.policy_sha256,
            counts=self.counts,
            logs=tuple(self.checked[name] for name in sorted(self.checked)),
            tally=self.tally,
        )

    def _grants(self, vkey: str, grants: dict[str, list[str]]) -> None:
        """Count *grants*; the countersignature of one of them certifies the device that it names."""
        self.counts.grants += sum(map(bool, grants))
        found = (self.papers.sound_grant(grant_id) for grant_id in grants)
        if any(self.papers.countersigned(grant) for grant in found if grant is not None):
            self.certified.countersigned.add(vkey)

    def _check_grants(self, grants: dict[str, list[str]], book: LogBook | None) -> None:
        for grant_id, episodes in grants.items():
            if grant_id:
                standing = Standing(grant_id=grant_id, paper=self.papers.grant(grant_id), episodes=len(episodes))
                self.tally.add(check_grant(standing, self.papers, book))

    def _vouched(self, vkey: str, episodes: int) -> bool:
        """Say whether somebody vouches for the device, or this is a trial; the log of any other means nothing."""
        self.counts.devices += 1
        refused = self.certified.refusal(vkey)
        if refused is None:
            return True
        if self.papers.installed.policy.trial and vkey.partition("+")[0] not in self.certified.witnessed:
            self.tally.skip("who vouches for devices", Skip.TRIAL)
            return True
        about = vkey.partition("+")[0]
        self.refused.add(about)
        self.tally.add(
            [Finding(code="device-uncertified", kind=Kind.DEVICE, about=about, evidence=refused, episodes=episodes)]
        )
        return False

    def _deleted(self, book: LogBook, there: set[str]) -> None:
        for each in book.account.missing(there, handed_over=True):
            begun = book.begun.get(each.episode_id)
            grant = self.papers.sound_grant(begun.grant) if begun is not None else None
            path = self.request.store / f"{each.episode_id}.ep"
            if not path.exists() and not (grant is not None and self.papers.taken_back(grant, each.episode_id)):
                text = "its device's log says that it was handed over, and it is not here"
                self.tally.add([Finding(code="deleted", kind=Kind.EPISODE, about=each.episode_id, evidence=text)])

    def _entries(self, vkey: str) -> tuple[tuple[Entry, ...] | None, Skip]:
        """Return the entries of the log of *vkey* if it is there and stands, and otherwise why not."""
        found = self.log(vkey.partition("+")[0], vkey, 0) if vkey.partition("+")[0] in self.logs.origins else None
        if found is None:
            return None, Skip.NO_LOG
        return (found.report.entries, Skip.LOG_UNPROVEN) if found.stands else (None, Skip.LOG_UNPROVEN)

    def _other_log(self, name: str) -> None:
        """Check the log of a device without episodes here: by the key that the officer knows, or not at all."""
        named = {each.partition("+")[0]: each for each in self.certified.named}
        vkey = self.certified.witnessed.get(name) or named.get(name)
        if vkey is None:
            self.tally.skip("log of a device that nobody vouches for", Skip.LOG_UNPROVEN)
            return
        log = self.log(name, vkey, 0)
        if log is not None and log.stands:
            self._deleted(LogBook.of(log.report.entries, self.at.astimezone(UTC).date()), set())


def workers_for(processors: int | None = None) -> int:
    """Return how many processes an audit uses on this machine."""
    with suppress(AttributeError, OSError):
        return len(os.sched_getaffinity(0))
    return processors or os.cpu_count() or 1


def _named(seen: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for note in seen:
        try:
            yield origin_of(note), note
        except FormatError:
            raise UsageError(
                "what --since names is no checkpoint", hint="name a file that overt audit cosign wrote"
            ) from None
