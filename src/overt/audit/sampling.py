"""How many must be looked at for what may be claimed of all: exact sizes and bounds of acceptance sampling.

A claim is "less than *rate* of the lot is defective", held at some *confidence*. The plan says how many are looked at,
and how many defects are still accepted, *before* anybody looks. Binomial for lots without end, hypergeometric for
finite ones; exact in fractions where sizes are decided, since a rounded tail accepts a sample that is one too small.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb, exp, fsum, lgamma, log, log1p
from typing import Final

from overt.errors import UsageError

LARGEST_SAMPLE: Final = 100_000
"""No plan asks for more: who claims that little of that much looks at all of it."""

_HALVINGS: Final = 50
"""How often a bound is halved: as fine as a float near 1 can tell apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Less than *rate* of a lot is defective, at *confidence*; up to *accepted* defects may be found in the sample.

    *sensitivity* is the share of defects that the reviewer sees. *design_effect* is by how much defects that come in
    clusters inflate the sample, from 1.

    Raises:
        UsageError: a share is not between 0 and 1, or a number is too small.
    """

    rate: Fraction
    confidence: Fraction = Fraction(95, 100)
    accepted: int = 0
    sensitivity: Fraction = Fraction(1)
    design_effect: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        """Refuse what no sample could show."""
        shares = {"rate": self.rate, "confidence": self.confidence}
        wrong = [name for name, share in shares.items() if not 0 < share < 1]
        wrong += ["sensitivity"] if not 0 < self.sensitivity <= 1 else []
        if wrong:
            raise UsageError(f"the {' and the '.join(wrong)} of a claim must lie between 0 and 1")
        if self.accepted < 0 or self.design_effect < 1:
            raise UsageError("a claim accepts 0 defects or more, and its design effect is 1 or more")

    @property
    def seen_rate(self) -> Fraction:
        """The rate at which this reviewer would see defects of the claimed rate."""
        return self.rate * self.sensitivity

    @property
    def risk(self) -> Fraction:
        """How often a lot that is as bad as the claim denies may pass."""
        return 1 - self.confidence


def design_effect(size: int, correlation: Fraction) -> Fraction:
    """Return by how much a sample grows when *size* of it come from each person and correlate by *correlation*.

    Kish (1965): ``1 + (size - 1) * correlation``.

    Raises:
        UsageError: *size* is below 1, or *correlation* is not between 0 and 1.
    """
    if size < 1 or not 0 <= correlation <= 1:
        raise UsageError("a cluster has 1 or more, and correlates by 0 to 1")
    return 1 + (size - 1) * correlation


def sample_size(claim: Claim, lot: int | None = None) -> int:
    """Return how many of *lot* (``None``: without end) must be looked at for *claim*: all of it when nothing less does.

    Raises:
        UsageError: the lot is empty, or the sample would be larger than anybody can look at.
    """
    if lot is not None and lot < 1:
        raise UsageError("there is nothing to take a sample of")
    plain = _smallest(lambda size: _endless_tail(size, claim) < claim.risk, claim) if lot is None else _of(lot, claim)
    size = ceil(plain * claim.design_effect)
    return size if lot is None else min(size, lot)


def upper_bound(found: int, size: int, confidence: Fraction, lot: int | None = None) -> float:
    """Return the largest share of defects that *found* among *size* does not rule out at *confidence*, one-sided.

    Clopper-Pearson for a lot without end; for a finite *lot* its exact hypergeometric twin, a multiple of ``1 / lot``.

    Raises:
        UsageError: more were found than were looked at, or more were looked at than there are.
    """
    if not 0 <= found <= size or size < 1 or (lot is not None and size > lot):
        raise UsageError("a bound takes 1 or more that were looked at, no more than there are, and no more defects")
    risk = 1 - confidence
    if lot is not None:
        return _finite_bound(found, size, lot, risk) / lot
    return 1.0 if found == size else _bisected(lambda rate: _binomial(found, size, rate) >= risk)


def recall_bound(removed: int, planted: int, confidence: Fraction) -> float:
    """Return the least share of secrets that a redactor or reviewer finds, who found *removed* of *planted* canaries.

    Raises:
        UsageError: nothing was planted, or more was removed.
    """
    return 1 - upper_bound(planted - removed, planted, confidence)


def _endless_tail(size: int, claim: Claim) -> Fraction:
    """How likely a sample of *size* has no more defects than are accepted, at just the rate that the claim denies."""
    bad, good = claim.seen_rate, 1 - claim.seen_rate
    return sum((comb(size, k) * bad**k * good ** (size - k) for k in range(claim.accepted + 1)), Fraction())


def _of(lot: int, claim: Claim) -> int:
    """How many of a finite *lot*; its defects are the fewest that break the claim, less those that no reviewer sees."""
    defects = ceil(lot * claim.seen_rate)
    if defects <= claim.accepted:
        return lot
    return min(lot, _smallest(lambda size: _finite_tail(claim.accepted, size, lot, defects) < claim.risk, claim, lot))


def _finite_tail(found: int, size: int, lot: int, defects: int) -> Fraction:
    """How likely *size* of *lot* hold at most *found* of its *defects*."""
    ways = sum(comb(defects, k) * comb(lot - defects, size - k) for k in range(found + 1) if k <= size)
    return Fraction(ways, comb(lot, size))


def _smallest(enough: Callable[[int], bool], claim: Claim, most: int = LARGEST_SAMPLE) -> int:
    """Return the smallest size that is *enough*, at most *most*; *enough* never turns false again."""
    high = claim.accepted + 1
    while high < most and not enough(high):
        high *= 2
    if high >= LARGEST_SAMPLE:
        raise UsageError(f"the sample would be over {LARGEST_SAMPLE:,}", hint="claim less, or look at everything")
    low, high = high // 2, min(high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _binomial(found: int, size: int, rate: float) -> float:
    """How likely at most *found* of *size* are defective at *rate*, above 0 and below 1; by logarithms, which fit."""
    bad, good, all_ways = log(rate), log1p(-rate), lgamma(size + 1)
    ways = (all_ways - lgamma(k + 1) - lgamma(size - k + 1) for k in range(found + 1))
    return fsum(exp(way + k * bad + (size - k) * good) for k, way in enumerate(ways))


def _finite_bound(found: int, size: int, lot: int, risk: Fraction) -> int:
    """Return the most defects of *lot* that *found* among *size* does not rule out."""
    low, high = found, lot - size + found
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _finite_tail(found, size, lot, middle) >= risk else (low, middle - 1)
    return low


def _bisected(possible: Callable[[float], bool]) -> float:
    """Return the end of what is *possible* between 0 and 1, which is possible from 0 on."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if possible(middle) else (low, middle)
    return high
