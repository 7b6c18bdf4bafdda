"""A step types what was added; what a field held before is not typed twice."""

import pytest

from overt.events.redacted import Clicked, Dragged, PageEntered, Pressed, RedactedEvent, Target, Typed
from overt.trajectory.action import LeftOut
from overt.trajectory.build import Rules, reduce_events
from overt.trajectory.step import Step

SEARCH = Target(role="entry", name="Search", box=(1, 2, 3, 4))


def typed(text: str, *kinds: str, field: Target | None = SEARCH, visit: int = 1) -> Typed:
    return Typed(visit=visit, at_ms=100, text=text, withheld=kinds, field=field)


KEY = Pressed(visit=1, at_ms=100, keys=("end",))
"""Lies between two texts of one field, which are one action otherwise."""


CLICK = Clicked(visit=1, at_ms=100, button="left", x=1, y=1)


def page(visit: int = 1) -> PageEntered:
    return PageEntered.model_validate(
        {"visit": visit, "at_ms": 0, "site": "s", "area": "s/a", "url": "u", "title": "", "arrived": "click"}
    )


def steps(*events: RedactedEvent) -> tuple[Step, ...]:
    (trajectory,) = reduce_events([page(), *events], Rules()).trajectories
    return trajectory.steps[:-1]


def texts(*events: RedactedEvent) -> list[str | None]:
    return [step.action.text for step in steps(*events)]


def test_what_a_field_held_before_is_not_typed_again() -> None:
    assert texts(typed("python"), KEY, typed("python developer")) == ["python", None, " developer"]


def test_what_one_field_held_at_two_times_is_one_action_with_every_edit_applied() -> None:
    """A segment closes after five seconds; a slip that was seen late is not typed first and mended then."""
    (step,) = steps(typed("pithon"), typed("python", "EMAIL"), typed("python developer"))

    assert (step.action.text, step.action.redaction_types, step.quality.edited) == ("python developer", (), False)
    assert step.events == 3


def test_keys_that_may_have_been_missed_in_one_part_are_told_of_the_whole() -> None:
    missed = typed("py").model_copy(update={"incomplete": True})

    (step,) = steps(missed, typed("python"))

    assert step.quality.incomplete


def test_text_that_was_typed_and_deleted_again_is_no_action() -> None:
    (trajectory,) = (reduction := reduce_events([page(), typed("py"), typed("")], Rules())).trajectories

    assert trajectory.steps == ()
    assert reduction.left_out == {LeftOut.EMPTY_TEXT: 2}


def test_each_field_is_its_own() -> None:
    other = Target(role="entry", name="Where", box=(9, 9, 9, 9))

    assert texts(typed("py"), typed("python", field=other)) == ["py", "python"]


def test_fields_without_a_name_are_told_apart_by_their_place() -> None:
    one, two = (Target(role="entry", box=(x, 0, 9, 9)) for x in (1, 20))

    assert texts(typed("py", field=one), typed("python", field=two), typed("pyx", field=one)) == [
        "py",
        "python",
        None,
        "x",
    ]


def test_a_named_field_that_moved_is_the_same() -> None:
    moved = Target(role="entry", name="Search", box=(1, 99, 3, 4))

    assert texts(typed("py"), KEY, typed("python", field=moved)) == ["py", None, "thon"]


def test_an_unknown_field_is_taken_as_it_is() -> None:
    assert texts(typed("py", field=None), typed("python", field=None)) == ["py", "python"]


def test_another_visit_begins_anew() -> None:
    assert texts(typed("py"), page(2), typed("python", visit=2)) == ["py", "python"]


def test_an_earlier_text_that_was_changed_is_flagged_and_the_whole_is_kept() -> None:
    first, _, second = steps(typed("pithon"), KEY, typed("python developer"))

    assert (first.quality.edited, second.quality.edited) == (False, True)
    assert second.action.text == "python developer"


@pytest.mark.parametrize(
    "select",
    [
        Pressed(visit=1, at_ms=100, keys=("ctrl", "a")),
        Clicked(visit=1, at_ms=100, button="left", count=3, x=1, y=1),
        Dragged(visit=1, at_ms=100, button="left", x=1, y=1, x2=9, y2=1),
    ],
)
def test_what_is_typed_over_a_selection_is_kept_whole(select: RedactedEvent) -> None:
    """Select all and type the old text and more: what was added alone would replace the rest."""
    first, _, third = steps(typed("turing"), select, typed("turing machine"))

    assert (first.quality.edited, third.quality.edited) == (False, True)
    assert third.action.text == "turing machine"


def test_a_plain_click_in_between_selects_nothing() -> None:
    assert texts(typed("turing"), CLICK, typed("turing machine")) == ["turing", None, None, " machine"]


@pytest.mark.parametrize("away", ["click", "tab", "other"])
def test_text_added_after_the_caret_may_have_moved_is_added_at_the_end(away: str) -> None:
    """Done again, it went into the middle of the text, where the click had been; after Tab it replaced the whole."""
    tab = Pressed(visit=1, at_ms=100, keys=("tab",))
    other = Target(role="entry", name="Where", box=(9, 9, 9, 9))
    between = {"click": [CLICK], "tab": [tab, tab], "other": [typed("x", field=other)]}[away]

    *_, moved, added = steps(typed("turing"), *between, typed("turing machine"))

    assert (moved.action.kind, moved.action.keys, moved.events) == ("hotkey", ("ctrl", "end"), 0)
    assert (added.action.text, added.quality.edited) == (" machine", False)


def test_text_added_where_the_caret_still_stands_needs_no_other_key() -> None:
    enter = Pressed(visit=1, at_ms=100, keys=("enter",))

    assert [step.action.kind for step in steps(typed("a"), enter, typed("ab"), enter, typed("abc"))].count(
        "hotkey"
    ) == 0


def test_a_field_that_was_left_unchanged_gets_no_key() -> None:
    assert [step.action.kind for step in steps(typed("turing"), CLICK, typed("turing"))] == ["type", "click"]


def test_only_the_markers_of_what_was_added_count() -> None:
    texts = typed("[EMAIL]", "EMAIL"), typed("[EMAIL] and", "EMAIL"), typed("[EMAIL] and [IBAN]", "EMAIL", "IBAN")

    first, _, second, _, third = steps(texts[0], KEY, texts[1], KEY, texts[2])

    assert first.action.redaction_types == ("EMAIL",)
    assert (second.action.redacted, second.action.redaction_types) == (False, ())
    assert third.action.redaction_types == ("IBAN",)
