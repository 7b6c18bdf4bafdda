"""Events become steps in the order in which they happened, each with the frame before it."""

from overt.events.redacted import (
    Clicked,
    Dragged,
    FrameTaken,
    Moved,
    PageEntered,
    PageLeft,
    Pressed,
    RedactedEvent,
    Scrolled,
    Target,
    Typed,
    Withheld,
)
from overt.trajectory.action import Kind, LeftOut
from overt.trajectory.build import End, Reduction, Rules, reduce_events
from overt.trajectory.step import Step

PAGE_URL = "https://en.wikipedia.org/wiki/Alan_Turing"


def entered(visit: int = 1, at_ms: int = 0, **other: object) -> PageEntered:
    facts = {"site": "wikipedia", "area": "wikipedia/article", "url": PAGE_URL, "title": "", "arrived": "start"}
    return PageEntered.model_validate({"visit": visit, "at_ms": at_ms, **facts, **other})


def left(visit: int = 1, at_ms: int = 9_000, *, off_list: bool = False) -> PageLeft:
    return PageLeft(visit=visit, at_ms=at_ms, dwell_ms=4_900, off_list=off_list)


def clicked(visit: int = 1, at_ms: int = 1_000, **other: object) -> Clicked:
    return Clicked.model_validate({"visit": visit, "at_ms": at_ms, "button": "left", "x": 3, "y": 4, **other})


def frame(number: int, visit: int = 1, at_ms: int = 500, sha256: str = "") -> FrameTaken:
    return FrameTaken(
        visit=visit, at_ms=at_ms, frame=number, width=100, height=80, sha256=sha256 or f"{number:064x}", masks=0
    )


def reduced(*events: RedactedEvent, rules: Rules | None = None) -> Reduction:
    return reduce_events(events, rules or Rules())


def only(*events: RedactedEvent, rules: Rules | None = None) -> tuple[Step, ...]:
    (trajectory,) = reduced(*events, rules=rules).trajectories
    return trajectory.steps


def kinds(steps: tuple[Step, ...]) -> list[str]:
    return [step.action.kind.value for step in steps]


def test_every_kind_of_event_becomes_its_action() -> None:
    steps = only(
        entered(),
        clicked(at_ms=100, count=2),
        Dragged(visit=1, at_ms=200, button="left", x=1, y=2, x2=3, y2=4),
        Scrolled(visit=1, at_ms=300, x=5, y=6, dx=0, dy=-3),
        Typed(visit=1, at_ms=400, text="alan turing"),
        Pressed(visit=1, at_ms=500, keys=("enter",)),
        Pressed(visit=1, at_ms=600, keys=("ctrl", "c")),
        left(),
    )

    assert kinds(steps) == ["navigate", "click", "drag", "scroll", "type", "key", "hotkey", "terminate"]
    assert [step.index for step in steps] == list(range(8))
    assert steps[1].action.count == 2
    assert steps[2].action.points() == ((1, 2), (3, 4))
    assert steps[3].action.dy == -3
    assert steps[4].action.text == "alan turing"
    assert steps[6].action.keys == ("ctrl", "c")


def test_a_page_reached_by_a_click_is_no_action_of_its_own() -> None:
    steps = only(entered(), clicked(), left(), entered(2, 9_000, arrived="click"), clicked(2, 9_500), left(2, 9_900))

    assert kinds(steps) == ["navigate", "click", "click", "terminate"]


def test_a_navigation_carries_the_sanitised_address() -> None:
    steps = only(entered(arrived="navigate"))

    assert steps[0].action.text == PAGE_URL


def test_a_step_shows_the_frame_that_was_there_before_it() -> None:
    steps = only(entered(), frame(1, at_ms=900), clicked(at_ms=1_000), frame(2, at_ms=1_900), clicked(at_ms=2_000))

    assert [step.frame.number if step.frame else None for step in steps] == [None, 1, 2, 2]


def test_a_frame_taken_after_an_action_is_never_shown_before_it() -> None:
    steps = only(entered(), clicked(at_ms=1_000), frame(1, at_ms=1_100))

    assert steps[1].frame is None
    assert steps[1].quality.no_frame


def test_in_one_tick_the_order_of_the_records_decides() -> None:
    after = only(entered(), clicked(at_ms=500), frame(1, at_ms=500))
    before = only(entered(), frame(1, at_ms=500), clicked(at_ms=500))

    assert after[1].frame is None
    assert before[1].frame is not None


def test_a_frame_of_another_page_is_never_shown() -> None:
    steps = only(entered(), frame(1), left(), entered(2, 9_000, arrived="click"), clicked(2, 9_500))

    assert steps[1].frame is None


def test_a_frame_that_another_action_has_outdated_is_flagged_stale() -> None:
    steps = only(entered(), frame(1), clicked(at_ms=1_000), clicked(at_ms=2_000))

    assert [step.quality.stale_frame for step in steps] == [False, False, True, True]


def test_a_screen_that_did_not_change_is_flagged_and_kept() -> None:
    same = "ab" * 32

    steps = only(entered(), frame(1, sha256=same), clicked(), frame(2, at_ms=1_500, sha256=same), clicked(at_ms=2_000))

    assert [step.quality.duplicate_frame for step in steps] == [False, False, True, True]
    assert not steps[2].quality.stale_frame


def test_a_point_outside_the_frame_is_flagged_and_kept() -> None:
    steps = only(entered(), frame(1), clicked(x=99, y=79), clicked(at_ms=1_100, x=100, y=0), clicked(at_ms=1_200, x=-1))

    assert [step.quality.out_of_bounds for step in steps] == [False, False, True, True, False]


def test_a_drag_that_ends_outside_the_frame_is_flagged() -> None:
    drag = Dragged(visit=1, at_ms=1_000, button="left", x=1, y=1, x2=1, y2=80)

    steps = only(entered(), frame(1), drag)

    assert steps[1].quality.out_of_bounds


def test_withheld_text_is_a_typed_marker() -> None:
    steps = only(entered(), Typed(visit=1, at_ms=100, text="pay [CREDIT_CARD]", withheld=("CREDIT_CARD",)))

    assert steps[1].action.text == "pay [CREDIT_CARD]"
    assert steps[1].action.redacted
    assert steps[1].action.redaction_types == ("CREDIT_CARD",)


def test_a_withheld_field_is_a_step_without_text() -> None:
    steps = only(entered(), Withheld(visit=1, at_ms=100, reason="secret_field"))

    assert steps[1].action.kind is Kind.TYPE
    assert steps[1].action.text is None
    assert steps[1].action.redacted


def test_what_becomes_no_action_is_counted_by_reason() -> None:
    reduction = reduced(
        entered(),
        Moved(visit=1, at_ms=100, x=1, y=1),
        Typed(visit=1, at_ms=200, text=""),
        clicked(7),
    )

    assert reduction.left_out == {LeftOut.MOVE: 1, LeftOut.EMPTY_TEXT: 1, LeftOut.NO_PAGE: 1}


def test_an_absence_longer_than_the_rule_splits() -> None:
    away = (entered(), clicked(), left(at_ms=9_000, off_list=True), entered(2, 39_100), clicked(2, 39_500))

    first, second = reduced(*away).trajectories

    assert (first.end, second.end) == (End.AWAY, End.EPISODE)
    assert kinds(first.steps) == ["navigate", "click", "terminate"]
    assert kinds(second.steps) == ["navigate", "click", "terminate"]
    assert (first.index, second.index) == (0, 1)


def test_a_short_absence_marks_the_step_that_follows() -> None:
    steps = only(entered(), clicked(), left(at_ms=9_000, off_list=True), entered(2, 39_000), clicked(2, 39_500))

    assert [step.quality.resumed for step in steps] == [False, False, True, False, False]


def test_gaps_are_withheld_unless_asked_for() -> None:
    steps = only(entered(), clicked(at_ms=500), clicked(at_ms=20_000))

    assert {step.gap_bucket for step in steps} == {-1}
    assert Kind.WAIT not in {step.action.kind for step in steps}


def test_gaps_asked_for_are_buckets_and_long_ones_are_waits() -> None:
    steps = only(
        entered(),
        clicked(at_ms=500),
        clicked(at_ms=1_500),
        clicked(at_ms=4_500),
        clicked(at_ms=14_500),
        clicked(at_ms=44_500),
        rules=Rules(gaps=True),
    )

    assert kinds(steps)[4:] == ["click", "wait", "click", "wait", "click", "terminate"][1:]
    assert [step.gap_bucket for step in steps] == [-1, 0, 1, 2, 3, 3, 4, 4, -1]


def test_a_visit_has_its_dwell_in_whole_seconds_and_its_steps() -> None:
    (trajectory,) = reduced(entered(title="Alan Turing"), clicked(), left(off_list=True)).trajectories

    (visit,) = trajectory.visits
    assert (visit.dwell_s, visit.left, visit.first_step, visit.n_steps) == (4, "off_list", 0, 2)
    assert visit.title == "Alan Turing"


def test_a_visit_that_the_session_ended_in_has_no_dwell() -> None:
    (trajectory,) = reduced(entered()).trajectories

    assert trajectory.visits[0].dwell_s is None
    assert trajectory.visits[0].left is None


def test_a_visit_without_an_action_is_kept() -> None:
    (trajectory,) = reduced(entered(arrived="click"), left()).trajectories

    assert trajectory.steps == ()
    assert trajectory.visits[0].first_step is None


def test_an_episode_without_events_has_no_trajectory() -> None:
    assert reduced().trajectories == ()


def test_the_target_of_a_click_is_kept() -> None:
    target = Target(role="link", name="Enigma machine", box=(1, 2, 30, 10))

    steps = only(entered(), clicked(target=target))

    assert steps[1].action.target == target


def test_nothing_that_holds_content_shows_it_when_printed() -> None:
    reduction = reduced(entered(title="Alan Turing"), Typed(visit=1, at_ms=100, text="enigma"))

    shown = repr(reduction) + repr(reduction.trajectories) + repr(reduction.trajectories[0].steps)

    assert "enigma" not in shown
    assert "Turing" not in shown


def test_a_page_turn_on_the_list_marks_nothing() -> None:
    steps = only(entered(), clicked(), left(), entered(2, 9_000, arrived="click"), clicked(2, 9_500))

    assert not any(step.quality.resumed for step in steps)
