"""Visits, clicks, drags, scrolls and moves: whole actions, in pixels of the content area, on a grid of 100 ms."""

from typing import Any

import pytest

from overt.events.geometry import Rect
from overt.events.redacted import REDACTED, Clicked, Dragged, Moved, PageEntered, PageLeft, Scrolled
from overt.policy.signals import Signal
from overt.redact.limits import Limits


def first(out: list[Any], kind: type[Any]) -> Any:
    return next(event for event in out if isinstance(event, kind))


def test_a_visit_is_numbered_and_its_address_cleaned(desks: Any) -> None:
    desk = desks()
    desk.at_ms = 1_299
    desk.enter("https://www.google.com/search?q=ada+lovelace&ei=tracking#x", "ada lovelace - Google Search", "key")
    desk.at_ms = 3_350

    entered, left = desk.leave()

    assert entered == PageEntered(
        at_ms=1_200,
        visit=1,
        site="google",
        area="google/search",
        url="https://www.google.com/search?q=ada%20lovelace",
        title="ada lovelace - Google Search",
        query="ada lovelace",
        arrived="key",
    )
    assert left == PageLeft(at_ms=3_300, visit=1, dwell_ms=2_100, off_list=True)


def test_a_secret_in_an_address_is_marked_in_address_title_and_query(desks: Any) -> None:
    desk = desks().enter("https://www.google.com/search?q=4111+1111+1111+1111", "4111 1111 1111 1111 - Google Search")

    entered = first(desk.leave(), PageEntered)

    assert entered.url == "https://www.google.com/search?q=[CREDIT_CARD]"
    assert entered.query == "[CREDIT_CARD]"
    assert entered.title == "[CREDIT_CARD] - Google Search"


def test_a_title_of_an_article_with_words_in_its_path_is_kept(desks: Any) -> None:
    desk = desks().enter("https://en.wikipedia.org/wiki/Ada_Lovelace", "Ada Lovelace - Wikipedia")

    assert first(desk.leave(), PageEntered).url == "https://en.wikipedia.org/wiki/Ada_Lovelace"


def test_a_typed_secret_is_withheld_from_the_page_that_repeats_it(desk: Any) -> None:
    """``correcthorse`` alone gives nothing away; that it followed ``password:`` before does."""
    desk.type("password: correcthorse")
    desk.leave()
    desk.enter("https://www.google.com/search?q=correcthorse", "correcthorse - Google Search", "key")

    entered = first(desk.leave(), PageEntered)

    assert "orse" not in entered.model_dump_json()


def test_a_page_that_may_not_be_recorded_never_begins(desks: Any) -> None:
    desk = desks().enter("https://mail.google.com/mail/u/0", "Inbox (3)")
    desk.type("ada")
    desk.click()

    assert desk.leave() == []


def test_entering_a_page_ends_the_visit_before(desk: Any) -> None:
    desk.enter("https://www.google.com/search?q=ada", arrived="click")

    out = desk.leave()

    assert [(event.kind, event.visit) for event in out] == [
        ("page_entered", 1),
        ("page_left", 1),
        ("page_entered", 2),
        ("page_left", 2),
    ]


def test_a_click_is_told_in_pixels_of_the_content_area(desk: Any) -> None:
    desk.at_ms = 250
    desk.click(110, 280, "right")

    click = first(desk.leave(), Clicked)

    assert (click.at_ms, click.x, click.y, click.button, click.count) == (200, 100, 200, "right", 1)


@pytest.mark.parametrize(("clicks", "counts"), [(1, [1]), (2, [2]), (3, [3]), (4, [3, 1])])
def test_quick_clicks_on_a_spot_are_one_action(desk: Any, clicks: int, counts: list[int]) -> None:
    for at in range(clicks):
        desk.at_ms = 100 * at
        desk.click(110 + at % 2, 280)

    assert [event.count for event in desk.leave() if isinstance(event, Clicked)] == counts


@pytest.mark.parametrize(("ms", "away", "button"), [(600, 0, "left"), (100, 4, "left"), (100, 0, "right")])
def test_clicks_apart_in_time_place_or_button_are_two_actions(desk: Any, ms: int, away: int, button: str) -> None:
    desk.click(110, 280)
    desk.wait(ms)
    desk.click(110 + away, 280, button)

    assert [event.count for event in desk.leave() if isinstance(event, Clicked)] == [1, 1]


def test_a_click_waits_until_it_can_be_no_double_click(desk: Any) -> None:
    desk.click()
    desk.wait(400)
    early = desk.take()
    desk.wait(200)

    assert [event.kind for event in early] == ["page_entered"]
    assert [event.kind for event in desk.take()] == ["click"]


def test_a_click_that_leaves_the_page_is_kept_without_its_release(desk: Any) -> None:
    desk.button(110, 280, pressed=True)

    assert [event.kind for event in desk.leave()] == ["page_entered", "click", "page_left"]


def test_a_release_without_a_press_is_nothing(desk: Any) -> None:
    desk.button(110, 280, pressed=False)

    assert [event.kind for event in desk.leave()] == ["page_entered", "page_left"]


@pytest.mark.parametrize(("way", "kind"), [(6, Clicked), (7, Dragged)])
def test_a_button_released_far_from_its_press_was_dragged(desk: Any, way: int, kind: type[Any]) -> None:
    desk.button(110, 280, pressed=True)
    desk.at_ms = 900
    desk.button(110 + way, 280, pressed=False)

    event = desk.leave()[1]

    assert isinstance(event, kind)
    assert (event.x, event.y) == (100, 200)


def test_a_drag_that_ends_outside_ends_at_the_edge(desk: Any) -> None:
    desk.button(110, 280, pressed=True)
    desk.button(5_000, 0, pressed=False)

    drag = first(desk.leave(), Dragged)

    assert (drag.x2, drag.y2) == (1_199, 0)


def test_a_click_names_what_it_hit_with_the_name_redacted(desk: Any) -> None:
    seq = desk.click()
    desk.redactor.hit(seq, "link", "write to ada@example.com", Rect(x=110, y=180, width=9, height=8))
    desk.redactor.hit(seq + 99, "link", "another", None)

    click = first(desk.leave(), Clicked)

    assert click.target is not None
    assert (click.target.name, click.target.box) == ("write to [EMAIL]", (100, 100, 9, 8))


def test_turns_of_the_wheel_in_one_direction_are_one_action(desk: Any) -> None:
    for at in (0, 300, 600):
        desk.at_ms = at
        desk.scroll(-1)
    desk.scroll(1)
    desk.wait(700)
    desk.scroll(1)

    turns = [(event.dy, event.x, event.y) for event in desk.leave() if isinstance(event, Scrolled)]

    assert turns == [(-3, 300, 200), (1, 300, 200), (1, 300, 200)]


def test_a_key_between_two_clicks_makes_them_two_actions(desk: Any) -> None:
    desk.click()
    desk.key("pagedown")
    desk.click()

    assert [event.kind for event in desk.leave()][1:4] == ["click", "key", "click"]


def test_moves_are_taken_ten_times_a_second_at_most(desk: Any) -> None:
    for at in range(0, 1_000, 10):
        desk.at_ms = at
        desk.move(110, 280)

    moves = [event for event in desk.leave() if isinstance(event, Moved)]

    assert len(moves) == 10
    assert (moves[0].x, moves[0].y) == (100, 200)


def test_signals_that_are_not_granted_leave_nothing(desks: Any) -> None:
    desk = desks(signals=frozenset({Signal.TEXT})).enter()
    desk.click()
    desk.scroll(-1)
    desk.move(110, 280)
    desk.frame()

    assert [event.kind for event in desk.leave()] == ["page_entered", "page_left"]


def test_no_instant_is_finer_than_the_grid_and_none_goes_back(desk: Any) -> None:
    for at in (133, 57, 1_777, 1_701, 2_099):
        desk.at_ms = at
        desk.click(110 + at, 280)
        desk.type("ada")
        desk.key("enter")

    times = [event.at_ms for event in desk.leave()]

    assert times == sorted(times)
    assert all(at % 100 == 0 for at in times)


def test_events_that_find_no_room_behind_a_field_are_counted(desks: Any) -> None:
    desk = desks(limits=Limits(entries=5)).enter()
    desk.type("ada")
    for at in range(10):
        desk.at_ms = 100 * at
        desk.move(110, 280)

    out = desk.leave()

    assert desk.redactor.dropped == 7
    assert out[-1].kind == "page_left"


def test_every_record_can_be_read_back(desk: Any) -> None:
    desk.click()
    desk.type("ada")
    desk.key("enter")
    desk.scroll(-2)
    desk.move(110, 280)
    desk.withhold()

    for event in desk.leave():
        assert REDACTED.validate_json(event.model_dump_json()) == event


def test_a_button_named_after_whoever_is_signed_in_keeps_no_name(desk: Any) -> None:
    seq = desk.click()
    desk.redactor.hit(seq, "push button", "Google Account: Ada Lovelace", None)

    clicked = next(event for event in desk.leave() if isinstance(event, Clicked))

    assert clicked.target is not None
    assert (clicked.target.role, clicked.target.name) == ("push button", "")
