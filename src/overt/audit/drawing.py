"""A draw that nobody can steer: anybody with the lot's root and the auditor's nonce draws the same units.

The store commits to the lot by publishing its Merkle root; only then does the auditor say a nonce. What is drawn
follows from both (``docs/spec/sample-v1.md``).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import nsmallest
from math import ceil

from overt.audit.sampling import Claim, design_effect, sample_size
from overt.errors import UsageError
from overt.format.merkle import Tree


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Piece:
    """One episode of a lot: its id, the pseudonym of its *contributor*, its *root* (hex), and how many units it has.

    A unit is one sealed segment of content.
    """

    episode: str
    contributor: str
    root: str
    units: int

    @property
    def line(self) -> bytes:
        """What the lot's root stands over."""
        return f"{self.episode} {self.contributor} {self.root} {self.units}\n".encode()


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """One segment of content: the episode, and the number of the segment in it, from 0."""

    episode: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Everything that a sample stands for, in the order of ids."""

    pieces: tuple[Piece, ...]

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> "Lot":
        """Return the lot of *pieces*.

        Raises:
            UsageError: an episode is there twice.
        """
        ordered = tuple(sorted(pieces))
        if len({piece.episode for piece in ordered}) < len(ordered):
            raise UsageError("an episode is in the lot twice")
        return cls(pieces=ordered)

    @property
    def root(self) -> str:
        """The Merkle root (RFC 6962, hex) over the line of each episode."""
        tree = Tree()
        for piece in self.pieces:
            tree.append(piece.line)
        return tree.root().hex()

    @property
    def size(self) -> int:
        """How many units there are."""
        return sum(piece.units for piece in self.pieces)

    @property
    def strata(self) -> Mapping[str, int]:
        """How many units each contributor has; whoever has none is left out."""
        counts: dict[str, int] = {}
        for piece in self.pieces:
            if piece.units:
                counts[piece.contributor] = counts.get(piece.contributor, 0) + piece.units
        return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many are looked at: *size* in all, *shares* of it for each contributor, of the *lot* units that there are."""

    claim: Claim
    lot: int
    size: int
    shares: Mapping[str, int]


def planned(lot: Lot, claim: Claim, correlation: Fraction = Fraction(0)) -> Plan:
    """Return how many units of *lot* to look at for *claim*, when those of one contributor correlate by *correlation*.

    More of the same person say less: the sample grows until its own design effect is paid, or is the whole lot.

    Raises:
        UsageError: there is nothing in the lot, or the sample would be too large.
    """
    strata, whole = lot.strata, lot.size
    plain = sample_size(claim, whole)
    size = plain
    while (paid := min(whole, ceil(plain * design_effect(ceil(Fraction(size, len(strata))), correlation)))) > size:
        size = paid
    return Plan(claim=claim, lot=whole, size=size, shares=_shared(size, strata))


def drawn(lot: Lot, plan: Plan, nonce: str) -> Sequence[Unit]:
    """Return the units of *lot* that *plan* looks at, for the auditor's *nonce*, in the order of their ids.

    Raises:
        UsageError: the nonce is empty.
    """
    if not nonce:
        raise UsageError("a draw takes a nonce that nobody knew before the root was published")
    seed = hashlib.sha256(bytes.fromhex(lot.root) + nonce.encode()).digest()
    ranked = (
        nsmallest(count, _units(lot, contributor), key=lambda unit: _rank(seed, unit))
        for contributor, count in plan.shares.items()
    )
    return sorted(unit for units in ranked for unit in units)


def _units(lot: Lot, contributor: str) -> Iterator[Unit]:
    mine = (piece for piece in lot.pieces if piece.contributor == contributor)
    return (Unit(piece.episode, index) for piece in mine for index in range(piece.units))


def _rank(seed: bytes, unit: Unit) -> bytes:
    return hashlib.sha256(seed + f"{unit.episode} {unit.index}".encode()).digest()


def _shared(size: int, strata: Mapping[str, int]) -> Mapping[str, int]:
    """Give each contributor a share of *size* in proportion to their units: whole numbers by largest remainder.

    Everybody is looked at at least once where the size allows it, and nobody more often than they have units.
    """
    floor = 1 if size >= len(strata) else 0
    whole, left = sum(strata.values()), size - floor * len(strata)
    exact = {
        name: Fraction(max(0, count - floor) * left, max(1, whole - floor * len(strata)))
        for name, count in strata.items()
    }
    shares = {name: floor + int(share) for name, share in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (int(exact[name]) - exact[name], name))
    for name in by_remainder[: size - sum(shares.values())]:
        shares[name] += 1
    return shares
