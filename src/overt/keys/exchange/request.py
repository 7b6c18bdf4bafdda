"""A request for shares: who asks, for which sections of which episodes, for what purpose, and why, signed."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from overt.errors import KeyAccessError, UsageError, VerificationError
from overt.format.episode import SectionName
from overt.format.note import NoteSigner
from overt.keys.exchange.slip import (
    MAX_EPISODES,
    OneEpisode,
    RandomId,
    Slip,
    check_episodes,
    claimed_slip,
    open_slip,
    second,
    sign_slip,
)
from overt.policy.bundle import VerifierKey
from overt.policy.purposes import Purpose

WHAT: Final = "the request"
LONGEST: Final = timedelta(days=30)
"""For how long a request, and an answer to one, may be used."""
_AHEAD: Final = timedelta(days=1)
"""How far another machine's clock may be ahead."""


class Reader(StrEnum):
    """A role that may ask the vault for a share."""

    AUDITOR = "auditor"
    EXPORTER = "exporter"
    EMPLOYEE = "employee"


class OwnUse(StrEnum):
    """What a share may be asked for besides the purposes of a grant."""

    REVIEW = "review"
    """The person looks at their own episode."""
    AUDIT = "audit"
    """The officer looks at metadata."""


SECTIONS_OF: Final[dict[Reader, tuple[SectionName, ...]]] = {
    Reader.AUDITOR: ("m",),
    Reader.EXPORTER: ("c", "m"),
    Reader.EMPLOYEE: ("c", "m"),
}
"""Which sections a role may read: an auditor reads metadata, never content."""

Reason = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,500}$")]


class ShareRequest(Slip):
    """The request: *reason* is free text, *statement* the asking role's own about its recipient, *vault* who is asked.

    *nonce* tells two requests apart that are otherwise the same.
    """

    format: Literal["overt-share-request/1"] = "overt-share-request/1"
    episodes: Annotated[tuple[OneEpisode, ...], Field(min_length=1, max_length=MAX_EPISODES)]
    nonce: RandomId
    purpose: Purpose | OwnUse
    reason: Reason
    role: Reader
    sections: Annotated[tuple[SectionName, ...], Field(min_length=1)]
    statement: str
    vault: VerifierKey

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        check_episodes(self.episodes)
        if list(self.sections) != sorted(set(self.sections)):
            raise ValueError("sections are not sorted, or one is named twice")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants from a vault: for which *role* and *purpose*, and the *reason* in their own words."""

    role: Reader
    purpose: Purpose | OwnUse
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asker:
    """Who asks: their signing key, and the statement about their recipient that it has signed; and which vault."""

    signer: NoteSigner
    statement: str
    vault: str


def write_request(
    wish: Wish,
    asker: Asker,
    episodes: Iterable[tuple[str, str]],
    at: datetime,
    sections: tuple[SectionName, ...] | None = None,
) -> str:
    """Return the signed request for *episodes*, pairs of grant and id, made at the instant *at* (aware).

    *sections* are all that the role may read, unless fewer are named.

    Raises:
        UsageError: That role may not ask for this, or no reason is given, or too many episodes are named.
    """
    named = sorted(set(episodes), key=lambda pair: pair[1])
    if not wish.reason.strip():
        raise UsageError("a request needs a reason", hint="say in your own words what it is for: --reason TEXT")
    if not 0 < len(named) <= MAX_EPISODES:
        raise UsageError(f"a request names 1 to {MAX_EPISODES:,} episodes, not {len(named):,}")
    try:
        request = ShareRequest(
            at=second(at),
            episodes=tuple(OneEpisode(grant=grant, id=episode) for grant, episode in named),
            nonce=secrets.token_hex(16),
            purpose=wish.purpose,
            reason=wish.reason.strip(),
            role=wish.role,
            sections=sections or SECTIONS_OF[wish.role],
            statement=asker.statement,
            vault=asker.vault,
        )
    except ValidationError:
        raise UsageError("a reason is one line of at most 500 characters") from None
    check_right(request)
    return sign_slip(request, asker.signer)


def open_request(note: str, signer: str, vault: str, at: datetime) -> ShareRequest:
    """Return the request in *note* to *vault*, signed by *signer*, as it may be used at the instant *at* (aware).

    Raises:
        FormatError: It is no request.
        KeyAccessError: It is to another vault, signed by another key, too old, or from the future.
        UsageError: The role that it names may not ask for this.
    """
    claimed = claimed_slip(note, ShareRequest, WHAT)
    if claimed.vault != vault:
        raise KeyAccessError("the request is to another vault", hint="hand it to the vault that its sender has joined")
    try:
        request = open_slip(note, signer, ShareRequest, WHAT)
    except VerificationError:
        raise KeyAccessError(f"the request was changed, or is not signed by the {claimed.role}") from None
    check_age(request.instant, at, WHAT)
    check_right(request)
    return request


def check_right(request: ShareRequest) -> None:
    """Raise ``UsageError`` unless the role may ask for these sections and for that purpose."""
    if not set(request.sections) <= set(SECTIONS_OF[request.role]):
        raise UsageError("an auditor reads metadata, never content")
    if not _may_ask(request.role, request.purpose):
        raise UsageError(f"no share is released to the {request.role} for {request.purpose}")


def check_age(signed: datetime, at: datetime, what: str) -> None:
    """Raise ``KeyAccessError`` unless something that was *signed* then may still be used at the instant *at*."""
    if signed + LONGEST <= at:
        raise KeyAccessError(f"{what} is older than {LONGEST.days} days", hint="ask again: overt shares request")
    if signed > at + _AHEAD:
        raise KeyAccessError(f"{what} is from the future", hint="check the clocks of both machines")


def purpose_named(role: Reader, name: str) -> Purpose | OwnUse:
    """Return the purpose *name* as *role* may ask for it; raises ``UsageError``."""
    known: list[Purpose | OwnUse] = [*Purpose, *OwnUse]
    for purpose in known:
        if purpose.value == name and _may_ask(role, purpose):
            return purpose
    raise UsageError(f"no share is released to the {role} for {name}")


def _may_ask(role: Reader, purpose: Purpose | OwnUse) -> bool:
    match role:
        case Reader.EMPLOYEE:
            return purpose is OwnUse.REVIEW
        case Reader.AUDITOR:
            return purpose is OwnUse.AUDIT
        case Reader.EXPORTER:
            return isinstance(purpose, Purpose)
