"""A search and what followed it is one task, up to a search for something else."""

from overt.events.redacted import Clicked, PageEntered, PageLeft, Pressed, RedactedEvent, Target, Typed
from overt.trajectory.build import Rules, Trajectory, reduce_events
from overt.trajectory.task import task_of

FIELD = Target(role="entry", name="Search")


def page(visit: int, arrived: str = "click", query: str | None = None, site: str = "google") -> list[RedactedEvent]:
    place = {"site": site, "area": site, "url": "u", "title": "", "arrived": arrived, "query": query}
    return [PageEntered.model_validate({"visit": visit, "at_ms": visit * 10_000, **place})]


def searched(visit: int, text: str = "x") -> list[RedactedEvent]:
    """A click into the field, a query, Enter; on *visit*, whose results are the next one."""
    at_ms = visit * 10_000 + 1_000
    return [
        Clicked(visit=visit, at_ms=at_ms, button="left", x=1, y=1, target=FIELD),
        Typed(visit=visit, at_ms=at_ms + 100, text=text, field=FIELD),
        Pressed(visit=visit, at_ms=at_ms + 200, keys=("enter",)),
        left(visit),
    ]


def link(visit: int) -> list[RedactedEvent]:
    at_ms = visit * 10_000 + 1_000
    return [Clicked(visit=visit, at_ms=at_ms, button="left", x=9, y=9, target=Target(role="link")), left(visit)]


def left(visit: int) -> PageLeft:
    return PageLeft(visit=visit, at_ms=visit * 10_000 + 5_000, dwell_ms=5_900, off_list=False)


def reduced(*parts: list[RedactedEvent]) -> Trajectory:
    (trajectory,) = reduce_events([event for part in parts for event in part], Rules()).trajectories
    return trajectory


def test_a_session_without_a_search_is_one_task_of_browsing() -> None:
    (task,) = reduced(page(1, "start"), link(1), page(2)).tasks

    assert (task.kind, task.visits, task.first_step, task.n_steps, task.queries) == ("browse", (1, 2), 0, 3, ())


def test_the_page_that_was_searched_from_belongs_to_the_first_search() -> None:
    (task,) = reduced(page(1, "start"), searched(1), page(2, "key", "enigma machine"), link(2), page(3)).tasks

    assert (task.kind, task.visits, task.queries, task.results_opened) == ("search", (1, 2, 3), (0,), 1)
    assert (task.first_step, task.n_steps, task.dwell_s) == (0, 6, 10)


def test_another_search_begins_another_task_with_the_click_into_its_field() -> None:
    first, second = reduced(
        page(1, "start", "enigma machine"), link(1), page(2), searched(2), page(3, "key", "weather berlin"), link(3)
    ).tasks

    assert (first.visits, second.visits) == ((1, 2), (3,))
    assert (first.first_step, first.n_steps) == (0, 2)
    assert (second.first_step, second.n_steps) == (2, 5)


def test_a_search_by_more_text_in_the_same_field_begins_with_the_click_too() -> None:
    before = Typed(visit=2, at_ms=20_500, text="weather", field=FIELD)
    query = searched(2, "weather berlin")
    trajectory = reduced(
        page(1, "start", "enigma machine"), link(1), page(2), [before], query, page(3, "key", "weather berlin")
    )

    _, second = trajectory.tasks

    assert [step.action.kind for step in trajectory.steps[3:7]] == ["click", "hotkey", "type", "key"]
    assert second.first_step == 3


def test_a_search_that_shares_a_word_goes_on_with_the_task() -> None:
    (task,) = reduced(
        page(1, "start", "enigma machine"), searched(1), page(2, "key", "Machine museum"), searched(2)
    ).tasks

    assert task.queries == (0, 1)


def test_markers_and_small_words_are_nothing_in_common() -> None:
    tasks = reduced(page(1, "start", "what is [EMAIL]"), searched(1), page(2, "key", "what was [EMAIL]")).tasks

    assert [task.queries for task in tasks] == [(0,), (1,)]


def test_reading_before_the_first_search_is_a_task_of_its_own() -> None:
    first, second = reduced(
        page(1, "start", site="wikipedia"), link(1), page(2, site="wikipedia"), searched(2), page(3, "key", "enigma")
    ).tasks

    assert (first.kind, second.kind) == ("browse", "search")
    assert second.first_step == 2


def test_a_search_that_came_by_a_suggestion_begins_with_the_click_on_it() -> None:
    first, second = reduced(page(1, "start", "enigma"), link(1), page(2, "click", "weather")).tasks

    assert (first.n_steps, second.first_step) == (1, 1)


def test_a_search_opened_from_the_browser_begins_with_its_own_step() -> None:
    _, second = reduced(page(1, "start", "enigma"), link(1), page(2, "navigate", "weather")).tasks

    assert second.first_step == 2


def test_every_step_names_its_task() -> None:
    trajectory = reduced(page(1, "start", "enigma"), searched(1), page(2, "key", "weather"))

    assert task_of(trajectory.tasks, len(trajectory.steps)) == [0, 1, 1, 1, 1]
    assert task_of((), 0) == []
