"""Exact in memory, coarse in what is kept."""

from overt.events.verdict import DropReason
from overt.recorder.tally import FlushCount, Tally


def test_a_reason_counts_once_a_visit_however_many_keys_it_dropped() -> None:
    tally = Tally()

    for _ in range(12):
        tally.drop(DropReason.UNKNOWN_CONTEXT)

    assert tally.dropped[DropReason.UNKNOWN_CONTEXT] == 12
    assert tally.take_spells() == {"unknown_context": 1}


def test_the_length_of_a_password_is_in_nothing_that_is_kept() -> None:
    """Two passwords of different length leave the same facts."""
    kept = []
    for length in (8, 23):
        tally = Tally()
        for _ in range(length):
            tally.drop(DropReason.SECRET_FIELD)
        kept.append(FlushCount().facts(at_ms=0, tally=tally, lost=0))

    assert kept[0] == kept[1]
    assert kept[0].dropped == {}


def test_a_new_visit_counts_its_reasons_anew() -> None:
    tally = Tally()
    tally.drop(DropReason.LATE)
    tally.turn_page()
    tally.drop(DropReason.LATE)

    assert tally.take_spells() == {"late": 2}


def test_spells_are_taken_once() -> None:
    tally = Tally()
    tally.drop(DropReason.LATE)
    tally.take_spells()

    assert tally.take_spells() == {}


def test_what_was_not_made_is_told_once_a_visit_and_is_no_event() -> None:
    tally = Tally()

    for _ in range(3):
        tally.forgo(DropReason.FRAME_BUDGET)
    tally.turn_page()
    tally.forgo(DropReason.FRAME_BUDGET)

    assert tally.take_spells() == {"frame_budget": 2}
    assert not tally.dropped
