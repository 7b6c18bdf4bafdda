"""Records that are one action are joined; whatever lies further apart, or elsewhere, is not."""

import pytest

from overt.events.redacted import Clicked, FrameTaken, Moved, Pressed, RedactedEvent, Scrolled, Target
from overt.trajectory.merge import Merged, merged

ENTER = Pressed(visit=1, at_ms=100, keys=("enter",))


def clicked(at_ms: int, count: int = 1, **other: object) -> Clicked:
    return Clicked.model_validate(
        {"visit": 1, "at_ms": at_ms, "button": "left", "x": 10, "y": 10, "count": count, **other}
    )


def scrolled(at_ms: int, dy: int = -1, dx: int = 0) -> Scrolled:
    return Scrolled(visit=1, at_ms=at_ms, x=at_ms, y=6, dx=dx, dy=dy)


def frame(at_ms: int) -> FrameTaken:
    return FrameTaken(visit=1, at_ms=at_ms, frame=1, width=9, height=9, sha256="0" * 64, masks=0)


def joined(*events: RedactedEvent) -> list[Merged]:
    return list(merged(events))


def counts(*events: RedactedEvent) -> list[int]:
    return [each.event.count for each in joined(*events) if isinstance(each.event, Clicked)]


def test_two_clicks_in_one_spot_are_a_double_click() -> None:
    (one,) = joined(clicked(0), clicked(400, x=13, target=Target(role="link")))

    assert isinstance(one.event, Clicked)
    assert (one.event.count, one.event.x, one.event.at_ms, one.events) == (2, 10, 0, 2)
    assert one.event.target == Target(role="link")


def test_three_are_a_triple_click_and_a_fourth_begins_anew() -> None:
    assert counts(*(clicked(200 * number) for number in range(5))) == [3, 2]


@pytest.mark.parametrize(
    "other",
    [
        clicked(500),
        clicked(100, x=14),
        clicked(100, y=6),
        clicked(100, button="right"),
        clicked(100, modifiers=("ctrl",)),
        clicked(100, count=3),
    ],
)
def test_a_click_later_elsewhere_or_otherwise_is_one_of_its_own(other: Clicked) -> None:
    assert len(joined(clicked(0), other)) == 2


def test_two_elements_that_slid_under_one_spot_are_two_clicks() -> None:
    assert len(joined(clicked(0, target=Target(role="link")), clicked(200, target=Target(role="heading")))) == 2


def test_a_key_between_two_clicks_parts_them() -> None:
    assert len(joined(clicked(0), ENTER, clicked(200))) == 3


def test_turns_of_the_wheel_one_way_are_one_scroll_where_they_began() -> None:
    (one,) = joined(scrolled(0), scrolled(400, -2), scrolled(800, -3))

    assert isinstance(one.event, Scrolled)
    assert (one.event.dy, one.event.x, one.events) == (-6, 0, 3)


@pytest.mark.parametrize("other", [scrolled(500), scrolled(100, 1), scrolled(100, 0, 1), scrolled(100, -1, 1)])
def test_a_turn_later_or_another_way_is_a_scroll_of_its_own(other: Scrolled) -> None:
    assert len(joined(scrolled(0), other)) == 2


def test_a_picture_between_two_turns_parts_them_because_the_person_saw_the_page_stand_still() -> None:
    assert len(joined(scrolled(0), frame(100), scrolled(200))) == 3


def test_what_describes_the_scene_stays_behind_the_action_that_it_came_after() -> None:
    kinds = [each.event.kind for each in joined(frame(0), clicked(100), Moved(visit=1, at_ms=200, x=1, y=1), ENTER)]

    assert kinds == ["frame", "click", "move", "key"]
