"""What the vault's log says that was read, against the requests that must stand behind it; and what was destroyed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from overt.audit.findings import Finding, Kind, Skip, Tally
from overt.audit.logs import Entry
from overt.audit.papers import Papers, read_text
from overt.errors import FormatError, OvertError, StorageError, UsageError
from overt.keys.exchange.request import Reader, ShareRequest, check_right
from overt.keys.exchange.slip import claimed_slip, note_sha256, open_slip

REQUESTS: Final = "requests"
SHARES: Final = "shares"
_WHAT: Final = "the request"


@dataclass(slots=True, kw_only=True)
class Reads:
    """The *entries* of the vault's log, and the papers that they are held against.

    *count* is how many releases there are. A read is named by its place in the log.
    """

    papers: Papers
    entries: tuple[Entry, ...]
    tally: Tally
    count: int = 0
    _grant_of: dict[str, str] = field(default_factory=dict)
    _gone: set[str] = field(default_factory=set)

    def check(self) -> None:
        """Judge every release, and every share that should be gone."""
        for index, entry in enumerate(self.entries):
            match entry["type"]:
                case "put":
                    self._grant_of[str(entry["id"])] = str(entry["grant"])
                case "shred":
                    self._gone.add(str(entry.get("grant", entry.get("id"))))
                case "release":
                    self.count += 1
                    self.tally.add(self._release(index, entry))
                case _:
                    pass
        self.tally.add(self._still_there())

    def _release(self, index: int, entry: Entry) -> Iterator[Finding]:
        about = f"entry {index} of the vault's log"
        episode_id = str(entry["id"])
        grant_id = self._grant_of.get(episode_id, "")
        if {episode_id, grant_id} & self._gone:
            yield _read("read-after-shred", about, "the log has its destruction before it")
        if entry["role"] == Reader.AUDITOR and entry["section"] == "c":
            yield _read("read-of-content", about, "a share of content was released to an auditor")
        elif not self._granted(entry, grant_id):
            yield _read("read-not-granted", about, "the grant does not name the purpose of the read")
        else:
            yield from self._asked(about, entry, grant_id)

    def _granted(self, entry: Entry, grant_id: str) -> bool:
        """Say whether the grant names the purpose; of a grant that is not at hand nothing is said against it."""
        grant = self.papers.sound_grant(grant_id)
        if entry["role"] != Reader.EXPORTER or grant is None:
            return True
        return entry["purpose"] in grant.scope.purposes

    def _asked(self, about: str, entry: Entry, grant_id: str) -> Iterator[Finding]:
        sha256 = entry.get("request")
        if sha256 is None:
            if self.papers.installed.policy.trial:
                self.tally.skip("reads against reasons", Skip.TRIAL)
            else:
                yield _read("read-without-reason", about, "the entry names no request")
            return
        place = self.papers.directory / REQUESTS
        if not (place / f"{sha256}.note").exists():
            self.tally.skip("reads against reasons", Skip.REQUEST_DELETED if place.is_dir() else Skip.NO_REQUESTS)
            return
        told = self._beyond(place / f"{sha256}.note", entry, grant_id)
        if told:
            yield _read("read-beyond-request", about, told)

    def _beyond(self, path: Path, entry: Entry, grant_id: str) -> str:
        """Say in what a release goes beyond the request at *path*; empty when it does not."""
        try:
            note = read_text(path)
            claimed = claimed_slip(note, ShareRequest, _WHAT)
            signer = self._signer(claimed.role, grant_id)
            request = claimed if signer is None else open_slip(note, signer, ShareRequest, _WHAT)
            check_right(request)
        except (OvertError, StorageError, FormatError, UsageError) as problem:
            return str(problem)
        if note_sha256(note) != entry["request"]:
            return "the request is another than the entry names"
        same = (request.role.value, request.purpose.value) == (entry["role"], entry["purpose"])
        named = entry["id"] in {each.id for each in request.episodes}
        return "" if same and named and entry["section"] in request.sections else "the request asks for something else"

    def _signer(self, role: Reader, grant_id: str) -> str | None:
        recipients = self.papers.installed.recipients
        match role:
            case Reader.AUDITOR:
                return recipients.auditor
            case Reader.EXPORTER:
                return recipients.exporter
            case Reader.EMPLOYEE:
                grant = self.papers.sound_grant(grant_id)
                return grant.parties.device if grant is not None else None

    def _still_there(self) -> Iterator[Finding]:
        place = self.papers.directory / SHARES
        if not place.is_dir():
            self.tally.skip("destroyed shares", Skip.NO_SHARES)
            return
        for grant in sorted(each for each in place.iterdir() if each.is_dir()):
            for share in sorted(grant.iterdir()):
                episode_id, _, kind = share.name.partition(".")
                if kind in {"m.age", "c.age"} and {grant.name, episode_id} & self._gone:
                    yield Finding(
                        code="share-still-there",
                        kind=Kind.SHARE,
                        about=f"{grant.name}/{share.name}",
                        evidence="the vault's log says that it was destroyed",
                    )


def _read(code: str, about: str, evidence: str) -> Finding:
    return Finding(code=code, kind=Kind.READ, about=about, evidence=evidence)
