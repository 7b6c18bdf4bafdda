"""Draws: what they follow from, and that nothing else can steer them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.audit.drawing import Lot, Piece, drawn, planned
from overt.audit.sampling import Claim
from overt.errors import UsageError

CLAIM = Claim(rate=Fraction(1, 10))


def piece(episode: str, units: int, contributor: str = "device-a") -> Piece:
    return Piece(episode=episode, contributor=contributor, root="00" * 32, units=units)


def lot(*pieces: Piece) -> Lot:
    return Lot.of(pieces or (piece("one", 40), piece("two", 30, "device-b"), piece("three", 50, "device-c")))


def test_the_same_lot_and_nonce_draw_the_same_in_whatever_order_it_was_read() -> None:
    ordered, turned = lot(), Lot.of(reversed(lot().pieces))

    assert drawn(ordered, planned(ordered, CLAIM), "n") == drawn(turned, planned(turned, CLAIM), "n")


def test_another_nonce_draws_another_sample() -> None:
    plan = planned(lot(), CLAIM)

    assert drawn(lot(), plan, "one") != drawn(lot(), plan, "two")


@pytest.mark.parametrize("changed", ["root", "units", "contributor", "episode"])
def test_an_episode_that_was_exchanged_has_another_root(changed: str) -> None:
    other = {"root": "11" * 32, "units": 41, "contributor": "device-z", "episode": "uno"}[changed]
    first = piece("one", 40)
    fields = {name: getattr(first, name) for name in ("episode", "contributor", "root", "units")} | {changed: other}

    assert lot(Piece(**fields)).root != lot(first).root


def test_a_draw_is_of_its_known_units() -> None:
    """Worked out from the specification with SHA-256 alone, so that the rule cannot change unseen."""
    plan = planned(lot(), CLAIM)

    units = drawn(lot(), plan, "lottery 7")

    assert lot().root == "3567ab3e48ed5af923b308fd442a0d81e410874229f428a1ae5e1c3d9f490da9"
    assert plan.shares == {"device-a": 9, "device-b": 7, "device-c": 10}
    assert {name: [unit.index for unit in units if unit.episode == name] for name in ("one", "two", "three")} == {
        "one": [3, 6, 15, 21, 22, 24, 27, 34, 36],
        "two": [4, 11, 13, 14, 16, 17, 25],
        "three": [5, 13, 17, 22, 23, 25, 28, 35, 46, 47],
    }


def test_everybody_is_looked_at_who_can_be() -> None:
    many = lot(piece("big", 500), *(piece(f"small-{n}", 1, f"device-{n}") for n in range(5)))

    plan = planned(many, CLAIM)

    assert {name for name, count in plan.shares.items() if count} == set(many.strata)


def test_who_has_nothing_sealed_is_in_no_stratum() -> None:
    assert set(lot(piece("one", 9), piece("two", 0, "device-b")).strata) == {"device-a"}


def test_units_that_resemble_each_other_cost_a_larger_sample() -> None:
    wide = lot(*(piece(f"e{n}", 100, f"device-{n % 5}") for n in range(50)))

    plain, paid = planned(wide, CLAIM), planned(wide, CLAIM, Fraction(1, 100))

    assert plain.size < paid.size < wide.size


def test_one_person_whose_units_are_all_alike_is_looked_at_whole() -> None:
    assert planned(lot(piece("one", 400)), CLAIM, Fraction(1, 2)).size == 400


def test_an_episode_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="twice"):
        lot(piece("one", 1), piece("one", 2))


def test_an_empty_nonce_is_refused() -> None:
    with pytest.raises(UsageError, match="nonce"):
        drawn(lot(), planned(lot(), CLAIM), "")


def test_a_lot_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing"):
        planned(Lot.of(()), CLAIM)


@given(
    sizes=st.lists(st.integers(0, 60), min_size=1, max_size=9).filter(any),
    correlation=st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(1)]),
    nonce=st.text(min_size=1, max_size=5).filter(lambda text: text.isprintable()),
)
def test_a_draw_has_as_many_units_as_planned_each_once_and_each_there(
    sizes: list[int], correlation: Fraction, nonce: str
) -> None:
    some = Lot.of(piece(f"e{n}", size, f"device-{n % 4}") for n, size in enumerate(sizes))

    plan = planned(some, CLAIM, correlation)
    units = drawn(some, plan, nonce)

    room = {each.episode: each.units for each in some.pieces}
    assert len(set(units)) == len(units) == plan.size == sum(plan.shares.values())
    assert all(0 <= unit.index < room[unit.episode] for unit in units)
    assert all(plan.shares[name] <= count for name, count in some.strata.items())
