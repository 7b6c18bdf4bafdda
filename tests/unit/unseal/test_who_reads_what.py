"""Every role, section and state of an episode: exactly the allowed ones read, whatever else is at hand."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest

from overt.errors import OvertError
from overt.format.age_read import decrypt
from overt.format.age_write import Identity, encrypt, new_identity
from overt.format.container import read_members
from overt.unseal.section import read_records

ROLES = ("auditor", "exporter", "employee", "stranger")
READERS = {"m": {"auditor", "exporter", "employee"}, "c": {"exporter", "employee"}}
READABLE = {"closed": 3, "open": 2, "damaged-tail": 1}
"""Flushes that count in each state in which an episode may be read at all."""
STATES = (*READABLE, "shredded", "key-less", "share-less")


@dataclass(frozen=True, kw_only=True)
class Loot:
    """What somebody has in hand: an episode, ``.keys`` files, age files of shares, and identities of any kind."""

    episode: bytes
    keys: tuple[bytes, ...]
    blobs: tuple[bytes, ...] = ()
    identities: tuple[str, ...]

    def read(self, section: Any) -> int:
        """Return the most flushes of *section* that any way of putting it all together reads."""
        held = [*self.identities, *self._unlocked()]
        attempts = [0, self._directly(section, held)]
        for keys, role, share in product(self.keys, held, held):
            try:
                attempts.append(len(list(read_records(self.episode, keys, section, role_identity=role, share=share))))
            except OvertError:
                continue
        return max(attempts)

    def _unlocked(self) -> Iterator[str]:
        yield from (found for blob in self.blobs for held in self.identities if (found := opened(blob, held)))

    def _directly(self, section: str, held: list[str]) -> int:
        """Return how many segments open with an identity at hand alone, without any of the program's rules."""
        return sum(1 for segment in segments(self.episode, section) if any(opened(segment, each) for each in held))


def segments(episode: bytes, section: str) -> list[bytes]:
    found = []
    with suppress(OvertError):
        for member in read_members(episode):
            found += [member.data] * member.name.endswith(f".{section}.age")
    return found


def opened(file: bytes, identity: str) -> str:
    try:
        return decrypt(file, [identity.strip()]).decode("latin1")
    except OvertError:
        return ""


def other(section: str) -> str:
    return "c" if section == "m" else "m"


def loot(state: str, section: str, role: Identity, desk: Any, sealed: Any) -> Loot:
    """Return what *role* has of *section* in *state*, and everything else that it could have got hold of besides."""
    parts, keys, share = sealed.parts, sealed.opening.keys, sealed.shares[section]
    whole = Loot(episode=sealed.data, keys=(keys,), identities=(role.text, share))
    match state:
        case "open":
            return replace(whole, episode=b"".join(parts[:3]))
        case "damaged-tail":
            return replace(whole, episode=b"".join(parts[:3])[:-1])
        case "shredded":
            # The vault replaced its master and made no new entry for this section; the old entry stands in a backup.
            new_master = new_identity()
            kept = encrypt(sealed.shares[other(section)].encode(), [new_master.recipient])
            everybody = (desk.auditor, desk.exporter, desk.employee)
            identities = (role.text, new_master.text, *(one.text for one in everybody))
            return replace(whole, blobs=(sealed.opening.shares[section], kept), identities=identities)
        case "key-less":
            another = desk.episode()
            return replace(whole, keys=(b"", another.opening.keys), identities=(role.text, *sealed.shares.values()))
        case "share-less":
            another = desk.episode()
            shares = (sealed.shares[other(section)], another.shares[section])
            return replace(whole, identities=(role.text, *shares), blobs=(sealed.opening.shares[section],))
        case _:
            return whole


@pytest.fixture(scope="module")
def episode(desk: Any, make_typed: Any, make_facts: Any) -> Any:
    return desk.episode(*(([make_facts()], [make_typed(text)]) for text in ("one", "two", "three")))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("section", ["m", "c"])
@pytest.mark.parametrize("role", ROLES)
def test_exactly_the_allowed_cell_reads(role: str, section: str, state: str, desk: Any, episode: Any) -> None:
    identity = new_identity() if role == "stranger" else getattr(desk, role)
    held = loot(state, section, identity, desk, episode)

    read = held.read(section)

    assert read == (READABLE.get(state, 0) if role in READERS[section] else 0)


@pytest.mark.parametrize("section", ["m", "c"])
def test_who_holds_every_key_but_a_role_reads_nothing(section: str, desk: Any, episode: Any) -> None:
    """The vault, the device and whoever finds both shares."""
    identities = (desk.vault.text, *episode.shares.values())
    held = Loot(
        episode=episode.data,
        keys=(episode.opening.keys,),
        blobs=tuple(episode.opening.shares.values()),
        identities=identities,
    )

    assert held.read(section) == 0
