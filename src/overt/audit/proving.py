"""The files of one episode, proven without any private key: the part of an audit that runs beside itself."""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from overt.audit.papers import read_text
from overt.consent.approval import Approval
from overt.errors import ConsentError, FormatError, OvertError, StorageError, VerificationError
from overt.format import age_header, xwing
from overt.format.container import read_member
from overt.format.episode import EpisodeHeader
from overt.format.rules import Rule
from overt.format.section_keys import parse_keys
from overt.keys.sign import open_approval
from overt.ledger.receipt import check_receipt
from overt.policy.canonical import JsonValue
from overt.store.files import read_anywhere
from overt.verify import InvalidEpisodeError, TrustDevice, UnsafeAnyDevice, verify_episode

RULES: Final = "overt-audit-proof/1"
"""What a remembered proof was made by: another text makes every memory one of nothing."""
STANZAS: Final = {"c": 2, "m": 3}
"""How many roles read each section: exporter and employee; and of metadata the auditor too."""
Recall = Callable[[str], str | None]
_OPENING_MEMBERS: Final = 3
_HEADER_BYTES: Final = 1 << 14
_FOREIGN: Final = frozenset({Rule.DEVICE_SIGNER, Rule.DEVICE_UNTRUSTED, Rule.DEVICE_SIGNATURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What an episode's bytes prove by one device's key, and nothing else: it is remembered by their hash.

    *fault* is the code of a finding, or empty; *evidence* says it. The rest is empty when the opening does not count.
    """

    fault: str = ""
    evidence: str = ""
    episode_id: str = ""
    state: str = ""
    size: int = 0
    total: int = 0
    root: str = ""
    opening_sha256: str = ""
    device: str = ""
    grant: str = ""
    policy_sha256: str = ""
    trial: bool = False

    def text(self) -> str:
        """Return it as it is remembered."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def of_text(cls, text: str) -> "Proof":
        """Return what was remembered as *text*; raises ``FormatError``."""
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError):
            raise FormatError("a remembered proof is malformed") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to prove: the episode named *stem* in *directory*, by the key *device*, or by any when it is empty."""

    directory: Path
    stem: str
    device: str

    def key(self, sha256: str) -> str:
        """Return by what the proof of bytes with the hash *sha256* is remembered."""
        return hashlib.sha256(f"{RULES}\n{self.device}\n{sha256}\n".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What came of a task. *fresh* says that the proof was not remembered under *key*.

    *approval* is what the person approved, or ``None`` with the code *approval_fault*; *keys_fault* and *receipt_fault*
    are codes or empty; *receipt* says whether there is a receipt, and *end* what it proves.
    """

    stem: str
    key: str
    proof: Proof
    fresh: bool
    approval: Approval | None
    approval_fault: str
    keys_fault: str
    receipt: bool
    receipt_fault: str
    end: Mapping[str, JsonValue]


def claimed_header(path: Path) -> EpisodeHeader | None:
    """Return what the file *path* says of itself, *not yet believed*, or ``None`` when it says nothing."""
    try:
        with path.open("rb") as file:
            data = file.read(_HEADER_BYTES)
        return EpisodeHeader.parse(read_member(data, 0).data)
    except (OSError, FormatError, VerificationError):
        return None


def prove(task: Task, recall: Recall) -> Proven:
    """Return what the files of *task* prove; *recall* says what is remembered under a key, as text."""
    approval, approval_fault = _approval(task)
    receipt, receipt_fault, end = _receipt(task)
    key, proof, fresh = _episode(task, recall)
    return Proven(
        stem=task.stem,
        key=key,
        proof=proof,
        fresh=fresh,
        approval=approval,
        approval_fault=approval_fault,
        keys_fault=_keys(task),
        receipt=receipt,
        receipt_fault=receipt_fault,
        end=end,
    )


def _episode(task: Task, recall: Recall) -> tuple[str, Proof, bool]:
    try:
        data = read_anywhere(task.directory / f"{task.stem}.ep")
    except StorageError as problem:
        return "", Proof(fault="unreadable-file", evidence=problem.hint or "the system refused to read it"), False
    key = task.key(hashlib.sha256(data).hexdigest())
    known = recall(key)
    if known is not None:
        with suppress(FormatError):
            return key, Proof.of_text(known), False
    return key, _proof(data, task.device), True


def _proof(data: bytes, device: str) -> Proof:
    try:
        verdict = verify_episode(data, trust=TrustDevice(device) if device else UnsafeAnyDevice())
    except InvalidEpisodeError as problem:
        fault = "foreign-device" if problem.rule in _FOREIGN else "invalid"
        return Proof(fault=fault, evidence=problem.rule.sentence)
    return Proof(
        fault="damaged-tail" if verdict.rule is not None else "",
        evidence=verdict.reason,
        episode_id=verdict.episode_id,
        state=verdict.state.value,
        size=verdict.size,
        total=verdict.total,
        root=verdict.root,
        opening_sha256=hashlib.sha256(data[: _opening_end(data)]).hexdigest(),
        device=verdict.device,
        grant=verdict.grant,
        policy_sha256=verdict.policy_sha256,
        trial=verdict.trial,
    )


def _opening_end(data: bytes) -> int:
    end = 0
    for _ in range(_OPENING_MEMBERS):
        end = read_member(data, end).end
    return end


def _approval(task: Task) -> tuple[Approval | None, str]:
    path = task.directory / f"{task.stem}.approval.note"
    if not path.exists():
        return None, "approval-missing"
    try:
        return open_approval(read_text(path), task.device), ""
    except (ConsentError, FormatError, StorageError):
        return None, "approval-invalid"


def _keys(task: Task) -> str:
    path = task.directory / f"{task.stem}.keys"
    if not path.exists():
        return "keys-missing"
    try:
        wrapped = parse_keys(read_anywhere(path))
        stanzas = {section: age_header.parse(data).stanzas for section, data in wrapped.items()}
    except (FormatError, VerificationError, StorageError):
        return "keys-malformed"
    if any(stanza.type != xwing.STANZA for each in stanzas.values() for stanza in each):
        return "keys-recipients"
    return "" if {section: len(each) for section, each in stanzas.items()} == STANZAS else "keys-recipients"


def _receipt(task: Task) -> tuple[bool, str, Mapping[str, JsonValue]]:
    path = task.directory / f"{task.stem}.tlog-proof"
    if not path.exists():
        return False, "", {}
    try:
        return True, "", check_receipt(read_text(path), task.device).entry
    except OvertError:
        return True, "receipt-mismatch", {}
