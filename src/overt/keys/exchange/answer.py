"""A vault's answer to a request: the shares, sealed to whoever asked, and the proof that the release is in its log."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from overt.errors import FormatError, KeyAccessError, VerificationError
from overt.format.age_write import encrypt
from overt.format.episode import SectionName
from overt.format.note import NoteSigner
from overt.keys.exchange.envelope import hashes_of, read_envelope, render_envelope
from overt.keys.exchange.request import OwnUse, Reader, ShareRequest, check_age
from overt.keys.exchange.slip import (
    MAX_EPISODES,
    Facts,
    OneEpisode,
    RandomId,
    Refused,
    Sha256,
    Slip,
    check_episodes,
    open_slip,
    second,
    sign_slip,
)
from overt.ledger.receipt import check_receipt
from overt.policy.canonical import canonical_json, read_canonical
from overt.policy.purposes import Purpose

WHAT: Final = "the release"
_SHARES: Final = "shares.age"
Unseal = Callable[[bytes], bytes | None]
"""Opens an age file with the keys that somebody has, or says that none fits."""
_Share = Annotated[str, StringConstraints(pattern=r"^AGE-SECRET-KEY-PQ-1[02-9AC-HJ-NP-Z]{20,200}$")]


class AnswerManifest(Slip):
    """What an answer says of itself: to which *request* (its hash), and which episodes it opens, or does not."""

    format: Literal["overt-release/1"] = "overt-release/1"
    episodes: Annotated[tuple[OneEpisode, ...], Field(min_length=1, max_length=MAX_EPISODES)]
    files: dict[str, Sha256]
    purpose: Purpose | OwnUse
    refused: tuple[Refused, ...]
    request: Sha256
    role: Reader
    sections: Annotated[tuple[SectionName, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        check_episodes(self.episodes)
        proofs = {proof_name(each.id, section) for each in self.episodes for section in self.sections}
        if set(self.files) != proofs | {_SHARES}:
            raise ValueError("the files are not those of the episodes")
        return self


class _Released(Facts):
    """What ``shares.age`` holds: episode id to section to share."""

    shares: dict[RandomId, dict[SectionName, _Share]] = Field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Granted:
    """What a vault answers with: the *shares* by episode and section, their *proofs*, and what it *refused*."""

    episodes: tuple[OneEpisode, ...]
    shares: dict[str, dict[SectionName, str]]
    proofs: Mapping[str, str]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shares:
    """Shares that a vault has released to one role for one purpose; *refused* says why others were not, by episode."""

    shares: Mapping[str, Mapping[SectionName, str]]
    refused: Mapping[str, str]

    def of(self, episode_id: str, section: SectionName) -> str:
        """Return the share for *section* of *episode_id*; raises ``KeyAccessError`` when it is not among them."""
        try:
            return self.shares[episode_id][section]
        except KeyError:
            raise KeyAccessError(
                f"no share for the episode {episode_id} was released"
                + (f": {self.refused[episode_id].replace('_', ' ')}" if episode_id in self.refused else ""),
                hint="ask the vault's keeper for it: overt shares request",
            ) from None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Expected:
    """What a reader expects of an answer: by which *vault* (its verifier key), for which *role* and *purpose*."""

    vault: str
    role: Reader
    purpose: Purpose | OwnUse


def proof_name(episode_id: str, section: SectionName) -> str:
    """Return the name of the proof that the release of a share is in the vault's log."""
    return f"log/{episode_id}.{section}.proof"


def release_entry(request: ShareRequest, sha256: str, episode_id: str, section: SectionName) -> dict[str, str]:
    """Return what the vault's log says of one release, but for when; *sha256* is that of the request's note."""
    return _entry(request.role, request.purpose, sha256) | {"id": episode_id, "section": section}


def write_answer(
    request: ShareRequest, sha256: str, granted: Granted, recipient: str, vault: NoteSigner, at: datetime
) -> bytes:
    """Return the answer to *request*, whose note has the hash *sha256*, sealed to *recipient* and signed by *vault*."""
    text = canonical_json(_Released(shares=granted.shares).model_dump(mode="json"))
    files = {_SHARES: encrypt(text.encode(), [recipient])}
    files |= {name: proof.encode() for name, proof in granted.proofs.items()}
    manifest = AnswerManifest(
        at=second(at),
        episodes=granted.episodes,
        files=dict(sorted(hashes_of(files).items())),
        purpose=request.purpose,
        refused=granted.refused,
        request=sha256,
        role=request.role,
        sections=request.sections,
    )
    return render_envelope(sign_slip(manifest, vault), files)


def open_answer(data: bytes, unseal: Unseal, expected: Expected, at: datetime) -> Shares:
    """Return the shares in the answer *data*, opened with *unseal*, at the instant *at* (aware).

    Raises:
        FormatError: It is no answer of a vault.
        VerificationError: It was changed, is another vault's, or its proofs do not show that the release was logged.
        KeyAccessError: It is for another role, purpose or identity, or older than 30 days.
    """
    envelope = read_envelope(data, WHAT)
    manifest = open_slip(envelope.manifest, expected.vault, AnswerManifest, WHAT)
    envelope.check(manifest.files, WHAT)
    if (manifest.role, manifest.purpose) != (expected.role, expected.purpose):
        raise KeyAccessError(f"the release is to the {manifest.role} for {manifest.purpose}")
    check_age(manifest.instant, at, WHAT)
    for each in manifest.episodes:
        for section in manifest.sections:
            _check_proof(envelope.files[proof_name(each.id, section)], manifest, each.id, section, expected.vault)
    shares = _opened(envelope.files[_SHARES], unseal)
    if {episode: tuple(sorted(each)) for episode, each in shares.items()} != {
        each.id: manifest.sections for each in manifest.episodes
    }:
        raise VerificationError("the release holds other shares than it says")
    return Shares(shares=shares, refused={each.id: each.reason for each in manifest.refused})


def refused_of(data: bytes, vault: str) -> tuple[Refused, ...]:
    """Return what the answer *data* by *vault* does not open; raises ``FormatError`` or ``VerificationError``."""
    return open_slip(read_envelope(data, WHAT).manifest, vault, AnswerManifest, WHAT).refused


def joined(answers: Iterable[Shares]) -> Shares:
    """Return the shares of all *answers* together."""
    shares: dict[str, dict[SectionName, str]] = {}
    refused: dict[str, str] = {}
    for answer in answers:
        refused |= answer.refused
        for episode, each in answer.shares.items():
            shares[episode] = shares.get(episode, {}) | dict(each)
    return Shares(shares=shares, refused={each: why for each, why in refused.items() if each not in shares})


def _opened(sealed: bytes, unseal: Unseal) -> Mapping[str, Mapping[SectionName, str]]:
    plain = unseal(sealed)
    if plain is None:
        raise KeyAccessError("the release is for another key than yours", hint="it was asked for from another home")
    try:
        text = plain.decode("ascii")
        read_canonical(text, "the shares of the release")
        return _Released.model_validate_json(text).shares
    except (UnicodeDecodeError, ValidationError):
        raise FormatError("the shares of the release are malformed") from None


def _check_proof(data: bytes, manifest: AnswerManifest, episode_id: str, section: SectionName, vault: str) -> None:
    """Confirm that the vault's log holds exactly this release."""
    said = _entry(manifest.role, manifest.purpose, manifest.request) | {"id": episode_id, "section": section}
    try:
        entry = check_receipt(data.decode(), vault).entry
    except (FormatError, VerificationError, UnicodeDecodeError):
        entry = {}
    if {name: value for name, value in entry.items() if name != "at"} != said:
        raise VerificationError("the release does not prove that it is in the vault's log")


def _entry(role: Reader, purpose: Purpose | OwnUse, request: str) -> dict[str, str]:
    return {"type": "release", "purpose": purpose.value, "request": request, "role": role.value}
