"""Content, second look, trajectories, writers: one episode after the other, and then the account of it all."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from overt.dataset.eligible import Eligible, Skip, SkipReason
from overt.dataset.formats import open_writer
from overt.dataset.frames import FrameFault, FrameSpool, fault_of
from overt.dataset.interface import Episode, Format, Provenance, Writer, Written
from overt.dataset.judge import Judge
from overt.dataset.lint import check
from overt.dataset.manifest import Account, Source, describe
from overt.dataset.output import drafted, manifest_sha256, publish
from overt.dataset.recheck import SecondLook
from overt.errors import ConsentError, FormatError, KeyAccessError, PolicyError, VerificationError
from overt.events.redacted import FrameTaken, RedactedEvent, RedactedFrame
from overt.trajectory.build import Rules, Trajectory, reduce_events

Progress = Callable[[], None]
"""Called once for each episode that is done with."""
Log = Callable[[str], None]
"""Called with the SHA-256 of the manifest before the export appears; what it raises keeps the export away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to export, and where to: *out* must be free, or hold this very export already.

    *revoked_by* is the key that signs its revocation lists. Fewer than *cohort_floor* people are not exported.
    """

    purpose: str
    trial: bool
    formats: tuple[Format, ...]
    out: Path
    revoked_by: str
    cohort_floor: int
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a request; *unchanged* says that the identical export was there already."""

    account: Account
    skips: tuple[Skip, ...]
    out: Path
    unchanged: bool


def export(
    request: Request,
    eligible: Sequence[Eligible],
    skips: Sequence[Skip],
    *,
    judges: Sequence[Judge],
    progress: Progress,
    log: Log,
) -> Report:
    """Write *eligible* episodes as *request* says; *skips* are those that were turned away before.

    The same episodes give the same bytes. The directory appears complete or not at all.

    Raises:
        ConsentError: no episode is left that may be exported, or synthetic ones are among those of people.
        PolicyError: those that are left are of fewer people than the policy asks for.
        UsageError: ``request.out`` holds something else.
        StorageError: the disk refused.
        BackendUnavailableError: a format's needs are not installed.
    """
    ordered = sorted(eligible, key=lambda each: each.episode_id)
    synthetic = _of_one_kind(ordered)
    if ordered:
        _check_cohort(request, ordered)
    with drafted(request.out) as draft:
        run = _Run(
            rules=request.rules,
            draft=draft,
            look=SecondLook(judges=judges),
            salt=_release_salt(ordered),
            skips=list(skips),
        )
        with _writers(request.formats, draft) as writers:
            for each in ordered:
                run.one(each, writers)
                progress()
            written = [writer.close() for writer in writers]
        if not run.exported:
            raise _nothing_left(request, run.skips)
        _check_cohort(request, run.exported)
        account = _account(request, run, written, synthetic=synthetic)
        check(draft, request.formats)
        describe(draft, account)
        log(manifest_sha256(draft))
        published = publish(draft, request.out)
    return Report(account=account, skips=tuple(run.skips), out=request.out, unchanged=not published)


@dataclass(slots=True)
class _Run:
    """One export on its way, and what is counted."""

    rules: Rules
    draft: Path
    look: SecondLook
    salt: bytes
    skips: list[Skip]
    exported: list[Eligible] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    frames: Counter[str] = field(default_factory=Counter)

    def one(self, each: Eligible, writers: Sequence[Writer]) -> None:
        """Write the episode *each*, or note why not; it is read as a whole before any of it is written."""
        with FrameSpool(self.draft) as spool:
            trajectories = self._trajectories(each, spool)
            if isinstance(trajectories, SkipReason):
                trajectories = Skip(episode_id=each.episode_id, reason=trajectories)
            if isinstance(trajectories, Skip):
                self.skips.append(trajectories)
                return
            episode = Episode(provenance=_provenance(each, self.salt), trajectories=trajectories)
            for writer in writers:
                writer.add(episode, spool.get)
        self.exported.append(each)

    def _trajectories(self, each: Eligible, spool: FrameSpool) -> tuple[Trajectory, ...] | Skip | SkipReason:
        faults: Counter[str] = Counter()
        try:
            events = list(_events(each.content(), spool, faults))
        except KeyAccessError:
            return SkipReason.WRONG_KEY
        except (FormatError, VerificationError):
            return SkipReason.DAMAGED
        if any(event.synthetic != each.session.synthetic for event in events):
            return SkipReason.INVALID
        found = self.look.at_texts(events)
        reduction = reduce_events(events, self.rules)
        if not (found or reduction.trajectories):
            return SkipReason.EMPTY
        found = found or self.look.at_pictures(map(spool.get, _shown(reduction.trajectories)))
        if found:
            return Skip(episode_id=each.episode_id, reason=SkipReason.SECOND_LOOK, findings=dict(sorted(found.items())))
        self.left_out.update({reason.value: count for reason, count in reduction.left_out.items()})
        self.frames.update(faults)
        return reduction.trajectories


def _events(
    content: Iterator[RedactedEvent | RedactedFrame], spool: FrameSpool, faults: Counter[str]
) -> Iterator[RedactedEvent]:
    """Yield the events of *content*; a frame's bytes go to *spool*, and a frame with a fault is left out."""
    for record in content:
        match record:
            case RedactedFrame(event=event):
                fault = fault_of(record)
                if fault is None:
                    spool.put(record)
                    yield event
                else:
                    faults[fault.value] += 1
            case FrameTaken():
                faults[FrameFault.MISSING.value] += 1
            case _:
                yield record


def _shown(trajectories: Sequence[Trajectory]) -> list[str]:
    """Return the SHA-256 of each picture that a step shows."""
    shown = (step.frame.sha256 for each in trajectories for step in each.steps if step.frame is not None)
    return list(dict.fromkeys(shown))


@contextmanager
def _writers(formats: Sequence[Format], draft: Path) -> Iterator[list[Writer]]:
    writers: list[Writer] = []
    try:
        for name in formats:
            writers.append(open_writer(name, draft))  # noqa: PERF401 - what is open must be known if the next fails
        yield writers
    finally:
        for writer in writers:
            writer.discard()


def _provenance(each: Eligible, salt: bytes) -> Provenance:
    session = each.session
    return Provenance(
        episode_id=each.episode_id,
        contributor=hmac.new(salt, each.contributor_key.encode(), hashlib.sha256).hexdigest()[:16],
        consent_sha256=each.consent_sha256,
        deletion_tag=each.deletion_tag,
        policy_sha256=session.policy_sha256,
        source_sha256=each.source_sha256,
        recorder_version=session.recorder_version,
        redactor_version=session.redactor_version,
        os_family=session.os_family,
        month=session.started_on[:7],
        end_reason=each.end.reason if each.end else "unknown",
        signals=session.signals,
        trial=session.trial,
        synthetic=session.synthetic,
    )


def _of_one_kind(eligible: Sequence[Eligible]) -> bool:
    """Say whether a program made all of *eligible* up; raises ``ConsentError`` when it made up some of them."""
    kinds = {each.session.synthetic for each in eligible}
    if len(kinds) > 1:
        raise ConsentError(
            "synthetic episodes are never exported together with those of people",
            hint="keep them in directories of their own, and name one with --from DIR",
        )
    return kinds == {True}


def _check_cohort(request: Request, exported: Sequence[Eligible]) -> None:
    """Raise ``PolicyError`` if *exported* is of too few people. Of how many is not told: it would tell who said no."""
    if len({each.contributor_key for each in exported}) < request.cohort_floor:
        raise PolicyError(
            f"what is left to export is of fewer than {request.cohort_floor} people",
            hint="that many is the least, by cohort_floor of the policy: an export of a few people is one of persons",
        )


def _release_salt(eligible: Sequence[Eligible]) -> bytes:
    """A salt that differs between releases and not between two runs of the same one.

    It need not be secret: a device's key is 32 bytes that nobody can guess. Who has a list of them could look them up,
    but has the sealed files as well, and ``source_sha256`` names those.
    """
    sources = "\n".join(each.source_sha256 for each in eligible)
    return hashlib.sha256(f"overt contributors\n{sources}".encode()).digest()


def _account(request: Request, run: _Run, written: Sequence[Written], *, synthetic: bool) -> Account:
    return Account(
        purpose=request.purpose,
        trial=request.trial,
        synthetic=synthetic,
        formats=request.formats,
        gaps=request.rules.gaps,
        split_after_s=request.rules.split_after_ms // 1000,
        offered=len(run.exported) + len(run.skips),
        exported=len(run.exported),
        skipped=Counter(skip.reason.value for skip in run.skips),
        left_out=run.left_out,
        frames_left_out=run.frames,
        judges=run.look.versions,
        rows={table: count for each in written for table, count in each.rows.items()},
        lossy={name: count for each in written for name, count in each.lossy.items()},
        receipts=tuple(sorted({each.consent_sha256 for each in run.exported})),
        sources={each.episode_id: Source(receipt=each.consent_sha256, tag=each.deletion_tag) for each in run.exported},
        revoked_by=request.revoked_by,
    )


def _nothing_left(request: Request, skips: Sequence[Skip]) -> ConsentError:
    reasons = Counter(skip.reason.value.replace("_", " ") for skip in skips)
    told = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items())) or "none was offered"
    found = sum((Counter(skip.findings) for skip in skips), Counter[str]())
    told += f" ({', '.join(f'{count} {kind}' for kind, count in sorted(found.items()))})" if found else ""
    return ConsentError(
        f"no episode may be exported for {request.purpose}: {told}",
        hint="only approved and submitted episodes, whose grant names this purpose, can be exported",
    )
