"""What an audit can find, how grave that is and what to do about it; and why something could not be checked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Severity(StrEnum):
    """How grave a finding is."""

    CRITICAL = "critical"
    """Something is unlawful, lost or forged."""
    MAJOR = "major"
    """A proof that must be there is not."""
    MINOR = "minor"
    """A duty is late."""


class Kind(StrEnum):
    """What a finding is about."""

    EPISODE = "episode"
    GRANT = "grant"
    DEVICE = "device"
    LOG = "log"
    EXPORT = "export"
    BUNDLE = "bundle"
    READ = "read"
    SHARE = "share"


_CRITICAL: Final = {
    "invalid": "keep the file as it is, and ask its device for the episode again",
    "foreign-device": "find out whose episode this is, and who put it here; export nothing of it",
    "damaged-tail": "keep the file as it is, and ask its device for the episode again",
    "misnamed": "find out who renamed it, and which episode is missing",
    "unreadable-file": "let the officer read it, or copy it anew",
    "log-invalid": "keep the copy, and ask for the log again; if that is no better, the log was changed",
    "log-rolled-back": "keep the copy and what you witnessed: together they prove it",
    "log-rewritten": "keep the copy and what you witnessed: together they prove it",
    "contradicted": "the first end counts; find out who else has the device's key",
    "deleted": "find the file in a backup, or find out who removed it",
    "rolled-back": "put back the whole file from a backup; export nothing of it",
    "replaced": "put back the file that was logged, from a backup; export nothing of it",
    "recovered-mismatch": "put back the file that was logged, from a backup; export nothing of it",
    "not-logged": "find out how it came here: no log knows it; export nothing of it",
    "receipt-mismatch": "ask its person for the receipt again; if it stays so, export nothing of it",
    "grant-missing": "ask its person for the grant; without it, destroy the episodes",
    "grant-invalid": "ask its person for the grant again; without it, destroy the episodes",
    "grant-not-logged": "hold the grant against its person's receipt; without proof, destroy the episodes",
    "other-controller": "it is not yours to keep: destroy the episodes",
    "other-recipients": "find out who else could read; tell the person",
    "bundle-invalid": "find out who put it there; get the bundle from the admin again",
    "notice-mismatch": "find the notice that was shown; without it, the consent is not informed",
    "beyond-policy": "destroy what was recorded beyond the policy, and ask for consent anew",
    "policy-mismatch": "destroy the episode: nobody consented to that policy",
    "recorded-before-grant": "destroy the episode: it began before consent was given",
    "after-withdrawal": "destroy the episode and tell the person: it began after consent was withdrawn",
    "not-in-force": "destroy the episode: no consent was in force",
    "law": "destroy what was recorded, and have the policy mended: overt policy check",
    "trial-mismatch": "destroy the episode: trial and real consent are never mixed",
    "taken-back": "destroy it again: overt revocations write --from DIR",
    "retention-exceeded": "destroy it: it is kept longer than was promised",
    "approval-missing": "take it out of the store until its person has approved it",
    "approval-invalid": "take it out of the store until its person has approved it",
    "approval-mismatch": "take it out of the store until its person has approved these very bytes",
    "keys-recipients": "find out for whom else the key was wrapped; rewrap it: overt keys rewrap",
    "keys-without-officer": "have it wrapped for you again: overt keys rewrap",
    "share-still-there": "have the vault destroy it again and replace its master: overt vault",
    "export-not-logged": "find out who exported it; call the data set back",
    "export-prohibited": "call the data set back, and report it as a breach",
    "export-unknown-grant": "find the grant; without it, call the data set back",
    "export-not-granted": "call the episode back: overt revocations write",
    "export-after-withdrawal": "call the episode back, and tell the person",
    "export-below-floor": "call the data set back: so few people can be told apart",
    "export-other-recipient": "find out who has it, and call it back: nobody agreed to that recipient",
    "export-trial": "call the data set back: nobody's real consent stands behind a trial",
    "read-without-reason": "ask the vault's keeper who read this, and why",
    "read-beyond-request": "ask the vault's keeper who read this, and why",
    "read-not-granted": "ask the admin what it was used for; tell the person",
    "read-of-content": "report it as a breach: an auditor never reads content",
    "read-after-shred": "report it as a breach: the share should have been gone",
}
_MAJOR: Final = {
    "log-missing": "ask for a copy of the log; who cannot give it has something to explain",
    "not-witnessed": "witness it: overt log offer, overt audit cosign, overt log accept",
    "receipt-missing": "ask its person for the receipt, or for a copy of their log",
    "device-uncertified": "have the grant countersigned, or witness the device's log",
    "policy-unknown": "put the bundle of that policy into bundles/",
    "keys-missing": "ask its person to submit it again",
    "keys-malformed": "ask its person to submit it again",
    "export-malformed": "get the manifest from the admin again",
    "export-other-controller": "find out who exported it, and for whom",
    "export-holds-withdrawn": "delete it there: overt revocations apply",
}
_MINOR: Final = {
    "silence": "ask for a newer copy of the log, and whether its daily timer runs: overt log heartbeat",
    "jurisdiction-expired": "nothing may be recorded until it is reviewed: overt policy check",
}

REMEDIES: Final = MappingProxyType(_CRITICAL | _MAJOR | _MINOR)
"""Code to what to do; the codes are those of ``docs/spec/audit-v1.md``, section 3."""


def severity_of(code: str) -> Severity:
    """Return how grave a finding of *code* is."""
    if code in _CRITICAL:
        return Severity.CRITICAL
    return Severity.MAJOR if code in _MAJOR else Severity.MINOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding: its *code*, what it is about, a sentence of *evidence*, and how many *episodes* it touches."""

    code: str
    kind: Kind
    about: str
    evidence: str
    episodes: int = 1

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return severity_of(self.code)

    def order(self) -> tuple[int, str, str, str, str]:
        """By what findings are sorted: the gravest first."""
        return list(Severity).index(self.severity), self.code, self.kind, self.about, self.evidence

    def row(self) -> dict[str, object]:
        """Return it for machines."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "about": {"kind": self.kind.value, "id": self.about},
            "evidence": self.evidence,
            "remedy": REMEDIES[self.code],
            "episodes": self.episodes,
        }


class Skip(StrEnum):
    """Why something could not be checked; ``docs/spec/audit-v1.md``, section 5."""

    METADATA = "metadata-sealed"
    AFTER_FINDING = "after-finding"
    DAY = "day-sealed"
    NO_LOG = "no-log"
    LOG_UNPROVEN = "log-unproven"
    NO_EXPORTS = "no-exports"
    NO_REQUESTS = "no-requests"
    NO_SHARES = "no-shares"
    REQUEST_DELETED = "request-deleted"
    DERIVED = "derived"
    LOCKED = "locked"
    ANONYMOUS = "anonymous-recipients"
    NOT_STATED = "not-stated"
    TRIAL = "trial"


_TEXTS: Final = MappingProxyType(
    {
        Skip.METADATA: "it stands in sealed metadata, which waits for the officer's share",
        Skip.AFTER_FINDING: "what was found of the episode before leaves nothing to judge",
        Skip.DAY: "the day is sealed, and the order of the log leaves both open",
        Skip.NO_LOG: "the log is not at hand",
        Skip.LOG_UNPROVEN: "the log does not stand",
        Skip.NO_EXPORTS: "no manifest of an export is at hand",
        Skip.NO_REQUESTS: "no request for shares is at hand",
        Skip.NO_SHARES: "no list of the vault's entries is at hand",
        Skip.REQUEST_DELETED: "the request is not there; its reason may be deleted at any time",
        Skip.DERIVED: "something was deleted from it since, and the log knows the former one",
        Skip.LOCKED: "it takes the officer's reading key: --unlock",
        Skip.ANONYMOUS: "for whom a stanza is, nobody sees without that role's key; their number was checked",
        Skip.NOT_STATED: "no file says it",
        Skip.TRIAL: "a trial asks for less",
    }
)


@dataclass(slots=True, kw_only=True)
class Tally:
    """The findings and skips of an audit on its way."""

    findings: list[Finding] = field(default_factory=list)
    skips: Counter[tuple[str, Skip]] = field(default_factory=Counter)

    def add(self, findings: Iterable[Finding]) -> None:
        """Take *findings*."""
        self.findings += findings

    def skip(self, check: str, reason: Skip, count: int = 1) -> None:
        """Note that *check* could not be made *count* times, for *reason*."""
        if count:
            self.skips[check, reason] += count

    def skip_rows(self) -> list[dict[str, object]]:
        """Return the skips for machines, sorted."""
        return [
            {"check": check, "reason": reason.value, "text": _TEXTS[reason], "count": count}
            for (check, reason), count in sorted(self.skips.items())
        ]
