"""The picture of a step is the last settled one before the hand set out."""

from overt.events.redacted import Clicked, FrameTaken, Moved, PageEntered, Pressed, RedactedEvent
from overt.trajectory.build import Rules, reduce_events


def shown(*events: RedactedEvent) -> list[int | None]:
    page = {"visit": 1, "at_ms": 0, "site": "s", "area": "s/a", "url": "u", "title": "", "arrived": "click"}
    (trajectory,) = reduce_events([PageEntered.model_validate(page), *events], Rules()).trajectories
    return [step.frame.number if step.frame else None for step in trajectory.steps[:-1]]


def frame(number: int, at_ms: int) -> FrameTaken:
    return FrameTaken(visit=1, at_ms=at_ms, frame=number, width=9, height=9, sha256=f"{number:064x}", masks=0)


def moved(at_ms: int) -> Moved:
    return Moved(visit=1, at_ms=at_ms, x=1, y=1)


def clicked(at_ms: int) -> Clicked:
    return Clicked(visit=1, at_ms=at_ms, button="left", x=1, y=1)


def test_a_picture_taken_while_the_hand_moved_may_show_what_it_hovered_over_and_is_not_used() -> None:
    assert shown(frame(1, 100), moved(1_000), frame(2, 1_200), moved(1_400), clicked(1_800)) == [1]


def test_after_a_rest_of_the_hand_the_latest_picture_counts() -> None:
    assert shown(frame(1, 100), moved(1_000), frame(2, 1_200), clicked(1_600)) == [2]
    assert shown(frame(1, 100), moved(1_000), frame(2, 1_300), moved(1_600), clicked(1_700)) == [2]


def test_a_picture_from_before_the_last_action_is_older_than_one_taken_under_way() -> None:
    assert shown(frame(1, 100), clicked(600), moved(1_000), frame(2, 1_200), clicked(1_300)) == [1, 2]


def test_a_key_needs_no_hand_at_the_mouse() -> None:
    key = Pressed(visit=1, at_ms=1_300, keys=("enter",))

    assert shown(frame(1, 100), moved(1_000), frame(2, 1_200), key) == [2]
