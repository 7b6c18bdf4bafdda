"""Fixtures that several rooms share: the keys of all three roles, and episodes sealed for them."""

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import settings

from overt.events.redacted import EndFacts, FlushFacts, FrameTaken, MetaRecord, RedactedEvent, RedactedFrame, Typed
from overt.format.age_read import decrypt
from overt.format.age_write import Identity, new_identity
from overt.format.note import NoteSigner
from overt.seal import EpisodeSealer, Opening, RoleRecipients

# A slow machine is no defect: figures come from bench/, never from a test.
settings.register_profile("overt", deadline=None)
settings.load_profile("overt")

Content = RedactedEvent | RedactedFrame


def typed(text: str = "hello", at_ms: int = 100) -> Typed:
    return Typed(at_ms=at_ms, visit=1, text=text)


def facts(at_ms: int = 100) -> FlushFacts:
    return FlushFacts(at_ms=at_ms, events={"type": 1}, sites={"www.example.org": 1}, dropped={}, withheld={}, lost=0)


def frame(number: int = 1) -> RedactedFrame:
    png = tiny_png(number)
    event = FrameTaken(
        at_ms=200, visit=1, frame=number, width=1, height=1, sha256=hashlib.sha256(png).hexdigest(), masks=0
    )
    return RedactedFrame(event=event, png=png)


def tiny_png(shade: int) -> bytes:
    """Return a picture of one grey pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = (1).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    pixels = zlib.compress(bytes([0, shade]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@dataclass
class Desk:
    """Everybody's keys side by side, as no real machine has them."""

    device: NoteSigner = field(default_factory=lambda: NoteSigner.generate("dev-0a1b2c3d"))
    auditor: Identity = field(default_factory=new_identity)
    exporter: Identity = field(default_factory=new_identity)
    employee: Identity = field(default_factory=new_identity)
    vault: Identity = field(default_factory=new_identity)

    def begin(self, *, trial: bool = False) -> tuple[EpisodeSealer, Opening]:
        roles = RoleRecipients(
            auditor=self.auditor.recipient, exporter=self.exporter.recipient, employee=self.employee.recipient
        )
        return EpisodeSealer.begin(
            grant="0123456789abcdef" * 2,
            policy_sha256="ab" * 32,
            trial=trial,
            device=self.device,
            roles=roles,
            vault_recipient=self.vault.recipient,
        )

    def episode(self, *flushes: tuple[Sequence[MetaRecord], Sequence[Content]]) -> "Sealed":
        """Seal and close an episode of *flushes*, each its metadata and its content."""
        sealer, opening = self.begin()
        parts = [opening.first, *(sealer.flush(meta=meta, content=content) for meta, content in flushes)]
        parts.append(sealer.close(reason="stopped"))
        shares = {
            name: decrypt(sealed, [self.vault.text]).decode().split()[-1] for name, sealed in opening.shares.items()
        }
        return Sealed(parts=parts, opening=opening, shares=dict(shares))


@dataclass
class Sealed:
    """A closed episode in its groups: *parts* are the opening, the flushes and the closing."""

    parts: list[bytes]
    opening: Opening
    shares: dict[str, str]

    @property
    def data(self) -> bytes:
        return b"".join(self.parts)


@pytest.fixture(scope="session")
def desk() -> Desk:
    return Desk()


@pytest.fixture(scope="session")
def sealed(desk: Desk) -> Sealed:
    """Return an episode of three flushes: both sections, content with a frame, metadata alone."""
    end = EndFacts(at_ms=900, armed_ms=800, reason="stopped")
    return desk.episode(
        ([facts()], [typed("first"), typed("second", 200)]), ([], [typed("third", 300), frame()]), ([end], [])
    )


@pytest.fixture(scope="session")
def make_typed() -> Callable[[str], Typed]:
    return typed


@pytest.fixture(scope="session")
def make_frame() -> Callable[[], RedactedFrame]:
    return frame


@pytest.fixture(scope="session")
def make_facts() -> Callable[[], FlushFacts]:
    return facts
