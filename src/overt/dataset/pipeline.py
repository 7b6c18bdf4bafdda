"""Content, second look, trajectories, writers: one episode after the other, and then the account of it all."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from overt.dataset.eligible import Eligible, Skip, SkipReason
from overt.dataset.engines.task import Engine, Order
from overt.dataset.formats import open_writer
from overt.dataset.interface import Episode, Format, Provenance, Writer, Written
from overt.dataset.lint import check
from overt.dataset.manifest import Account, Source, describe
from overt.dataset.output import drafted, manifest_sha256, publish
from overt.dataset.part import Outcome, Part
from overt.dataset.workshop import Workshop, passing
from overt.errors import ConsentError, FormatError, PolicyError
from overt.trajectory.build import Rules

_PARTS: Final = ".parts"

Progress = Callable[[], None]
"""Called once for each episode that is done with."""
Log = Callable[[str], None]
"""Called with the SHA-256 of the manifest before the export appears; what it raises keeps the export away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to export, and where to: *out* must be free, or hold this very export already.

    *revoked_by* is the key that signs its revocation lists. Fewer than *cohort_floor* people are not exported. In
    *workshop* lies what was read so far; without one, nothing outlasts a failure.
    """

    purpose: str
    trial: bool
    formats: tuple[Format, ...]
    out: Path
    revoked_by: str
    cohort_floor: int
    rules: Rules = field(default_factory=Rules)
    workshop: Workshop | None = None


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
    engine: Engine,
    progress: Progress,
    log: Log,
) -> Report:
    """Write *eligible* episodes as *request* says; *skips* are those that were turned away before.

    The same episodes give the same bytes, whatever *engine* reads them. The directory appears complete or not at all;
    what was read meanwhile stays in the request's workshop, if it has one, for the next try.

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
        run = _Run(rules=request.rules, engine=engine, salt=_release_salt(ordered), skips=list(skips))
        with _writers(request.formats, draft) as writers:
            with _at(request.workshop, draft) as place:
                for each, outcome in run.outcomes(ordered, place):
                    run.one(each, outcome, writers)
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


@contextmanager
def _at(workshop: Workshop | None, draft: Path) -> Iterator[Workshop]:
    if workshop is None:
        with passing(draft / _PARTS) as own:
            yield own
    else:
        yield workshop


@dataclass(slots=True)
class _Run:
    """One export on its way, and what is counted."""

    rules: Rules
    engine: Engine
    salt: bytes
    skips: list[Skip]
    exported: list[Eligible] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    frames: Counter[str] = field(default_factory=Counter)

    def outcomes(self, ordered: Sequence[Eligible], workshop: Workshop) -> Iterator[tuple[Eligible, Part | SkipReason]]:
        """Yield what came of each of *ordered*, in this order, in whatever order the engine is done with them."""
        judges = self.engine.judges
        orders = [Order(each=each, name=workshop.name(each, self.rules, judges)) for each in ordered]
        workshop.keep_only({order.name for order in orders})
        known = {order.name for order in orders if _readable(workshop, order.name)}
        done: dict[str, SkipReason | None] = dict.fromkeys(known)
        rest = self.engine.read((order for order in orders if order.name not in known), self.rules, workshop)
        for order in orders:
            while order.name not in done:
                one = next(rest)
                done[one.name] = one.reason
            reason = done.pop(order.name)
            if reason is not None:
                yield order.each, reason
            else:
                with Part(workshop.path(order.name), workshop.part_key(order.name)) as part:
                    yield order.each, part

    def one(self, each: Eligible, part: Part | SkipReason, writers: Sequence[Writer]) -> None:
        """Write the episode *each*, or note why not; it was read as a whole before any of it is written."""
        outcome = Outcome(reason=part) if isinstance(part, SkipReason) else part.outcome
        if outcome.reason is not None or isinstance(part, SkipReason):
            reason = outcome.reason or SkipReason.DAMAGED
            self.skips.append(Skip(episode_id=each.episode_id, reason=reason, findings=dict(outcome.findings)))
            return
        episode = Episode(provenance=_provenance(each, self.salt), trajectories=outcome.trajectories)
        for writer in writers:
            writer.add(episode, part.frame)
        self.left_out.update(outcome.left_out)
        self.frames.update(outcome.frames_left_out)
        self.exported.append(each)


def _readable(workshop: Workshop, name: str) -> bool:
    """Whether the part *name* was written before, and nobody has touched it."""
    if not workshop.path(name).exists():
        return False
    try:
        with Part(workshop.path(name), workshop.part_key(name)):
            return True
    except FormatError:
        return False


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
        judges=run.engine.judges,
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
