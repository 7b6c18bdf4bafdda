"""Sealed bytes in, a verdict out; needs no private key.

The proof, in order; each step stands on those before it:

1. The opening group is canonical: a rebuilt header for every member, canonical JSON, canonical base64.
2. ``open.note`` names the episode and the hash of ``episode.json``, which names the episode key.
3. The checkpoint of the opening group is signed by the episode key over exactly these bytes.
4. The *device key that the caller trusts* signed ``open.note``: so the device vouches for the episode key.
5. Every further group has the next number, only the members that such a group has, each segment sealed for one reader,
   and a checkpoint by the episode key over all bytes so far. The first byte that does not conform ends the walk; what
   came before stands.
6. The closing group, if there is one, names the episode and the number of flushes, and nothing follows it.

Steps 1, 2, 3, 5 and 6 are :mod:`overt.format.walk`; a failure of 1 to 4 means that the episode proves nothing. Which
rule was broken is said by a :class:`Rule`, whose codes never change (``docs/spec/episode-v1.md``, section 7).
"""

from dataclasses import dataclass
from enum import StrEnum

from overt.errors import VerificationError
from overt.format import note
from overt.format.episode import SECTIONS, SectionName
from overt.format.rules import BrokenRuleError, Rule
from overt.format.walk import Prefix, walk


@dataclass(frozen=True, slots=True)
class TrustDevice:
    """Believe only episodes that the device with the verifier key *vkey* opened."""

    vkey: str


@dataclass(frozen=True, slots=True)
class UnsafeAnyDevice:
    """Skip step 4. The episode is then consistent in itself, but anybody may have made it."""


Trust = TrustDevice | UnsafeAnyDevice


class State(StrEnum):
    """What state a file is in whose opening is proven."""

    CLOSED = "closed"
    OPEN = "open"
    """Valid and not closed: still recording, killed, or cut back to the end of a flush."""
    DAMAGED_TAIL = "damaged-tail"
    """Valid up to some flush; the bytes after it are cut off, changed or foreign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is proven of an episode.

    *size* counts the bytes that are proven, of *total*; *root* is the Merkle root over *leaves* members (hex).
    *segments* and *sealed_bytes* count what is sealed in each section, ``m`` and ``c``. *rule* is the one that the byte
    after *size* breaks, and *reason* says it in words; *end_reason* is why the session ended.
    *device_trusted* is ``False`` when nobody vouches for *vkey*, the episode key.
    """

    state: State
    episode_id: str
    flushes: int
    leaves: int
    size: int
    total: int
    root: str
    vkey: str
    device: str
    device_trusted: bool
    grant: str
    policy_sha256: str
    trial: bool
    segments: dict[SectionName, int]
    sealed_bytes: dict[SectionName, int]
    rule: Rule | None
    reason: str
    end_reason: str | None


class InvalidEpisodeError(VerificationError):
    """The bytes prove nothing, because their opening breaks *rule*."""

    def __init__(self, rule: Rule) -> None:
        """Say what *rule* says."""
        super().__init__(f"invalid: {rule.sentence}")
        self.rule = rule


def verify_episode(data: bytes, *, trust: Trust) -> Verdict:
    """Return what the bytes *data* of an episode file prove to somebody with *trust*.

    Raises:
        InvalidEpisodeError: they prove nothing: the file is no episode, its opening was changed, or another device than
            the trusted one opened it.
        FormatError: the verifier key that *trust* names is malformed.
    """
    expected = note.VerifierKey.parse(trust.vkey) if isinstance(trust, TrustDevice) else None
    try:
        prefix = walk(data)
        _check_device(prefix, expected)
    except BrokenRuleError as problem:
        raise InvalidEpisodeError(problem.rule) from problem
    return _verdict(prefix, len(data), trusted=expected is not None)


def _check_device(prefix: Prefix, expected: note.VerifierKey | None) -> None:
    """Confirm step 4; without an *expected* key, only that one signature stands under the device's name."""
    signatures = note.parse_note(prefix.opening).signatures
    if [line.name for line in signatures] != [prefix.header.device]:
        raise BrokenRuleError(Rule.DEVICE_SIGNER)
    if expected is None:
        return
    if (signatures[0].name, signatures[0].key_id) != (expected.name, expected.key_id):
        raise BrokenRuleError(Rule.DEVICE_UNTRUSTED)
    try:
        note.verify_note(prefix.opening, str(expected))
    except VerificationError:
        raise BrokenRuleError(Rule.DEVICE_SIGNATURE) from None


def _verdict(prefix: Prefix, total: int, *, trusted: bool) -> Verdict:
    header = prefix.header
    sealed = {
        section: [segment.member.size for segment in prefix.segments if segment.section == section]
        for section in SECTIONS
    }
    return Verdict(
        state=_state(prefix),
        episode_id=header.id,
        flushes=prefix.flushes,
        leaves=prefix.leaves,
        size=prefix.size,
        total=total,
        root=prefix.root.hex(),
        vkey=header.vkey,
        device=header.device,
        device_trusted=trusted,
        grant=header.grant,
        policy_sha256=header.policy,
        trial=header.trial,
        segments={section: len(sizes) for section, sizes in sealed.items()},
        sealed_bytes={section: sum(sizes) for section, sizes in sealed.items()},
        rule=prefix.damage,
        reason=prefix.damage.sentence if prefix.damage else "",
        end_reason=prefix.close.reason.value if prefix.close else None,
    )


def _state(prefix: Prefix) -> State:
    if prefix.damage:
        return State.DAMAGED_TAIL
    return State.CLOSED if prefix.close else State.OPEN
