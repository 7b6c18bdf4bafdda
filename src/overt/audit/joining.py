"""One proven episode against its log, its grant and its approval: the join that is made for every episode."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from typing import Final

from overt.audit.findings import Finding, Kind, Skip, Tally
from overt.audit.granting import kept_for
from overt.audit.logs import LogBook
from overt.audit.papers import Papers
from overt.audit.proving import Proof, Proven
from overt.consent.grant import Grant
from overt.ledger.reconcile import Present
from overt.policy.retention import gone_on
from overt.verify import State

_ENDS: Final = frozenset({"episode-close", "recovered"})
_KEYS: Final = {
    "keys-missing": "there is no file of its keys",
    "keys-malformed": "the file of its keys is none",
    "keys-recipients": "a section's key is wrapped for another number of readers than it has roles",
    "keys-without-officer": "the officer's key does not open the outer layer of its metadata key",
}
_APPROVAL: Final = {
    "approval-missing": "there is no approval beside it",
    "approval-invalid": "the approval beside it is not signed by its device, or malformed",
}
SEALED: Final = (
    "signals in use", "sites in use", "notice at the time", "purposes at the time", "redaction rules", "indicator",
    "gaps and losses",
)  # fmt: skip
"""What only an episode's sealed metadata tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What an episode is judged by: the public *papers*, its device's *book* or why there is none, and *today*.

    *alone* says that no log can be expected, so that a receipt must be there. *unlocks* says whether the officer's key
    opens a wrapped metadata key; ``None`` while it stays locked.
    """

    papers: Papers
    book: LogBook | None
    no_book: Skip
    today: date
    alone: bool
    unlocks: Callable[[str], bool] | None = None


def judge(proven: Proven, situation: Situation, tally: Tally) -> None:
    """Add to *tally* what is wrong with the episode *proven*, and what could not be checked of it."""
    spoken = False
    for group, checks in _GROUPS:
        found = [] if spoken else list(group(proven, situation, tally))
        tally.add(found)
        for check in checks if spoken else ():
            tally.skip(check, Skip.AFTER_FINDING)
        spoken = spoken or bool(found)
    for check in SEALED:
        tally.skip(check, Skip.METADATA)


def _bytes(proven: Proven, situation: Situation, tally: Tally) -> Iterator[Finding]:
    del tally
    proof = proven.proof
    told = proof.fault == "damaged-tail" and _tells_of_crash(proof, situation.book)
    if proof.fault and not told:
        yield _finding(proven, proof.fault, proof.evidence)
    elif proof.episode_id != proven.stem:
        yield _finding(proven, "misnamed", f"it holds the episode {proof.episode_id}")


def _log(proven: Proven, situation: Situation, tally: Tally) -> Iterator[Finding]:
    """What the log says against the file; without a log, what the receipt beside the file says."""
    proof, book = proven.proof, situation.book
    if book is not None:
        for each in book.account.judge(_present(proof)):
            yield _finding(proven, each.code.value, each.text)
        return
    tally.skip("against the log", situation.no_book)
    if situation.papers.sound_grant(proof.grant) is None:
        # Whose receipt it would be is what the grant says, and that has a finding of its own.
        return
    if proven.receipt_fault:
        yield _finding(proven, proven.receipt_fault, "its receipt does not prove itself")
    elif not proven.receipt:
        if situation.alone:
            yield _finding(proven, "receipt-missing", "neither a log nor a receipt says how it ended")
    elif not _is_end(proven):
        yield _finding(proven, "receipt-mismatch", "its receipt is of another end than the file's")


def _taken(proven: Proven, situation: Situation, tally: Tally) -> Iterator[Finding]:
    del tally
    proof, book = proven.proof, situation.book
    grant = situation.papers.sound_grant(proof.grant)
    begun = book.begun.get(proof.episode_id) if book is not None else None
    if book is not None and begun is not None:
        given, ended = book.grants.get(proof.grant), book.withdrawn.get(proof.grant)
        if ended is not None and ended < begun.index:
            yield _finding(proven, "after-withdrawal", "the log has its beginning after the withdrawal of its grant")
            return
        if given is not None and given[0] > begun.index:
            yield _finding(proven, "recorded-before-grant", "the log has its beginning before its grant")
            return
    logged = book is not None and (proof.episode_id in book.taken or proof.grant in book.withdrawn)
    if logged or (grant is not None and situation.papers.taken_back(grant, proof.episode_id)):
        yield _finding(proven, "taken-back", "its person took it back, and the file is here")


def _consent(proven: Proven, situation: Situation, tally: Tally) -> Iterator[Finding]:
    proof = proven.proof
    grant = situation.papers.sound_grant(proof.grant)
    if grant is None:
        return
    if proof.policy_sha256 != grant.terms.policy_sha256:
        yield _finding(proven, "policy-mismatch", "it names another policy than its grant")
    if proof.trial != grant.promises.trial:
        yield _finding(proven, "trial-mismatch", "it and its grant do not agree on whether this is a trial")
    first, last = _days(proven, situation)
    starts, ends = grant.starts_at.astimezone(UTC).date(), grant.expires_at.astimezone(UTC).date()
    if last < starts or first > ends:
        yield _finding(proven, "not-in-force", "on every day on which it may have begun, its grant was not in force")
    elif not (starts <= first and last <= ends):
        tally.skip("consent at the instant", Skip.DAY)


def _keeping(proven: Proven, situation: Situation, tally: Tally) -> Iterator[Finding]:
    grant = situation.papers.sound_grant(proven.proof.grant)
    if grant is None:
        return
    yield from _retained(proven, grant, situation, tally)
    yield from _approved(proven)
    fault = proven.keys_fault or _locked_out(proven, situation, tally)
    if fault:
        yield _finding(proven, fault, _KEYS[fault])
    else:
        tally.skip("for whom keys are wrapped", Skip.ANONYMOUS)


def _retained(proven: Proven, grant: Grant, situation: Situation, tally: Tally) -> Iterator[Finding]:
    organisation = situation.papers.organisation(grant.terms.policy_sha256)
    days = kept_for(grant, organisation.policy if organisation is not None else None)
    first, last = _days(proven, situation)
    first = max(first, grant.starts_at.astimezone(UTC).date())
    if gone_on(days, grant.scope.purposes, last) <= situation.today:
        yield _finding(proven, "retention-exceeded", "it is kept for longer than the longest of its purposes lasts")
    elif gone_on(days, grant.scope.purposes, first) <= situation.today:
        tally.skip("retention", Skip.DAY)


def _approved(proven: Proven) -> Iterator[Finding]:
    approval, proof = proven.approval, proven.proof
    if approval is None:
        yield _finding(proven, proven.approval_fault, _APPROVAL[proven.approval_fault])
        return
    approved = (approval.episode, approval.grant, approval.root, approval.size)
    if approved != (proof.episode_id, proof.grant, proof.root, proof.total) or proof.state != State.CLOSED:
        yield _finding(proven, "approval-mismatch", "the approval beside it is of other bytes, or of another episode")


def _locked_out(proven: Proven, situation: Situation, tally: Tally) -> str:
    if situation.unlocks is None:
        tally.skip("sealed for the officer", Skip.LOCKED)
        return ""
    return "" if situation.unlocks(proven.stem) else "keys-without-officer"


def _days(proven: Proven, situation: Situation) -> tuple[date, date]:
    """Return the first and the last day on which the episode may have begun."""
    book = situation.book
    begun = book.begun.get(proven.proof.episode_id) if book is not None else None
    first, last = (begun.first, begun.last) if begun is not None else (date.min, situation.today)
    if proven.approval is not None:
        last = min(last, proven.approval.at.astimezone(UTC).date())
    return first, max(first, last)


def _is_end(proven: Proven) -> bool:
    end, proof = proven.end, proven.proof
    told = (end.get("id"), end.get("size"), end.get("root"))
    return end.get("type") in _ENDS and told == (proof.episode_id, proof.size, proof.root)


def _tells_of_crash(proof: Proof, book: LogBook | None) -> bool:
    return book is not None and book.account.tells_of_crash(_present(proof))


def _present(proof: Proof) -> Present:
    return Present(episode_id=proof.episode_id, size=proof.size, root=proof.root, opening_sha256=proof.opening_sha256)


def _finding(proven: Proven, code: str, evidence: str) -> Finding:
    return Finding(code=code, kind=Kind.EPISODE, about=proven.stem, evidence=evidence)


_GROUPS: Final = (
    (_bytes, ()),
    (_log, ("against the log",)),
    (_taken, ("taken back",)),
    (_consent, ("consent of the episode",)),
    (_keeping, ("retention", "approval", "keys")),
)
"""The checks of an episode, in order, and what is not checked after an earlier group has found something."""
