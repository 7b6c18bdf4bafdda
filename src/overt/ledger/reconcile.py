"""What a log says against the episodes that are there: what is missing, cut back, replaced or unheard of."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from overt.policy.canonical import JsonValue


class Code(StrEnum):
    """A finding; its value is for machines and never changes (``docs/spec/log-v1.md``, section 8)."""

    LOG_MISSING = "log-missing"
    LOG_INVALID = "log-invalid"
    LOG_ROLLED_BACK = "log-rolled-back"
    LOG_REWRITTEN = "log-rewritten"
    NOT_WITNESSED = "not-witnessed"
    DELETED = "deleted"
    ROLLED_BACK = "rolled-back"
    REPLACED = "replaced"
    RECOVERED_MISMATCH = "recovered-mismatch"
    NOT_LOGGED = "not-logged"
    CONTRADICTED = "contradicted"
    MISNAMED = "misnamed"
    DAMAGED_TAIL = "damaged-tail"
    INVALID = "invalid"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding: its *code*, the *episode_id* that it is about (empty if it is about the log), and a sentence."""

    code: Code
    text: str
    episode_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """An episode that is there and proven: *size* bytes under *root* (hexadecimal), begun by a group of that hash."""

    episode_id: str
    size: int
    root: str
    opening_sha256: str


class Account:
    """What a proven log says of each episode, with what still waits to be logged."""

    def __init__(self, entries: Iterable[Mapping[str, JsonValue]]) -> None:
        """Read *entries* in order."""
        self._opened: dict[str, Mapping[str, JsonValue]] = {}
        self._ended: dict[str, Mapping[str, JsonValue]] = {}
        self._contradicted: list[str] = []
        self._submitted: set[str] = set()
        self._gone: set[str] = set()
        self._gone_grants: set[str] = set()
        for entry in entries:
            self._read(entry)

    def missing(self, present: Iterable[str], *, handed_over: bool) -> list[Finding]:
        """Return a finding for each episode that must be there and is not among those *present*.

        With *handed_over* only those must be there that were submitted.
        """
        known = self._submitted if handed_over else self._opened.keys() | self._ended.keys()
        lost = sorted(each for each in known - set(present) if not self._rightly_gone(each))
        return [
            Finding(code=Code.DELETED, episode_id=each, text="it is in the log, and its file is not there")
            for each in lost
        ]

    def judge(self, found: Present) -> list[Finding]:
        """Return what is wrong with the episode *found*, by what the log says of it."""
        return [
            Finding(code=code, episode_id=found.episode_id, text=text)
            for code, text in self._problems(found, self._ended.get(found.episode_id))
        ]

    def tells_of_crash(self, found: Present) -> bool:
        """Say whether the log tells that *found* was left so by a crash."""
        end = self._ended.get(found.episode_id, {})
        return end.get("type") == "recovered" and (end["size"], end["root"]) == (found.size, found.root)

    def contradictions(self) -> list[Finding]:
        """Return a finding for each episode whose end the log tells in two ways; the first one counts."""
        text = "the log says twice how it ended, and not the same"
        return [Finding(code=Code.CONTRADICTED, episode_id=each, text=text) for each in self._contradicted]

    def _read(self, entry: Mapping[str, JsonValue]) -> None:
        kind, episode_id, grant = entry["type"], str(entry.get("id", "")), str(entry.get("grant", ""))
        match kind:
            case "episode-open":
                self._opened.setdefault(episode_id, entry)
            case "episode-close" | "recovered":
                first = self._ended.setdefault(episode_id, entry)
                if (first["size"], first["root"]) != (entry["size"], entry["root"]):
                    self._contradicted.append(episode_id)
            case "submit":
                self._submitted.add(episode_id)
            case "erase" | "shred" if episode_id:
                self._gone.add(episode_id)
            case "withdraw" | "shred":
                self._gone_grants.add(grant)
            case "reseal":
                self._gone.add(str(entry["from"]))
            case _:
                pass

    def _rightly_gone(self, episode_id: str) -> bool:
        grant = self._opened.get(episode_id, {}).get("grant")
        return episode_id in self._gone or grant in self._gone_grants

    def _problems(self, found: Present, end: Mapping[str, JsonValue] | None) -> Iterator[tuple[Code, str]]:
        opened = self._opened.get(found.episode_id)
        if opened is None and end is None:
            yield Code.NOT_LOGGED, "the log does not know it"
        elif opened is not None and opened["sha256"] != found.opening_sha256:
            yield Code.REPLACED, "it was opened otherwise than the log says"
        elif end is not None and found.size < int(str(end["size"])):
            said = f"{found.size:,} of its bytes are proven, fewer than the {end['size']:,} that the log says"
            yield Code.ROLLED_BACK, said
        elif end is not None and (found.size, found.root) != (end["size"], end["root"]):
            recovered = end["type"] == "recovered"
            code = Code.RECOVERED_MISMATCH if recovered else Code.REPLACED
            yield code, "it is not what was found after the crash" if recovered else "it is not what the log says"
