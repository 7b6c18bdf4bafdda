"""What an audit says of each promise: which findings break it, which checks it rests on, and what stayed unseen."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    """How a promise stands after an audit."""

    BROKEN = "broken"
    """Something was found that breaks it."""
    HELD = "held"
    """Everything that it rests on was checked, and nothing was found."""
    AS_SEEN = "held as far as was seen"
    """Nothing was found, and some of what it rests on could not be checked."""
    UNSEEN = "not seen"
    """Nothing that it rests on could be checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise in words for everybody; *codes* break it, *checks* are what may be skipped of it.

    *sealed* says that it rests on those checks alone, so that without them nothing is known.
    """

    title: str
    says: str
    codes: frozenset[str]
    checks: frozenset[str]
    sealed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One promise, its *verdict*, how many findings of which codes break it, and what was *unseen*, with its reason."""

    promise: Promise
    verdict: Verdict
    found: dict[str, int]
    unseen: tuple[tuple[str, str, int], ...]


def _promise(title: str, says: str, codes: str, checks: Iterable[str] = (), *, sealed: bool = False) -> Promise:
    return Promise(title=title, says=says, codes=frozenset(codes.split()), checks=frozenset(checks), sealed=sealed)


PROMISES: Final = (
    _promise(
        "Untouched",
        "Every stored episode is, to the last bit, what the device of its person sealed.",
        "invalid foreign-device damaged-tail misnamed unreadable-file device-uncertified",
        ["who vouches for devices"],
    ),
    _promise(
        "Nothing removed or rewritten",
        "Every act left a trace in a log that only grows, and a witness saw it grow.",
        "log-missing log-invalid log-rolled-back log-rewritten contradicted not-witnessed silence deleted rolled-back "
        "replaced recovered-mismatch not-logged receipt-missing receipt-mismatch",
        ["against the log", "log of a device that nobody vouches for"],
    ),
    _promise(
        "Agreed to, beforehand",
        "For every episode a person had agreed to exactly this, over this very notice, and the law permitted it.",
        "grant-missing grant-invalid grant-not-logged other-controller other-recipients policy-unknown bundle-invalid "
        "notice-mismatch beyond-policy policy-mismatch recorded-before-grant not-in-force law jurisdiction-expired "
        "trial-mismatch",
        [
            "consent of the episode",
            "consent at the instant",
            "signals in use",
            "sites in use",
            "notice at the time",
            "purposes at the time",
        ],
    ),
    _promise(
        "Taken back is gone",
        "What somebody withdrew or erased is nowhere any more, and its keys are destroyed.",
        "after-withdrawal taken-back share-still-there",
        ["taken back", "destroyed shares"],
    ),
    _promise(
        "Not kept too long", "Everything is gone by the day that was promised.", "retention-exceeded", ["retention"]
    ),
    _promise(
        "Reviewed first",
        "Its person looked at each episode, and let just these bytes be handed over.",
        "approval-missing approval-invalid approval-mismatch",
        ["approval"],
    ),
    _promise(
        "Read only with a reason",
        "Only those who are named can read, never alone, and every read has a reason on record.",
        "keys-missing keys-malformed keys-recipients keys-without-officer read-without-reason read-beyond-request "
        "read-not-granted read-of-content read-after-shred",
        ["keys", "for whom keys are wrapped", "sealed for the officer", "reads", "reads against reasons"],
    ),
    _promise(
        "Used only as agreed",
        "Exports hold only what people granted for that purpose, never of too few of them, and are called back.",
        "export-malformed export-not-logged export-prohibited export-other-controller export-other-recipient "
        "export-unknown-grant export-not-granted export-after-withdrawal export-holds-withdrawn export-below-floor "
        "export-trial",
        ["exports", "exports in the admin's log", "recipients of exports"],
    ),
    _promise(
        "Redacted, and never in secret",
        "Secrets were withheld by rules that are new enough, and a sign was on the screen all the while.",
        "",
        ["redaction rules", "indicator", "gaps and losses"],
        sealed=True,
    ),
)


def judged(findings: Iterable[str], skips: Iterable[tuple[str, str, int]], episodes: int) -> list[Judged]:
    """Return how each promise stands after an audit of so many *episodes*.

    Args:
        findings: Their codes.
        skips: Of each its check, the reason in words, and how often.
        episodes: Without any, nothing was seen.
    """
    codes, unseen = list(findings), list(skips)
    return [_judged(promise, codes, unseen, episodes) for promise in PROMISES]


def _judged(promise: Promise, codes: list[str], skips: list[tuple[str, str, int]], episodes: int) -> Judged:
    found = {code: codes.count(code) for code in sorted(promise.codes & set(codes))}
    unseen = tuple(each for each in skips if each[0] in promise.checks)
    return Judged(promise=promise, verdict=_verdict(promise, found, unseen, episodes), found=found, unseen=unseen)


def _verdict(
    promise: Promise, found: dict[str, int], unseen: tuple[tuple[str, str, int], ...], episodes: int
) -> Verdict:
    if found:
        return Verdict.BROKEN
    if promise.sealed or not episodes or _WHOLE & {check for check, _, _ in unseen}:
        return Verdict.UNSEEN
    return Verdict.AS_SEEN if unseen else Verdict.HELD


_WHOLE: Final = frozenset({"exports"})
"""Checks without which nothing is known of their promise."""
