"""Every figure of the sampling tables, and what no table says."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.audit.sampling import Claim, design_effect, recall_bound, sample_size, upper_bound
from overt.errors import UsageError

PERCENT = Fraction(1, 100)
C95 = Fraction(95, 100)


@pytest.mark.parametrize(
    ("rate", "sizes"),
    [
        (5 * PERCENT, (45, 59, 90)),
        (2 * PERCENT, (114, 149, 228)),
        (PERCENT, (230, 299, 459)),
        (PERCENT / 2, (460, 598, 919)),
        (PERCENT / 10, (2302, 2995, 4603)),
    ],
)
def test_without_a_defect_the_sizes_are_those_of_the_tables(rate: Fraction, sizes: tuple[int, ...]) -> None:
    confidences = (90 * PERCENT, C95, 99 * PERCENT)

    assert tuple(sample_size(Claim(rate=rate, confidence=each)) for each in confidences) == sizes


@pytest.mark.parametrize(
    ("lot", "size"),
    [(50, 48), (100, 96), (200, 155), (300, 189), (500, 225), (1000, 258), (2000, 277), (5000, 290), (10000, 294)],
)
def test_a_finite_lot_takes_a_smaller_sample(lot: int, size: int) -> None:
    assert sample_size(Claim(rate=PERCENT), lot) == size


@pytest.mark.parametrize(("accepted", "size"), [(1, 473), (2, 628), (3, 773)])
def test_defects_that_are_accepted_cost_a_larger_sample(accepted: int, size: int) -> None:
    assert sample_size(Claim(rate=PERCENT, accepted=accepted)) == size


@pytest.mark.parametrize(("sensitivity", "size"), [(95, 314), (90, 332), (80, 373), (50, 598)])
def test_a_reviewer_who_misses_some_looks_at_more(sensitivity: int, size: int) -> None:
    assert sample_size(Claim(rate=PERCENT, sensitivity=sensitivity * PERCENT)) == size


@pytest.mark.parametrize(("each", "correlation", "size"), [(10, 10, 569), (20, 20, 1436)])
def test_much_of_few_people_says_less(each: int, correlation: int, size: int) -> None:
    claim = Claim(rate=PERCENT, design_effect=design_effect(each, correlation * PERCENT))

    assert sample_size(claim) == size


@pytest.mark.parametrize(
    ("found", "looked", "bound"), [(0, 299, 0.009969147), (0, 298, 0.010002432), (1, 299, 0.015766783), (7, 7, 1.0)]
)
def test_the_bound_is_exact(found: int, looked: int, bound: float) -> None:
    assert upper_bound(found, looked, C95) == pytest.approx(bound, abs=1e-9)


@pytest.mark.parametrize(("planted", "recall"), [(59, 0.95), (299, 0.99)])
def test_canaries_that_were_all_removed_bound_the_recall_from_below(planted: int, recall: float) -> None:
    assert recall_bound(planted, planted, C95) == pytest.approx(recall, abs=6e-4)


def test_one_fewer_than_the_size_does_not_carry_the_claim() -> None:
    assert upper_bound(0, 298, C95) > 0.01 > upper_bound(0, 299, C95)


def test_a_lot_that_was_looked_at_whole_has_what_was_found() -> None:
    assert upper_bound(3, 40, C95, 40) == 3 / 40


@pytest.mark.parametrize(("found", "looked", "bound"), [(0, 96, 0.0), (0, 95, 0.01), (1, 96, 0.02)])
def test_a_finite_lot_has_a_bound_in_whole_defects(found: int, looked: int, bound: float) -> None:
    assert upper_bound(found, looked, C95, 100) == bound


def test_a_lot_whose_defects_would_all_be_accepted_is_looked_at_whole() -> None:
    assert sample_size(Claim(rate=PERCENT, accepted=2), 100) == 100


def test_large_counts_have_a_bound_too() -> None:
    assert upper_bound(2_000, 4_000, C95) == pytest.approx(0.5132, abs=5e-4)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": Fraction(0)},
        {"rate": Fraction(1)},
        {"rate": PERCENT, "confidence": Fraction(1)},
        {"rate": PERCENT, "sensitivity": Fraction(0)},
        {"rate": PERCENT, "sensitivity": Fraction(11, 10)},
        {"rate": PERCENT, "accepted": -1},
        {"rate": PERCENT, "design_effect": Fraction(1, 2)},
    ],
)
def test_a_claim_that_no_sample_could_show_is_refused(wrong: dict[str, Fraction]) -> None:
    with pytest.raises(UsageError):
        Claim(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("found", "looked", "lot"), [(2, 1, None), (0, 0, None), (-1, 5, None), (0, 6, 5)])
def test_counts_that_cannot_be_are_refused(found: int, looked: int, lot: int | None) -> None:
    with pytest.raises(UsageError):
        upper_bound(found, looked, C95, lot)


@pytest.mark.parametrize(("size", "correlation"), [(0, PERCENT), (3, Fraction(-1, 9)), (3, Fraction(2))])
def test_a_cluster_that_cannot_be_is_refused(size: int, correlation: Fraction) -> None:
    with pytest.raises(UsageError):
        design_effect(size, correlation)


def test_an_empty_lot_has_no_sample() -> None:
    with pytest.raises(UsageError, match="nothing to take a sample of"):
        sample_size(Claim(rate=PERCENT), 0)


def test_a_sample_that_nobody_could_look_at_is_refused() -> None:
    with pytest.raises(UsageError, match="100,000"):
        sample_size(Claim(rate=Fraction(1, 1_000_000)))


@given(
    lot=st.integers(1, 60),
    rate=st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=50),
    accepted=st.integers(0, 2),
)
def test_a_finite_size_is_the_smallest_by_counting_every_draw(lot: int, rate: Fraction, accepted: int) -> None:
    claim = Claim(rate=rate, confidence=C95, accepted=accepted)
    defects = -(-lot * rate.numerator // rate.denominator)

    size = sample_size(claim, lot)

    def passes(looked: int) -> Fraction:
        ways = sum(comb(defects, k) * comb(lot - defects, looked - k) for k in range(min(accepted, looked) + 1))
        return Fraction(ways, comb(lot, looked))

    assert size == next((each for each in range(1, lot) if passes(each) < claim.risk), lot)


@given(found=st.integers(0, 12), more=st.integers(1, 40), unseen=st.integers(1, 200))
def test_a_finite_bound_is_never_above_the_endless_one_by_a_whole_defect(found: int, more: int, unseen: int) -> None:
    looked = found + more
    lot = looked + unseen

    assert found / lot <= upper_bound(found, looked, C95, lot) <= upper_bound(found, looked, C95) + 1 / lot
