"""Check episodes against themselves and against a log, and the log against what a witness saw; needs no private key."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

from overt.errors import FormatError, OvertError, StorageError, VerificationError
from overt.format.container import read_member
from overt.format.cosignature import Cosigned, read_cosignature
from overt.ledger.heartbeat import Silence, silences
from overt.ledger.log import LedgerState, verify_ledger
from overt.ledger.reading import CHECKPOINT, check_growth, signed_head
from overt.ledger.reconcile import Account, Code, Finding, Present
from overt.ledger.waiting import waiting
from overt.ledger.witness import read_witnessed
from overt.policy.canonical import JsonValue
from overt.store.files import read_anywhere
from overt.verify import InvalidEpisodeError, State, Trust, Verdict, verify_episode

QUIET_DAYS: Final = 3
"""How many days in a row may be silent: a long weekend."""
_OPENING_MEMBERS: Final = 3
_LOST: Final = (FileNotFoundError, NotADirectoryError, IsADirectoryError)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogClaim:
    """The log in *directory* by *vkey*, and what is known of it elsewhere.

    *witness* is the verifier key of who must have vouched for it; *seen* a checkpoint that somebody kept. In one's
    *own* home what waits to be logged counts as said; elsewhere it does not, for nobody signed it.
    """

    directory: Path
    vkey: str
    witness: str | None = None
    seen: str | None = None
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReport:
    """What was found of a log: how many entries (*size*) under *root*, *cosigned* by a witness, and its *silences*.

    *entries* has at its end what waits to be logged. Nothing of it stands when there are *findings* about the log.
    """

    size: int
    root: str
    cosigned: Cosigned | None
    silences: tuple[Silence, ...]
    entries: tuple[Mapping[str, JsonValue], ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What was found of one *file*: its *verdict*, or ``None`` when it proves nothing, and the *findings*."""

    file: Path
    verdict: Verdict | None
    findings: tuple[Finding, ...]

    @property
    def episode_ids(self) -> set[str]:
        """The episodes that are there, or that this file claims to be."""
        return {self.file.stem, *([self.verdict.episode_id] if self.verdict else ())}

    def row(self) -> dict[str, object]:
        """Return it for machines."""
        said: dict[str, object] = {"file": str(self.file)}
        said["finding"] = "; ".join(finding.text for finding in self.findings)
        said["codes"] = [finding.code.value for finding in self.findings]
        return said | ({"state": "invalid"} if self.verdict is None else asdict(self.verdict))


def check_log(claim: LogClaim, *, today: date, quiet_days: int = QUIET_DAYS) -> LogReport:
    """Return what is found of the log of *claim*.

    Raises:
        StorageError: the system refused to read it.
    """
    try:
        state = verify_ledger(claim.directory, claim.vkey)
    except (StorageError, VerificationError) as problem:
        return _broken(_log_problem(claim, problem))
    cosigned, findings = _witnessed(claim, state)
    entries = (*state.entries, *(waiting(claim.directory) if claim.own else ()))
    silent = tuple(silences(entries, today))
    findings += [_silence(each) for each in silent if each.days > quiet_days]
    findings += Account(entries).contradictions()
    return LogReport(
        size=state.size,
        root=state.root,
        cosigned=cosigned,
        silences=silent,
        entries=entries,
        findings=tuple(findings),
    )


def check_file(file: Path, trust: Trust, account: Account | None = None) -> FileReport:
    """Return what is found of the episode *file*, by somebody with *trust*, and by what its log says (*account*).

    Raises:
        StorageError: it cannot be read.
    """
    data = read_anywhere(file)
    try:
        verdict = verify_episode(data, trust=trust)
    except InvalidEpisodeError as problem:
        found = Finding(code=Code.INVALID, text=problem.rule.sentence)
        return FileReport(file=file, verdict=None, findings=(found,))
    present = _present(data, verdict)
    findings = _own_findings(file, verdict)
    if account is not None:
        if account.tells_of_crash(present):
            findings = [each for each in findings if each.code is not Code.DAMAGED_TAIL]
        findings += account.judge(present)
    return FileReport(file=file, verdict=verdict, findings=tuple(findings))


def missing(reports: Iterable[FileReport], account: Account, *, handed_over: bool) -> list[Finding]:
    """Return a finding for each episode of *account* that none of *reports* is about, and that must be there."""
    there = {episode_id for report in reports for episode_id in report.episode_ids}
    return account.missing(there, handed_over=handed_over)


def _present(data: bytes, verdict: Verdict) -> Present:
    end = 0
    for _ in range(_OPENING_MEMBERS):
        end = read_member(data, end).end
    opening = hashlib.sha256(data[:end]).hexdigest()
    return Present(episode_id=verdict.episode_id, size=verdict.size, root=verdict.root, opening_sha256=opening)


def _own_findings(file: Path, verdict: Verdict) -> list[Finding]:
    found: list[Finding] = []
    if verdict.state is State.DAMAGED_TAIL:
        text = f"damaged tail: {verdict.reason}"
        found.append(Finding(code=Code.DAMAGED_TAIL, episode_id=verdict.episode_id, text=text))
    if len(file.stem) == len(verdict.episode_id) and file.stem != verdict.episode_id:
        text = f"the file is named after another episode than {verdict.episode_id}, which it holds"
        found.append(Finding(code=Code.MISNAMED, episode_id=verdict.episode_id, text=text))
    return found


def _log_problem(claim: LogClaim, problem: OvertError) -> Finding:
    if not (claim.directory / CHECKPOINT).exists():
        return Finding(code=Code.LOG_MISSING, text="there is no log where one must be")
    if isinstance(problem, StorageError) and not isinstance(problem.__cause__, _LOST):
        raise problem
    return Finding(code=Code.LOG_INVALID, text=str(problem))


def _broken(finding: Finding) -> LogReport:
    return LogReport(size=0, root="", cosigned=None, silences=(), entries=(), findings=(finding,))


def _witnessed(claim: LogClaim, state: LedgerState) -> tuple[Cosigned | None, list[Finding]]:
    """Return the newest cosignature that counts, and what speaks against the log."""
    findings, cosigned = [], None
    try:
        kept = read_witnessed(claim.directory, claim.vkey)
    except VerificationError as problem:
        kept, findings = None, [Finding(code=Code.NOT_WITNESSED, text=str(problem))]
    # One that is empty was cut, and is no less of a finding than any other that does not count.
    for text in (text for text in (claim.seen, kept.note if kept is not None else None) if text is not None):
        found = _against(claim, text, state)
        findings += [found] if found is not None else []
        if claim.witness is not None and found is None:
            cosigned = cosigned or read_cosignature(text, claim.witness)
    if claim.witness is not None and cosigned is None and not findings:
        # Whoever rewrites a log also removes what was witnessed of it.
        found = Finding(code=Code.NOT_WITNESSED, text="no checkpoint of the log by the witness that was named is there")
        findings = [found]
    return cosigned, findings


def _against(claim: LogClaim, text: str, state: LedgerState) -> Finding | None:
    """Return what the witnessed checkpoint *text* says against the log, if anything."""
    try:
        seen = signed_head(text, claim.vkey).checkpoint
        if claim.witness is not None:
            read_cosignature(text, claim.witness)
    except (FormatError, VerificationError) as problem:
        return Finding(code=Code.NOT_WITNESSED, text=f"the witnessed checkpoint does not count: {problem}")
    if seen.size > state.size:
        said = f"the log has {state.size:,} entries, but {seen.size:,} were witnessed"
        return Finding(code=Code.LOG_ROLLED_BACK, text=said)
    try:
        check_growth(claim.directory, seen, signed_head(state.checkpoint, claim.vkey).checkpoint)
    except VerificationError:
        said = f"the first {seen.size:,} entries are not those that were witnessed: the log was rewritten"
        return Finding(code=Code.LOG_REWRITTEN, text=said)
    return None


def _silence(silence: Silence) -> Finding:
    return Finding(code=Code.SILENCE, text=f"silent from {silence.first} to {silence.last} ({silence.days} days)")
