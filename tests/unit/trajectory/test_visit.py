"""Searches keep their text, the pages that showed their results, and the clicks on them."""

from overt.events.redacted import Clicked, PageEntered, PageLeft, RedactedEvent, Target
from overt.trajectory.build import Rules, reduce_events
from overt.trajectory.visit import SearchQuery


def results(visit: int, at_ms: int, query: str = "enigma", arrived: str = "key", site: str = "google") -> PageEntered:
    return PageEntered.model_validate(
        {
            "visit": visit,
            "at_ms": at_ms,
            "site": site,
            "area": f"{site}/search",
            "url": f"https://www.{site}.com/search",
            "title": "",
            "query": query,
            "arrived": arrived,
        }
    )


def article(visit: int, at_ms: int, arrived: str = "click") -> PageEntered:
    return PageEntered.model_validate(
        {
            "visit": visit,
            "at_ms": at_ms,
            "site": "wikipedia",
            "area": "wikipedia/article",
            "url": "https://en.wikipedia.org/wiki/Enigma",
            "title": "",
            "arrived": arrived,
        }
    )


def link(visit: int, at_ms: int, name: str = "Enigma machine", role: str = "link", button: str = "left") -> Clicked:
    target = Target(role=role, name=name)
    return Clicked(visit=visit, at_ms=at_ms, button=button, x=1, y=1, target=target)


def left(visit: int, at_ms: int, *, off_list: bool = False) -> PageLeft:
    return PageLeft(visit=visit, at_ms=at_ms, dwell_ms=1_000, off_list=off_list)


def searches(*events: RedactedEvent) -> tuple[SearchQuery, ...]:
    (trajectory,) = reduce_events(events, Rules()).trajectories
    return trajectory.queries


def test_a_click_on_a_result_leads_to_the_visit_that_it_opened() -> None:
    (search,) = searches(results(1, 0), link(1, 500), left(1, 900), article(2, 1_000))

    (click,) = search.clicks
    assert (search.site, search.query, search.visits) == ("google", "enigma", (1,))
    assert (click.name, click.role, click.to_visit, click.off_list) == ("Enigma machine", "link", 2, False)


def test_a_result_off_the_list_is_not_named() -> None:
    (search,) = searches(results(1, 0), link(1, 500), left(1, 900, off_list=True))

    assert search.clicks[0].to_visit is None
    assert search.clicks[0].off_list


def test_coming_back_to_the_results_belongs_to_the_same_search() -> None:
    (search,) = searches(
        results(1, 0),
        link(1, 500, "first"),
        left(1, 900),
        article(2, 1_000),
        left(2, 1_900),
        results(3, 2_000, arrived="navigate"),
        link(3, 2_500, "second"),
        left(3, 2_900),
        article(4, 3_000),
    )

    assert search.visits == (1, 3)
    assert [(click.name, click.to_visit) for click in search.clicks] == [("first", 2), ("second", 4)]


def test_the_same_words_on_another_site_are_another_search() -> None:
    assert len(searches(results(1, 0), left(1, 900), results(2, 1_000, site="linkedin"))) == 2


def test_another_search_in_between_separates() -> None:
    found = searches(results(1, 0), left(1, 100), results(2, 200, "bombe"), left(2, 300), results(3, 400))

    assert [search.query for search in found] == ["enigma", "bombe", "enigma"]


def test_a_click_that_opens_nothing_and_hits_no_link_is_no_result() -> None:
    (search,) = searches(results(1, 0), link(1, 500, role="heading"), link(1, 600, button="right"), left(1, 900))

    assert search.clicks == ()


def test_a_page_without_a_query_is_no_search() -> None:
    assert searches(article(1, 0, "start")) == ()


def test_a_page_opened_by_other_means_is_not_credited_to_a_click() -> None:
    (search,) = searches(results(1, 0), link(1, 500), left(1, 900), article(2, 1_000, "navigate"))

    assert [click.to_visit for click in search.clicks] == [None]


def test_only_the_last_click_on_a_page_is_credited_with_leaving_it() -> None:
    (search,) = searches(results(1, 0), link(1, 500, "first"), link(1, 600, "last"), left(1, 900), article(2, 1_000))

    assert [(click.name, click.to_visit) for click in search.clicks] == [("first", None), ("last", 2)]


def test_a_click_that_neither_hits_a_link_nor_leaves_is_no_result() -> None:
    (search,) = searches(results(1, 0), link(1, 500, role="heading"), link(1, 600), left(1, 900), article(2, 1_000))

    assert [click.role for click in search.clicks] == ["link"]
