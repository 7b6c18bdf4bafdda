"""The copies of logs that an officer was given: which stand, and what each says of grants, episodes and days."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from overt.audit.checking import LogClaim, LogReport, check_log
from overt.audit.findings import Finding, Kind
from overt.audit.papers import read_text
from overt.errors import FormatError, OvertError, StorageError, VerificationError
from overt.format.checkpoint import Checkpoint
from overt.format.note import parse_note
from overt.ledger.entry import entry_day
from overt.ledger.reading import CHECKPOINT, check_growth, read_head
from overt.ledger.reconcile import Account
from overt.ledger.witness import Remembered
from overt.policy.canonical import JsonValue

LOGS: Final = "logs"
Entry = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """How logs are checked: by the officer's key *witness*, what it *remembers* and what was *seen*, by log name."""

    witness: str
    remembers: Mapping[str, Remembered]
    seen: Mapping[str, str]
    today: date
    quiet_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """That the log has the beginning of an episode as entry *index*, on some day from *first* to *last*."""

    index: int
    grant: str
    first: date
    last: date


@dataclass(slots=True, kw_only=True, repr=False)
class LogBook:
    """A log that stands, read once: entries by what they are about.

    *grants* has each grant's entry with its place; *withdrawn* the place of the first withdrawal; *taken* the episodes
    that were erased or resealed; *submitted* those that were handed over.
    """

    account: Account
    begun: dict[str, Begun] = field(default_factory=dict)
    grants: dict[str, tuple[int, Entry]] = field(default_factory=dict)
    withdrawn: dict[str, int] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, entries: Sequence[Entry], today: date) -> "LogBook":
        """Read *entries*, in order, on the day *today*."""
        book = cls(account=Account(entries))
        latest = [today] * len(entries)
        after = today
        for index in range(len(entries) - 1, -1, -1):
            after = min(after, entry_day(entries[index]) or after)
            latest[index] = after
        before = date.min
        for index, entry in enumerate(entries):
            before = max(before, entry_day(entry) or before)
            book.read(index, entry, before, latest[index])
        return book

    def read(self, index: int, entry: Entry, first: date, last: date) -> None:
        """Take the entry number *index*, which was logged on some day from *first* to *last*."""
        episode_id, grant = str(entry.get("id", "")), str(entry.get("grant", ""))
        match entry["type"]:
            case "grant":
                self.grants.setdefault(grant, (index, entry))
            case "withdraw":
                self.withdrawn.setdefault(grant, index)
            case "episode-open":
                self.begun.setdefault(episode_id, Begun(index=index, grant=grant, first=first, last=last))
            case "erase":
                self.taken.add(episode_id)
            case "reseal":
                self.taken.add(str(entry["from"]))
            case _:
                pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLog:
    """What came of one log: its *report*, its *findings* for the audit, and whether it *stands*."""

    origin: str
    report: LogReport
    findings: tuple[Finding, ...]

    @property
    def stands(self) -> bool:
        """Whether what it says is used."""
        return bool(self.report.root) and not any(each.code in _BROKEN for each in self.findings)

    def without_entries(self) -> "CheckedLog":
        """Return it without what the log says: of many logs only one is in memory at a time."""
        return replace(self, report=replace(self.report, entries=()))


_BROKEN: Final = ("log-missing", "log-invalid", "log-rolled-back", "log-rewritten")


class Logs:
    """The copies of logs in one directory, by the name under which they sign."""

    def __init__(self, directory: Path, watch: Watch) -> None:
        """Look for logs in the subdirectory ``logs`` of *directory*."""
        self._place = directory / LOGS
        self._watch = watch
        self._paths = log_places(directory)

    @property
    def given(self) -> bool:
        """Whether the officer was given any."""
        return bool(self._paths) or self._place.is_dir()

    @property
    def origins(self) -> list[str]:
        """The names of the logs that are there, sorted."""
        return sorted(self._paths)

    def lost(self, known: Callable[[str], bool]) -> list[Finding]:
        """Return a finding for each log that was witnessed or seen, is not there, and is not *known* otherwise."""
        if not self.given:
            return []
        wanted = self._watch.remembers.keys() | self._watch.seen.keys()
        return [
            _finding("log-missing", name, "it was witnessed, and no copy of it is there")
            for name in sorted(wanted - self._paths.keys())
            if not known(name)
        ]

    def check(self, origin: str, vkey: str) -> CheckedLog | None:
        """Return what is found of the log *origin* by the key *vkey*, or ``None`` when there is no copy of it."""
        place = self._paths.get(origin)
        if place is None:
            return None
        claim = LogClaim(directory=place, vkey=vkey, witness=self._watch.witness, seen=self._watch.seen.get(origin))
        try:
            report = check_log(claim, today=self._watch.today, quiet_days=self._watch.quiet_days)
        except OvertError as problem:
            report = LogReport(size=0, root="", cosigned=None, silences=(), entries=(), findings=())
            return CheckedLog(origin=origin, report=report, findings=(_finding("log-invalid", origin, str(problem)),))
        findings = [*self._told(origin, report), *self._remembered(origin, vkey, place, report)]
        return CheckedLog(origin=origin, report=report, findings=tuple(_leading(findings)))

    def _told(self, origin: str, report: LogReport) -> Iterator[Finding]:
        for each in report.findings:
            # Which days are silent is told to the person, and to nobody else.
            if each.code.value == "silence":
                longest = max(silence.days for silence in report.silences)
                yield _finding("silence", origin, f"it lacks the heartbeats of up to {longest} days in a row")
            else:
                yield _finding(each.code.value, origin, each.text)

    def _remembered(self, origin: str, vkey: str, place: Path, report: LogReport) -> Iterator[Finding]:
        """What the officer's own memory says against the log."""
        known = self._watch.remembers.get(origin)
        if known is None or not report.root:
            return
        if known.size > report.size:
            text = f"the log has {report.size:,} entries, but {known.size:,} were witnessed"
            yield _finding("log-rolled-back", origin, text)
            return
        old = Checkpoint(origin=origin, size=known.size, root=known.root)
        try:
            check_growth(place, old, read_head(place, vkey).checkpoint)
        except (VerificationError, StorageError):
            text = f"the first {known.size:,} entries are not those that were witnessed: the log was rewritten"
            yield _finding("log-rewritten", origin, text)


def _leading(findings: Sequence[Finding]) -> list[Finding]:
    """Return one finding of each code; where a log does not stand, only the first that says so."""
    unique = {each.code: each for each in reversed(findings)}
    broken = [unique[code] for code in _BROKEN if code in unique]
    return broken[:1] or [unique[code] for code in sorted(unique)]


def origin_of(note: str) -> str:
    """Return the name of the log that the checkpoint *note* says it is of; raises ``FormatError``."""
    return Checkpoint.parse(parse_note(note).text).origin


def log_places(directory: Path) -> dict[str, Path]:
    """Return where each copy of a log lies in *directory*, by the name under which it signs."""
    return dict(_found(directory / LOGS))


def _found(place: Path) -> Iterator[tuple[str, Path]]:
    if not place.is_dir():
        return
    for each in sorted(place.iterdir()):
        try:
            # A head that was changed is still told under the name that it gives itself.
            yield read_text(each / CHECKPOINT).partition("\n")[0], each
        except (FormatError, StorageError):
            continue


def _finding(code: str, origin: str, evidence: str) -> Finding:
    return Finding(code=code, kind=Kind.LOG, about=origin, evidence=evidence, episodes=0)
