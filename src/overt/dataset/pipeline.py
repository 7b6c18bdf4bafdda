"""Content, second look, trajectories, writers: one episode after the other, and then the account of it all."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from overt.dataset.describing import describe
from overt.dataset.eligible import Eligible, Skip, SkipReason
from overt.dataset.engines.task import Engine, Order
from overt.dataset.formats import open_writer
from overt.dataset.interface import Episode, Format, Provenance, Writer, Written
from overt.dataset.lint import check
from overt.dataset.manifest import Account, Source
from overt.dataset.output import drafted, manifest_sha256, publish
from overt.dataset.part import Outcome, Part
from overt.dataset.refusals import check_cohort, nothing_left
from overt.dataset.release import Names, Release, Split, root_of
from overt.dataset.workshop import Workshop, passing
from overt.errors import ConsentError, FormatError
from overt.trajectory.build import Rules

_PARTS: Final = ".parts"

Progress = Callable[[], None]
"""Called once for each episode that is done with."""
Log = Callable[[str], None]
"""Called with the SHA-256 of the manifest before the export appears; what it raises keeps the export away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to export, and where to: *out* must be free, or hold this very export already.

    *release* signs it and names its people. Fewer than *cohort_floor* people are not exported. In
    *workshop* lies what was read so far; without one, nothing outlasts a failure.
    """

    purpose: str
    trial: bool
    formats: tuple[Format, ...]
    out: Path
    release: Release
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
        check_cohort(request.cohort_floor, ordered)
    with drafted(request.out) as draft:
        names = request.release.names(request.purpose, [each.source_sha256 for each in ordered])
        run = _Run(rules=request.rules, engine=engine, names=names, skips=list(skips))
        with _writers(request.formats, draft, run.splits_of(ordered)) as writers:
            with _at(request.workshop, draft) as place:
                for each, outcome in run.outcomes(ordered, place):
                    run.one(each, outcome, writers)
                    progress()
            written = {split: [writer.close() for writer in each] for split, each in writers.items()}
        if not run.exported:
            raise nothing_left(request.purpose, run.skips)
        check_cohort(request.cohort_floor, run.exported)
        account = _account(request, run, _held(draft, written), synthetic=synthetic)
        check(draft, request.formats)
        describe(draft, account, request.release.signer)
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
    names: Names
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

    def splits_of(self, eligible: Sequence[Eligible]) -> list[Split]:
        """Return the splits that *eligible* are in, and that to train on in any case."""
        found = {self.names.split(each.contributor_key) for each in eligible}
        return [split for split in Split if split is Split.TRAIN or split in found]

    def one(self, each: Eligible, part: Part | SkipReason, writers: Mapping[Split, Sequence[Writer]]) -> None:
        """Write the episode *each*, or note why not; it was read as a whole before any of it is written."""
        outcome = Outcome(reason=part) if isinstance(part, SkipReason) else part.outcome
        if outcome.reason is not None or isinstance(part, SkipReason):
            reason = outcome.reason or SkipReason.DAMAGED
            self.skips.append(Skip(episode_id=each.episode_id, reason=reason, findings=dict(outcome.findings)))
            return
        episode = Episode(provenance=_provenance(each, self.names), trajectories=outcome.trajectories)
        for writer in writers[self.names.split(each.contributor_key)]:
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
def _writers(
    formats: Sequence[Format], draft: Path, splits: Sequence[Split]
) -> Iterator[Mapping[Split, Sequence[Writer]]]:
    writers: dict[Split, list[Writer]] = {split: [] for split in splits}
    try:
        for split, opened in writers.items():
            root_of(draft, split).mkdir(mode=0o700, exist_ok=True)
            for name in formats:
                opened.append(open_writer(name, root_of(draft, split)))
        yield writers
    finally:
        for opened in writers.values():
            for writer in opened:
                writer.discard()


def _held(draft: Path, written: Mapping[Split, Sequence[Written]]) -> dict[Split, Sequence[Written]]:
    """Remove what is held out of nobody, because everything of theirs was skipped."""
    held = {split: each for split, each in written.items() if split is Split.TRAIN or any(map(_has_rows, each))}
    for split in written.keys() - held.keys():
        shutil.rmtree(root_of(draft, split))
    return held


def _has_rows(written: Written) -> bool:
    return any(written.rows.values())


def _provenance(each: Eligible, names: Names) -> Provenance:
    session = each.session
    return Provenance(
        episode_id=each.episode_id,
        contributor=names.contributor(each.contributor_key),
        consent_sha256=names.receipt(each.consent_sha256),
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
        split=names.split(each.contributor_key).value,
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


def _account(request: Request, run: _Run, written: Mapping[Split, Sequence[Written]], *, synthetic: bool) -> Account:
    sources = {
        each.episode_id: Source(receipt=run.names.receipt(each.consent_sha256), tag=each.deletion_tag)
        for each in run.exported
    }
    months = sorted(each.session.started_on[:7] for each in run.exported)
    every = [each for parts in written.values() for each in parts]
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
        rows=_summed(each.rows for each in every),
        splits={split.value: _summed(each.rows for each in parts) for split, parts in written.items()},
        lossy=_summed(each.lossy for each in every),
        receipts=tuple(sorted({source.receipt for source in sources.values()})),
        sources=sources,
        revoked_by=request.release.signer.vkey,
        holdout=request.release.holdout,
        receipt_salt=run.names.receipts,
        about=request.release.about,
        months=(months[0], months[-1]),
        signals=tuple(sorted({signal for each in run.exported for signal in each.session.signals})),
    )


def _summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Add *counts* up by name; what is there and zero stays."""
    total: dict[str, int] = {}
    for each in counts:
        for name, count in each.items():
            total[name] = total.get(name, 0) + count
    return total
